"""Word lists have the same lists in each language, and phrases are found where they stand and nowhere else."""

import importlib.resources
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules.lexicon
from rules.lexicon import languages, lexicon
from rules.lexicon.matching import matcher
from rules.lexicon.phrase import Hit, PhraseError, fold, read


def found(phrase, text):
    folded = fold(text)
    return [text[hit.start : hit.end] for hit in matcher({"g": [phrase]}).scan(folded)]


def test_we_have_words_for_four_languages():
    assert languages() == ("de", "en", "fr", "nl")


@pytest.mark.parametrize("lang", ["de", "en", "fr"])
def test_each_language_has_the_lists_that_dutch_has(lang):
    assert lexicon(lang).groups == lexicon("nl").groups


def test_every_list_is_explained():
    text = importlib.resources.files(rules.lexicon).joinpath("groups.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`[\w<>]*\.?(\w+)`", text))
    lists = {group.partition(".")[2] for group in lexicon("en").groups if not group.startswith(("roles.", "mask."))}
    assert lists - named == set()


def test_a_language_that_we_have_no_words_for_is_refused():
    with pytest.raises(KeyError):
        lexicon("fy")


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("bel ons", "Bel ons op 14 020", ["Bel ons"]),
        ("bel ons", "Wij bellen ons suf", []),
        ("(au|aux) guichet*", "Venez aux guichets", ["aux guichets"]),
        ("[wij|we] sturen", "Sturen we? Wij sturen", ["Sturen", "Wij sturen", "sturen"]),
        ("*formulier", "het aanvraagformulier", ["aanvraagformulier"]),
        ("telefoon*", "telefoonnummers", ["telefoonnummers"]),
        ("stuur .. naar", "Stuur het ingevulde formulier snel naar ons", ["Stuur het ingevulde formulier snel naar"]),
        ("stuur .. naar", "Stuur het. Ga naar ons", []),
        ("postbus #", "Postbus 20 en postbus", ["Postbus 20"]),
        ("e-mail", "Email, e-mail of e mail", ["Email", "e-mail", "e mail"]),
        ("l'accueil", "à l\u2019accueil", ["l\u2019accueil"]),
        ("telephone", "Téléphone", ["Téléphone"]),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrase, text, hits):
    assert found(phrase, text) == hits


@pytest.mark.parametrize("phrase", ["(a|b", "a)", ".. naar", "# postbus", "ab*", "*abc"])
def test_a_phrase_that_cannot_be_read_is_named(phrase):
    with pytest.raises(PhraseError, match=re.escape(repr(phrase))):
        matcher({"g": [phrase]})


def test_the_longest_phrase_of_a_list_is_taken_at_a_place():
    assert matcher({"g": ["bel", "bel ons"]}).scan("bel ons") == [Hit("g", 0, 7)]


PHRASES = [
    "bel", "bel ons", "bel* ons", "bel (ons|het loket)", "(u|men) [kunt] bel*", "bel .. loket*", "loket 12", "bel #",
    "e-mail ons", "bel e-mail", "l'accueil", "bel l'accueil", "*loket ons", "bel *loket", "bel o* het", "het [loket]",
    "l'accueil ons", "het e-mail*",
]  # fmt: skip
PIECES = ["bel", "belt", "ons", "op", "u", "men", "kunt", "het", "loket", "loketten", "winkelloket", "12", "e-mail", "email",
          "l'accueil", "l\u2019 accueil", ".", ",", "  ", "-"]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_the_word_behind_the_first_rules_out_no_phrase_that_stands_there(text):
    folded = fold(text)
    phrases = [read(str(number), phrase)[0] for number, phrase in enumerate(PHRASES)]
    starts = [word.start() for word in re.finditer(r"\w+", folded)]
    tried = {Hit(phrase.group, at, end) for at in starts for phrase in phrases if (end := phrase.end(folded, at)) > at}
    groups = {str(number): [phrase] for number, phrase in enumerate(PHRASES)}
    assert set(matcher(groups).scan(folded)) == tried


def test_a_mask_takes_away_what_it_overlaps():
    groups = {hit.group for hit in lexicon("nl").scan(fold("Ga naar het digitaal loket."))}
    assert not groups & {"counter.place", "counter.says"}


def test_a_negation_inside_a_longer_phrase_denies_nothing():
    groups = {hit.group for hit in lexicon("en").scan(fold("No appointment needed"))}
    assert "negation.not" not in groups
    assert "counter.says" in groups


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text):
    assert len(fold(text)) == len(text)


@settings(deadline=None)  # the first makes the matchers
@given(st.text(max_size=300))
def test_no_text_breaks_the_matcher(text):
    folded = fold(text)
    for lang in languages():
        for hit in lexicon(lang).scan(folded):
            assert 0 <= hit.start < hit.end <= len(text)
