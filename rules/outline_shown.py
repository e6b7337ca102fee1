"""Whether a hidden element can be brought to light: which elements a control on the page reveals."""

from collections.abc import Iterator
from itertools import islice, pairwise

from rules.model.outline import Shown
from rules.outline_tree import HIDES, INVISIBLE, VISIBLE, Node, Tree

_POINTS = ("aria-controls", "data-target", "data-bs-target", "data-open", "data-toggle", "popovertarget", "commandfor")
_SIGNS = frozenset((*_POINTS, "aria-expanded", "data-bs-toggle"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_RANK = {Shown.NOW: 0, Shown.ON_DEMAND: 1, Shown.NEVER: 2}
_MAX_CONTROLS = 2_000
_WRAPPERS = 3  # levels of lone wrappers around a revealed element that may be what is hidden


def revealed_nodes(tree: Tree) -> set[Node]:
    """The elements that a control says it shows: by ARIA, by the attributes of common toolkits, or by standing next to it."""
    found: set[Node] = set()
    controls = 0
    following: dict[Node, dict[Node, Node]] = {}
    for node in tree.nodes:
        attributes = node.attributes
        if not attributes:
            continue
        if not attributes.keys().isdisjoint(_SIGNS) or attributes.get("role") == "tab":
            controls += 1
            if controls <= _MAX_CONTROLS:
                found.update(_targets(tree, node) or _neighbours(node, following))
        if "aria-labelledby" in attributes and any(
            _is_control(name) for name in tree.named_by(node, "aria-labelledby")
        ):
            found.add(node)
    for node in tuple(found):
        found.update(_lone_wrappers(node))
    return found


def shown_after(before: Shown, node: Node, revealed: set[Node]) -> Shown:
    """How an element is shown, given how its parent is, by `display` and by what stands for it."""
    if before is Shown.NEVER:
        return before
    if node.attributes.get("hidden", "").lower() == "until-found":
        return worse(before, Shown.ON_DEMAND)
    if node.hiding & HIDES:
        return worse(before, _when_hidden(node, revealed))
    return before


def visibility_after(before: Shown, node: Node, revealed: set[Node]) -> Shown:
    """How an element is shown by `visibility`, which what is inside may turn back."""
    if node.hiding & INVISIBLE:
        return _when_hidden(node, revealed)
    return Shown.NOW if node.hiding & VISIBLE else before


def _when_hidden(node: Node, revealed: set[Node]) -> Shown:
    """What hiding an element means: shown on demand where a control reveals it or the element that it stands in."""
    return Shown.ON_DEMAND if node in revealed or node.parent in revealed else Shown.NEVER


def worse(one: Shown, other: Shown) -> Shown:
    """The less visible of two."""
    return one if _RANK[one] >= _RANK[other] else other


def _targets(tree: Tree, control: Node) -> list[Node]:
    names = [name for key in _POINTS for name in control.attributes.get(key, "").split()]
    href = control.attributes.get("href", "")
    if href.startswith("#"):
        names.append(href)
    return [found for name in names if (found := tree.with_id(name.removeprefix("#"), control))]


def _neighbours(control: Node, following: dict[Node, dict[Node, Node]]) -> Iterator[Node]:
    """The element after a control that says whether it is expanded but not what it expands."""
    if "aria-expanded" not in control.attributes:
        return
    place = control
    while place.parent is not None:
        if place.parent not in following:
            siblings = [child for child in place.parent.children if isinstance(child, Node)]
            following[place.parent] = dict(pairwise(siblings))
        if place in following[place.parent]:
            yield following[place.parent][place]
            return
        place = place.parent
        if place.tag not in _HEADINGS and place.tag not in ("dt", "div"):
            return


def _is_control(node: Node) -> bool:
    return "aria-expanded" in node.attributes or node.attributes.get("role") == "tab"


def _lone_wrappers(node: Node) -> Iterator[Node]:
    for _ in range(_WRAPPERS):
        parent = node.parent
        if parent is None or parent.tag == "body":
            return
        if len(list(islice((child for child in parent.children if isinstance(child, Node)), 2))) > 1:
            return
        yield parent
        node = parent
