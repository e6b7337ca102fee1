import gzip
import time
from collections.abc import Callable
from itertools import pairwise

from crawled_site import Answer, Asked, Crawled, LoopbackSite

from rules.model.page import FoundLink, LinkKind
from spiders.order import Seed

Crawl = Callable[..., Crawled]


def links(*hrefs: str, title: str = "Page", head: str = "") -> str:
    anchors = "".join(f'<p><a href="{href}">to {href}</a></p>' for href in hrefs)
    head = f"<head><title>{title}</title>{head}</head>"
    return f'<!doctype html><html lang="nl">{head}<body><main>{anchors} words</main></body></html>'


def test_a_page_is_told_with_all_that_stands_on_it(site: LoopbackSite, crawl: Crawl) -> None:
    site.pages["/"] = Answer(
        """<!doctype html><html lang="nl-NL"><head><title> Gemeente
        Veldhaven </title><base href="/nl/"><link rel="canonical" href="/?utm_source=x">
        <link rel="alternate" hreflang="en" href="/en"></head><body>
        <a href="contact"> Contact <b>opnemen</b></a><a href="tel:+31 14 010">14 010</a><a href="mailto:info@x.example">mail</a>
        <a href="javascript:alert(1)">no</a><a href="data:text/html,x">no</a><a href="http://[broken">no</a>
        <a href="https://elsewhere.example/a">away</a><a href="/form.pdf"><img src="i" alt="Formulier"></a>
        <map><area href="/map" alt="Kaart"></map><iframe src="/frame"></iframe>
        <a href="/secret?access_token=abc">let in</a>
        <form action="/zoeken"><input type="search" name="q"></form></body></html>""",
        headers={"ETag": '"one"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"},
    )
    site.pages["/nl/contact"] = Answer(
        links("/", title="Contact") + "<form><input name=naam><textarea name=vraag></textarea></form>"
    )
    site.pages["/form.pdf"] = Answer(b"%PDF-1.7" + b"x" * 992, content_type="application/pdf")
    site.pages["/map"] = site.pages["/en"] = Answer(links())
    crawled = crawl()

    assert crawled.good == {"/", "/nl/contact", "/form.pdf", "/map", "/en"}
    assert crawled.failures == {}
    assert crawled.reason == "finished"
    home = crawled.pages["/"]
    assert (home.title, home.lang, home.canonical) == ("Gemeente Veldhaven", "nl-NL", site.url("/"))
    assert (home.status, home.content_type, home.source, home.depth) == (200, "text/html", "start", 0)
    assert (home.etag, home.last_modified) == ('"one"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert (home.has_form, len(home.structure), home.final_url) == (False, 16, site.url("/"))
    assert set(home.links) == {
        FoundLink(site.url("/en"), LinkKind.PAGE),
        FoundLink(site.url("/nl/contact"), LinkKind.PAGE, "Contact opnemen"),
        FoundLink("tel:+3114010", LinkKind.TEL, "14 010", in_scope=False),
        FoundLink("mailto:info@x.example", LinkKind.MAILTO, "mail", in_scope=False),
        FoundLink("https://elsewhere.example/a", LinkKind.PAGE, "away", in_scope=False),
        FoundLink(site.url("/form.pdf"), LinkKind.DOCUMENT, "Formulier"),
        FoundLink(site.url("/map"), LinkKind.PAGE, "Kaart"),
    }
    contact = crawled.pages["/nl/contact"]
    assert (contact.has_form, contact.found_on, contact.depth) == (True, site.url("/"), 1)
    assert contact.anchors == ("Contact opnemen",)
    document = crawled.pages["/form.pdf"]
    assert (document.content_type, document.size, document.anchors) == ("application/pdf", 1000, ("Formulier",))
    assert not any("secret" in path or path == "/frame" for path in site.paths())
    assert site.asked[0].headers["user-agent"] == "Mozilla/5.0 (compatible; Loket/0; +https://audit.example/)"
    assert "cookie" not in site.asked[0].headers


def test_redirects_are_followed_once_and_a_page_is_told_under_one_address(site: LoopbackSite, crawl: Crawl) -> None:
    def to(path: str, status: int = 301) -> Answer:
        return Answer(status=status, headers={"Location": path}, content_type="")

    site.pages["/"] = Answer(
        links(
            "/old",
            "/new",
            "/folder",
            "/older",
            "/ring1",
            "/self",
            "/long0",
            "/away",
            "/mine",
            "/hidden",
            "/gone",
            "/nowhere",
        )
    )
    site.pages["/old"] = to("/new")
    site.pages["/older"] = to("/old?utm_source=mail", 302)
    site.pages["/folder"] = to("/folder/", 308)
    site.pages["/new"] = site.pages["/folder/"] = Answer(links())
    site.pages["/ring1"], site.pages["/ring2"] = to("/ring2"), to("/ring1")
    site.pages["/self"] = to("/self")
    site.pages |= {f"/long{hop}": to(f"/long{hop + 1}") for hop in range(20)}
    site.pages["/away"] = to("https://elsewhere.example/page?session=private")
    site.pages["/mine"] = to("/mijn/inloggen?next=/mine", 302)
    site.pages["/mijn/inloggen?next=/mine"] = Answer(links())
    site.pages["/hidden"] = to("/closed/page")
    site.pages["/gone"] = to("/not-there")
    site.pages["/nowhere"] = to("mailto:info@example.org")
    crawled = crawl(
        robots={site.url("").rstrip("/"): "User-agent: loket\nDisallow: /closed/\nUser-agent: mozilla\nDisallow: /"}
    )

    assert crawled.good == {"/", "/new", "/folder/", "/mijn/inloggen?next=/mine"}
    assert crawled.failures == {
        "/ring1": "redirect_loop",
        "/ring2": "redirect_loop",
        "/self": "redirect_loop",
        **{f"/long{hop}": "redirect_loop" for hop in range(11)},
        "/away": "out_of_scope",
        "/mine": "login",
        "/hidden": "robots",
        "/not-there": "http_error",
        "/nowhere": "http_error",
    }
    assert set(crawled.moved) == {
        (site.url("/old"), site.url("/new")),
        (site.url("/older"), site.url("/old")),
        (site.url("/folder"), site.url("/folder/")),
        (site.url("/gone"), site.url("/not-there")),
    }
    assert crawled.pages["/away"].failure is not None
    assert crawled.pages["/away"].failure.detail == "the redirect leads to https://elsewhere.example/page"
    assert site.paths().count("/new") == 1
    assert "/closed/page" not in site.paths()


def test_a_page_that_sends_its_visitors_on_is_the_page_they_arrive_at(site: LoopbackSite, crawl: Crawl) -> None:
    def refresh(content: str) -> str:
        return links("/never", head=f'<meta http-equiv="Refresh" content="{content}">')

    site.pages["/"] = Answer(refresh("0; URL='/nl/'"))
    site.pages["/nl/"] = Answer(links("/slow", "/again", "/out"))
    site.pages["/slow"] = Answer(links("/seen", head='<meta http-equiv="refresh" content="60;url=/never">'))
    site.pages["/again"] = Answer(links("/seen", head='<meta http-equiv="refresh" content="2">'))
    site.pages["/out"] = Answer(
        links("/seen", head='<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">')
    )
    site.pages["/seen"] = Answer(links())
    crawled = crawl()
    assert crawled.good == {"/nl/", "/slow", "/again", "/out", "/seen"}
    assert crawled.failures == {}
    assert crawled.moved == [(site.url("/"), site.url("/nl/"))]
    assert crawled.pages["/nl/"].source == "start"


def test_each_way_not_to_be_a_page_has_its_kind(site: LoopbackSite, crawl: Crawl) -> None:
    site.pages |= {
        "/404": Answer(links(), 404),
        "/500": Answer(links(), 500),
        "/401": Answer(links(), 401),
        "/blank": Answer("  \n "),
        "/nothing": Answer("", content_type=""),
        "/204": Answer(status=204, headers={"Content-Length": ""}),
        "/bare": Answer("<!doctype html><html><head><title>x</title></head><body> </body></html>"),
        "/json": Answer("{}", content_type="application/json"),
        "/photo.jpg": Answer(b"\xff\xd8\xff" * 50, content_type="image/jpeg"),
        "/stream": Answer(b"\0\1\2", content_type=""),
        "/large": Answer("<p>" + "x" * 300_000),
        "/bomb": Answer(gzip.compress(b"<p>" + b"x" * 300_000), headers={"Content-Encoding": "gzip"}),
        "/broken": Answer(b"\x1f\x8b\x08 no gzip", headers={"Content-Encoding": "gzip"}),
        "/wall": Answer("<title>Just a moment...</title>", 403, headers={"cf-mitigated": "challenge"}),
        "/human": Answer("<title>Hi</title><p>Please verify you are human</p>"),
        "/cut": Answer("<p>half", headers={"Content-Length": "5000", "Connection": "close"}),
    }
    site.pages["/"] = Answer(links(*site.pages))
    crawled = crawl(max_bytes=200_000)
    assert crawled.good == {"/"}
    assert crawled.failures == {
        "/404": "http_error",
        "/500": "http_error",
        "/401": "http_error",
        "/blank": "empty",
        "/nothing": "empty",
        "/204": "empty",
        "/bare": "empty",
        "/json": "not_html",
        "/photo.jpg": "not_html",
        "/stream": "not_html",
        "/large": "too_large",
        "/bomb": "too_large",
        "/broken": "http_error",
        "/wall": "challenge",
        "/human": "challenge",
        "/cut": "refused",
    }
    details = {path: page.failure.detail for path, page in crawled.pages.items() if page.failure}
    assert details["/404"] == "404 Not Found"
    assert details["/wall"] == "Cloudflare asks whether we are a human (status 403)"
    assert details["/json"] == "application/json"
    assert site.paths().count("/cut") == 2
    assert site.paths().count("/500") == 1


def test_a_passing_failure_is_tried_once_more_at_the_end(site: LoopbackSite, crawl: Crawl) -> None:
    tries: list[str] = []

    def at_second_try(asked: Asked) -> Answer:
        tries.append(asked.path)
        return Answer(links(), 503 if len(tries) == 1 else 200)

    site.pages |= {
        "/": Answer(links("/busy", "/a", "/b")),
        "/busy": at_second_try,
        "/a": Answer(links()),
        "/b": Answer(links()),
    }
    crawled = crawl(max_pages=4, delay=0.02)  # with a pace, one request at a time
    assert crawled.good == {"/", "/busy", "/a", "/b"}
    assert site.paths()[-1] == "/busy"


def test_files_are_asked_for_their_first_byte_only(site: LoopbackSite, crawl: Crawl) -> None:
    def part(asked: Asked) -> Answer:
        assert asked.headers["range"] == "bytes=0-0"
        return Answer(b"P", 206, "application/octet-stream", {"Content-Range": "bytes 0-0/123456"})

    site.pages |= {
        "/": Answer(links("/paper.docx", "/landing.pdf", "/empty.pdf", "/whole.pdf", "/gone.pdf", "/download?id=4")),
        "/paper.docx": part,
        "/landing.pdf": lambda _: Answer(links("/found"), 200),
        "/found": Answer(links()),
        "/empty.pdf": Answer(status=416, content_type=""),
        "/whole.pdf": Answer(b"%PDF" + b"x" * 3_000_000, content_type="application/pdf"),
        "/download?id=4": Answer(b"%PDF" + b"x" * 3_000_000, content_type="application/pdf"),
    }
    crawled = crawl(max_bytes=1_000_000)
    assert crawled.good == {"/", "/paper.docx", "/landing.pdf", "/found", "/whole.pdf", "/download?id=4"}
    assert crawled.failures == {"/empty.pdf": "empty", "/gone.pdf": "http_error"}
    word = crawled.pages["/paper.docx"]
    assert (word.status, word.size, word.content_type) == (200, 123456, "application/octet-stream")
    assert crawled.pages["/whole.pdf"].size == crawled.pages["/download?id=4"].size == 3_000_004
    assert crawled.pages["/landing.pdf"].title == "Page"


def test_what_robots_and_pages_close_is_not_asked_for(site: LoopbackSite, crawl: Crawl) -> None:
    site.pages |= {
        "/": Answer(links("/private/a", "/meta", "/header", "/open") + '<a rel="nofollow" href="/advert">ad</a>'),
        "/meta": Answer(links("/behind-meta", head='<meta name="ROBOTS" content="NoIndex, NoFollow">')),
        "/header": Answer(links("/behind-header"), headers={"X-Robots-Tag": "nofollow"}),
        "/open": Answer(links("/private/a")),
        "/advert": Answer(links()),
    }
    crawled = crawl(robots={f"http://{site.place}": "User-agent: *\nDisallow: /private"})
    assert crawled.good == {"/", "/meta", "/header", "/open", "/advert"}
    assert crawled.failures == {"/private/a": "robots"}
    assert [link.url for link in crawled.pages["/meta"].links] == [site.url("/behind-meta")]
    assert not {"/private/a", "/behind-meta", "/behind-header"} & set(site.paths())


def test_validators_spare_a_page_that_did_not_change(site: LoopbackSite, crawl: Crawl) -> None:
    def unchanged(asked: Asked) -> Answer:
        same = (
            asked.headers.get("if-none-match") == '"v1"'
            or asked.headers.get("if-modified-since") == "Mon, 23 Nov 2026 10:00:00 GMT"
        )
        return Answer(status=304, headers={"ETag": '"v1"', "Content-Length": ""}) if same else Answer(links("/other"))

    site.pages |= {"/": unchanged, "/dated": unchanged, "/other": Answer(links())}
    crawled = crawl(
        seeds=(
            Seed(site.url("/"), etag='"v1"'),
            Seed(site.url("/dated"), source="link", depth=1, last_modified="Mon, 23 Nov 2026 10:00:00 GMT"),
        )
    )
    assert {path: (page.status, page.etag) for path, page in crawled.pages.items()} == {
        "/": (304, '"v1"'),
        "/dated": (304, '"v1"'),
    }
    assert crawled.good == {"/", "/dated"}


def test_sitemaps_seed_the_crawl_and_foreign_ones_do_not(site: LoopbackSite, crawl: Crawl) -> None:
    def index(*urls: str) -> str:
        return "<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>"

    pages = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/deep", "/closed", "/", "/linked"))
    site.pages |= {
        "/": Answer(links("/linked")),
        "/linked": Answer(links()),
        "/index.xml": Answer(
            index(site.url("/index.xml"), site.url("/packed.xml.gz"), "http://127.0.0.1:9/foreign.xml"),
            content_type="text/xml",
        ),
        "/packed.xml.gz": Answer(
            gzip.compress(f"<urlset>{pages}<url><loc>http://127.0.0.1:9/x</loc></url></urlset>".encode()),
            content_type="application/gzip",
        ),
        "/sent-on.xml": Answer(status=302, headers={"Location": "/index.xml"}),
        "/deep": Answer(links()),
    }
    robots = {f"http://{site.place}": f"User-agent: *\nDisallow: /closed\nSitemap: {site.url('/sent-on.xml')}"}
    crawled = crawl(robots=robots)
    assert crawled.good == {"/", "/linked", "/deep"}
    assert crawled.failures == {"/closed": "robots"}
    assert crawled.pages["/deep"].source == "sitemap"
    assert (crawled.pages["/linked"].source, crawled.pages["/linked"].anchors) == ("link", ("to /linked",))
    assert site.paths().count("/index.xml") == 1


def test_what_the_budget_leaves_is_named(site: LoopbackSite, crawl: Crawl) -> None:
    site.pages |= {
        "/": Answer(links("/1/x", "/2/x", "/contact", "/3/x", "/a/a/a/a/b")),
        "/contact": Answer(links("/4/x")),
    }
    crawled = crawl(max_pages=2, max_per_pattern=2)
    assert crawled.reason == "page_budget"
    assert crawled.good == {"/", "/contact"}
    assert crawled.failures == dict.fromkeys(("/1/x", "/2/x", "/3/x", "/4/x", "/a/a/a/a/b"), "budget")
    assert [path for path in site.paths() if path != "/sitemap.xml"] == ["/", "/contact"]


def test_pages_in_other_and_in_wrong_charsets_are_read(site: LoopbackSite, crawl: Crawl) -> None:
    title = "Gemeente Súdwest-Fryslân"
    site.pages |= {
        "/": Answer(links("/latin", "/meta", "/wrong", "/sniffed")),
        "/latin": Answer(links(title=title).encode("latin-1"), content_type="text/html; charset=iso-8859-1"),
        "/meta": Answer(
            links(title=title, head='<meta charset="windows-1252">').encode("cp1252"), content_type="text/html"
        ),
        "/wrong": Answer(links(title=title).encode(), content_type="text/html; charset=nonsense"),
        "/sniffed": Answer(b"\xef\xbb\xbf<!DOCTYPE html><title>" + title.encode(), content_type=""),
    }
    crawled = crawl()
    titles = {path: crawled.pages[path].title for path in ("/latin", "/meta", "/wrong", "/sniffed")}
    assert titles == dict.fromkeys(titles, title)


def test_a_sign_in_page_in_place_of_content_is_no_page_but_one_that_was_asked_for_is(
    site: LoopbackSite, crawl: Crawl
) -> None:
    form = "<form><label>Wachtwoord <input type=password name=p></label><input name=naam></form>"
    site.pages |= {
        "/": Answer(links("/dossier", "/account")),
        "/dossier": Answer(status=302, headers={"Location": "/welkom?terug=dossier"}),
        "/welkom?terug=dossier": Answer(links(title="Welkom") + form),
        "/account": Answer(links(title="Account") + form),
    }
    crawled = crawl()
    assert crawled.failures == {"/dossier": "login"}
    assert crawled.good == {"/", "/welkom?terug=dossier", "/account"}
    assert crawled.pages["/account"].has_form


def test_a_page_that_we_fail_on_is_told_all_the_same(site: LoopbackSite, crawl: Crawl) -> None:
    site.pages |= {"/": Answer(links("/deep")), "/deep": Answer("<div>" * 60_000 + '<a href="/found">x</a>')}
    crawled = crawl()
    assert set(crawled.pages) >= {"/", "/deep"}


def test_a_pace_is_kept_between_requests_to_a_host(site: LoopbackSite, crawl: Crawl) -> None:
    times: list[float] = []

    def timed(asked: Asked) -> Answer:
        times.append(time.monotonic())
        return Answer(links("/a", "/b", "/c"))

    site.pages |= dict.fromkeys(("/", "/a", "/b", "/c"), timed)
    crawl(delay=0.2)
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) > 0.15
