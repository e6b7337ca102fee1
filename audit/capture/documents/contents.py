"""What the child process tells of a PDF, one JSON line: plain pieces of pages, which become an outline outside of it."""

import re

from rules.model.document import DocumentFacts
from rules.model.failure import Failure
from rules.model.outline import Field, Link
from rules.model.record import Record

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LONGEST = 2_000


class Limits(Record, frozen=True):
    """How much of a document is read; seconds are of the processor, `wall_seconds` of the clock."""

    bytes: int = 20_000_000
    pages: int = 50
    characters: int = 2_000_000
    fields: int = 2_000
    links: int = 2_000
    memory: int = 1_000_000_000
    seconds: int = 12  # then it stops reading, and what was read is told
    last_seconds: int = 20  # then the system ends it
    wall_seconds: float = 30.0
    answer_bytes: int = 20_000_000


class PdfLine(Record, frozen=True):
    """A line of text with its edges, in points from the page's left; `level` is 1 to 6 in a line that is tagged a heading."""

    text: str
    left: float = 0.0
    right: float = 0.0
    height: float = 0.0
    level: int = 0
    links: tuple[Link, ...] = ()


class PdfField(Record, frozen=True):
    """A field to fill in; `hidden` says that the page never shows it."""

    field: Field
    hidden: bool = False


class PdfPage(Record, frozen=True):
    """A page: groups of lines that stand together, in reading order, and its fields from top to bottom."""

    groups: tuple[tuple[PdfLine, ...], ...] = ()
    fields: tuple[PdfField, ...] = ()


class PdfContents(Record, frozen=True):
    """A PDF as the child read it. `truncated` says that limits or faults left something out."""

    facts: DocumentFacts = DocumentFacts()
    pages: tuple[PdfPage, ...] = ()
    truncated: bool = False
    failure: Failure | None = None


def plain(text: object, most: int = _LONGEST) -> str:
    """A text from a PDF, without what no text may hold (control characters, halves of characters), cut to `most`."""
    return _UNPRINTABLE.sub(" ", str(text)).strip()[:most].rstrip()
