"""Answers that never come, never end, end too soon, or are none."""

import itertools

from hostile_page import HostilePage, fails, in_any_way, raw, silent
from hostile_server import Plan

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_BEGUN = b"<!doctype html><html lang=en><title>Drip</title><h1>Drip</h1><p>The first words</p>"


def _without_end(piece: bytes):
    return lambda: itertools.chain([_HEAD + b"\r\n" + _BEGUN], itertools.repeat(piece))


PLAN = Plan(
    pages=(
        HostilePage(
            "/drip",
            "Sends a few bytes now and then, for ever.",
            raw(_without_end(b"<br>"), 0.1),
            fails("timeout"),
        ),
        HostilePage(
            "/drip-of-head",
            "Sends headers, one now and then, for ever.",
            raw(lambda: itertools.chain([_HEAD], (b"X-%d: y\r\n" % n for n in itertools.count())), 0.1),
            fails("timeout"),
        ),
        HostilePage("/silent", "Takes the request and never answers.", silent, fails("timeout")),
        HostilePage(
            "/dies-in-the-middle",
            "Breaks off in the middle of the page.",
            raw(lambda: [_HEAD + b"Content-Length: 5000\r\n\r\n" + _BEGUN]),
            fails("timeout"),
            by_webdriver=in_any_way(),
        ),
        HostilePage("/dies-at-once", "Hangs up without a word.", raw(lambda: [b""]), fails("refused")),
        HostilePage(
            "/no-http",
            "Answers in words that are no HTTP.",
            raw(lambda: [b"\x00\xff SSH-2.0 hello\r\n\r\n"]),
            fails("http_error"),
        ),
        HostilePage(
            "/endless-header",
            "Sends one header that has no end.",
            raw(lambda: itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"y" * 65_536))),
            fails("http_error"),
        ),
        HostilePage(
            "/broken-chunks",
            "Lies about the size of its chunks.",
            raw(lambda: [_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ffffffffffffffffffff\r\n" + _BEGUN]),
            fails("refused"),
        ),
    ),
    deadline=10.0,
)
