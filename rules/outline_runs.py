"""Collects the text of a walk into runs, one for each block to be, and makes blocks of them."""

import re
from collections.abc import Callable

import msgspec

from rules.model.outline import Block, Field, Link, Shown
from rules.outline_names import joined, spaced
from rules.outline_places import Terms, selector_of
from rules.outline_tree import Node, Tree

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class Place(msgspec.Struct):
    """What an element hands down to all that is inside it; never changed once something stands in it."""

    lang: str = ""
    landmark: str = ""
    sectioned: bool = False
    display: Shown = Shown.NOW
    visibility: Shown = Shown.NOW
    cells: tuple[str, ...] = ()
    terms: Terms | None = None
    preformatted: bool = False


class Hole(msgspec.Struct, frozen=True):
    """Where another document stands in this one: its frame element, and the place that it inherits."""

    node: Node
    place: Place
    headings: tuple[str, ...]


class Run:
    """A run of text under way, or a form field."""

    __slots__ = ("field", "headings", "images", "links", "owner", "pieces", "place", "shadow", "worded")

    def __init__(self, owner: Node, place: Place, headings: tuple[str, ...], shadow: bool) -> None:
        self.owner = owner
        self.place = place
        self.headings = headings
        self.shadow = shadow
        self.pieces: list[str] = []
        self.links: list[Link] = []
        self.field: Field | None = None
        self.images: list[Node] = []
        self.worded = False  # whether it holds more than images


class OpenLink:
    """A link under way: where its words begin in the run that holds them, and whether some run has it already."""

    __slots__ = ("href", "name", "noted", "start")

    def __init__(self, href: str, name: str, start: int) -> None:
        self.href = href
        self.name = name
        self.start = start
        self.noted = False


class Runs:
    """All runs and holes of one document in the order in which they begin."""

    def __init__(self) -> None:
        self.found: list[Run | Hole] = []
        self.characters = 0
        self._run: Run | None = None
        self._link: OpenLink | None = None

    def add(self, text: str, owner: Node, place: Place, headings: tuple[str, ...], *, shadow: bool) -> None:
        """More text; a new run begins with the first that is not blank."""
        blank = not text or text == " "
        run = self._run
        if run is None:
            if blank:
                return
            run = self.begin(owner, place, headings, shadow=shadow)
        run.pieces.append(text)
        if not blank and text != "\n":
            run.worded = True
            self.characters += len(text)

    def add_space(self) -> None:
        """White space; before a run begins it is nothing."""
        if self._run is not None:
            self._run.pieces.append(" ")

    def add_image(self, name: str, image: Node, owner: Node, place: Place, headings: tuple[str, ...]) -> None:
        """An image's alternative, in its place in the text."""
        run = self._run or self.begin(owner, place, headings, shadow=image.scope > 0)
        run.pieces.append(f" {name} ")
        run.images.append(image)
        self.characters += len(name)

    def add_field(self, field: Field, owner: Node, place: Place, headings: tuple[str, ...]) -> None:
        """A form field; the text around it goes on."""
        run = Run(owner, place, headings, owner.scope > 0)
        run.field = field
        self.found.append(run)
        if self._run is not None:
            self._run.pieces.append(" ")

    def begin(self, owner: Node, place: Place, headings: tuple[str, ...], *, shadow: bool) -> Run:
        """Begins a run, also one without text yet."""
        self._run = run = Run(owner, place, headings, shadow)
        self.found.append(run)
        if self._link is not None:
            self._link.start = 0
        return run

    def end(self) -> None:
        """Ends the run; a link that goes on behind it has its words so far here."""
        if self._run is not None and self._link is not None:
            self._note_link(self._run, self._link)
        self._run = None

    def pause(self) -> tuple[Run | None, int]:
        """Leaves the run for a part that is shown otherwise; `resume` goes on with it."""
        paused = (self._run, self._link.start if self._link else 0)
        self._run = None
        return paused

    def resume(self, paused: tuple[Run | None, int]) -> None:
        """Goes on with a run that was left."""
        self.end()
        self._run, start = paused
        if self._link is not None:
            self._link.start = start

    def open_link(self, href: str, name: str) -> OpenLink | None:
        """Begins a link; gives the one that it interrupts."""
        before = self._link
        self._link = OpenLink(href, name, len(self._run.pieces) if self._run else 0)
        return before

    def close_link(
        self, before: OpenLink | None, spare: str, owner: Node, place: Place, headings: tuple[str, ...]
    ) -> None:
        """Ends a link; one without words of its own is given its spare name, as a screen reader would."""
        link = self._link
        if link is None:
            return
        if self._run is not None:
            self._note_link(self._run, link)
        if not link.noted and (spare or not link.href.startswith("#")):
            run = self._run or self.begin(owner, place, headings, shadow=owner.scope > 0)
            if spare:
                run.pieces.append(f" {spare} ")
                run.worded = True
            run.links.append(Link(spare, link.href))
        self._link = before

    def _note_link(self, run: Run, link: OpenLink) -> None:
        text = joined(run.pieces[link.start :]).replace("\n", " ")
        if has_words(text):
            run.links.append(Link(link.name or text, link.href))
            link.noted = True
        link.start = len(run.pieces)


def has_words(text: str) -> bool:
    """Whether text says something: it has a letter or a digit."""
    return _LETTER_OR_DIGIT.search(text) is not None


def piece_of(text: str, *, preformatted: bool) -> str:
    """Text as a piece of a run: one space for white space, but lines stay apart where they are preformatted."""
    if preformatted and "\n" in text:
        return "\n".join(spaced(line) for line in text.split("\n"))
    return spaced(text)


def block_of(run: Run, tree: Tree, frame: int, resolve: Callable[[str], str], shown: Shown) -> Block | None:
    """The block that a run has become, or None when nothing stands in it."""
    text = joined(run.pieces)
    if not text and not run.links and run.field is None:
        return None
    owner = run.owner
    tag = "button" if owner.tag == "input" and run.field is None else owner.tag
    if len(run.images) == 1 and not run.worded:
        owner = run.images[0]
        tag = "img"
    return Block(
        text=text,
        tag=tag,
        role=owner.role(),
        landmark=run.place.landmark,
        headings=run.headings,
        table_headers=run.place.cells,
        links=tuple([Link(link.text, resolve(link.href)) for link in run.links]) if run.links else (),
        field=run.field,
        lang=run.place.lang,
        shown=shown,
        frame=frame,
        shadow=run.shadow,
        selector=selector_of(tree, owner),
        box=owner.box or run.owner.box,
    )
