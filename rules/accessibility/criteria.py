"""The success criteria of WCAG: number, level, names, the clause of EN 301 549, and where W3C explains them."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from rules.model.record import Record

MANDATORY = "mandatory"
RECOMMENDED = "recommended"
INFORMATIONAL = "informational"
_UNDERSTANDING = "https://www.w3.org/WAI/WCAG22/Understanding/"
_REMOVED = "https://www.w3.org/WAI/WCAG21/Understanding/"
_REQUIRED_LEVELS = ("A", "AA")
_EN_301_549 = ("2.0", "2.1")  # the versions of WCAG whose criteria EN 301 549 V3.2.1 repeats
_TAG = re.compile(r"wcag(\d)(\d)(\d{1,2})")


class Criterion(Record, frozen=True):
    """One success criterion; `since` is the version of WCAG that brought it, `clause` is EN 301 549's, or none."""

    number: str
    level: str
    since: str
    names: dict[str, str]
    clause: str
    url: str

    def name(self, lang: str) -> str:
        """Its name in a language, or in English where that has none."""
        return self.names.get(lang, self.names["en"])


@cache
def all_criteria() -> dict[str, Criterion]:
    """Every criterion by its number, in the order of WCAG."""
    text = resources.files("rules.accessibility").joinpath("criteria.toml").read_text("utf-8")
    return {number: _criterion(number, entry) for number, entry in tomllib.loads(text).items()}


def criterion(number: str) -> Criterion | None:
    """The criterion with this number, such as 1.4.3, or None."""
    return all_criteria().get(number)


def criteria_of_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The numbers of the criteria that axe's tags name: wcag1412 is 1.4.12."""
    found = (_TAG.fullmatch(tag) for tag in tags)
    numbers = (".".join(match.groups()) for match in found if match)
    return tuple(number for number in dict.fromkeys(numbers) if number in all_criteria())


def binding(numbers: Iterable[str]) -> str:
    """How binding a failure is: mandatory (WCAG 2.1 A and AA), recommended (new in 2.2), informational (AAA, good practice)."""
    known = [found for number in numbers if (found := criterion(number))]
    if any(found.clause for found in known):
        return MANDATORY
    return RECOMMENDED if any(found.level in _REQUIRED_LEVELS for found in known) else INFORMATIONAL


def _criterion(number: str, entry: dict[str, str]) -> Criterion:
    repeated = entry["level"] in _REQUIRED_LEVELS and entry["since"] in _EN_301_549
    return Criterion(
        number=number,
        level=entry["level"],
        since=entry["since"],
        names={"en": entry["en"], "nl": entry["nl"]},
        clause=f"9.{number}" if repeated else "",
        url=(_REMOVED if "removed" in entry else _UNDERSTANDING) + entry["slug"],
    )
