"""Whose line a number is, where words name another body, and what it is for, where it is for one matter only."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from rules.facts.passage import HEADING_TAGS, Passage, Reading, Sentence
from rules.lexicon.phrase import Hit

BODIES = frozenset({"number.other_body", "number.other_line"})
SPECIAL = "number.special"

_REACH = 8  # blocks above a number that can say whose it is
_SHORT_LABEL = 40
_INTRODUCTION = 220  # a longer block is a text that names bodies by the way
_TELLING = ("number.", "counter.", "paper.")
_ARTICLE = re.compile(r"^(?:the|de|het|la|le|les|der|die|das|den|dem|your|uw|je|votre|ihr\w*)\s+|^l'")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


def named_before(reading: Reading, passage: Passage, hits: Sequence[Hit], end: int) -> str:
    """The other body whose line this is: named before it, unless "us" or "our" stands between."""
    named = sorted((hit for hit in hits if hit.group in BODIES), key=lambda hit: (-hit.end, hit.start))
    for hit in named:
        if _speaks_of_us(passage, hit.end, end):
            return ""
        name = passage.text[hit.start : hit.end]
        if not is_own(reading, name):
            return name
    return ""


def named_above(reading: Reading, passage: Passage) -> str:
    """The other body that introduces a number which stands by itself ("Call the police to report this." above it)."""
    before = passage.before
    for _ in range(_REACH):
        if before is None or passage.block.headings[: len(before.block.headings)] != before.block.headings:
            return ""
        if not _is_generic(before):
            return _introduces(reading, before)
        before = before.before
    return ""


def _is_generic(passage: Passage) -> bool:
    """Whether the block only says that a number or hours follow."""
    return len(passage.text) <= _SHORT_LABEL and not any(hit.group.startswith(_TELLING) for hit in passage.hits)


def _introduces(reading: Reading, passage: Passage) -> str:
    if len(passage.text) > _INTRODUCTION or _DIGIT.search(passage.text) or passage.block.tag in HEADING_TAGS:
        return ""
    for sentence in passage.sentences:
        name = named_before(reading, passage, sentence.hits, sentence.end)
        if name:
            return name
    return ""


def named_in(reading: Reading, passage: Passage, sentence: Sentence) -> str:
    """The other body that a sentence sends people to; none where it speaks of "us" too."""
    if not sentence.groups & BODIES or _speaks_of_us(passage, sentence.start, sentence.end):
        return ""
    return named_before(reading, passage, sentence.hits, sentence.end)


def _speaks_of_us(passage: Passage, start: int, end: int) -> bool:
    return not passage.words.own_words.isdisjoint(_WORD.findall(passage.folded[start:end]))


def special_matter(reading: Reading, passage: Passage, sentence: Sentence | None) -> str:
    """The one matter that a line is for ("report a scam"), named beside it, in the labels above it, or by the page's title."""
    for hit in sentence.hits if sentence is not None else ():
        if hit.group == SPECIAL:
            return passage.text[hit.start : hit.end]
    if sentence is not None and "contact.serves_all" in sentence.groups:
        return ""
    for label in (*passage.block.table_headers, *reversed(passage.block.headings), reading.title):
        for hit in passage.words.scan_label(label):
            if hit.group == SPECIAL:
                return label[hit.start : hit.end]
    return ""


def is_own(reading: Reading, body: str) -> bool:
    """Whether the page is this body's own, by any of its names."""
    name = _ARTICLE.sub("", body.lower())
    return any(reading.is_own(alias) for alias in _aliases().get(name, (name,)))


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath("bodies.toml").read_text(encoding="utf-8")
    rows: list[list[str]] = tomllib.loads(text)["same"]
    return {name: tuple(row) for row in rows for name in row}
