"""The document as the outline reads it: a small tree that plain HTML and a browser both give.

The tree is flat in the sense of shadow DOM: a host's children are those of its shadow root, a slot's children are the
nodes assigned to it, and what is assigned to no slot is not there. What never holds text for a person is not there either.
"""


def words(line: str) -> frozenset[str]:
    """The words of a line as a set: long lists of names read best so."""
    return frozenset(line.split())


SKIPPED = words(
    "script style template noscript link meta base param source track col colgroup datalist canvas audio video object "
    "embed applet noembed noframes rp path circle rect line polygon polyline ellipse defs symbol metadata "
    "lineargradient radialgradient clippath mask filter pattern marker use desc"
)
"""Elements that are left out with all that is inside them: a browser with scripting shows none of it as text."""

CARRIERS = frozenset(("link", "meta"))
"""Elements that are kept, though they are skipped, where they carry a value of structured data: see `rules.outline_microdata`."""

VALUE_NAMES = frozenset(("itemprop", "property"))
"""The attributes that give the name of such a value."""

LEAVES = words("textarea select iframe frame input img area br wbr hr")
"""Elements that are kept without their content: what is inside is a value, a list of choices, or another document."""

ATTRIBUTES = words(
    "id class lang xml:lang role href xlink:href alt title name type hidden open for scope headers colspan rowspan required "
    "autocomplete placeholder slot popover src srcdoc aria-label aria-labelledby aria-level aria-required aria-controls "
    "aria-expanded aria-hidden data-target data-bs-target data-toggle data-bs-toggle data-open popovertarget commandfor "
    "itemscope itemtype itemprop typeof property content datetime"
)
"""The attributes that the outline reads, and `value` of buttons; never the value of any other field."""

BUTTON_INPUTS = frozenset(("submit", "button", "reset", "image"))

FIELD_ROLES = frozenset(("textbox", "searchbox", "checkbox", "radio", "switch", "spinbutton", "slider"))
"""Roles that make a form field of an element that is none."""


HIDES = 1
"""In `Node.hiding`: the element is not displayed."""
INVISIBLE = 2
"""In `Node.hiding`: the element and what is inside it is invisible."""
VISIBLE = 4
"""In `Node.hiding`: the element is visible again inside something invisible."""
_MAX_NAMES = 20  # ids in one attribute


class Node:
    """One element. `parent` is its parent in its own tree, `children` what stands in it when shadow trees are flattened.

    `nth` is its place among the siblings of its tag, from 1. `scope` numbers the tree it belongs to: 0 for the document,
    then one for each shadow root. `hiding` says how the element hides itself, whatever its ancestors do.
    """

    __slots__ = ("attributes", "box", "children", "hiding", "nth", "parent", "scope", "tag")

    def __init__(self, tag: str, parent: "Node | None", nth: int, attributes: dict[str, str], scope: int = 0) -> None:
        self.tag = tag
        self.parent = parent
        self.nth = nth
        self.attributes = attributes
        self.scope = scope
        self.children: list[Node | str] = []
        self.hiding = 0
        self.box: tuple[float, float, float, float] | None = None

    def role(self) -> str:
        """The first role that is written on the element, or none."""
        role = self.attributes.get("role")
        return role.split()[0].lower() if role and not role.isspace() else ""


class Tree:
    """One document with its shadow trees: the root, all nodes in document order, and where each id is."""

    def __init__(self, root: Node, nodes: list[Node]) -> None:
        self.root = root
        self.nodes = nodes
        self._by_id: dict[tuple[int, str], Node] = {}
        self._repeated: set[tuple[int, str]] = set()
        self.labels: dict[tuple[int, str], list[Node]] = {}
        for node in nodes:
            attributes = node.attributes
            if not attributes:
                continue
            if identifier := attributes.get("id"):
                key = (node.scope, identifier)
                if key in self._by_id:
                    self._repeated.add(key)
                else:
                    self._by_id[key] = node
            if node.tag == "label" and (target := attributes.get("for")):
                self.labels.setdefault((node.scope, target), []).append(node)

    def with_id(self, identifier: str, near: Node) -> Node | None:
        """The first element with this id in the same tree as the node that names it."""
        return self._by_id.get((near.scope, identifier))

    def named_by(self, node: Node, attribute: str) -> list[Node]:
        """The elements whose ids an attribute lists (aria-labelledby, headers), in its order."""
        names = node.attributes.get(attribute, "").split(maxsplit=_MAX_NAMES)[:_MAX_NAMES]
        return [found for name in names if (found := self.with_id(name, node))]

    def has_unique_id(self, node: Node) -> bool:
        """Whether the element can be named by its id alone within its tree."""
        key = (node.scope, node.attributes.get("id", ""))
        return self._by_id.get(key) is node and key not in self._repeated
