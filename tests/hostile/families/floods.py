"""Answers that are much larger than they look, or than anybody needs, and a script that fills all there is."""

import itertools
import zlib

import brotli
from hostile_page import Ending, HostilePage, audited, fails, html, in_any_way, once_loaded, raw, sent
from hostile_server import Plan

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_BEGUN = b"<!doctype html><html lang=en><title>Drip</title><h1>Drip</h1><p>The first words</p>"
_MEGABYTE = b"<p>" + b"x" * 999_993 + b"</p>"


def _bomb(packer, megabytes: int) -> bytes:
    """The page's beginning and so many megabytes of blanks, packed."""
    blank = b" " * 1_000_000
    pack = packer.process if hasattr(packer, "process") else packer.compress
    return b"".join(
        [
            pack(_BEGUN),
            *(pack(blank) for _ in range(megabytes)),
            packer.finish() if hasattr(packer, "finish") else packer.flush(),
        ]
    )


_GZIP = _bomb(zlib.compressobj(9, zlib.DEFLATED, 31), 200)
_BROTLI = _bomb(brotli.Compressor(quality=5, lgwin=24), 200)


def _ten_gigabytes():
    yield _HEAD + b"Content-Length: 10000000000\r\n\r\n" + _BEGUN
    yield from itertools.repeat(_MEGABYTE, 10_000)


def _without_end(piece: bytes):
    return lambda: itertools.chain([_HEAD + b"\r\n" + _BEGUN], itertools.repeat(piece))


PLAN = Plan(
    pages=(
        HostilePage(
            "/ten-gigabytes", "Sends ten gigabytes.", raw(_ten_gigabytes), fails("too_large"), by_webdriver=in_any_way()
        ),
        HostilePage(
            "/endless-and-fast",
            "Sends as fast as it can, without end and without a length.",
            raw(_without_end(_MEGABYTE)),
            fails("too_large"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/gzip-bomb",
            "Unpacks to a thousand times its size (gzip).",
            sent(_GZIP, Content_Encoding="gzip"),
            fails("too_large"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/brotli-bomb",
            "Unpacks to a million times its size (brotli, which the crawl never asked for).",
            sent(_BROTLI, Content_Encoding="br"),
            fails("too_large"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/heavy-parts",
            "Is small itself, and has pictures and scripts that never end.",
            html(
                "Heavy",
                "<p>The first words</p><img alt=x src=/flood/1><script async src=/flood/2></script><video src=/flood/3></video>",
            ),
            Ending("too_large", reads="The first words"),
            by_webdriver=audited("The first words"),
        ),
        HostilePage(
            "/memory-hog",
            "Fills the memory of its own process until that dies.",
            once_loaded(
                "Memory", "const a = []; for (;;) a.push(new Array(1e7).fill(a.length))", "<p>The first words</p>"
            ),
            fails("crashed"),
        ),
    ),
    prefixes={"/flood/": raw(_without_end(_MEGABYTE))},
    deadline=60.0,
)
