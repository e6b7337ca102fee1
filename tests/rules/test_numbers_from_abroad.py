"""A number for people who call from another country is told from the one for people at home, in four languages."""

import pytest

from rules.facts import read_facts
from rules.model.mention import MentionKind
from rules.outline import from_html

LINES = [
    ("en", "GB", "Call 0300 200 0144. From abroad: +44 161 496 0144."),
    ("nl", "NL", "Bel 088 200 01 44. Vanuit het buitenland belt u +31 88 200 01 44."),
    ("de", "DE", "Telefon 0800 2000144, aus dem Ausland +49 30 2300144."),
    ("fr", "FR", "Téléphone : 0 800 000 144, depuis l'étranger : +33 1 99 00 01 44."),
]


def abroad(text, lang, country):
    page = from_html(f"<html lang={lang}><body><main><p>{text}</p></main></body></html>", "https://agency.example/")
    phones = read_facts(page, country=country, lang=lang).of(MentionKind.PHONE)
    return [mention.attributes.get("abroad", "no") for mention in phones if mention.value]


@pytest.mark.parametrize(("lang", "country", "text"), LINES)
def test_only_the_number_behind_the_words_is_for_abroad(lang, country, text):
    assert abroad(text, lang, country) == ["no", "yes"]


def test_words_in_brackets_behind_the_number_count():
    text = "Call 020 7946 0144, or +44 161 496 0144 (from overseas)."
    assert abroad(text, "en", "GB") == ["no", "yes"]


def test_a_page_about_living_abroad_marks_no_number():
    text = "If you live abroad you can vote by post. Questions are answered by our team at home. Call 020 7946 0144."
    assert abroad(text, "en", "GB") == ["no"]
