"""The small language in which word lists are written, and the matcher that finds every phrase of a list in one pass.

A phrase is a row of words, matched without regard to case and accents. `*` at a word's beginning or end stands for any
letters, `(a|b c)` for one of several, `[a]` or `[a|b]` for words that may be left out, `..` for up to four words in
between, and `#` for a number. A hyphen may be a hyphen, a space or nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"[()\[\]|]|\.\.|[^\s()\[\]|]+")
_SPACE = r"[^\w.;:!?]{1,3}"
_GAP = r"(?:[^\w.;!?]{1,3}[\w.]*\w){0,4}?"
_MEMORY = 200_000


class PhraseError(ValueError):
    """A phrase that cannot be read, with the phrase in the message."""


class Hit(NamedTuple):
    """A phrase found: the list that it stands in, and where."""

    group: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    group: str
    pattern: re.Pattern[str]


_FOLD: dict[int, str] = {}


def _fill_fold() -> None:
    plain = {
        "aàáâãäåāăą": "a", "cçćĉċč": "c", "dďđ": "d", "eèéêëēĕėęě": "e", "gĝğġģ": "g", "iìíîïĩīĭį\u0131": "i",
        "nñńņňŋ": "n", "oòóôõöøōŏő": "o", "rŕŗř": "r", "sśŝşš": "s", "tţťŧ": "t", "uùúûüũūŭůűų": "u", "yýÿŷ": "y",
        "zźżž": "z",
    }  # fmt: skip
    for letters, base in plain.items():
        for letter in letters[1:]:
            _FOLD[ord(letter)] = base
            _FOLD[ord(letter.upper()) if len(letter.upper()) == 1 else ord(letter)] = base
    for mark in "\u2018\u2019\u02bc\u00b4`":
        _FOLD[ord(mark)] = "'"
    for mark in "\u2010\u2011\u2012\u2013\u2014\u2212":
        _FOLD[ord(mark)] = "-"
    for mark in "\u00a0\u2007\u2009\u202f\u200b":
        _FOLD[ord(mark)] = " "


_fill_fold()


def fold(text: str) -> str:
    """The text without accents and in lower case, each character in its old place, so that positions hold for both."""
    if text.isascii():
        return text.lower()
    lowered = text.lower()
    if len(lowered) != len(text):  # a rare capital grows when lowered (U+0130)
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lowered.translate(_FOLD)


@dataclass
class Matcher:
    """Finds every phrase of named groups in folded text.

    Phrases are reached by their first word: for each word of the text one dictionary lookup, and only phrases that can
    begin there are tried. What a word can begin is remembered.
    """

    exact: dict[str, list[_Phrase]] = field(default_factory=dict)
    prefixes: dict[str, list[tuple[str, _Phrase]]] = field(default_factory=dict)
    suffixes: dict[str, list[tuple[str, _Phrase]]] = field(default_factory=dict)
    remembered: dict[str, tuple[_Phrase, ...]] = field(default_factory=dict)

    def scan(self, folded: str) -> list[Hit]:
        """Every phrase found, by position; of one group the longest at a place."""
        found: list[Hit] = []
        remembered = self.remembered
        for word in _WORD.finditer(folded):
            token = word.group()
            phrases = remembered.get(token)
            if phrases is None:
                phrases = self._beginning(token)
            if phrases:
                found.extend(_longest(phrases, folded, word.start()))
        return found

    def _beginning(self, token: str) -> tuple[_Phrase, ...]:
        phrases = list(self.exact.get(token, ()))
        phrases += [phrase for stem, phrase in self.prefixes.get(token[:3], ()) if token.startswith(stem)]
        phrases += [phrase for stem, phrase in self.suffixes.get(token[-4:], ()) if token.endswith(stem)]
        if len(self.remembered) >= _MEMORY:
            self.remembered.clear()
        self.remembered[token] = tuple(dict.fromkeys(phrases))
        return self.remembered[token]


def _longest(phrases: Sequence[_Phrase], folded: str, start: int) -> Iterator[Hit]:
    ends: dict[str, int] = {}
    for phrase in phrases:
        match = phrase.pattern.match(folded, start)
        if match is not None and match.end() > ends.get(phrase.group, start):
            ends[phrase.group] = match.end()
    for group, end in ends.items():
        yield Hit(group, start, end)


def matcher(groups: Mapping[str, Iterable[str]]) -> Matcher:
    """A matcher for these groups of phrases.

    Raises:
        PhraseError: a phrase cannot be read, or begins with a gap, a number or too short a stem.

    """
    made = Matcher()
    for group, phrases in groups.items():
        for text in phrases:
            tree = _parse(text)
            phrase = _Phrase(group, re.compile(_pattern(tree, text) + r"(?!\w)"))
            for first in _first_words(tree, text):
                _index(made, first, phrase, text)
    return made


def _index(made: Matcher, first: str, phrase: _Phrase, text: str) -> None:
    stem = first.strip("*")
    if first.endswith("*"):
        if len(stem) < 3:  # noqa: PLR2004 - the index's key
            raise PhraseError(f"a stem needs three letters before the star: {text!r}")
        made.prefixes.setdefault(stem[:3], []).append((stem, phrase))
    elif first.startswith("*"):
        if len(stem) < 4:  # noqa: PLR2004 - the index's key
            raise PhraseError(f"a stem needs four letters after the star: {text!r}")
        made.suffixes.setdefault(stem[-4:], []).append((stem, phrase))
    else:
        made.exact.setdefault(stem, []).append(phrase)


# A parsed phrase is a list of nodes: a word, the gap "..", or a choice of phrases that may be optional.
@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple[tuple["_Node", ...], ...]
    optional: bool


_Node = str | _Choice


def _parse(text: str) -> tuple[_Node, ...]:
    pieces = _PIECE.findall(fold(text))
    nodes, rest = _sequence(pieces, 0, text)
    if rest != len(pieces) or not nodes:
        raise PhraseError(f"brackets do not match: {text!r}")
    return nodes


def _sequence(pieces: Sequence[str], at: int, text: str) -> tuple[tuple[_Node, ...], int]:
    nodes: list[_Node] = []
    while at < len(pieces) and pieces[at] not in ")]|":
        if pieces[at] in "([":
            closing = ")" if pieces[at] == "(" else "]"
            options = []
            while True:
                option, at = _sequence(pieces, at + 1, text)
                options.append(option)
                if at >= len(pieces):
                    raise PhraseError(f"a bracket stays open: {text!r}")
                if pieces[at] == closing:
                    break
                if pieces[at] != "|":
                    raise PhraseError(f"brackets do not match: {text!r}")
            nodes.append(_Choice(tuple(options), closing == "]"))
        else:
            nodes.append(pieces[at])
        at += 1
    return tuple(nodes), at


def _pattern(nodes: Sequence[_Node], text: str) -> str:
    made = ""
    leading = True  # all so far may be left out, and what is left out takes its space with it
    for node in nodes:
        if node == "..":
            if leading:
                raise PhraseError(f"a phrase cannot begin with a gap: {text!r}")
            made += _GAP
            continue
        if isinstance(node, _Choice):
            body = "(?:" + "|".join(_pattern(option, text) for option in node.options) + ")"
            if node.optional:
                made += f"(?:{body}{_SPACE})?" if leading else f"(?:{_SPACE}{body})?"
                continue
        else:
            body = _word(node)
        made += body if leading else _SPACE + body
        leading = False
    return made


def _word(word: str) -> str:
    if word == "#":
        return r"\d[\d.]*"
    body = re.escape(word.strip("*")).replace(r"\-", r"[-\s]?").replace("'", r"'\s?")
    return (r"\w*" if word.startswith("*") else "") + body + (r"\w*" if word.endswith("*") else "")


def _first_words(nodes: Sequence[_Node], text: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, _Choice):
            for option in node.options:
                yield from _first_words(option, text)
            if not node.optional:
                return
            continue
        if node in {"..", "#"}:
            raise PhraseError(f"a phrase cannot begin with a gap or a number: {text!r}")
        yield from _heads(node)
        return


def _heads(word: str) -> Iterator[str]:
    """What the first word looks like in running text: before its hyphen or apostrophe, and joined."""
    if word.startswith("*"):
        yield word
        return
    parts = re.split(r"[^\w*]+", word)
    yield parts[0]
    if "-" in word:
        yield word.replace("-", "")
