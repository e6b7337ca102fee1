"""Our own plain words for the rules of axe: what is wrong, what a person notices, what mends it."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from rules.model.record import Record

_FIRST = "en"


class AxeWords(Record, frozen=True):
    """The words for one rule, and the language that they are in; `experience` and `mend` may be empty."""

    problem: str
    experience: str = ""
    mend: str = ""
    lang: str = _FIRST


def words_for(rule: str, lang: str, *, spare: str = "") -> AxeWords:
    """The words for a rule of axe in a language; in English where that lacks them.

    For a rule that we have no words for, such as one of a newer axe, the problem is `spare` (axe's own English), or its id.
    """
    for known in dict.fromkeys((lang, _FIRST)):
        if entry := axe_rules(known).get(rule):
            return AxeWords(problem=entry["problem"], experience=entry["experience"], mend=entry["mend"], lang=known)
    return AxeWords(problem=spare or rule)


def impact_words(impact: str, lang: str) -> str:
    """What one of axe's impacts means for people, in plain words; empty for an unknown one."""
    words: dict[str, str] = _table(lang).get("impact", {})
    return words.get(impact, "")


def axe_rules(lang: str) -> dict[str, dict[str, str]]:
    """All rules that we have words for in a language."""
    words: dict[str, dict[str, str]] = _table(lang).get("rule", {})
    return words


@cache
def _table(lang: str) -> dict[str, Any]:
    file = resources.files("rules.accessibility").joinpath(f"words.{lang}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
