import re
import string

import pytest
from markupsafe import Markup

from reports.wording import Words, flat, languages, load_words, visible

PLACEHOLDER = string.Formatter()


def leaves(entry):
    if isinstance(entry, dict):
        return list(entry.values())
    return entry if isinstance(entry, list) else [entry]


def values_named(entry):
    return {name for text in leaves(entry) for _, name, _, _ in PLACEHOLDER.parse(text) if name}


def test_dutch_and_english_come_first():
    assert languages()[:2] == ("en", "nl")


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_the_same_keys(lang):
    assert set(load_words(lang)._entries) == set(load_words("en")._entries)


@pytest.mark.parametrize("lang", languages())
def test_sentences_name_the_same_values_in_every_language(lang):
    english, other = load_words("en")._entries, load_words(lang)._entries
    assert {key: values_named(other[key]) for key in other} == {key: values_named(english[key]) for key in english}


@pytest.mark.parametrize("lang", languages())
def test_no_forbidden_word_stands_in_a_sentence(lang):
    forbidden = r"\b(compliant|non-compliant|accessible|illegal|unlawful|toegankelijk|onwettig|illegaal|conform)\b"
    text = "\n".join(str(leaf) for entry in load_words(lang)._entries.values() for leaf in leaves(entry))
    text = text.replace("&shy;", "")
    assert re.findall(forbidden, text, re.IGNORECASE) == []


def test_a_number_chooses_its_plural():
    words = load_words("en")
    assert [words.plain("services", n=n) for n in (0, 1, 2)] == ["no services named", "1 service", "2 services"]


@pytest.mark.parametrize(("lang", "shown"), [("en", "12,345 services"), ("nl", "12.345 diensten")])
def test_thousands_are_parted_as_the_language_does(lang, shown):
    assert load_words(lang).plain("services", n=12345) == shown


def test_values_are_escaped_and_show_their_control_characters():
    said = load_words("en")("service.of", agency="<b>\u202eevil")
    assert said == Markup("Service of &lt;b&gt;[U+202E]evil")


def test_a_word_that_a_language_lacks_stands_in_english_and_says_so():
    words = Words("xx", {"language": "Xx"}, load_words("en"))
    assert words("in_short") == Markup('<span lang="en">In short</span>')
    assert words.plain("in_short") == "In short"


def test_a_key_that_no_language_has_is_an_error():
    with pytest.raises(KeyError):
        load_words("nl")("no.such.key")


@pytest.mark.parametrize(
    ("lang", "moment", "day"),
    [
        ("en", "2026-11-23T02:14:07Z", "23\u00a0November 2026"),
        ("nl", "2026-03-01T00:30:00+01:00", "28\u00a0februari 2026"),
        ("en", "yesterday", "yesterday"),
    ],
)
def test_days_are_written_out_in_utc(lang, moment, day):
    assert load_words(lang).date(moment) == day


def test_times_say_that_they_are_utc():
    assert load_words("en").time("2026-11-23T02:14:07Z") == "02:14\u00a0UTC"
    assert load_words("en").time("") == ""


def test_a_list_in_a_sentence_is_joined_and_escaped():
    assert load_words("nl").joined(["a", "<b>", "c"]) == Markup("a, &lt;b&gt; en c")
    assert load_words("nl").joined(["a"]) == Markup("a")
    assert load_words("nl").joined([]) == Markup("")


def test_an_entry_named_word_stands_for_its_table():
    assert flat({"channel": {"word": "Channel", "phone": {"word": "phone", "cap": "Phone"}}}) == {
        "channel": "Channel",
        "channel.phone": "phone",
        "channel.phone.cap": "Phone",
    }


@pytest.mark.parametrize("control", ["\u202e", "\u2066", "\u200f", "\u0000", "\u001b", "\u200b", "\ufeff"])
def test_no_control_character_is_printed_as_it_is(control):
    assert visible(f"a{control}b") == f"a[U+{ord(control):04X}]b"


def test_ordinary_text_is_left_alone():
    assert visible("Één regel\n\tmet een tab en €") == "Één regel\n\tmet een tab en €"
