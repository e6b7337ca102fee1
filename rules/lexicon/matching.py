"""Finds every phrase of named lists in one pass over a text.

Phrases are reached by their first word, and those of several words by the word behind it too: a few look-ups for each
word of the text, and only phrases that can stand there are tried.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Generic, TypeVar

from rules.lexicon.phrase import Hit, Phrase, PhraseError, read

_WORD = re.compile(r"\w+")
_MEMORY = 50_000  # words
_FOLLOWING = 2_000  # words behind one word
_STEM = 3  # letters by which a word with a star behind it is found
_TAIL = 4  # and one with a star before it

Found = TypeVar("Found")


class _Words(Generic[Found]):
    """What words stand for, each written as in a phrase, with its stars."""

    __slots__ = ("_exact", "_prefixes", "_suffixes")

    def __init__(self) -> None:
        self._exact: dict[str, list[Found]] = {}
        self._prefixes: dict[str, list[tuple[str, Found]]] = {}
        self._suffixes: dict[str, list[tuple[str, Found]]] = {}

    def add(self, word: str, found: Found) -> None:
        """One more word.

        Raises:
            PhraseError: it has a star, and too few letters to be found by.

        """
        stem = word.strip("*")
        if word.endswith("*"):
            if len(stem) < _STEM:
                raise PhraseError("a stem needs three letters before the star")
            self._prefixes.setdefault(stem[:_STEM], []).append((stem, found))
        elif word.startswith("*"):
            if len(stem) < _TAIL:
                raise PhraseError("a stem needs four letters after the star")
            self._suffixes.setdefault(stem[-_TAIL:], []).append((stem, found))
        else:
            self._exact.setdefault(stem, []).append(found)

    def of(self, token: str) -> list[Found]:
        """All that a word of a text stands for."""
        found = list(self._exact.get(token, ()))
        if stems := self._prefixes.get(token[:_STEM]):
            found += [one for stem, one in stems if token.startswith(stem)]
        if stems := self._suffixes.get(token[-_TAIL:]):
            found += [one for stem, one in stems if token.endswith(stem)]
        return found


class _Remembered(dict[str, Found]):
    """What was worked out for words, each once; forgotten when there are too many."""

    def __init__(self, find: Callable[[str], Found], most: int) -> None:
        super().__init__()
        self._find = find
        self._most = most

    def __missing__(self, word: str) -> Found:
        if len(self) >= self._most:
            self.clear()
        found = self[word] = self._find(word)
        return found


class _Beginning:
    """The phrases that can begin with one word of a text."""

    __slots__ = ("_always", "_by_next", "before")

    def __init__(self, phrases: Iterable[tuple[Phrase, frozenset[str]]]) -> None:
        self._always: list[tuple[int, Phrase]] = []
        self._by_next = _Words[tuple[int, Phrase]]()
        self.before = _Remembered(self._standing_before, _FOLLOWING)
        for rank, (phrase, seconds) in enumerate(phrases):
            if not self._is_found_by(seconds, (rank, phrase)):
                self._always.append((rank, phrase))

    def _is_found_by(self, seconds: frozenset[str], ranked: tuple[int, Phrase]) -> bool:
        """Whether the phrase need not be tried unless one of these words follows."""
        try:
            for second in seconds:
                self._by_next.add(second, ranked)
        except PhraseError:
            return False
        return "" not in seconds

    def _standing_before(self, following: str) -> tuple[Phrase, ...]:
        """The phrases that can stand before this word, in their order."""
        ranked = sorted({*self._always, *self._by_next.of(following)}, key=itemgetter(0))
        return tuple(phrase for _, phrase in ranked)


class Matcher:
    """Finds every phrase of named groups in folded text. What a word can begin is remembered."""

    def __init__(self) -> None:
        self._phrases = _Words[tuple[Phrase, frozenset[str]]]()
        self._beginnings = _Remembered(self._begun_by, _MEMORY)

    def add(self, group: str, text: str) -> None:
        """One more phrase of a group.

        Raises:
            PhraseError: it cannot be read, or begins with a gap, a number or too short a stem.

        """
        phrase, beginnings = read(group, text)
        for first, seconds in beginnings.items():
            try:
                self._phrases.add(first, (phrase, frozenset(seconds)))
            except PhraseError as problem:
                raise PhraseError(f"{problem}: {text!r}") from problem

    def scan(self, folded: str) -> list[Hit]:
        """Every phrase found, by position; of one group the longest at a place."""
        tokens = _WORD.findall(folded)
        beginnings = list(map(self._beginnings.__getitem__, tokens))
        found: list[Hit] = []
        if any(beginnings):
            tokens.append("")
            place = 0
            for token, beginning, following in zip(tokens, beginnings, tokens[1:], strict=False):
                place = folded.index(token, place)
                end = place + len(token)
                if beginning is not None and (standing := beginning.before[following]):
                    found += _longest(standing, folded, place, end)
                place = end
        return found

    def _begun_by(self, token: str) -> _Beginning | None:
        seconds: dict[Phrase, frozenset[str]] = {}
        for phrase, words in self._phrases.of(token):
            seconds[phrase] = seconds.get(phrase, frozenset()) | words
        return _Beginning(seconds.items()) if seconds else None


def _longest(phrases: Iterable[Phrase], folded: str, start: int, word_end: int) -> list[Hit]:
    """The phrases of several words that stand here, and those of one; of each group the longest."""
    ends: dict[str, int] = {}
    for phrase in phrases:
        end = word_end if phrase.is_word else phrase.end(folded, start)
        if end > ends.get(phrase.group, start):
            ends[phrase.group] = end
    return [Hit(group, start, end) for group, end in ends.items()]


def matcher(groups: Mapping[str, Iterable[str]]) -> Matcher:
    """A matcher for these groups of phrases.

    Raises:
        PhraseError: a phrase cannot be read, or begins with a gap, a number or too short a stem.

    """
    made = Matcher()
    for group, phrases in groups.items():
        for text in phrases:
            made.add(group, text)
    return made
