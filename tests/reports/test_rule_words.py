import pytest

from reports.rule_words import RuleWords, Text
from reports.wording import load_words
from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.registry import all_rules


@pytest.fixture(params=["en", "nl"])
def words(request):
    return RuleWords(load_words(request.param))


def phone(verdict=Verdict.OFFERED, key="offered", **params):
    return Finding(
        rule="phone_offered",
        rule_version="1.0",
        subject=Subject(kind=SubjectKind.SERVICE, site="s", id="passport"),
        outcome=Outcome.PASSED,
        key=key,
        params=params,
        channel=Channel.PHONE,
        verdict=verdict,
    )


def test_every_rule_of_ours_has_a_name_an_experience_and_a_way_to_mend_it_in_both_languages(words):
    for rule in all_rules():
        if rule.judge.__module__.startswith(("rules.channels.", "rules.barriers.")):
            assert words.name(rule.id).lang == words.lang
            assert words.experience(rule.id).lang == words.lang
            assert words.mend(rule.id).lang == words.lang


def test_a_sentence_is_filled_with_the_values_of_the_finding():
    said = RuleWords(load_words("en")).sentence(phone(quote="Call\u202e us"))
    assert said.words.endswith("“Call[U+202E] us”.")


def test_beside_its_evidence_a_sentence_does_not_quote_again():
    said = RuleWords(load_words("nl")).sentence(phone(quote="Bel ons"), quoted=False)
    assert "Bel ons" not in said.words
    assert said.words.endswith(".")


def test_braces_in_a_value_are_text():
    assert "{0.__class__}" in RuleWords(load_words("en")).sentence(phone(quote="{0.__class__}")).words


def test_a_value_that_the_finding_lacks_leaves_its_name():
    assert "(quote)" in RuleWords(load_words("en")).sentence(phone()).words


@pytest.mark.parametrize("key", ["", "no_such_sentence"])
def test_a_finding_without_a_sentence_says_nothing(words, key):
    assert words.sentence(phone(key=key)) is None


def test_a_data_file_gives_the_message_of_the_tool_where_no_rule_of_ours_speaks():
    found = Finding(
        rule="axe/label",
        rule_version="4.12.1",
        subject=Subject(kind=SubjectKind.PAGE, site="s", id="/"),
        outcome=Outcome.FAILED,
        evidence=(Evidence(page="/"), Evidence(page="/", summary="Fix any: no label")),
    )
    assert RuleWords(load_words("en")).message(found) == "Fix any: no label"


def test_a_rule_of_axe_speaks_our_words(words):
    assert words.name("axe/label").lang == words.lang
    assert words.mend("axe/label").lang == words.lang


def test_a_rule_of_a_newer_axe_speaks_its_own_english():
    words = RuleWords(load_words("nl"), {"axe/brand-new": "Elements must be brand new"})
    assert words.name("axe/brand-new") == Text(words="Elements must be brand new", lang="en")
    assert (words.experience("axe/brand-new"), words.mend("axe/brand-new")) == (None, None)


def test_a_rule_that_is_gone_is_called_by_its_id(words):
    assert words.name("old_rule") == Text(words="old rule", lang="en")


def test_a_failure_of_looking_is_a_reason(words):
    assert words.reason("phone_offered", "timeout").lang == words.lang


def test_a_reason_without_words_stands_as_it_is_and_says_its_language():
    assert RuleWords(load_words("nl")).reason("phone_offered", "moon_phase") == Text(words="moon phase", lang="en")


def test_what_is_missing_is_named_by_the_rule_or_the_report(words):
    assert words.missing("phone_offered", "own_number").lang == words.lang
    assert words.missing("no_such_rule", "hours").lang == words.lang
