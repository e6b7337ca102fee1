import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.sitemaps import MOST_BYTES, Sitemap, SitemapWalk, read_sitemap, usual_sitemap

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*urls: str) -> bytes:
    return f"<?xml version='1.0'?><urlset {NAMESPACE}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def index(*urls: str) -> bytes:
    return f"<sitemapindex {NAMESPACE}>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (
            urlset("https://a.example/1", " https://a.example/2?x=1&amp;y=2\n"),
            Sitemap(("https://a.example/1", "https://a.example/2?x=1&y=2")),
        ),
        (gzip.compress(urlset("https://a.example/1"), mtime=0), Sitemap(("https://a.example/1",))),
        (index("https://a.example/s.xml"), Sitemap(sitemaps=("https://a.example/s.xml",))),
        (b"<urlset><url><loc>/no-namespace</loc></url></urlset>", Sitemap(("/no-namespace",))),
        (
            b"https://a.example/1\r\nhttps://a.example/2\n\nnot an address",
            Sitemap(("https://a.example/1", "https://a.example/2")),
        ),
        (urlset("https://a.example/1")[:-20], Sitemap(("https://a.example/1",))),
        (gzip.compress(urlset("https://a.example/1"), mtime=0)[:60], Sitemap()),
        (b"<html><body>Not found</body></html>", Sitemap()),
        (b"", Sitemap()),
        (b"\x1f\x8bnonsense", Sitemap()),
        (b"<<<<", Sitemap()),
    ],
    ids=[
        "plain",
        "gzip",
        "index",
        "no namespace",
        "list",
        "cut off",
        "gzip cut off",
        "a page",
        "nothing",
        "no gzip",
        "no XML",
    ],
)
def test_a_sitemap_is_read_as_far_as_it_goes(body: bytes, read: Sitemap) -> None:
    assert read_sitemap(body) == read


def test_pictures_and_translations_in_a_sitemap_are_no_pages() -> None:
    body = b"""<urlset xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://a.example/1</loc>
        <i:image><i:loc>https://a.example/1.jpg</i:loc></i:image></url></urlset>"""
    assert read_sitemap(body) == Sitemap(("https://a.example/1",))


def test_a_packed_bomb_is_unpacked_as_far_as_the_limit() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (3 * MOST_BYTES) + b"<url><loc>https://a.example/1</loc></url></urlset>")
    assert len(bomb) < 100_000
    assert read_sitemap(bomb) == Sitemap()


def test_entities_are_neither_expanded_nor_fetched() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f"""<!DOCTYPE urlset [<!ENTITY e0 "https://a.example/">{lines}<!ENTITY file SYSTEM "file:///etc/passwd">]>
        <urlset><url><loc>&e11;</loc></url><url><loc>&file;</loc></url></urlset>"""
    began = time.monotonic()
    assert read_sitemap(body.encode()) == Sitemap()
    assert time.monotonic() - began < 2


def test_no_more_than_fifty_thousand_pages_are_read_from_one_file_or_from_many() -> None:
    sitemap = read_sitemap(urlset(*(f"https://a.example/{number}" for number in range(60_000))))
    assert len(sitemap.pages) == 50_000
    walk = SitemapWalk(("a.example",))
    assert sum(1 for _ in walk.pages(sitemap, "https://a.example/")) == 50_000
    assert list(walk.pages(sitemap, "https://a.example/")) == []


def test_an_index_that_names_itself_is_read_once() -> None:
    walk = SitemapWalk(("a.example",))
    assert list(walk.to_read(["https://a.example/s.xml"])) == ["https://a.example/s.xml"]
    named = ["https://a.example/s.xml", "/s.xml", "https://A.example:443/s.xml#x", "/t.xml"]
    assert list(walk.to_read(named, "https://a.example/s.xml")) == ["https://a.example/t.xml"]


def test_at_most_fifty_sitemaps_are_read() -> None:
    walk = SitemapWalk(("a.example",))
    assert len(list(walk.to_read(f"https://a.example/{number}.xml" for number in range(200)))) == 50


def test_other_hosts_and_secrets_are_passed_over_but_a_sitemap_may_stand_outside_the_prefix() -> None:
    walk = SitemapWalk(("a.example/town",))
    sitemaps = [
        "https://b.example/s.xml",
        "https://a.example/s.xml",
        "https://a.example/s.xml?apikey=abc",
        "ftp://a.example/s.xml",
    ]
    assert list(walk.to_read(sitemaps)) == ["https://a.example/s.xml"]
    pages = Sitemap(
        ("https://b.example/town/x", "https://a.example/other", "/town/contact", "https://a.example/town/?token=abc")
    )
    assert list(walk.pages(pages, "https://a.example/s.xml")) == ["https://a.example/town/contact"]


def test_the_usual_place_is_the_root_of_the_host() -> None:
    assert usual_sitemap("https://A.example:443/town/?x=1") == "https://a.example/sitemap.xml"


@given(st.one_of(st.binary(max_size=400), st.text(alphabet="<>/&;urlsetloc \n", max_size=200).map(str.encode)))
def test_no_sitemap_makes_us_fail(body: bytes) -> None:
    assert isinstance(read_sitemap(body), Sitemap)


def test_an_address_that_is_named_again_and_again_uses_up_nobody_elses_share() -> None:
    walk = SitemapWalk(("a.example",))
    same = Sitemap(pages=("https://a.example/x",) * 50_000)
    assert list(walk.pages(same, "")) == ["https://a.example/x"]
    assert list(walk.pages(same, "")) == []
    assert list(walk.pages(Sitemap(pages=("/y",)), "https://a.example/sitemap.xml")) == ["https://a.example/y"]
