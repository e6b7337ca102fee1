import pytest

from reports.norm_phrases import NormPhrases
from reports.rule_words import RuleWords
from reports.scorecard import scorecard
from reports.wording import languages, load_words
from rules.norms import profile, profiles


@pytest.fixture(scope="module")
def cards(run):
    return {
        (site.site.id, subject.service.id if subject.service else ""): subject
        for card in scorecard(run).everyone
        for site in card.sites
        for subject in site.subjects
    }


def phrases(norm, lang="en"):
    return NormPhrases(profile(norm), load_words(lang), RuleWords(load_words(lang)))


def test_a_line_says_what_is_asked_what_was_read_and_how_it_counts(cards):
    line = phrases("nl-awb").lines(cards["vlietmeer", "parkeren"])[1]
    assert (line.asked.text.words, line.met.words) == ("Counter or paper, without the internet", "no")
    assert [(found.card.verdict, found.exhibit.number) for found in line.found] == [("partly", 6), ("not_offered", 7)]
    assert line.found[0].why.text.words.endswith("missing: a way to make the appointment without the internet.")


def test_a_barrier_stands_in_a_line_with_its_mark_and_its_evidence(cards):
    line = phrases("nl-awb", "nl").lines(cards["vlietmeer", "parkeren"])[-1]
    (found,) = line.found
    assert (found.barrier.words, found.outcome, found.shape) == ("U moet eerst inloggen", "failed", "not_offered")
    assert found.exhibit is not None


def test_a_barrier_that_no_rule_judged_is_neither_found_nor_missing(cards):
    app = phrases("nl-awb").lines(cards["vlietmeer", "parkeren"])[3].found[1]
    assert (app.outcome, app.shape, app.why.text.words) == ("untested", "not_verifiable", "No rule has looked at this.")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("norm", profiles(), ids=lambda norm: norm.id)
def test_every_sentence_points_to_sources_that_are_listed(norm, lang):
    said = phrases(norm.id, lang)
    listed = {entry.number for entry in said.sources}
    for sentence in said.says():
        assert set(sentence.sources) <= listed
        assert sentence.sources or not norm.sources
        assert sentence.text.lang == lang
