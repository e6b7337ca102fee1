"""The pages themselves: they parse, they hang together, and they ask nothing of the world outside."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from audit.cli.demo.expectation import expectations
from audit.cli.demo.routes import SiteFolder
from audit.cli.demo.sites import FOLDER, DemoSites, folders
from rules.model.failure import FailureKind

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
FOREIGN = frozenset({"path", "rect", "circle"})
ROOM_FOR_PAGES = range(20, 36)
# What a reader of the HTML alone does not find: behind a script, or in a sitemap only.
BY_SCRIPT_ONLY = {"/diensten/tarieven", "/diensten/gegevens"}
IN_SITEMAP_ONLY = {"/nieuws/verhuisd"}


class Balance(HTMLParser):
    """Notes every tag that is closed out of turn, every id that comes twice, and all that is referred to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named.get("href", ""))
        elif tag == "form":
            self.links.append(named.get("action", ""))
        else:
            self.resources += [named[name] for name in ("src", "href") if name in named]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in FOREIGN:
            self.faults.append(f"<{tag}/> with {attrs}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def html_files() -> list[Path]:
    return sorted(FOLDER.rglob("*.html"))


def read(file: Path) -> str:
    content = file.read_bytes()
    return content.decode("iso-8859-1" if b'charset="iso-8859-1"' in content else "utf-8")


def parsed(text: str) -> Balance:
    page = Balance()
    page.feed(text)
    page.close()
    return page


@pytest.mark.parametrize("file", html_files(), ids=lambda file: str(file.relative_to(FOLDER)))
def test_every_page_is_html_that_is_closed_in_turn(file: Path) -> None:
    text = read(file)
    page = parsed(text)
    assert text.startswith("<!doctype html>\n<html")
    assert (page.faults, page.open) == ([], [])
    twice = {name for name in page.ids if page.ids.count(name) > 1}
    assert twice == ({"topic"} if file.parent.name == "contact" else set())


def test_every_site_has_the_pages_of_a_real_one(folder: SiteFolder) -> None:
    assert len(folder.pages()) in ROOM_FOR_PAGES
    assert all((folder.www / name).is_file() for name in ("robots.txt", "sitemap.xml", "404.html"))


def test_nothing_refers_to_a_place_outside_the_demonstration() -> None:
    texts = [read(file) for kind in ("*.html", "*.css", "*.js", "*.svg") for file in FOLDER.rglob(kind)]
    places = {found for text in texts for found in re.findall(r"(?:https?:)?//[^\s\"'<>)]+", text)}
    assert places == {"http://www.w3.org/2000/svg"}


def test_every_mail_address_is_in_a_domain_that_is_nobodys() -> None:
    addresses = {found for file in html_files() for found in re.findall(r"[\w.+-]+@[\w.-]+\w", read(file))}
    assert addresses == {
        "post@waterrijk.example",
        "toegankelijk@waterrijk.example",
        "vraag@regelpunt.example",
    }


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def answered(url: str) -> tuple[int, str, bytes]:
    """Status, media type and content; content of a page that never ends is not waited for."""
    try:
        with build_opener(_Stay).open(Request(url, method="HEAD"), timeout=5) as head:
            status, media = head.status, head.headers.get_content_type()
            endless = head.headers.get("Transfer-Encoding") == "chunked"
    except HTTPError as error:
        error.close()
        if error.code in {301, 302}:
            return error.code, urljoin(url, error.headers["Location"]), b""
        return error.code, "", b""
    if endless or media != "text/html":
        return status, media, b""
    with build_opener().open(url, timeout=5) as page:
        return status, media, page.read()


def walked(address: str) -> dict[str, tuple[int, str]]:
    """Every path that links of the HTML lead to, with status and media type (or the place it redirects to)."""
    seen: dict[str, tuple[int, str]] = {}
    waiting = [f"{address}/"]
    while waiting:
        url = waiting.pop()
        path = url.removeprefix(address)
        if not url.startswith(f"{address}/") or path in seen or "maand=" in path:
            continue
        status, media, content = answered(url)
        seen[path] = (status, media)
        if status in {301, 302}:
            waiting.append(media)
        page = parsed(content.decode("iso-8859-1"))
        for link in (*page.links, *page.resources):
            assert link, f"an empty link on {path}"
            target = urljoin(url, link).partition("#")[0].partition(";")[0]
            if urlsplit(target).scheme == "http":
                waiting.append(target)
    return seen


def test_every_link_leads_somewhere_but_for_those_that_are_meant_not_to(demo: DemoSites, folder: SiteFolder) -> None:
    expected = expectations(folder.folder)
    seen = walked(demo.addresses[folder.table.id])
    dead = {path for path, (status, _) in seen.items() if status >= 400}
    unseen = {kind: {page.page for page in expected.not_looked_at if page.reason == (kind,)} for kind in FailureKind}
    assert dead == unseen[FailureKind.HTTP_ERROR] - IN_SITEMAP_ONLY
    files = {path for path, (_, media) in seen.items() if media.startswith("application/")}
    documents = {document.page for document in expected.document}
    assert files == documents | (unseen[FailureKind.NOT_HTML] - BY_SCRIPT_ONLY)
    assert {path for path in folder.pages() if path not in seen} <= BY_SCRIPT_ONLY


def test_links_between_the_sites_reach_their_pages(demo: DemoSites) -> None:
    crossing = set()
    for folder in folders():
        own = demo.addresses[folder.table.id]
        others = tuple(f"{address}/" for address in demo.addresses.values() if address != own)
        for path in folder.pages():
            links = parsed(answered(own + path)[2].decode("iso-8859-1")).links
            crossing |= {link for link in links if link.startswith(others)}
    assert len(crossing) == 4
    assert {answered(link)[0] for link in crossing} == {200}


def test_the_services_of_the_licensing_body_are_listed_by_a_script_only(demo: DemoSites) -> None:
    text = answered(f"{demo.addresses['vergunning']}/diensten")[2].decode()
    script = (FOLDER / "vergunning" / "www" / "diensten.js").read_text(encoding="utf-8")
    for path in BY_SCRIPT_ONLY:
        assert path not in text
        assert f'"{path.removeprefix("/diensten/")}"' in script


def test_robots_txt_closes_a_part_that_pages_link_to(demo: DemoSites, folder: SiteFolder) -> None:
    robots = (folder.www / "robots.txt").read_text(encoding="utf-8")
    closed = tuple(re.findall(r"Disallow: (\S+)", robots))
    meant = [page.page for page in expectations(folder.folder).not_looked_at if page.reason == (FailureKind.ROBOTS,)]
    assert [answered(demo.addresses[folder.table.id] + page)[0] for page in meant] == [200]
    assert meant[0].startswith(closed)
