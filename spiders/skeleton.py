"""A digest of how a page is built, equal for pages of one template whatever they say. Pure."""

import hashlib
import re

from lxml.html import HtmlElement

_BOXES = frozenset(
    {
        "body",
        "div",
        "main",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "nav",
        "form",
        "fieldset",
        "iframe",
        "table",
    }
)
_DEEPEST = 7
_MOST_ELEMENTS = 5_000
_STATE = re.compile(r"\d|active|current|selected|open|collaps|first|last|odd|even|visible|hidden", re.IGNORECASE)


def skeleton_digest(root: HtmlElement) -> str:
    """Sixteen hexadecimal digits for the page's boxes: their tags and classes and how they lie in one another.

    Text does not count, nor how often a box is repeated, nor classes that hold a number or a state.
    """
    paths: set[str] = set()
    body = root if root.tag == "body" else root.find(".//body")
    waiting = [] if body is None else [(body, "", 0)]
    seen = 0
    while waiting and seen < _MOST_ELEMENTS:
        element, above, depth = waiting.pop()
        seen += 1
        path = f"{above}>{_name(element)}"
        paths.add(path)
        if depth < _DEEPEST:
            waiting.extend((child, path, depth + 1) for child in element if child.tag in _BOXES)
    return hashlib.sha256("\n".join(sorted(paths)).encode()).hexdigest()[:16] if paths else ""


def _name(element: HtmlElement) -> str:
    classes = sorted({name for name in (element.get("class") or "").split() if not _STATE.search(name)})
    return ".".join((str(element.tag), *classes))
