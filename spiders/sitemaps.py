"""Sitemaps: which pages and further sitemaps a file names, within limits that hold against hostile ones.

The format is that of https://www.sitemaps.org/protocol.html; a plain list of addresses is one too.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from lxml import etree

from rules.model.record import Record
from rules.model.url import has_secret, in_scope, normalise, origin, variant_key

MOST_BYTES = 20_000_000
_MOST_FILES = 50
_MOST_URLS = 50_000
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Sitemap(Record, frozen=True):
    """What one file names: `pages`, and `sitemaps` where it is an index; addresses as written."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap, a sitemap index or a plain list, packed with gzip or not. Never raises: what is broken is left out."""
    text = _unpacked(body)
    if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_xml(text)
    lines = text[:MOST_BYTES].decode(errors="replace").splitlines()
    return Sitemap(pages=tuple(line.strip() for line in lines if line.strip().lower().startswith("http"))[:_MOST_URLS])


class SitemapWalk:
    """The sitemaps of one crawl: each file is read once, and files and addresses are bounded over all of them."""

    def __init__(self, scope: Sequence[str]) -> None:
        self._scope = scope
        self._hosts = tuple(entry.partition("/")[0] for entry in scope)
        self._seen: set[str] = set()
        self._named: set[str] = set()

    def to_read(self, urls: Iterable[str], base: str = "") -> Iterator[str]:
        """The sitemaps among these that are on the site's hosts and were not read before."""
        for written in urls:
            url = normalise(written, base)
            if url is None or has_secret(written) or not in_scope(url, self._hosts):
                continue
            if len(self._seen) < _MOST_FILES and variant_key(url) not in self._seen:
                self._seen.add(variant_key(url))
                yield url

    def pages(self, sitemap: Sitemap, base: str) -> Iterator[str]:
        """The pages of a sitemap that belong to the site, each once, as long as the crawl's share lasts."""
        for written in sitemap.pages:
            if len(self._named) >= _MOST_URLS:
                return
            url = normalise(written, base)
            if url is None or url in self._named or has_secret(written) or not in_scope(url, self._scope):
                continue
            self._named.add(url)
            yield url


def usual_sitemap(url: str) -> str:
    """Where a sitemap stands that nothing points to."""
    return f"{origin(url)}/sitemap.xml"


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:MOST_BYTES]
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(body, MOST_BYTES)
    except zlib.error:
        return b""


def _read_xml(text: bytes) -> Sitemap:
    pages: list[str] = []
    sitemaps: list[str] = []
    parsed = etree.iterparse(
        BytesIO(text), events=("end",), recover=True, no_network=True, resolve_entities=False, load_dtd=False
    )
    try:
        for _, element in parsed:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            parent = element.getparent()
            if name == "loc" and parent is not None and (place := (element.text or "").strip()):
                holder = etree.QName(parent).localname
                if holder in {"url", "sitemap"}:
                    (pages if holder == "url" else sitemaps).append(place)
            elif name in {"url", "sitemap"}:
                element.clear()
            if len(pages) >= _MOST_URLS:
                break
    except etree.XMLSyntaxError:
        pass  # what was read before the break is good
    return Sitemap(pages=tuple(pages), sitemaps=tuple(sitemaps[:_MOST_FILES]))
