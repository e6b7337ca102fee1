"""Whose phone numbers and addresses a page may hold: the country asked for, else the address's own, else all of the language."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from rules.model.outline import Outline

_HOST = re.compile(r"https?://([^/:?#\[\]@]+)", re.IGNORECASE)
_BY_ENDING = {
    "uk": "GB",
    "gov": "US",
    "mil": "US",
    "us": "US",
    "vlaanderen": "BE",
    "brussels": "BE",
    "gent": "BE",
    "amsterdam": "NL",
    "frl": "NL",
    "bzh": "FR",
    "paris": "FR",
    "alsace": "FR",
    "berlin": "DE",
    "hamburg": "DE",
    "koeln": "DE",
    "bayern": "DE",
    "nrw": "DE",
    "saarland": "DE",
    "ruhr": "DE",
    "wien": "AT",
    "tirol": "AT",
    "swiss": "CH",
    "zuerich": "CH",
    "quebec": "CA",
    "scot": "GB",
    "wales": "GB",
    "cymru": "GB",
    "london": "GB",
    "nyc": "US",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbering plan of one country, beyond its ordinary numbers."""

    country: str
    languages: tuple[str, ...]
    emergency: frozenset[str]
    premium: tuple[str, ...]
    short: dict[str, str]


class _Entry(msgspec.Struct, frozen=True):
    languages: tuple[str, ...]
    emergency: frozenset[str]
    premium: tuple[str, ...]
    short: dict[str, str]


@cache
def plans() -> dict[str, Plan]:
    """The numbering plans by country (ISO 3166-1)."""
    text = files(__package__).joinpath("numbering.toml").read_text(encoding="utf-8")
    read = msgspec.toml.decode(text, type=dict[str, _Entry])
    return {
        code: Plan(code, entry.languages, entry.emergency, entry.premium, entry.short) for code, entry in read.items()
    }


def countries_of(outline: Outline, country: str, lang: str) -> tuple[str, ...]:
    """The countries whose numbers are looked for, likeliest first."""
    if country:
        return (country.upper(),)
    for address in (outline.canonical, outline.url):
        host = _HOST.match(address)
        found = _of_host(host.group(1).lower()) if host else ""
        if found:
            return (found,)
    all_of_language = tuple(code for code, plan in plans().items() if lang in plan.languages) or tuple(plans())
    votes = Counter(_of_host(host) for host in _hosts(outline))
    return tuple(sorted(all_of_language, key=lambda code: -votes[code]))


def _hosts(outline: Outline) -> Iterator[str]:
    """The hosts of the page's links, which mostly lead to its own country."""
    for block in outline.blocks:
        for link in block.links:
            host = _HOST.match(link.href)
            if host is not None:
                yield host.group(1).lower()


def _of_host(host: str) -> str:
    ending = host.rpartition(".")[2]
    if host.endswith(".gc.ca") or ending == "ca":
        return "CA"
    code = _BY_ENDING.get(ending, ending.upper())
    return code if code in plans() else ""
