"""Where the links of a document lead."""

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import urljoin

_REST = r"(?:\?[^\x00-\x20#]+)?(?:#[^\x00-\x20]+)?"
_STEP = r"[^\x00-\x20?#;/]*"
_NAME = r"[^\x00-\x20?#;:/]*"  # with a colon it could be a scheme
_PLAIN = re.compile(
    rf"(?:(?P<whole>https?://[\w.-]+(?::\d+)?(?:/{_STEP})*)"
    rf"|(?P<root>(?!//)(?:/(?!\.){_STEP})+)"
    rf"|(?P<folder>(?!\.)[^\x00-\x20?#;:/]{_NAME}(?:/(?![./]){_NAME})*)"
    rf"|(?P<page>(?=#))){_REST}",
    re.ASCII,
)
"""Addresses that stand in full, or that only need the beginning of the document's own; no dot steps, nothing empty in them."""

_OTHER_SCHEMES = ("mailto:", "tel:", "javascript:")


def resolver(url: str, base: str) -> Callable[[str], str]:
    """What gives the address that a link means in the document at `url`, whose base element says `base`.

    What cannot be read stays as it is.

    The plain ones, which most are, are joined here: `urljoin` takes both addresses apart every time, which was a quarter
    of what the outline of a page cost.
    """
    base = _join(url, base)
    beginnings = {
        "whole": "",
        "root": _join(base, "/x").removesuffix("/x"),
        "folder": _join(base, "x").removesuffix("x"),
        "page": _join(base, "#x").removesuffix("#x"),
    }

    def resolve(href: str) -> str:
        href = href.strip()
        if href.startswith(_OTHER_SCHEMES):
            return href
        plain = _PLAIN.fullmatch(href)
        return beginnings[plain.lastgroup] + href if plain is not None and plain.lastgroup else _join(base, href)

    return cache(resolve)


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # such as an unclosed bracket in a host
        return href
