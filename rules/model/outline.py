"""The outline: what a page says and where, as rules read it, instead of the DOM.

The text layer (everything but `box`) comes from a browser or, by a pure function, from plain HTML; the render layer
(`box`) exists only from a browser.
"""

from enum import StrEnum

from rules.model.record import Record


class Shown(StrEnum):
    """Whether a person sees the block: at once, after a click (closed details, tab, accordion), or never."""

    NOW = "now"
    ON_DEMAND = "on_demand"
    NEVER = "never"


class Link(Record, frozen=True):
    """A link inside a block: its words and its target, resolved against the document but not normalised."""

    text: str
    href: str


class Field(Record, frozen=True):
    """A form field: `kind` is the input type or the tag (select, textarea); `required` by attribute or ARIA."""

    kind: str
    label: str = ""
    name: str = ""
    required: bool = False
    autocomplete: str = ""


class Block(Record, frozen=True):
    """The smallest element that holds a run of text of its own: a paragraph, a list item, a table cell, a heading.

    `text` has white space collapsed, and holds images' alternatives where they stand in the text. `headings` is the path
    of headings above it, outermost first. `table_headers` are the header cells that govern a table cell.
    `box` is left, top, width, height in CSS pixels from the top left of the page.
    """

    text: str
    tag: str
    role: str = ""
    landmark: str = ""  # banner, navigation, main, complementary, contentinfo, search, form, region, or none
    headings: tuple[str, ...] = ()
    table_headers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    field: Field | None = None
    lang: str = ""
    shown: Shown = Shown.NOW
    frame: int = 0
    shadow: bool = False
    selector: str = ""
    box: tuple[float, float, float, float] | None = None


class Outline(Record, frozen=True):
    """One page: its blocks in document order, all frames and open shadow roots included.

    `frames` holds the URL of each frame, the page itself first. `structured` holds the page's JSON-LD scripts as text,
    `microdata` what its microdata and RDFa say, one JSON object each, in the same form.
    `truncated` says that limits cut it, so that nothing may be called absent. `medium` is web or pdf.
    """

    url: str
    title: str = ""
    lang: str = ""
    canonical: str = ""
    blocks: tuple[Block, ...] = ()
    frames: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()
    microdata: tuple[str, ...] = ()
    structure: str = ""
    rendered: bool = False
    truncated: bool = False
    medium: str = "web"
