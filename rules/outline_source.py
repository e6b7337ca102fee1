"""Reads saved HTML into the outline's tree: bytes are decoded as browsers do, and broken markup is mended as they do."""

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from lxml import etree
from w3lib.encoding import html_to_unicode

from rules.outline_tree import (
    ATTRIBUTES,
    BUTTON_INPUTS,
    CARRIERS,
    HIDES,
    INVISIBLE,
    LEAVES,
    SKIPPED,
    VALUE_NAMES,
    VISIBLE,
    Node,
    Tree,
    words,
)

_IN_HEAD = words("base link meta noscript script style template title")
_CELLS = frozenset(("td", "th"))
_IN_ROWS = _CELLS | {"tr"}
_ROW_GROUPS = frozenset(("tbody", "thead", "tfoot"))
_BODIES = frozenset(("body", "frameset"))
_CLOSES_P = words(
    "address article aside blockquote center details dialog dd dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr li main menu nav ol p pre search section summary ul"
)
_KEEPS_P = words("button td th caption marquee object applet template table")
_CLOSES = {
    "li": frozenset(("li",)),
    "dd": frozenset(("dd", "dt")),
    "dt": frozenset(("dd", "dt")),
    "tr": frozenset(("tr",)),
    **dict.fromkeys(_ROW_GROUPS, _ROW_GROUPS),
}
_MENDS = _CLOSES_P | _IN_ROWS | _CLOSES.keys()
_OUTSIDE_BODY = frozenset(("head", "html"))
_NOTED = frozenset(("base", "link", "script"))
_HIDING = frozenset(("style", "hidden", "popover"))
_KEEPS_ITEM = (_CLOSES_P | _KEEPS_P) - frozenset(("address", "div", "p"))
_PARAGRAPH = frozenset(("p",))
_LEVELS = 50  # how far up an element is looked for that another one ends
_NEVER_EMPTY = words(
    "a abbr article aside b button cite dd div dl dt em fieldset footer form h1 h2 h3 h4 h5 h6 header i iframe label li main "
    "nav ol p script section select small span strong style sub sup table td textarea th tr u ul"
)
_TAG_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s\"']|$)")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_VISIBILITY = re.compile(r"(?:^|;)\s*visibility\s*:\s*([a-z]+)", re.IGNORECASE)
MAX_SCRIPTS = 20
MAX_SCRIPT_LENGTH = 100_000


class Source(msgspec.Struct):
    """What saved HTML says: the tree, and from its head the title, canonical address, base address and JSON-LD scripts."""

    url: str
    tree: Tree
    title: str = ""
    canonical: str = ""
    base: str = ""
    structured: tuple[str, ...] = ()
    truncated: bool = False


def read_source(html: str | bytes, url: str, *, content_type: str = "", max_nodes: int) -> Source:
    """The tree of an HTML document; whatever the input, there is one."""
    text = decode(html, content_type) if isinstance(html, bytes) else html
    builder = _Builder(max_nodes)
    parser = etree.HTMLParser(target=cast("Any", builder), encoding="utf-8", huge_tree=True)
    content = _opened(text.replace("\0", "")).encode("utf-8", "replace")
    if content and not content.isspace():
        try:
            etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            builder.truncated = True  # libxml2 gave up here; what it had read stands
    return builder.source(url)


def decode(content: bytes, content_type: str = "") -> str:
    """Text from bytes by byte order mark, HTTP header, meta element; else UTF-8 where valid, else windows-1252."""
    return html_to_unicode(content_type, content, auto_detect_fun=_utf8_or_western)[1]


def _utf8_or_western(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _opened(text: str) -> str:
    """The text with `<a/>` and its likes as `<a>`: HTML knows no empty form of these, but libxml2 does."""
    parts = text.split("/>")
    for number, part in enumerate(parts[:-1]):
        name = _TAG_NAME.match(part, part.rfind("<")) if "<" in part else None
        empty = (
            name is None
            or name[1].lower() not in _NEVER_EMPTY
            or not (name.end() == len(part) or part[-1] in "\"' \t\n")
        )
        parts[number] = part + ("/>" if empty else ">")
    return "".join(parts)


class _Builder:
    """Receives libxml2's events; mends what its HTML 4 rules leave wrong (open paragraphs, bodies, table bodies)."""

    def __init__(self, max_nodes: int) -> None:
        self.max_nodes = max_nodes
        self.truncated = False
        self.root = Node("html", None, 1, {})
        self.stack = [self.root]
        self.counts: list[dict[str, int]] = [{}]
        self.nodes = [self.root]
        self.skipping = 0  # depth inside an element that is left out
        self.captured: list[str] | None = None  # the text of a title or JSON-LD script under way
        self.titles: list[str] = []
        self.scripts: list[str] = []
        self.canonical = ""
        self.base = ""
        self.open_paragraphs = 0
        self.hosts: dict[Node, Node] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.skipping:
            self.skipping += 1
            return
        if tag == "html" or (tag == "body" and any(node.tag == "body" for node in self.stack)):
            self.root.attributes.update({name: attributes[name] for name in attributes if name in ATTRIBUTES})
            return
        if tag in _NOTED:
            self._note(tag, attributes)
        top = self.stack[-1]
        shadow = tag == "template" and attributes.get("shadowrootmode", "").lower() == "open" and top not in self.hosts
        skipped = tag in SKIPPED and not shadow and not _carries(tag, attributes)
        if skipped or top.tag in LEAVES or len(self.nodes) >= self.max_nodes:
            self.truncated = self.truncated or len(self.nodes) >= self.max_nodes
            self.skipping = 1
            return
        if tag in _MENDS or top.tag in _OUTSIDE_BODY:
            self._mend(tag)
        node = self._open(tag, self._kept(tag, attributes) if attributes else {})
        if tag == "dialog" or not _HIDING.isdisjoint(attributes):
            node.hiding = _hiding(tag, attributes)
        if shadow:
            self.hosts[top] = node
        if tag == "title" and not self.titles and all(above.tag != "svg" for above in self.stack[-_LEVELS:]):
            self.captured = []

    def end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            if not self.skipping:
                self._finish_capture(self.scripts)
            return
        stack = self.stack
        for depth in range(len(stack) - 1, 0, -1):
            if stack[depth].tag == tag:
                if self.open_paragraphs:
                    self.open_paragraphs -= sum(node.tag == "p" for node in stack[depth:])
                del stack[depth:], self.counts[depth:]
                break
        if tag == "title" and not self.titles:
            self._finish_capture(self.titles)

    def data(self, text: str) -> None:
        if self.captured is not None:
            self.captured.append(text)
        if self.skipping:
            return
        parent = self.stack[-1]
        if parent.tag in _OUTSIDE_BODY:
            if text.isspace():
                return
            self._mend("#text")
            parent = self.stack[-1]
        if parent.tag in LEAVES:
            return
        children = parent.children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def comment(self, text: str) -> None:
        """Comments are no text for a person."""

    def close(self) -> None:
        """The tree is taken from `source`."""

    def source(self, url: str) -> Source:
        if not self._has_body():
            del self.stack[1:], self.counts[1:]
            self._open("body", {})
        for scope, (host, template) in enumerate(self.hosts.items(), start=1):
            _attach_shadow(host, template, scope)
        return Source(
            url=url,
            tree=Tree(self.root, self.nodes),
            title=self.titles[0] if self.titles else "",
            canonical=self.canonical,
            base=self.base,
            structured=tuple(self.scripts),
            truncated=self.truncated,
        )

    def _open(self, tag: str, attributes: dict[str, str]) -> Node:
        parent = self.stack[-1]
        counts = self.counts[-1]
        nth = counts[tag] = counts.get(tag, 0) + 1
        node = Node(tag, parent, nth, attributes)
        parent.children.append(node)
        self.nodes.append(node)
        self.stack.append(node)
        self.counts.append({})
        self.open_paragraphs += tag == "p"
        return node

    def _mend(self, tag: str) -> None:
        """Closes and opens what HTML leaves out and libxml2 does not know."""
        self._mend_ends(tag)
        top = self.stack[-1].tag
        if top == "html" and tag not in ("head", "body", "frameset"):
            self._open("head" if tag in _IN_HEAD and not self._has_body() else "body", {})
        elif tag in _IN_ROWS and top == "table":
            self._open("tbody", {})
            top = "tbody"
        if tag in _CELLS and top in _ROW_GROUPS:
            self._open("tr", {})

    def _mend_ends(self, tag: str) -> None:
        if self.stack[-1].tag == "head" and tag not in _IN_HEAD:
            self.end("head")
        if tag in _CLOSES:
            self._close(_CLOSES[tag], _KEEPS_ITEM)
        if self.open_paragraphs and tag in _CLOSES_P:
            self._close(_PARAGRAPH, _KEEPS_P)

    def _has_body(self) -> bool:
        return any(isinstance(child, Node) and child.tag in _BODIES for child in self.root.children)

    def _close(self, tags: frozenset[str], keepers: frozenset[str]) -> None:
        """Ends the innermost open element of these tags, unless one of the keepers stands between."""
        for node in self.stack[:-_LEVELS:-1]:
            if node.tag in tags:
                self.end(node.tag)
                return
            if node.tag in keepers:
                return

    def _kept(self, tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in attributes.items() if name in ATTRIBUTES}
        if tag == "input" and attributes.get("type", "").lower() in BUTTON_INPUTS:
            kept["value"] = attributes.get("value", "")
        return kept

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "base" and not self.base:
            self.base = attributes.get("href", "")
        elif tag == "link" and not self.canonical and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical = attributes.get("href", "")
        elif tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self.captured = []

    def _finish_capture(self, into: list[str]) -> None:
        if self.captured is not None:
            text = "".join(self.captured)
            if into is self.titles or len(into) < MAX_SCRIPTS:
                into.append(text[:MAX_SCRIPT_LENGTH])
            self.captured = None


def _carries(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element without text carries a value of structured data."""
    return tag in CARRIERS and not VALUE_NAMES.isdisjoint(attributes)


def _hiding(tag: str, attributes: Mapping[str, str]) -> int:
    """How an element hides itself by its own attributes, as the browser's own style sheet has it."""
    style = attributes.get("style", "")
    display = _DISPLAY.findall(style) if style else []
    if display:
        hiding = HIDES if display[-1].lower() == "none" else 0
    else:
        hidden = attributes.get("hidden")
        closed = (tag == "dialog" and "open" not in attributes) or "popover" in attributes
        hiding = HIDES if closed or (hidden is not None and hidden.lower() != "until-found") else 0
    if style and (visibility := _VISIBILITY.findall(style)):
        value = visibility[-1].lower()
        if value in ("hidden", "collapse"):
            hiding |= INVISIBLE
        elif value == "visible":
            hiding |= VISIBLE
    return hiding


def _attach_shadow(host: Node, template: Node, scope: int) -> None:
    """Puts a declarative shadow root in the place of its host's children, and those into its slots."""
    light = [child for child in host.children if not (isinstance(child, Node) and child.tag == "template")]
    slots: list[Node] = []
    pending = [template]
    while pending:
        for child in pending.pop().children:
            if isinstance(child, Node):
                child.scope = scope
                if child.tag == "slot":
                    slots.append(child)
                if child.tag != "template":
                    pending.append(child)
    for child in template.children:
        if isinstance(child, Node):
            child.parent = host
    assigned: dict[str, list[Node | str]] = {}
    for child in light:
        assigned.setdefault(_slot_of(child), []).append(child)
    for slot in slots:  # the first slot of a name takes all that is meant for it
        slot.children = assigned.pop(slot.attributes.get("name", ""), slot.children)
    host.children = template.children


def _slot_of(child: Node | str) -> str:
    return child.attributes.get("slot", "") if isinstance(child, Node) else ""
