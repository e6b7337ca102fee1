"""Fragments of pages that differ in one point differ in one answer: the one that the point is about, and no other."""

import difflib
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from rules.inspection import inspect
from rules.outline import from_html

PAIRS = Path(__file__).parents[1] / "corpus/pairs"
LANGUAGES = ("de", "en", "fr", "nl")
CHANNELS = ("phone", "counter", "paper", "digital_only")
MOST_CHANGED = 16  # words and marks that one side has and the other has not, at most
MOST_OF_THE_TEXT = 0.5  # so much of a pair, at least, is the same on both sides

_TOKEN = re.compile(r"<[^>]+>|\w+|[^\w\s]")


def read_pairs(lang):
    return tomllib.loads((PAIRS / f"{lang}.toml").read_text(encoding="utf-8"))["pair"]


def every_pair():
    return [pytest.param(lang, pair, id=f"{lang}: {pair['name']}") for lang in LANGUAGES for pair in read_pairs(lang)]


def offers(html, lang, country):
    """The channels that the fragment offers, as one page of a public body."""
    page = from_html(f"<html lang={lang}><body><main>{html}</main></body></html>", "https://agency.example/page")
    seen = inspect(page, country)
    return {channel for channel in CHANNELS if getattr(seen, channel)}


def changed(pair):
    """How many tokens differ, and how alike the two sides are from 0 to 1."""
    yes, no = (_TOKEN.findall(pair[side]) for side in ("yes", "no"))
    matcher = difflib.SequenceMatcher(a=yes, b=no, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    return max(len(yes), len(no)) - kept, matcher.ratio()


@pytest.mark.parametrize(("lang", "pair"), every_pair())
def test_one_point_of_difference_changes_one_answer(lang, pair):
    also = set(pair.get("also", ()))
    answers = {side: offers(pair[side], lang, pair["country"]) for side in ("yes", "no")}
    assert answers == {"yes": also | {pair["flips"]}, "no": also}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_sides_of_a_pair_differ_in_a_few_words(lang):
    sizes = {pair["name"]: changed(pair) for pair in read_pairs(lang)}
    wide = {name: size for name, size in sizes.items() if size[0] > MOST_CHANGED or size[1] < MOST_OF_THE_TEXT}
    same = [name for name, (count, _) in sizes.items() if not count]
    assert (wide, same) == ({}, [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_forty_pairs_and_each_channel_its_share(lang):
    pairs = read_pairs(lang)
    flips = Counter(pair["flips"] for pair in pairs)
    assert len(pairs) >= 40
    assert set(flips) == set(CHANNELS)
    assert min(flips.values()) >= 5
    assert len({pair["point"] for pair in pairs}) >= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_pair_is_given_twice(lang):
    pairs = read_pairs(lang)
    names = Counter(pair["name"] for pair in pairs)
    texts = Counter(pair[side] for pair in pairs for side in ("yes", "no"))
    assert [found for found in [*names, *texts] if names[found] > 1 or texts[found] > 1] == []
