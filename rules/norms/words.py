"""The words of the norm profiles, per language; a language that a profile lacks is given in English, and says so."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from rules.model.finding import Channel
from rules.model.record import Record

FIRST = "en"


class NormWords(Record, frozen=True, forbid_unknown_fields=True):
    """One profile in one language: its name, and a sentence or label for each key of its `says`, `asks` and `not_asked`."""

    name: str
    says: dict[str, str] = {}  # noqa: RUF012 - msgspec copies empty defaults for each record
    asks: dict[str, str] = {}  # noqa: RUF012 - the same
    not_asked: dict[str, str] = {}  # noqa: RUF012 - the same
    lang: str = FIRST


class SharedWords(Record, frozen=True, forbid_unknown_fields=True):
    """What is said the same under every profile: the states, how a line counts, why, how binding it is, and the parts."""

    state: dict[str, str]
    met: dict[str, str]
    why: dict[str, str]
    level: dict[str, str]
    part: dict[str, str]
    lang: str = FIRST


@cache
def profile_words(norm: str, lang: str) -> NormWords:
    """The words of the profile with this id."""
    words, found = _table(norm, lang)
    return msgspec.convert({**words, "lang": found}, NormWords)


@cache
def shared_words(lang: str) -> SharedWords:
    """The words that all profiles share; `why` has a place for {parts} where it speaks of parts."""
    words, found = _table("words", lang)
    return msgspec.convert({**words, "lang": found}, SharedWords)


def part_words(channel: Channel, part: str, lang: str) -> str:
    """A part of a channel in words: its rule's own, where the rule judges it; its id, where an older rule named it."""
    for spoken in dict.fromkeys((lang, FIRST)):
        file = files("rules.channels").joinpath(f"{channel.value}_offered.{spoken}.toml")
        missing: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["missing"] if file.is_file() else {}
        if part in missing:
            return missing[part]
    return shared_words(lang).part.get(part, part.replace("_", " "))


def _table(name: str, lang: str) -> tuple[dict[str, Any], str]:
    for spoken in dict.fromkeys((lang, FIRST)):
        file = files(__package__).joinpath(f"{name}.{spoken}.toml")
        if file.is_file():
            return tomllib.loads(file.read_text(encoding="utf-8")), spoken
    raise KeyError(name)
