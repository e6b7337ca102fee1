"""The report's own words: one TOML per language in `words/`, plurals included; what a language lacks stands in English."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

FIRST = "en"
_NOT_SHOWN = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_PLURAL_NAMES = frozenset({"0", "1", "2", "one", "other", "by"})
_TAG = re.compile(r"<[^>]+>")
_DAY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?")


def visible(text: str) -> str:
    """The text with control characters written out: none may turn, hide or imitate the words around it."""
    return _NOT_SHOWN.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


class Words:
    """The words of one language; calling it gives the sentence of a key with its values filled in.

    Sentences may hold HTML; the values filled in are escaped. A key whose sentence depends on a number is a table with
    `one` and `other` (or an exact number, such as `0`), chosen by the value named `n`, or by the one that `by` names.
    """

    def __init__(self, lang: str, entries: Mapping[str, Any], fallback: "Words | None" = None) -> None:
        self.lang = lang
        self._entries = entries
        self._fallback = fallback

    def __contains__(self, key: str) -> bool:
        return key in self._entries or (self._fallback is not None and key in self._fallback)

    def __call__(self, key: str, /, **values: object) -> Markup:
        """The sentence as HTML.

        Raises:
            KeyError: no language has it.

        """
        if key not in self._entries and self._fallback is not None:
            return Markup('<span lang="{}">{}</span>').format(self._fallback.lang, self._fallback(key, **values))
        return Markup(_chosen(self._entries[key], values)).format(  # noqa: S704 - the word files are ours
            **{name: self.value(value) for name, value in values.items()}
        )

    def plain(self, key: str, /, **values: object) -> str:
        """The sentence as text, for attributes and for formats that are no HTML."""
        return Markup(_TAG.sub("", self(key, **values))).unescape()  # noqa: S704 - only entities are left

    def list(self, key: str) -> list[str]:
        """A list of words, such as the names of the months."""
        entry = self._entries.get(key)
        if entry is None and self._fallback is not None:
            return self._fallback.list(key)
        return [str(word) for word in entry or ()]

    def value(self, value: object) -> object:
        """A value as it stands in a sentence: numbers with their thousands apart, text with its controls visible."""
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}".replace(",", str(self._entries.get("thousands", ",")))
        if isinstance(value, str) and not isinstance(value, Markup):
            return visible(value)
        return value

    def date(self, moment: str, *, short: bool = False) -> str:
        """A moment's day in words; a moment that is none stays as it is written."""
        read = _moment(moment)
        if read is None:
            return visible(moment)
        months = self.list("months_short" if short else "months")
        return f"{read.day}\u00a0{months[read.month - 1]} {read.year}"

    def day(self, written: str) -> str:
        """A day, a month or a year, as far as it is known; what is none of these stays as it is written."""
        known = _DAY.fullmatch(written)
        if known is None:
            return visible(written)
        year, month, day = known.groups()
        if day:
            return self.date(written)
        return f"{self.list('months')[int(month) - 1]} {year}" if month else year

    def time(self, moment: str) -> str:
        """A moment's time of day, in UTC; empty for a moment that is none."""
        read = _moment(moment)
        return f"{read:%H:%M}\u00a0UTC" if read else ""

    def joined(self, parts: Iterable[object]) -> Markup:
        """The parts as a list in a sentence: a, b and c."""
        escaped = [Markup.escape(self.value(part)) for part in parts]
        if len(escaped) <= 1:
            return Markup("").join(escaped)
        return Markup("{} {} {}").format(Markup(", ").join(escaped[:-1]), self("and"), escaped[-1])


@cache
def load_words(lang: str) -> Words:
    """The words of a language.

    Raises:
        FileNotFoundError: there is no such word file.

    """
    text = (resources.files("reports") / "words" / f"{lang}.toml").read_text(encoding="utf-8")
    return Words(lang, flat(tomllib.loads(text)), None if lang == FIRST else load_words(FIRST))


@cache
def languages() -> tuple[str, ...]:
    """The languages that a report is written in: English first, then by code."""
    names = {file.name.removesuffix(".toml") for file in (resources.files("reports") / "words").iterdir()}
    found = {name for name in names if re.fullmatch(r"[a-z]{2,3}", name)}
    return (FIRST, *sorted(found - {FIRST}))


def flat(tables: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The leaves of nested tables under dotted keys; a table of plurals is a leaf, and `word` stands for its table."""
    leaves: dict[str, Any] = {}
    for name, entry in tables.items():
        key = prefix if name == "word" and prefix else f"{prefix}.{name}" if prefix else name
        if isinstance(entry, dict) and not _PLURAL_NAMES.issuperset(entry):
            leaves.update(flat(entry, key))
        else:
            leaves[key] = entry
    return leaves


def _chosen(entry: Any, values: Mapping[str, object]) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    number = values.get(entry.get("by", "n"))
    exact = entry.get(str(number))
    return str(exact if exact is not None else entry["one"] if number == 1 and "one" in entry else entry["other"])


def _moment(moment: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read
