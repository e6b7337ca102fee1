"""What is never written down, taken out of all that was read: secrets and session ids in URLs, and who people are. Pure.

A URL that carries a secret is cut off before it, wherever it stands: in a link, in markup, in a script's data, in a text.
The mailbox of a person and the name behind "Mevrouw" or "Mr" become "…". Everything else stays as it was read.
"""

import html
import operator
import re
import tomllib
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeVar

import msgspec

from rules.model.record import Record
from rules.model.url import secret_name, without_secret

MASK = "…"
"""Stands where something was taken out."""

_T = TypeVar("_T")
_WORD = re.compile(r"[^\s\"'<>`]+")
_JSON_ESCAPES = (("\\u0026", "&"), ("\\u003d", "="), ("\\/", "/"))
_MAILBOX = re.compile(r"(?<![\w.+-])([\w.+-]+)@((?:[\w-]+\.)+\w{2,})")
_PARTS = re.compile(r"[._+-]|\d+")
_STREET = re.compile(  # what follows a name that is a street's: the rest of the street, and a house number but no phone number
    r"(?: ?[\w']*(?:straat|laan|weg|plein|kade|singel|dreef|hof|pad|str\.|stra(?:\u00df|ss)e|platz|allee))?"
    r" ?[0-9]{1,4}[a-zA-Z]?(?![0-9 ]*[0-9])"
)
_ADDRESS = re.compile(r"[^@]*//|[/?#]")  # of a page: it names a place and nobody, and must stay that place's name
_SIGNS = frozenset("=@(")
_SHORT = 300  # characters
_REMEMBERED = 20_000  # short texts: menus, addresses and the names of roles stand on every page of a site


class Persons(Record, frozen=True):
    """How people are told from offices: `titles` and `particles` of names, and the words of mailboxes that are an office's."""

    titles: tuple[str, ...]
    particles: tuple[str, ...]
    offices: tuple[str, ...]


@cache
def persons() -> Persons:
    """The words of `personal.toml`, all languages together."""
    text = (resources.files("rules") / "personal.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Persons)


@cache
def _name() -> re.Pattern[str]:
    """A title with the name that follows it; group 1 is the name."""
    known = persons()
    titles = "|".join(sorted(known.titles, key=len, reverse=True)).replace(".", r"\.")
    particles = "|".join(known.particles)
    name = rf"(?:(?:{particles}) )*[A-Z\u00c0-\u00d6\u00d8-\u00de][\w'\u2019.]*(?:-\w+)*"
    further = rf"(?: (?![\w.]+:? ?[\d:(+]){name}){{0,3}}"  # not the "Tel" before a number
    return re.compile(rf"(?<![\w\-])(?:{titles})\.? ({name}{further})")


def redacted(value: _T) -> _T:
    """A record with all that it holds, every text in it without secrets, session ids and persons; bytes stay as they are."""
    return _redacted(value)  # type: ignore[no-any-return]


def redacted_text(text: str) -> str:
    """A text without secrets, session ids and persons."""
    return _redacted_short(text) if len(text) <= _SHORT else _redacted_text(text)


def _redacted_text(text: str) -> str:
    if not _SIGNS.isdisjoint(text):
        text = _WORD.sub(lambda found: _redacted_word(found[0]), text)
    return _name().sub(_without_name, text) if " " in text else text


_redacted_short = lru_cache(_REMEMBERED)(_redacted_text)


def persons_in(text: str) -> tuple[str, ...]:
    """The mail addresses and names of people in a text, as they stand there: what a picture must not show."""
    mail = [found[0] for found in _MAILBOX.finditer(text) if not _of_office(found)] if "@" in text else []
    return (*mail, *(found[1] for found in _name().finditer(text) if not _of_street(found)))


def _of_office(found: re.Match[str]) -> bool:
    words = [word for word in _PARTS.split(found[1].casefold()) if word]
    own = found[2].casefold().split(".")
    return any(word in persons().offices or word in own for word in words)


def _of_street(found: re.Match[str]) -> bool:
    return _STREET.match(found.string, found.end()) is not None


def _without_mailbox(found: re.Match[str]) -> str:
    return found[0] if _of_office(found) else f"{MASK}@{found[2]}"


def _without_name(found: re.Match[str]) -> str:
    return found[0] if _of_street(found) else found[0].removesuffix(found[1]) + MASK


def _redacted_word(word: str) -> str:
    """A run of characters without blanks and quotes, as an address is in any kind of text."""
    if _SIGNS.isdisjoint(word):
        return word
    plain = word
    for escape, character in _JSON_ESCAPES:
        plain = plain.replace(escape, character)
    plain = html.unescape(plain)
    clean = without_secret(plain)
    if not _ADDRESS.match(clean):
        clean = _MAILBOX.sub(_without_mailbox, clean)
    return word if clean == plain else clean


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else redacted_text(value)
    if isinstance(value, tuple):
        each = tuple(map(_redacted, value))
        return value if all(map(operator.is_, value, each)) else each
    if isinstance(value, dict):
        return {name: MASK if secret_name(str(name)) else _redacted(each) for name, each in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = [getattr(value, name) for name in value.__struct_fields__]
        clean = list(map(_redacted, fields))
        if all(map(operator.is_, fields, clean)):
            return value
        return type(value)(**dict(zip(value.__struct_fields__, clean, strict=True)))
    return value
