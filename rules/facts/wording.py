"""What a text says by itself, wherever it stands: its language, phrases, sentences and hours.

Menus, headers and footers say the same on every page of a site; what was made of a text of theirs is remembered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rules.facts.kept import kept
from rules.facts.language import OTHER, block_language
from rules.facts.opening_hours import Hours, opening_hours, spans_in
from rules.lexicon import Lexicon, lexicon
from rules.lexicon.phrase import Hit, fold

_BREAK = re.compile(r"[!?…]+[\s\"'”»)]*(?=\s)|\.(?=\s+[^\sa-zà-ÿ])|\n+|[•·|](?=\s)|\s[\u2013\u2014]\s(?=[A-ZÀ-Þ])")
_LAST_WORD = re.compile(r"[\w.\-]+$")
_DIGIT = re.compile(r"\d")
_ORDINAL = 2
_REMEMBERED = 4096  # texts, each of at most:
_SHORT = 400  # characters; longer ones seldom return


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block: its text, where it begins in the block, and its phrases (positions are the block's)."""

    text: str
    start: int
    hits: tuple[Hit, ...]
    groups: frozenset[str]

    @property
    def end(self) -> int:
        """Where the sentence ends in its block."""
        return self.start + len(self.text)

    @property
    def asks(self) -> bool:
        """Whether the sentence is a question."""
        return self.text.rstrip(" \"'”»)").endswith("?")

    def of(self, *groups: str) -> Iterator[Hit]:
        """The phrases of these groups, by position."""
        return (hit for hit in self.hits if hit.group in groups)


class Wording:
    """A text in a language of ours: `folded` is without case and accents, `hits` are its phrases, `groups` their groups."""

    def __init__(self, text: str, folded: str, lang: str) -> None:
        self.text = text
        self.lang = lang
        self.words: Lexicon = lexicon(lang)
        self.folded = folded
        self.hits: tuple[Hit, ...] = tuple(self.words.scan(self.folded))
        self.groups = frozenset(hit.group for hit in self.hits)
        self.has_digit = _DIGIT.search(text) is not None
        self.is_silent = not self.hits and not self.has_digit  # it tells nothing by itself

    @kept
    def sentences(self) -> tuple[Sentence, ...]:
        """The text's sentences; a line break ends one."""
        return tuple(_sentences(self))

    @kept
    def has_span(self) -> bool:
        """Whether the text holds what could be a span of hours."""
        return self.has_digit and spans_in(self.folded, self.words)

    @kept
    def hours(self) -> Hours | None:
        """The opening hours that the text gives."""
        return opening_hours(self.folded, self.words) if self.has_span else None


def wording(text: str, page: str) -> Wording | None:
    """The text, read in its own language, on a page in this one; None when that is no language of ours."""
    return _remembered(text, page) if len(text) <= _SHORT else _wording(text, page)


def _wording(text: str, page: str) -> Wording | None:
    folded = fold(text)
    lang = block_language(text, folded, page)
    return None if lang == OTHER else Wording(text, folded, lang)


_remembered = lru_cache(maxsize=_REMEMBERED)(_wording)


def _sentences(said: Wording) -> Iterator[Sentence]:
    text = said.text
    start = 0
    for cut in _BREAK.finditer(text):
        if cut.group() == "." and _abbreviated(text[start : cut.start()], said.words):
            continue
        yield from _sentence(said, start, cut.end())
        start = cut.end()
    yield from _sentence(said, start, len(text))


def _sentence(said: Wording, start: int, end: int) -> Iterator[Sentence]:
    text = said.text[start:end]
    stripped = text.strip()
    if not stripped:
        return
    start += len(text) - len(text.lstrip())
    end = start + len(stripped)
    hits = tuple(hit for hit in said.hits if start <= hit.start < end)
    yield Sentence(stripped, start, hits, frozenset(hit.group for hit in hits))


def _abbreviated(text: str, words: Lexicon) -> bool:
    last = _LAST_WORD.search(text)
    if last is None:
        return False
    word = fold(last.group()).rstrip(".")
    if word.isdigit():
        before = text[: last.start()].rstrip()
        return words.lang == "de" and len(word) <= _ORDINAL and not before[-1:].isdigit()  # "31. Januar"
    return word in words.abbreviations or len(word) == 1 or (len(word) == 3 and "." in word)  # noqa: PLR2004 - "z.B"
