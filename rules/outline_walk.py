"""Walks a document's tree once and cuts it into blocks, each with where it stands and how it is shown."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec import structs

from rules.model.outline import Block, Shown
from rules.outline_names import button_name, field_of, given_name, image_name, one_line, text_of
from rules.outline_places import HEADING_TAGS, Headings, Terms, heading_level, is_sectioning, landmark_of
from rules.outline_runs import Hole, OpenLink, Place, Run, Runs, block_of, has_words, piece_of
from rules.outline_shown import revealed_nodes, shown_after, visibility_after, worse
from rules.outline_tables import header_cells
from rules.outline_tree import BUTTON_INPUTS, FIELD_ROLES, Node, Tree, words

BLOCK_TAGS = words(
    "html body address article aside blockquote button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr label legend li main menu nav ol p pre search section summary "
    "table tbody td text tfoot th thead tr ul"
)
"""Elements whose text is a block of its own; all others stand inside the text of what is around them."""

_BLOCK_ROLES = words("button tab tabpanel heading listitem cell gridcell columnheader rowheader alert status")
_NAMED_ROLES = frozenset(("button", "tab", "menuitem"))
_PLACE_ATTRIBUTES = frozenset(("lang", "xml:lang", "role", "hidden"))
_PLACE_TAGS = words("form main nav aside header footer section article search td th table dl dt dd pre summary dialog")
_OWN_HEADINGS = words("main nav aside footer dialog details fieldset")
_OWN_HEADING_ROLES = words("main navigation complementary contentinfo dialog alertdialog")
_SPECIAL = words("img input select textarea br area iframe frame wbr head title")
_SPEAKING = words("details button a svg")
_DECORATIVE = frozenset(("none", "presentation"))
_TYPED_INTO = frozenset(("textbox", "searchbox"))


class Limits(msgspec.Struct, frozen=True):
    """How much of a document is read; what is beyond marks the outline as truncated."""

    nodes: int = 200_000
    blocks: int = 20_000
    characters: int = 2_000_000


class _Visit:
    """An element that the walk is inside of, and what is undone when it is left."""

    is_block = False
    is_link = False
    level = 0
    before: OpenLink | None = None
    headings: tuple[tuple[tuple[int, str], ...], int] | None = None
    paused: tuple[Run | None, int] | None = None
    closed_from: Shown | None = None  # in closed details: how its summary is shown

    def __init__(self, node: Node, place: Place, owner: Node) -> None:
        self.node = node
        self.place = place
        self.owner = owner
        self.children: Iterator[Node | str] = iter(node.children)


class Walk:
    """One walk over one document; `blocks` gives its blocks and the holes for its frames, in document order."""

    def __init__(self, tree: Tree, resolve: Callable[[str], str], limits: Limits) -> None:
        self.truncated = False
        self._tree = tree
        self._resolve = resolve
        self._limits = limits
        self._revealed = revealed_nodes(tree)
        self._cells: dict[Node, tuple[str, ...]] = {}
        self._headings = Headings()
        self._runs = Runs()
        self._visits: list[_Visit] = []

    def blocks(self, frame: int, place: Place, headings: tuple[str, ...] = ()) -> list[Block | Hole]:
        """Walks the document from the place where its frame stands."""
        runs, visits = self._runs, self._visits
        self._headings.restore((tuple((0, text) for text in headings), len(headings)))
        self._enter(self._tree.root, place, self._tree.root)
        while visits:
            visit = visits[-1]
            for child in visit.children:
                if isinstance(child, Node):
                    if self._enter(child, visit.place, visit.owner):
                        break  # what is inside it comes first
                elif child.isspace() and not visit.place.preformatted:
                    runs.add_space()
                else:
                    self._read_text(child, visit)
                if self._is_full():
                    break
            else:
                self._leave(visits.pop())
            if self._is_full():
                self.truncated = True
                break
        runs.end()
        found = (
            item if isinstance(item, Hole) else block_of(item, self._tree, frame, self._resolve, shown_in(item.place))
            for item in runs.found
        )
        return [item for item in found if item is not None]

    def _is_full(self) -> bool:
        return len(self._runs.found) >= self._limits.blocks or self._runs.characters >= self._limits.characters

    def _read_text(self, text: str, visit: _Visit) -> None:
        piece = piece_of(text, preformatted=visit.place.preformatted)
        self._runs.add(piece, visit.owner, visit.place, self._headings.texts, shadow=visit.node.scope > 0)

    def _enter(self, node: Node, place: Place, owner: Node) -> bool:
        """Begins an element; whether there is something inside it to be walked."""
        tag, attributes = node.tag, node.attributes
        role = node.role() if "role" in attributes else ""
        makes_place = tag in _PLACE_TAGS or node.hiding or not _PLACE_ATTRIBUTES.isdisjoint(attributes)
        inside = self._inside(node, place, role) if makes_place else place
        changed = inside is not place and (inside.display, inside.visibility) != (place.display, place.visibility)
        if tag in _SPECIAL:
            self._read_special(node, inside, node if changed else owner, role)
            return False
        visit = _Visit(node, inside, owner)
        if tag in BLOCK_TAGS or role in _BLOCK_ROLES:
            self._runs.end()
            visit.is_block = True
            visit.owner = node
        elif changed:
            visit.paused = self._runs.pause()
            visit.owner = node
        if (changed and tag != "summary") or tag in _OWN_HEADINGS or role in _OWN_HEADING_ROLES:
            visit.headings = self._headings.state()
        if (role or tag in HEADING_TAGS) and (level := heading_level(node, role)):
            visit.level = level
            self._headings.rise_to(level)
        self._visits.append(visit)
        if role or tag in _SPEAKING:
            self._begin(visit, role)
        return True

    def _begin(self, visit: _Visit, role: str) -> None:
        """What an element puts into the text itself: a name, a link, a field, an image."""
        node, attributes, tag = visit.node, visit.node.attributes, visit.node.tag
        if tag == "details" and "open" not in attributes:
            visit.closed_from = visit.place.display
            visit.place = structs.replace(visit.place, display=worse(visit.place.display, Shown.ON_DEMAND))
        elif (tag == "button" or role in _NAMED_ROLES) and not has_words(text_of(node)):
            self._add(given_name(self._tree, node) or one_line(attributes.get("title", "")), visit)
        if tag == "a" and (href := attributes.get("href", attributes.get("xlink:href", "")).strip()):
            visit.is_link = True
            visit.before = self._runs.open_link(href, given_name(self._tree, node))
        elif role in FIELD_ROLES:
            self._begin_field(visit, role)
        elif role in ("img", "image") or (tag == "svg" and role not in _DECORATIVE):
            name = image_name(self._tree, node)
            if name:
                self._runs.add_image(name, node, visit.owner, visit.place, self._headings.texts)
            if name and tag != "svg":
                visit.children = iter(())

    def _begin_field(self, visit: _Visit, role: str) -> None:
        """An element that is a field by its role; what was typed into it is left out."""
        if field := field_of(self._tree, visit.node):
            self._runs.add_field(field, visit.node, visit.place, self._headings.texts)
        if role in _TYPED_INTO:
            visit.children = iter(())

    def _leave(self, visit: _Visit) -> None:
        if visit.is_link:
            attributes = visit.node.attributes
            spare = given_name(self._tree, visit.node) or one_line(attributes.get("title", ""))
            self._runs.close_link(visit.before, spare, visit.owner, visit.place, self._headings.texts)
        if visit.is_block:
            self._runs.end()
        elif visit.paused is not None:
            self._runs.resume(visit.paused)
        if visit.level:
            self._headings.add(visit.level, visit.node)
        if visit.headings is not None:
            self._headings.restore(visit.headings)

    def _read_special(self, node: Node, place: Place, owner: Node, role: str) -> None:
        """Elements that hold no text of their own but say something."""
        tag, attributes, runs = node.tag, node.attributes, self._runs
        if tag in ("br", "wbr"):
            if tag == "br":
                runs.add("\n", owner, place, self._headings.texts, shadow=node.scope > 0)
        elif tag == "img":
            if role not in _DECORATIVE and (name := image_name(self._tree, node)):
                runs.add_image(name, node, owner, place, self._headings.texts)
        elif tag == "area":
            if href := attributes.get("href", "").strip():
                before = runs.open_link(href, "")
                runs.close_link(before, image_name(self._tree, node), owner, place, self._headings.texts)
        elif tag in ("iframe", "frame"):
            runs.found.append(Hole(node, place, self._headings.texts))
        elif tag == "input" and attributes.get("type", "").strip().lower() in BUTTON_INPUTS:
            runs.end()
            runs.add(button_name(self._tree, node), node, place, self._headings.texts, shadow=node.scope > 0)
            runs.end()
        elif (field := field_of(self._tree, node)) and field.kind != "hidden":
            runs.add_field(field, node, place, self._headings.texts)

    def _add(self, name: str, visit: _Visit) -> None:
        self._runs.add(name, visit.owner, visit.place, self._headings.texts, shadow=visit.node.scope > 0)

    def _inside(self, node: Node, place: Place, role: str) -> Place:
        """The place that an element makes for what is inside it: the same one when it changes nothing."""
        tag, attributes = node.tag, node.attributes
        lang = attributes.get("lang", attributes.get("xml:lang", place.lang)).strip()
        landmark = landmark_of(self._tree, node, role, place.sectioned) or place.landmark
        sectioned = place.sectioned or is_sectioning(node, role)
        before = place.display
        if tag == "summary" and self._visits and (closed_from := self._visits[-1].closed_from) is not None:
            before = closed_from
            self._visits[-1].closed_from = None
        display = shown_after(before, node, self._revealed)
        visibility = visibility_after(place.visibility, node, self._revealed)
        cells, terms = place.cells, place.terms
        if tag == "table":
            self._cells.update(header_cells(self._tree, node))
        elif tag in ("td", "th"):
            cells = self._cells.get(node, cells)
        elif tag == "dl":
            terms = Terms()
        elif terms is not None and tag == "dt":
            terms.add(node)
        elif terms is not None and tag == "dd":
            cells = terms.explain()
        made = Place(lang, landmark, sectioned, display, visibility, cells, terms, place.preformatted or tag == "pre")
        return place if made == place else made


def shown_in(place: Place) -> Shown:
    """How a person sees what stands in a place."""
    return worse(place.display, place.visibility)
