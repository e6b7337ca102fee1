"""Turns what a PDF holds into an outline like any page's, so that the same facts are read from it."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from audit.capture.documents.contents import PdfContents, PdfLine, PdfPage
from rules.model.outline import Block, Outline, Shown

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_DIVIDED = re.compile(r"(?<=[^\W\d_])- $")
_SOFT_HYPHEN = "\u00ad"


def outline_of(contents: PdfContents, url: str) -> Outline:
    """The outline of a document: a block for each paragraph and field, in reading order.

    A block's `selector` is the fragment that opens the document at its page. Headings are known where they are tagged.
    A document without any text proves nothing absent, and is said to be cut.
    """
    facts = contents.facts
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for number, page in enumerate(contents.pages, start=1):
        blocks.extend(_blocks(page, f"#page={number}", path))
    return Outline(
        url=url,
        title=_tidy(facts.title),
        lang=facts.lang,
        blocks=tuple(blocks),
        frames=(url,),
        truncated=contents.truncated or facts.empty_text,
        medium="pdf",
    )


def _blocks(page: PdfPage, place: str, path: list[tuple[int, str]]) -> Iterator[Block]:
    """The blocks of a page; `path` holds the headings above, and goes on from page to page."""
    for group in page.groups:
        for level, alike in groupby(group, key=lambda line: line.level):
            lines = tuple(alike)
            text = _text(lines)
            if not text:
                continue
            links = tuple(link for line in lines for link in line.links)
            if level:
                path[:] = [(above, words) for above, words in path if above < level]
            headings = tuple(words for _, words in path)
            yield Block(text, f"h{level}" if level else "p", headings=headings, links=links, selector=place)
            if level:
                path.append((level, text.replace("\n", " ")))
    headings = tuple(words for _, words in path)
    for one in page.fields:
        shown = Shown.NEVER if one.hidden else Shown.NOW
        yield Block("", "input", headings=headings, field=one.field, shown=shown, selector=place)


def _text(lines: Sequence[PdfLine]) -> str:
    """The lines as one text: a line that is full runs on into the next, a line that ends early ends with a line break."""
    right = max(line.right for line in lines)
    parts: list[str] = []
    for line, following in zip(lines, (*lines[1:], None), strict=True):
        text = _tidy(line.text)
        if not text:
            continue
        parts.append(text)
        if following is not None:
            parts.append("\n" if _ends_early(line, following, right) else " ")
    return _joined(parts).strip()


def _ends_early(line: PdfLine, following: PdfLine, right: float) -> bool:
    """Whether the next line's first word would have fitted, so that the line was ended on purpose."""
    words = following.text.split()
    if not words or not following.text.strip():
        return False
    width = (following.right - following.left) / max(len(following.text.strip()), 1)
    return line.right + width * (len(words[0]) + 1) < right


def _joined(parts: Sequence[str]) -> str:
    """The parts in a row, and words that were divided at the end of a line made whole."""
    text = ""
    for part in parts:
        if text.endswith(f"{_SOFT_HYPHEN} "):
            text = text[:-2]
        elif part[:1].islower():
            text = _DIVIDED.sub("", text)
        text += part
    return text.replace(_SOFT_HYPHEN, "")


def _tidy(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())
