"""Every case in a rule's document ends as the heading above it says."""

import importlib.resources
import tomllib

import pytest

from rules.cases import CaseError, all_cases, cases, document, needs_only_html, result
from rules.model.finding import Outcome
from rules.registry import all_rules, rule_named

WITH_CASES = [rule for rule in all_rules() if rule.channel or rule.judge.__module__.startswith("rules.barriers")]


def runnable():
    return [case for case in all_cases() if needs_only_html(rule_named(case.rule))]


@pytest.mark.parametrize("case", runnable(), ids=lambda case: f"{case.rule}: {case.title}")
def test_a_case_ends_as_its_heading_says(case):
    found = result(case)
    quotes = [evidence.quote for evidence in found.evidence] if found is not None else []
    outcome = found.outcome if found is not None else Outcome.INAPPLICABLE
    assert outcome is case.expected, quotes
    if case.verdict is not None:
        assert found is not None
        assert (found.verdict, found.missing) == (case.verdict, case.missing), quotes


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.id)
def test_a_rule_shows_how_it_passes_fails_does_not_apply_and_is_not_tested(rule):
    outcomes = {case.expected for case in cases(rule.id)}
    wanted = {Outcome.PASSED, Outcome.FAILED, Outcome.INAPPLICABLE, Outcome.UNTESTED}
    assert outcomes >= wanted | ({Outcome.CANT_TELL} if rule.channel else set())


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("lang", ["nl", "en", "de", "fr"])
def test_a_rule_fails_somebody_in_each_language(rule, lang):
    assert any(f"({lang}" in case.title for case in cases(rule.id) if case.expected is Outcome.FAILED)


def leaves_open(rule):
    package = rule.judge.__module__.rpartition(".")[0]
    words = importlib.resources.files(package).joinpath(f"{rule.id}.en.toml").read_text(encoding="utf-8")
    return "cannot_tell" in tomllib.loads(words)


@pytest.mark.parametrize("rule", [rule for rule in WITH_CASES if leaves_open(rule)], ids=lambda rule: rule.id)
@pytest.mark.parametrize("lang", ["nl", "en", "de", "fr"])
def test_a_barrier_that_a_person_may_have_to_judge_shows_when_in_each_language(rule, lang):
    outcomes = {case.expected for case in cases(rule.id) if f"({lang}" in case.title}
    assert outcomes >= {Outcome.PASSED, Outcome.FAILED, Outcome.INAPPLICABLE, Outcome.CANT_TELL}


def test_a_document_names_its_rule():
    for rule in WITH_CASES:
        assert f"id: {rule.id}\n" in document(rule.id)


def test_a_case_without_html_is_refused(monkeypatch):
    text = "## Test Cases\n\n### Passed\n\n#### Passed example 1\n\nNothing.\n"
    monkeypatch.setattr("rules.cases.document", lambda _: text)
    with pytest.raises(CaseError, match="no block of HTML"):
        cases("phone_offered")


def test_a_case_on_a_page_of_no_known_role_is_refused(monkeypatch):
    text = "### Passed\n\n#### Passed example 1\n\n```html cellar\n<p>x</p>\n```\n"
    monkeypatch.setattr("rules.cases.document", lambda _: text)
    with pytest.raises(CaseError, match="cellar"):
        cases("phone_offered")


def test_a_case_that_expects_no_verdict_is_refused(monkeypatch):
    text = "### Passed\n\n#### Passed example 1\n\nExpected: perhaps.\n\n```html service\n<p>x</p>\n```\n"
    monkeypatch.setattr("rules.cases.document", lambda _: text)
    with pytest.raises(CaseError, match="perhaps"):
        cases("phone_offered")
