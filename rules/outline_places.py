"""Where a block stands: its landmark, the headings above it, the term it explains, and a selector that finds it again."""

import re

from rules.outline_names import given_name, text_of
from rules.outline_tree import Node, Tree

_LANDMARK_ROLES = frozenset(
    ("banner", "navigation", "main", "complementary", "contentinfo", "search", "form", "region")
)
_LANDMARK_TAGS = {"nav": "navigation", "main": "main", "aside": "complementary", "search": "search"}
_PAGE_LANDMARKS = {"header": "banner", "footer": "contentinfo"}
_NAMED_LANDMARKS = {"form": "form", "section": "region"}
_SECTIONING = frozenset(("article", "aside", "main", "nav", "section"))
_SECTIONING_ROLES = frozenset(("article", "complementary", "main", "navigation", "region"))
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_SUMMARY_LEVEL = 7
_LEGEND_LEVEL = 8
HEADING_TAGS = frozenset((*_LEVELS, "summary", "legend"))
"""Elements that head what follows them; others do by their role."""

_PLAIN_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_SELECTOR_STEPS = 6
_MAX_PATH = 11  # headings above a heading


def landmark_of(tree: Tree, node: Node, role: str, sectioned: bool) -> str:
    """The landmark that an element is, or none; a written role wins, header and footer count only for the whole page."""
    if role:
        return role if role in _LANDMARK_ROLES else ""
    tag = node.tag
    if tag in _LANDMARK_TAGS:
        return _LANDMARK_TAGS[tag]
    if tag in _PAGE_LANDMARKS:
        return "" if sectioned else _PAGE_LANDMARKS[tag]
    if tag in _NAMED_LANDMARKS and (given_name(tree, node) or node.attributes.get("title")):
        return _NAMED_LANDMARKS[tag]
    return ""


def is_sectioning(node: Node, role: str) -> bool:
    """Whether headers and footers inside an element are its own and not the page's."""
    return node.tag in _SECTIONING or role in _SECTIONING_ROLES


def heading_level(node: Node, role: str) -> int:
    """The level of a heading, or 0; a summary and a legend head what follows them in their group, below all headings."""
    tag = node.tag
    if role == "heading":
        level = node.attributes.get("aria-level", "").strip()
        return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2
    if tag in _LEVELS and not role:
        return _LEVELS[tag]
    if tag == "summary":
        return _SUMMARY_LEVEL
    return _LEGEND_LEVEL if tag == "legend" else 0


class Headings:
    """The headings above the place that the walk has reached."""

    __slots__ = ("_floor", "_path", "texts")

    def __init__(self) -> None:
        self._path: tuple[tuple[int, str], ...] = ()
        self._floor = 0
        self.texts: tuple[str, ...] = ()

    def state(self) -> tuple[tuple[tuple[int, str], ...], int]:
        """What `restore` goes back to."""
        return self._path, self._floor

    def restore(self, state: tuple[tuple[tuple[int, str], ...], int]) -> None:
        """Forgets the headings of a part of the page that has ended."""
        self._path, self._floor = state
        self.texts = tuple(text for _, text in self._path)

    def rise_to(self, level: int) -> None:
        """Ends the parts that a heading of this level ends."""
        kept = len(self._path)
        while kept > self._floor and self._path[kept - 1][0] >= level:
            kept -= 1
        self.restore((self._path[:kept], self._floor))

    def add(self, level: int, node: Node) -> None:
        """Begins the part that a heading opens; a summary with a heading in it is that heading."""
        groups = level >= _SUMMARY_LEVEL
        if not (groups and len(self._path) > self._floor and _holds_heading(node)) and (text := text_of(node)):
            self._path = (*self._path[-_MAX_PATH:], (level, text))
        self.restore((self._path, len(self._path) if groups else self._floor))


def _holds_heading(node: Node) -> bool:
    return any(
        isinstance(child, Node) and (child.tag in _LEVELS or child.role() == "heading") for child in node.children
    )


class Terms:
    """The terms of a definition list that the next definition explains."""

    __slots__ = ("_explained", "texts")

    def __init__(self) -> None:
        self.texts: tuple[str, ...] = ()
        self._explained = False

    def add(self, node: Node) -> None:
        """One more term; after a definition a new group begins."""
        self.texts = (*(() if self._explained else self.texts[-7:]), text_of(node))
        self._explained = False

    def explain(self) -> tuple[str, ...]:
        """The terms that a definition explains."""
        self._explained = True
        return self.texts


def selector_of(tree: Tree, node: Node) -> str:
    """A short CSS path to an element within its document or shadow root: from an id, or at most six steps."""
    steps: list[str] = []
    place: Node | None = node
    while place is not None and place.scope == node.scope and len(steps) < _SELECTOR_STEPS:
        identifier = place.attributes.get("id")
        if identifier and _PLAIN_ID.fullmatch(identifier) and tree.has_unique_id(place):
            steps.append(f"#{identifier}")
            break
        if place.tag in ("body", "html"):
            steps.append(place.tag)
            break
        steps.append(f"{place.tag}:nth-of-type({place.nth})")
        place = place.parent
    return " > ".join(reversed(steps))
