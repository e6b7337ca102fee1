import pytest

from reports.phrases import Phrases, marked_words, safe_address
from reports.rule_words import RuleWords
from reports.wording import load_words
from rules.model.finding import Evidence
from rules.model.outline import Shown


@pytest.fixture
def phrases(run):
    return Phrases(load_words("en"), RuleWords(load_words("en")), run)


def pieces(quote, *deciding):
    return list(marked_words(Evidence(page="/", quote=quote, deciding=deciding)))


def test_the_words_that_decided_are_marked_in_the_order_of_the_quote():
    assert pieces("Bel 14 0990, wij zijn bereikbaar", "bereikbaar", "14 0990") == [
        (False, "Bel "),
        (True, "14 0990"),
        (False, ", wij zijn "),
        (True, "bereikbaar"),
    ]


def test_words_are_found_in_any_case_and_overlap_only_once():
    assert pieces("Alleen Online aanvragen", "alleen online", "online") == [
        (True, "Alleen Online"),
        (False, " aanvragen"),
    ]


def test_words_that_are_not_in_the_quote_mark_nothing():
    assert pieces("Bel ons", "schrijf", "") == [(False, "Bel ons")]


def test_letters_that_grow_when_folded_do_not_shift_the_mark():
    assert pieces("Maße: alleen online", "alleen online") == [(False, "Maße: alleen online")]


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("tel:+31880000", True),
        ("mailto:a@b.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://a.example/\x00", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("/relative", False),
        ("", False),
    ],
)
def test_only_web_phone_and_mail_addresses_are_linked(address, safe):
    assert safe_address(address) is safe


def test_a_page_without_a_title_is_known_by_its_path(phrases):
    assert phrases.title_of("https://benefits.northmere.example/search?q=a") == "/search?q=a"
    assert phrases.title_of("https://www.vlietmeer.example/contact") == "Contact"


def test_the_place_of_a_quote_says_heading_and_click(phrases):
    evidence = Evidence(page="/", landmark="contentinfo", headings=("A", "Call us"), shown=Shown.ON_DEMAND)
    assert str(phrases.place_of(evidence)) == "Foot of the page, under “Call us”, shown only after a click"


def test_an_unknown_landmark_is_somewhere_on_the_page(phrases):
    assert str(phrases.place_of(Evidence(page="/", landmark="doodle"))) == "On the page"


def test_a_note_that_we_know_is_said_in_the_language_of_the_report(run):
    for lang, words in (("en", "without its sandbox"), ("nl", "zonder zijn sandbox")):
        phrases = Phrases(load_words(lang), RuleWords(load_words(lang)), run)
        assert words in phrases.note("ran_without_sandbox")


def test_a_note_that_we_do_not_know_stands_as_it_is(run):
    dutch = Phrases(load_words("nl"), RuleWords(load_words("nl")), run)
    assert str(dutch.note("Stopped <twice>.")) == '<span lang="en">Stopped &lt;twice&gt;.</span>'


def test_a_selector_is_no_place_for_quoted_words(phrases):
    assert "code" not in phrases.place_of(Evidence(page="/", quote="Call us", selector="#call"))
    assert "<code>#call</code>" in phrases.place_of(Evidence(page="/", html="<a>", selector="#call"))


def test_pages_that_contradict_each_other_are_told_to_agree(phrases, run):
    (finding,) = (found for found in run.sites[0].findings if found.verdict == "contradicted")
    assert phrases.mend_of(finding).words == "Make the pages say the same thing."


def test_a_channel_that_is_partly_there_needs_only_what_it_lacks(phrases, run):
    finding = next(found for found in run.sites[0].findings if found.missing == ("hours", "cost"))
    assert phrases.mend_of(finding).words == "Add hours and cost of a call."
