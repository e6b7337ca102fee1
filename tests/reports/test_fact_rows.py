import pytest

from reports.exhibits import Exhibit, Exhibits
from reports.fact_rows import FACTS, FactValue, fact_rows
from reports.wording import load_words
from rules.model.finding import Evidence
from rules.model.outline import Shown


def exhibits(*attributes, **more):
    pieces = [Evidence(page="/", quote="q", attributes=each, **more) for each in attributes]
    return Exhibits(shown=tuple(Exhibit(number=at, evidence=piece) for at, piece in enumerate(pieces, start=1)))


def said(*attributes, lang="en", **more):
    return {
        row.label: [value.words for value in row.values]
        for row in fact_rows(exhibits(*attributes, **more), load_words(lang))
    }


def test_everything_about_a_number_is_said_in_words():
    read = {"number": "0900 1234", "type": "premium", "hours": "Mo-Fr 09:00-17:00", "cost": "free", "clicks": "2"}
    assert said(read, shown=Shown.ON_DEMAND) == {
        "Number": ["0900 1234"],
        "Kind of number": ["premium number: a call costs more than usual"],
        "Hours": ["Monday to Friday, 9:00 to 17:00"],
        "Cost": ["free"],
        "Seen after": ["one click: the page hides it at first"],
        "From the home page": ["2 clicks"],
    }


def test_dutch_says_the_same_facts():
    read = {"type": "free", "appointment": "required", "appointment_by": "online", "clicks": "1"}
    assert said(read, lang="nl") == {
        "Soort nummer": ["gratis nummer"],
        "Afspraak": ["nodig"],
        "Afspraak maken": ["online"],
        "Vanaf de startpagina": ["1 klik"],
    }


def test_the_way_from_the_service_stands_beside_the_way_from_home():
    assert said({"clicks": "3", "clicks_from_service": "0"}) == {
        "From the home page": ["3 clicks"],
        "From the service\u2019s page": ["on that page itself (0 clicks)"],
    }


def test_each_value_stands_once_with_all_its_evidence():
    (row,) = fact_rows(exhibits({"number": "14 030"}, {"number": "14 030"}, {"number": "14 020"}), load_words("en"))
    assert [(value.words, [found.number for found in value.exhibits]) for value in row.values] == [
        ("14 030", [1, 2]),
        ("14 020", [3]),
    ]


def test_the_number_in_full_stands_only_where_it_tells_more():
    assert said({"number": "14 030", "value": "+3114030"}) == {"Number": ["14 030"], "Number in full": ["+3114030"]}
    assert said({"number": "+31 30 123 45 67", "value": "+31301234567"}) == {"Number": ["+31 30 123 45 67"]}


def test_words_from_the_page_keep_their_language():
    (row,) = fact_rows(exhibits({"cost": "gebruikelijke belkosten"}, lang="nl"), load_words("en"))
    assert row.values == (FactValue(words="gebruikelijke belkosten", lang="nl", exhibits=row.values[0].exhibits),)


def test_an_address_on_the_web_is_a_link():
    (row,) = fact_rows(exhibits({"form": "https://a.example/form.pdf"}), load_words("en"))
    assert row.values[0].address == "https://a.example/form.pdf"


def test_the_rules_own_notes_are_not_printed():
    assert (
        said({"moon": "full", "about": "service", "way": "statement", "type": "brand_new", "only": "yes", "owner": " "})
        == {}
    )


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_fact_has_a_label(lang):
    assert all(f"fact.{name}" in load_words(lang) for name in FACTS)
