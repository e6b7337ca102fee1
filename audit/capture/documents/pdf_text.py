"""Reads a PDF's text with pdfminer.six: lines in reading order, each with its links and its level as a heading."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTFigure, LTTextBox, LTTextLine
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from audit.capture.documents.contents import Limits, PdfLine, plain
from audit.capture.documents.faults import FAULTS
from audit.capture.documents.pdf_structure import Rect, Structure
from rules.model.outline import Link

_LONGEST_LINE = 5_000
_LINE_MARGIN = 0.6  # of a line's height: lines of one and a half times the letters' size still belong together
_DEEPEST_FIGURE = 20


class TextPages:
    """The text of a document's pages, one after another. `whole` turns false when a page broke or a limit ended the reading."""

    def __init__(self, data: bytes, structure: Structure, limits: Limits) -> None:
        self._structure = structure
        self._limits = limits
        self._left = limits.characters
        self._pages = PDFPage.get_pages(io.BytesIO(data), maxpages=limits.pages)
        resources = PDFResourceManager()
        self._device = _Reader(resources, laparams=LAParams(line_margin=_LINE_MARGIN, all_texts=True))
        self._interpreter = PDFPageInterpreter(resources, self._device)
        self.whole = True

    def __iter__(self) -> Iterator[tuple[tuple[PdfLine, ...], ...]]:
        """The groups of lines of each page."""
        try:
            for number, page in enumerate(self._pages):
                yield tuple(self._groups(number, page))
                if self._left <= 0:
                    self.whole = False
                    return
        except FAULTS:
            self.whole = False

    def _groups(self, number: int, page: PDFPage) -> Iterator[tuple[PdfLine, ...]]:
        self._device.marks.clear()
        try:
            self._interpreter.process_page(page)
            for box in _boxes(self._device.get_result()):
                lines = tuple(self._line(number, line) for line in box if isinstance(line, LTTextLine))
                self._left -= sum(len(line.text) for line in lines)
                if self._left <= 0:
                    return
                yield lines
        except FAULTS:
            self.whole = False

    def _line(self, number: int, line: LTTextLine) -> PdfLine:
        letters = [letter for letter in line if isinstance(letter, LTChar)]
        levels = Counter(self._level(number, letter) for letter in letters)
        return PdfLine(
            text=plain(line.get_text(), _LONGEST_LINE),
            left=line.x0,
            right=line.x1,
            height=line.height,
            level=levels.most_common(1)[0][0] if levels else 0,
            links=tuple(_links(letters, self._structure.links.get(number, ()))),
        )

    def _level(self, number: int, letter: LTChar) -> int:
        return self._structure.headings.get((number, self._device.marks.get(id(letter), -1)), 0)


class _Reader(PDFPageAggregator):
    """Remembers for each letter of the page which marked content it lies in."""

    def __init__(self, resources: PDFResourceManager, laparams: LAParams) -> None:
        super().__init__(resources, laparams=laparams)
        self.marks: dict[int, int] = {}
        self._open: list[int] = []

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        """A page begins, whatever the last one left open."""
        self._open.clear()
        super().begin_page(page, ctm)

    def begin_tag(self, tag: Any, props: Any = None) -> None:  # noqa: ARG002 - the library names it
        """Marked content begins; what has no number of its own belongs to what it lies in."""
        number = props.get("MCID") if isinstance(props, dict) else None
        self._open.append(number if isinstance(number, int) else self._open[-1] if self._open else -1)

    def end_tag(self) -> None:
        """Marked content ends."""
        if self._open:
            self._open.pop()

    def render_char(self, *place: Any, **more: Any) -> float:
        """A letter is placed."""
        advance = super().render_char(*place, **more)
        if self._open:
            letter = self.cur_item._objs[-1]  # noqa: SLF001 - the one that was just placed; nothing else leads to it
            self.marks[id(letter)] = self._open[-1]
        return advance


def _boxes(container: LTContainer[Any], depth: int = 0) -> Iterator[LTTextBox]:
    """The groups of lines, in reading order, those of embedded figures where the figure stands."""
    for item in container:
        if isinstance(item, LTTextBox):
            yield item
        elif isinstance(item, LTFigure) and depth < _DEEPEST_FIGURE:
            yield from _boxes(item, depth + 1)


def _links(letters: Iterable[LTChar], links: Iterable[tuple[Rect, str]]) -> Iterator[Link]:
    """The links that lie over letters of this line, with their words."""
    placed = [(letter, (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2) for letter in letters]
    for (left, bottom, right, top), target in links:
        text = "".join(one.get_text() for one, x, y in placed if left <= x <= right and bottom <= y <= top)
        if text.strip():
            yield Link(plain(text), target)
