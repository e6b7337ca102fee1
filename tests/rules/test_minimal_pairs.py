"""Two short texts that differ in one point get different answers, and exactly one answer changes for the reason given."""

import tomllib
from pathlib import Path

import pytest

from rules.inspection import inspect
from rules.outline import from_html

PAIRS = Path(__file__).parents[1] / "corpus/pairs/sentences"
LANGUAGES = ("de", "en", "fr", "nl")


def pairs():
    found = []
    for lang in LANGUAGES:
        corpus = tomllib.loads((PAIRS / f"{lang}.toml").read_text(encoding="utf-8"))
        found += [(lang, corpus["country"], pair) for pair in corpus["pair"]]
    return found


def offered(text, lang, country, channel):
    page = from_html(f"<html lang={lang}><body><main><p>{text}</p></main></body></html>", "https://agency.example/")
    return getattr(inspect(page, country, lang), channel)


@pytest.mark.parametrize(
    ("lang", "country", "pair"),
    pairs(),
    ids=lambda value: f"{value['channel']}: {value['without']}" if isinstance(value, dict) else str(value),
)
def test_one_point_of_difference_flips_the_answer(lang, country, pair):
    answers = [offered(pair[side], lang, country, pair["channel"]) for side in ("with", "without")]
    assert answers == [True, False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_has_forty_pairs(lang):
    assert sum(1 for found, _, _ in pairs() if found == lang) >= 40
