"""The skeleton of a page: which parts its template nests in which, without any text, so that pages of one template are alike."""

import re

from rules.outline_tree import Node, Tree, words

_PARTS = words(
    "body header footer main nav section article aside search div form table fieldset dialog details dl iframe"
)
_DEPTH = 6
_MAX_PARTS = 5_000
_MAX_CLASSES = 6
_DIGITS = re.compile(r"\d+")


def skeleton(tree: Tree) -> str:
    """The parts of the top levels with their classes; like siblings once, numbers in classes left out, order without meaning."""
    budget = [_MAX_PARTS]
    bodies = [child for child in tree.root.children if isinstance(child, Node) and child.tag in ("body", "frameset")]
    return _part(bodies[0] if bodies else tree.root, _DEPTH, budget)


def _part(node: Node, depth: int, budget: list[int]) -> str:
    classes = sorted(set(_DIGITS.sub("0", node.attributes.get("class", "")).split()))[:_MAX_CLASSES]
    inner: set[str] = set()
    if depth:
        for child in node.children:
            if budget[0] <= 0:
                break
            if isinstance(child, Node) and child.scope == 0 and (child.tag in _PARTS or "-" in child.tag):
                budget[0] -= 1
                inner.add(_part(child, depth - 1, budget))
    return ".".join((node.tag, *classes)) + (f"({','.join(sorted(inner))})" if inner else "")
