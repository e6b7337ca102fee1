"""Microdata and RDFa Lite of a page, in the form that JSON-LD has, so that whoever reads the one reads the other.

An element with `itemscope` or `typeof` begins an item, one with `itemprop` or `property` gives the item around it a value:
`{"@type": "PostalAddress", "postalCode": "1234 AB"}`. Of a type and a name the last part counts ("schema:telephone" is
"telephone"). A value is the nested item; what `content` or `datetime` says; a link element's target; the number or mailbox
of a link that calls or mails; else the text. A name that is given twice holds a list. `itemref`, `about` and `resource`
are not followed. Sources: https://html.spec.whatwg.org/multipage/microdata.html, https://www.w3.org/TR/rdfa-lite/
"""

import json
import re
from typing import Any

from rules.outline_names import one_line, text_of
from rules.outline_tree import Node, Tree

MAX_ITEMS = 100
MAX_VALUES = 1_000
_DEPTH = 10  # of items in items; what is nested deeper is left out
_BEFORE_NAME = re.compile(r".*[/#:]")
_REACHES = ("tel:", "mailto:")


class _Item:
    """An item under way, and how many items it stands in."""

    __slots__ = ("depth", "values")

    def __init__(self, node: Node, depth: int) -> None:
        kind = _named(node, "itemtype", "typeof")
        self.values: dict[str, Any] = {"@type": kind[0]} if kind else {}
        self.depth = depth

    def add(self, name: str, value: Any) -> None:
        """Gives it a value; a second one of a name makes a list."""
        known = self.values.get(name)
        if known is None:
            self.values[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            self.values[name] = [known, value]


def microdata(tree: Tree) -> tuple[str, ...]:
    """The items of one document that stand in no other, each as the text of a JSON object, at most `MAX_ITEMS`."""
    inside: dict[Node, _Item] = {}
    outermost: list[_Item] = []
    values = 0
    for node in tree.nodes:
        around = inside.get(node.parent) if node.parent is not None else None
        item = _begun(node, around)
        if around is not None and values < MAX_VALUES and around.depth < _DEPTH:
            for name in _named(node, "itemprop", "property"):
                around.add(name, item.values if item is not None else _value(node))
                values += 1
        elif around is None and item is not None and len(outermost) < MAX_ITEMS:
            outermost.append(item)
        if (within := item or around) is not None:
            inside[node] = within
    return tuple(_written(item) for item in outermost if item.values.keys() - {"@type"})


def _written(item: _Item) -> str:
    """The item as JSON; half a character, which a browser may hand over and no file can hold, is a question mark."""
    return json.dumps(item.values, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _begun(node: Node, around: _Item | None) -> _Item | None:
    """The item that begins here, if one does."""
    if node.attributes and not node.attributes.keys().isdisjoint(("itemscope", "typeof")):
        return _Item(node, around.depth + 1 if around is not None else 0)
    return None


def _named(node: Node, *attributes: str) -> list[str]:
    """The names in the first of these attributes that has any, each without what says whose vocabulary it is of."""
    for attribute in attributes:
        written = node.attributes.get(attribute, "").split()
        if names := [name for word in written if (name := _BEFORE_NAME.sub("", word))]:
            return names
    return []


def _value(node: Node) -> str:
    attributes = node.attributes
    for said in ("content", "datetime"):
        if attributes.get(said):
            return one_line(attributes[said])
    href = attributes.get("href", "").strip()
    if node.tag == "link":
        return href
    if href.lower().startswith(_REACHES):
        return one_line(href.partition(":")[2].partition("?")[0].replace("%20", " "))
    return text_of(node)
