"""Sitemaps that blow up, go round in circles, lead elsewhere, or never end."""

import gzip
import itertools

from hostile_page import NO_PAGE, Ending, HostilePage, audited, fails, html, raw, sent
from hostile_server import Plan

_URLSET = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
_INDEX = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
_NAMES = (
    "bomb.xml.gz",
    "loop-a.xml",
    "foreign.xml",
    "endless.xml",
    "drip.xml",
    "entities.xml",
    "many.xml",
    "garbage.xml",
)
_NOT_ONE = Ending(NO_PAGE)


def _here(handler) -> str:
    return f"http://{handler.headers['Host']}"


def _robots(handler) -> None:
    sent("\n".join(f"Sitemap: {_here(handler)}/{name}" for name in _NAMES).encode(), "text/plain")(handler)


def _index(*names: str):
    def answer(handler) -> None:
        sent(
            _INDEX.format("".join(f"<sitemap><loc>{_here(handler)}/{name}</loc></sitemap>" for name in names)).encode(),
            "text/xml",
        )(handler)

    return answer


def _urls(*paths: str):
    def answer(handler) -> None:
        sent(
            _URLSET.format("".join(f"<url><loc>{_here(handler)}{path}</loc></url>" for path in paths)).encode(),
            "text/xml",
        )(handler)

    return answer


_FOREIGN = _URLSET.format(
    "<url><loc>http://127.0.0.2/stolen</loc></url><url><loc>https://elsewhere.example/</loc></url><url><loc>file:///etc/passwd</loc></url>"
)
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY file SYSTEM "file:///etc/hostname">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]><urlset><url><loc>&m;</loc></url><url><loc>/&file;</loc></url></urlset>"
)
_XML = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<urlset>"
_ENTRY = b"<url><loc>/x</loc></url>" * 4_000

PLAN = Plan(
    pages=(
        HostilePage(
            "/bomb.xml.gz",
            "Is a sitemap that unpacks to a thousand times its size.",
            sent(gzip.compress(_URLSET.format("<url><loc>/x</loc></url>" * 8_000_000).encode()), "application/gzip"),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/loop-a.xml",
            "Is an index of sitemaps that leads to another.",
            _index("loop-b.xml"),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/loop-b.xml",
            "Leads back, and to itself.",
            _index("loop-a.xml", "loop-b.xml", "last.xml"),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/from-sitemap",
            "Is named at the end of that circle.",
            html("From a sitemap", "<p>Found</p>"),
            audited("Found"),
            linked=False,
        ),
        HostilePage(
            "/foreign.xml",
            "Names pages of other hosts, a private one among them.",
            sent(_FOREIGN.encode(), "text/xml"),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/endless.xml",
            "Is a sitemap without end.",
            raw(lambda: itertools.chain([_XML], itertools.repeat(_ENTRY))),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/drip.xml",
            "Is a sitemap that drips.",
            raw(lambda: itertools.chain([_XML], itertools.repeat(b" ")), 0.1),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/entities.xml",
            "Multiplies entities, and reads a file by one of them.",
            sent(_LAUGHS.encode(), "text/xml"),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/many.xml",
            "Names twenty thousand pages of one kind.",
            _urls(*(f"/many/{number}" for number in range(20_000))),
            _NOT_ONE,
            linked=False,
        ),
        HostilePage(
            "/many/500", "Is one of these, and nobody needs it.", html("One of many", ""), fails("budget"), linked=False
        ),
        HostilePage(
            "/garbage.xml",
            "Is called a sitemap and is none.",
            sent(b"\x00\xff<<<>" * 1_000, "text/xml"),
            _NOT_ONE,
            linked=False,
        ),
    ),
    more={"/last.xml": _urls("/from-sitemap")},
    prefixes={"/many/": html("One of many", "<p>The same again</p>")},
    robots=_robots,
)
