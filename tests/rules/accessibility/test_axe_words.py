"""Every rule of the pinned axe has our own words in Dutch and English, known criteria, and somebody who can mend it."""

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from rules.accessibility.axe_words import AxeWords, axe_rules, impact_words, words_for
from rules.accessibility.criteria import all_criteria, criteria_of_tags
from rules.accessibility.roles import ROLES, role_of_rule


@pytest.fixture(scope="module")
def pinned() -> Iterator[list[dict[str, Any]]]:
    """The rules of the axe that Loket runs, as axe itself lists them."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    path = os.environ.get("LOKET_BROWSER") or next(
        (
            str(found)
            for found in map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium"))
            if found.exists()
        ),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        page = browser.new_page()
        page.evaluate(script)
        yield page.evaluate("axe.getRules()")
        browser.close()


@pytest.mark.browser
def test_each_rule_of_the_pinned_axe_has_words_in_both_languages(pinned: list[dict[str, Any]]) -> None:
    ids = {rule["ruleId"] for rule in pinned}
    assert len(ids) > 100
    assert ids - axe_rules("nl").keys() == set()
    assert ids - axe_rules("en").keys() == set()


@pytest.mark.browser
def test_each_criterion_that_axe_tags_is_known(pinned: list[dict[str, Any]]) -> None:
    for rule in pinned:
        named = [tag for tag in rule["tags"] if tag.startswith("wcag") and tag.removeprefix("wcag").isdecimal()]
        assert len(criteria_of_tags(rule["tags"])) == len(named), rule["ruleId"]
        assert named or "best-practice" in rule["tags"]


@pytest.mark.browser
def test_each_rule_of_axe_has_an_owner(pinned: list[dict[str, Any]]) -> None:
    owners = {rule["ruleId"]: role_of_rule(rule["ruleId"], criteria_of_tags(rule["tags"])) for rule in pinned}
    assert set(owners.values()) <= set(ROLES)
    assert owners["image-alt"] == "content_authoring"
    assert owners["color-contrast"] == "visual_design"
    assert owners["label"] == "front_end_development"
    assert owners["region"] == "front_end_development"


def test_both_languages_have_the_same_rules_and_all_words() -> None:
    assert axe_rules("nl").keys() == axe_rules("en").keys()
    for lang in ("nl", "en"):
        for rule, entry in axe_rules(lang).items():
            assert entry.keys() == {"problem", "experience", "mend"}, rule
            assert all(words.strip() for words in entry.values()), rule


def test_words_are_short_and_give_no_verdict() -> None:
    forbidden = ("compliant", "accessible", "illegal", "toegankelijk", "conform", "must be", "dient te")
    for lang in ("nl", "en"):
        for rule, entry in axe_rules(lang).items():
            assert not entry["problem"].endswith("."), rule
            assert len(entry["problem"].split()) <= 14, rule
            for words in entry.values():
                assert not any(word in words.lower().replace('"accessible', "") for word in forbidden), rule
                assert all(len(sentence.split()) <= 20 for sentence in words.split(". ")), rule


def test_each_impact_has_plain_words() -> None:
    for impact in ("critical", "serious", "moderate", "minor"):
        assert impact_words(impact, "nl")
        assert impact_words(impact, "en")
    assert impact_words("critical", "nl") == "houdt mensen tegen"
    assert impact_words("", "nl") == ""


def test_a_language_without_words_gets_english_and_an_unknown_rule_its_spare_words() -> None:
    assert words_for("list", "fr") == words_for("list", "en")
    assert words_for("list", "nl").lang == "nl"
    assert words_for("new-rule", "nl", spare="Things must be so") == AxeWords(problem="Things must be so", lang="en")
    assert words_for("new-rule", "nl").problem == "new-rule"


def test_criteria_are_those_of_wcag_2_2_and_the_one_that_it_removed() -> None:
    criteria = all_criteria()
    levels = [found.level for found in criteria.values()]
    assert (levels.count("A"), levels.count("AA"), levels.count("AAA")) == (32, 24, 31)
    assert sum(bool(found.clause) for found in criteria.values()) == 50  # WCAG 2.1 A and AA
    contrast = criteria["1.4.3"]
    assert (contrast.level, contrast.clause, contrast.name("nl")) == ("AA", "9.1.4.3", "Contrast (minimum)")
    assert contrast.url == "https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum"
    assert criteria["2.5.8"].clause == ""
    assert criteria["3.3.7"].name("nl") == "Overbodige invoer"
    assert criteria["3.3.7"].name("fr") == "Redundant Entry"
    assert criteria["4.1.1"].url.startswith("https://www.w3.org/WAI/WCAG21/")


def test_each_criterion_has_an_owner() -> None:
    assert {role_of_rule("", (number,)) for number in all_criteria()} == set(ROLES)
