"""The words of an element: its text, its accessible name, a field's label."""

import re

from rules.model.outline import Field
from rules.outline_tree import BUTTON_INPUTS, FIELD_ROLES, LEAVES, Node, Tree

_SPACES = re.compile(r"[\t\n\x0b\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_UNSEEN = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_AROUND_BREAK = re.compile(r" *\n[ \n]*")
_MANY_SPACES = re.compile(r" {2,}")
_CONTEXT_LENGTH = 200
_CONTEXT_NODES = 300
_LABEL_LEVELS = 20
_MAX_LABELS = 5


def spaced(text: str) -> str:
    """Text as it stands in the document, with each run of white space one space and without what cannot be seen."""
    if text.isprintable() and "  " not in text:
        return text  # neither white space but single spaces, nor anything unseen
    text = _SPACES.sub(" ", text)
    return text if text.isascii() else _UNSEEN.sub("", text)


def joined(pieces: list[str]) -> str:
    """The text of a run: pieces joined, spaces collapsed, a line break kept as one newline."""
    text = "".join(pieces)
    if "\n" in text:
        text = _AROUND_BREAK.sub("\n", text)
    return (_MANY_SPACES.sub(" ", text) if "  " in text else text).strip(" \n")


def one_line(text: str) -> str:
    """Any text on one line, for titles, labels and headings, at most 200 characters."""
    return _MANY_SPACES.sub(" ", spaced(text)).strip()[:_CONTEXT_LENGTH] if text else ""


def text_of(node: Node) -> str:
    """All text inside an element on one line, with the alternatives of its images, at most 200 characters."""
    pieces: list[str] = []
    length = 0
    pending: list[Node | str] = [node]
    budget = _CONTEXT_NODES
    while pending and budget and length < 4 * _CONTEXT_LENGTH:
        budget -= 1
        item = pending.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
        elif item.tag == "img" or (item.tag == "input" and "value" in item.attributes):
            pieces += (" ", item.attributes.get("alt") or item.attributes.get("value", ""), " ")
        elif item.tag == "br":
            pieces.append(" ")
        elif item.tag not in LEAVES:
            pending += reversed(item.children[:_CONTEXT_NODES])
    return one_line("".join(pieces))


def given_name(tree: Tree, node: Node) -> str:
    """The name that an author gave an element by aria-labelledby or aria-label, or none."""
    attributes = node.attributes
    if "aria-labelledby" in attributes:
        name = " ".join(filter(None, (text_of(found) for found in tree.named_by(node, "aria-labelledby"))))
        if name:
            return name
    return one_line(attributes.get("aria-label", ""))


def image_name(tree: Tree, node: Node) -> str:
    """The alternative of an image; empty for a decorative one."""
    if name := given_name(tree, node):
        return name
    if node.tag == "svg":
        for child in node.children:
            if isinstance(child, Node) and child.tag == "title":
                return text_of(child)
    if "alt" in node.attributes:
        return one_line(node.attributes["alt"])
    return one_line(node.attributes.get("title", ""))


def button_name(tree: Tree, node: Node) -> str:
    """The words on an input that is a button."""
    if name := given_name(tree, node):
        return name
    attributes = node.attributes
    order = ("alt", "value", "title") if attributes.get("type", "").lower() == "image" else ("value", "title")
    return next((name for key in order if (name := one_line(attributes.get(key, "")))), "")


def field_of(tree: Tree, node: Node) -> Field | None:
    """The form field that an element is, or None; what somebody filled in is never read."""
    attributes = node.attributes
    if node.tag == "input":
        kind = attributes.get("type", "").strip().lower() or "text"
        if kind in BUTTON_INPUTS:
            return None
    elif node.tag in ("select", "textarea"):
        kind = node.tag
    else:
        kind = node.role()
        if kind not in FIELD_ROLES:
            return None
    return Field(
        kind=kind,
        label=_label(tree, node),
        name=attributes.get("name", ""),
        required="required" in attributes or attributes.get("aria-required", "").lower() == "true",
        autocomplete=attributes.get("autocomplete", "").strip().lower(),
    )


def _label(tree: Tree, node: Node) -> str:
    if name := given_name(tree, node):
        return name
    attributes = node.attributes
    labels = list(tree.labels.get((node.scope, attributes["id"]), ())) if attributes.get("id") else []
    above = node.parent
    for _ in range(_LABEL_LEVELS):
        if above is None or labels:
            break
        if above.tag == "label" and "for" not in above.attributes:
            labels = [above]
        above = above.parent
    name = " ".join(filter(None, map(text_of, labels[:_MAX_LABELS])))
    if not name and node.tag not in ("input", "select", "textarea") and node.role() not in ("textbox", "searchbox"):
        name = text_of(node)
    return name or one_line(attributes.get("title", "")) or one_line(attributes.get("placeholder", ""))
