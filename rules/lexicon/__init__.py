"""Word lists, one TOML file per language; what each list means stands in `groups.md` beside them.

A list's name is its table and key (`phone.says`). A new language is a new file with the same lists.
"""

import importlib.resources
from dataclasses import dataclass, field
from functools import cache

import msgspec

from rules.lexicon.matching import Matcher, matcher
from rules.lexicon.phrase import Hit, PhraseError, fold

__all__ = ["Lexicon", "languages", "lexicon"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, and how they are found."""

    lang: str
    function_words: frozenset[str]
    abbreviations: frozenset[str]
    groups: frozenset[str]
    masking: frozenset[str]  # those that take away hits, or may be taken away
    weekdays: tuple[
        tuple[tuple[str, ...], ...], ...
    ]  # beginnings of the names of each day, Monday first, long names and short ones
    until: tuple[str, ...]  # what stands between two hours or two days
    names: dict[str, tuple[str, ...]]  # the words that name a page's role
    own_words: frozenset[str]  # "us" and "our"
    idle_words: frozenset[str]  # words of a service's name that do not tell which service it is
    labels: dict[str, tuple[tuple[Hit, ...], frozenset[str]]] = field(default_factory=dict)

    @property
    def phrases(self) -> Matcher:
        """Finds its phrases; made when it is first needed, for most languages are only counted in.

        Raises:
            PhraseError: its file holds a phrase that cannot be read.

        """
        return _matcher(self.lang)

    def scan(self, folded: str) -> list[Hit]:
        """Every phrase in folded text, by position; without what a mask covers, and negations inside longer phrases."""
        hits = self.phrases.scan(folded)
        return _unmasked(hits) if any(hit.group in self.masking for hit in hits) else hits

    def scan_label(self, text: str) -> tuple[Hit, ...]:
        """As `scan`, of plain text, and remembered: for headings and labels, which return on every block under them."""
        return self._label(text)[0]

    def groups_in(self, text: str) -> frozenset[str]:
        """The groups of the phrases in a heading or label."""
        return self._label(text)[1]

    def _label(self, text: str) -> tuple[tuple[Hit, ...], frozenset[str]]:
        found = self.labels.get(text)
        if found is None:
            if len(self.labels) >= _REMEMBERED_LABELS:
                self.labels.clear()
            hits = tuple(self.scan(fold(text)))
            found = self.labels[text] = (hits, frozenset(hit.group for hit in hits))
        return found


_REMEMBERED_LABELS = 10_000


def _unmasked(hits: list[Hit]) -> list[Hit]:
    masks = [(hit.group[5:], hit.start, hit.end) for hit in hits if hit.group.startswith("mask.")]
    spans = [
        (hit.start, hit.end)
        for hit in hits
        if not hit.group.startswith(_NEGATIONS) and not hit.group.endswith(_DENIALS)
    ]
    kept = []
    for hit in hits:
        table = hit.group.partition(".")[0]
        if table == "mask":
            continue
        if any(name == table and start < hit.end and hit.start < end for name, start, end in masks):
            continue
        if hit.group == _NOT and any(
            start <= hit.start and hit.end <= end and end - start > hit.end - hit.start for start, end in spans
        ):
            continue
        kept.append(hit)
    return kept


_NOT = "negation.not"
_NEGATIONS = ("negation.", "mask.")
_DENIALS = (".denies", ".only", "paper.says")  # phrases whose own negation goes on to govern what stands beside them


@cache
def languages() -> tuple[str, ...]:
    """The languages that we have words for, by ISO 639-1 code."""
    files = importlib.resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def lexicon(lang: str) -> Lexicon:
    """The words of a language, read once.

    Raises:
        KeyError: we have no words for it.

    """
    tables = _tables(lang)
    language, groups = tables["language"], _groups(tables)
    return Lexicon(
        lang=lang,
        function_words=frozenset(fold(word) for word in language["function_words"]),
        abbreviations=frozenset(fold(word) for word in language["abbreviations"]),
        groups=frozenset(groups),
        masking=frozenset(group for group in groups if group.startswith("mask.") or group == _NOT),
        weekdays=tuple(
            tuple(_options(names) for names in pair)
            for pair in zip(tables["hours"]["weekdays"], tables["hours"]["short_weekdays"], strict=True)
        ),
        until=tuple(fold(word) for word in tables["hours"]["until"]),
        own_words=frozenset(fold(word) for word in language["own_words"]),
        idle_words=frozenset(fold(word) for word in (*language["function_words"], *language["service_words"])),
        names={role: tuple(words) for role, words in tables["roles"].items()},
    )


@cache
def _tables(lang: str) -> dict[str, dict[str, list[str]]]:
    if lang not in languages():
        raise KeyError(lang)
    text = importlib.resources.files(__name__).joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=dict[str, dict[str, list[str]]])


def _groups(tables: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    """The lists of phrases by their names; the hours' "until" is no list of these, for it holds marks of punctuation."""
    named = {f"{table}.{key}": phrases for table, lists in tables.items() for key, phrases in lists.items()}
    return {name: named[name] for name in named if not name.startswith("language.") and name != "hours.until"}


@cache
def _matcher(lang: str) -> Matcher:
    try:
        return matcher(_groups(_tables(lang)))
    except PhraseError as problem:
        raise PhraseError(f"{lang}.toml: {problem}") from problem


def _options(phrase: str) -> tuple[str, ...]:
    """The words that a phrase of one choice, or of one word, allows; stars are left out."""
    return tuple(fold(word.strip("*")) for word in phrase.strip("()").split("|"))
