"""The small language in which word lists are written.

A phrase is a row of words, matched without regard to case and accents. `*` at a word's beginning or end stands for any
letters, `(a|b c)` for one of several, `[a]` or `[a|b]` for words that may be left out, `..` for up to four words in
between, and `#` for a number. A hyphen may be a hyphen, a space or nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_PIECE = re.compile(r"[()\[\]|]|\.\.|[^\s()\[\]|]+")
_SPACE = r"[^\w.;:!?]{1,3}"
_GAP = r"(?:[^\w.;!?]{1,3}[\w.]*\w){0,4}?"
_PLAIN_WORD = re.compile(r"\*?\w+\*?")
_PARTED_WORD = re.compile(r"(\w+)([-'])(\w+\*?)")


class PhraseError(ValueError):
    """A phrase that cannot be read, with the phrase in the message."""


class Hit(NamedTuple):
    """A phrase found: the list that it stands in, and where."""

    group: str
    start: int
    end: int


_LETTERS = {
    "aàáâãäåāăą": "a", "cçćĉċč": "c", "dďđ": "d", "eèéêëēĕėęě": "e", "gĝğġģ": "g", "iìíîïĩīĭį\u0131": "i",
    "nñńņňŋ": "n", "oòóôõöøōŏő": "o", "rŕŗř": "r", "sśŝşš": "s", "tţťŧ": "t", "uùúûüũūŭůűų": "u", "yýÿŷ": "y",
    "zźżž": "z",
}  # fmt: skip
_MARKS = {
    "\u2018\u2019\u02bc\u00b4`": "'",
    "\u2010\u2011\u2012\u2013\u2014\u2212": "-",
    "\u00a0\u2007\u2009\u202f\u200b": " ",
}
_PLAIN = {letter: plain for letters, plain in (_LETTERS | _MARKS).items() for letter in letters if letter != plain}
_FOLD = str.maketrans(_PLAIN | {letter.upper(): plain for letter, plain in _PLAIN.items() if len(letter.upper()) == 1})
_LATIN = bytes(range(256)).decode("latin-1").translate(_FOLD).encode("latin-1")


def fold(text: str) -> str:
    """The text without accents and in lower case, each character in its old place, so that positions hold for both."""
    if text.isascii():
        return text.lower()
    lowered = text.lower()
    if len(lowered) != len(text):  # a rare capital grows when lowered (U+0130)
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    lowered = lowered.replace("\u2019", "'").replace("\u2013", "-")
    try:
        return lowered.encode("latin-1").translate(_LATIN).decode("latin-1")  # bytes are translated many times faster
    except UnicodeEncodeError:
        return lowered.translate(_FOLD)


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


def _openings(nodes: tuple[_Node, ...], count: int) -> Iterator[tuple[str, ...]]:
    """Every way in which the first so many words can be written; shorter where the phrase ends, or where a gap begins."""
    if not count or not nodes:
        yield ()
        return
    node, rest = nodes[0], nodes[1:]
    if isinstance(node, _Choice):
        for option in node.options:
            yield from _openings((*option, *rest), count)
        if node.optional:
            yield from _openings(rest, count)
    elif node == "..":
        yield (node,)
    else:
        for others in _openings(rest, count - 1):
            yield (node, *others)


def _written(word: str) -> tuple[tuple[str, ...], ...]:
    """The words as which a phrase's word can stand in a text: parted at its hyphen or apostrophe, or joined; none if not sure."""
    if _PLAIN_WORD.fullmatch(word):
        return ((word,),)
    parted = _PARTED_WORD.fullmatch(word)
    if parted is None:
        return ()
    first, mark, rest = parted.groups()
    return ((first, rest), (first + rest,)) if mark == "-" else ((first, rest),)


def _heads(word: str) -> Iterator[str]:
    """What the first word looks like in running text: before its hyphen or apostrophe, and joined."""
    if word.startswith("*"):
        yield word
        return
    parts = re.split(r"[^\w*]+", word)
    yield parts[0]
    if "-" in word:
        yield word.replace("-", "")


class Phrase:
    """A phrase of one list. Its pattern is compiled when it is first tried: most of a lexicon's never are."""

    __slots__ = ("_pattern", "_source", "group", "is_word")

    def __init__(self, group: str, source: str, *, is_word: bool) -> None:
        self.group = group
        self.is_word = is_word  # one word at most, so that the word by which it is found is all of it
        self._source = source
        self._pattern: re.Pattern[str] | None = None

    def end(self, folded: str, start: int) -> int:
        """Where the phrase that begins here ends, or -1."""
        if self._pattern is None:
            self._pattern = re.compile(self._source)
        match = self._pattern.match(folded, start)
        return -1 if match is None else match.end()


def read(group: str, text: str) -> tuple[Phrase, dict[str, set[str]]]:
    """A phrase, and the words that it can begin with, each with the words that then follow.

    A word stands there as in a phrase, with its stars. "" among what follows says that it can be nothing, or anything.

    Raises:
        PhraseError: it cannot be read, or begins with a gap or a number.

    """
    nodes = _parse(text)
    openings = set(_openings(nodes, 2))
    if any(not opening or opening[0] in {"..", "#"} for opening in openings):
        raise PhraseError(f"a phrase cannot begin with a gap or a number: {text!r}")
    beginnings: dict[str, set[str]] = {}
    for first, *others in openings:
        seconds = {words[0] for words in _written(others[0])} if others else set()
        written = _written(first)
        for words in written:
            beginnings.setdefault(words[0], set()).update(words[1:] or seconds or ("",))
        if not written:
            for head in _heads(first):
                beginnings.setdefault(head, set()).add("")
    is_word = all(len(opening) == 1 and _PLAIN_WORD.fullmatch(opening[0]) for opening in openings)
    return Phrase(group, _pattern(nodes, text) + r"(?!\w)", is_word=is_word), beginnings
