"""Facts are what a page says: numbers, hours, addresses, language and stance, with the words that said it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import read_facts
from rules.facts.address import find_address
from rules.facts.country import countries_of
from rules.facts.language import block_language, page_language
from rules.facts.numbers import numbers_in
from rules.facts.opening_hours import opening_hours
from rules.facts.passage import read
from rules.lexicon import lexicon
from rules.lexicon.phrase import fold
from rules.model.mention import MentionKind, Polarity, Purpose
from rules.outline import from_html

DUTCH = "U kunt bij ons terecht met al uw vragen over uw paspoort en uw rijbewijs, ook als u nog geen afspraak heeft."
SPANISH = (
    "Para solicitar el pasaporte es necesario presentar los documentos originales en la oficina de la comisaría más "
    "cercana a su domicilio, donde los funcionarios comprobarán los datos de la solicitud con mucho cuidado y atención."
)


def facts(body, lang="nl", country="NL"):
    return read_facts(from_html(f"<html lang={lang}><main>{body}</main></html>", "https://a.example/"), country=country)


def phones(body, lang="nl", country="NL"):
    return [(m.value, m.purpose, m.polarity) for m in facts(body, lang, country).of(MentionKind.PHONE)]


@pytest.mark.parametrize(
    ("text", "country", "values"),
    [
        ("Bel 14 020", "NL", ["14020"]),
        ("Bel 14072", "NL", ["14072"]),
        ("Telefoon: (0251) 256 256", "NL", ["+31251256256"]),
        ("Tel. 02423 - 409 116", "DE", ["+492423409116"]),
        ("Telefon: +49 (0)30 18 9100-0", "DE", ["+4930189100", "+49301891000"]),
        ("Die Behördennummer 115", "DE", ["115"]),
        ("Composez le 39 39", "FR", ["3939"]),
        ("Tél. 02.38.77.11.22", "FR", ["+33238771122"]),
        ("1-888-YOUR-CTA", "US", ["+18889687282"]),
        ("Call 311 or (708) 333-4120", "US", ["311", "+17083334120"]),
        ("[2019-02-18 10:00]", "CA", []),
        ("12.03.2021 en 2019-2020", "NL", []),
        ("Subsection 159(5)", "GB", []),
        ("€ 0 201 234 567", "NL", []),
    ],
)
def test_numbers_are_found_as_they_are_written(text, country, values):
    found = [number.value for number in numbers_in(text, (country,))]
    assert found == values or (len(found) == 1 and found[0] in values)


@pytest.mark.parametrize(
    ("country", "written"),
    [("NL", "088 200 01 44"), ("NL", "14 020"), ("US", "1-888-YOUR-CTA"), ("US", "(708) 333-4120")],
)
def test_of_a_block_full_of_numbers_the_first_five_hundred_are_read(country, written):
    found = numbers_in(f"{written}, or; " * 2000, (country,))
    assert len(found) == 500
    assert found[-1].start == 499 * len(f"{written}, or; ")


@pytest.mark.parametrize(
    ("above", "hours"), [("Maandag", "9.00 - 17.00 uur"), ("Maandag 9.00", "- 17.00 uur"), ("ma", ": 9.00 - 17.00 uur")]
)
def test_hours_are_read_with_the_days_that_stand_in_a_short_block_before_them(above, hours):
    found = facts(f"<p>{above}</p><p>{hours}</p>").of(MentionKind.HOURS)
    assert [mention.value for mention in found] == ["Mo 09:00-17:00"]


def test_passages_are_found_by_what_they_say_in_the_order_of_the_page():
    page = from_html(
        "<p>Bel ons op 14 030.</p><p>Fietsen.</p><p>Stuur een brief per post of bel ons.</p>", "https://a.example/"
    )
    reading = read(page, ("NL",), "nl")
    assert [passage.index for passage in reading.saying("paper.says", "phone.says")] == [0, 2]
    assert [passage.index for passage in reading.saying("paper.says")] == [2]
    assert list(reading.saying("online.app")) == []


def test_no_part_of_a_bank_account_s_number_is_a_phone_number():
    account = "NL91 ABNA 0417 1643 00"
    found = numbers_in(f"088 200 01 44, {account}, 088 200 01 45, {account}, 088 200 01 46", ("NL",))
    assert [number.value for number in found] == ["+31882000144", "+31882000145", "+31882000146"]


def test_bank_accounts_are_looked_for_once_however_many_numbers_stand_in_a_block(monkeypatch):
    looked = []

    class Watched:
        def finditer(self, text):
            looked.append(text)
            return iter(())

    monkeypatch.setattr("rules.facts.numbers._IBAN", Watched())
    numbers_in("088 200 01 44, or; " * 50, ("NL",))
    assert len(looked) == 1


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("nl", "Maandag t/m vrijdag van 8.30 tot 17.00 uur", "Mo-Fr 08:30-17:00"),
        ("nl", "ma 9.00 - 12.00 uur en do 9.00 - 20.00 uur", "Mo 09:00-12:00; Th 09:00-20:00"),
        ("en", "Monday to Thursday, 10am to 4pm", "Mo-Th 10:00-16:00"),
        ("en", "Mon-Fri, 8:30am\u20135:00pm", "Mo-Fr 08:30-17:00"),
        ("de", "Mo, Di 09:00-12:00 Uhr und 13:00-15:00 Uhr", "Mo,Tu 09:00-12:00,13:00-15:00"),
        ("fr", "Du lundi au jeudi de 8h30 à 12h", "Mo-Th 08:30-12:00"),
    ],
)
def test_opening_hours_are_read_into_the_syntax_of_openstreetmap(lang, text, value):
    found = opening_hours(fold(text), lexicon(lang))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["In 2019-2020", "Monday", "9-17", "12 tot 17 euro"])
def test_what_gives_no_day_with_a_time_gives_no_hours(text):
    assert opening_hours(fold(text), lexicon("nl")) is None


@pytest.mark.parametrize(
    ("text", "country", "address"),
    [
        ("Bezoek Raadhuisplein 1, 1799 AB Waterrijk.", "NL", "Raadhuisplein 1, 1799 AB"),
        ("Westenmauer 10, 59227 Ahlen", "DE", "59227 Ahlen"),
        ("2 place de la République, 91100 Corbeil", "FR", "2 place de la République, 91100 Corbeil"),
        ("3 Weir Street, Northmere NN1 2CD", "GB", "3 Weir Street, Northmere NN1 2CD"),
    ],
)
def test_an_address_runs_from_its_street_to_its_postcode(text, country, address):
    found = find_address(text, (country,))
    assert found is not None
    assert text[found[0] : found[1]].endswith(address) or address in text[found[0] : found[1]]


def test_the_language_is_read_from_the_text_and_not_from_the_attribute():
    page = from_html(f"<html lang=en><p>{DUTCH}</p></html>", "https://a.example/")
    assert page_language(page) == "nl"


def test_a_language_without_words_is_other():
    page = from_html(f"<html lang=nl><p>{SPANISH}</p></html>", "https://a.example/")
    assert page_language(page) == "other"
    assert block_language(SPANISH, fold(SPANISH), "nl") == "other"


def test_a_short_block_has_the_language_of_its_page():
    assert block_language("Contact", "contact", "fr") == "fr"


def test_nothing_is_said_of_a_page_in_another_language():
    assert facts(f"<p>{SPANISH} Telefono 020 624 1111.</p>", lang="es").mentions == ()


@pytest.mark.parametrize(
    ("url", "lang", "first"),
    [("https://www.gov.uk/", "en", "GB"), ("https://www.canada.ca/fr", "fr", "CA"), ("https://amt.de/", "de", "DE")],
)
def test_the_country_is_read_from_the_address(url, lang, first):
    assert countries_of(from_html("", url), "", lang) == (first,)


def test_without_a_country_the_page_s_links_say_which_comes_first():
    page = from_html('<a href="https://www.canada.ca/a">a</a><a href="https://x.ca/b">b</a>', "https://a.example/")
    assert countries_of(page, "", "fr")[0] == "CA"


def test_a_number_in_a_table_gets_its_label_from_the_cell_beside_it():
    body = "<table><tr><th>Telefoon</th><td>020 624 1111</td></tr><tr><th>Fax</th><td>020 624 1112</td></tr></table>"
    assert phones(body) == [
        ("+31206241111", Purpose.PUBLIC, Polarity.AFFIRMED),
        ("+31206241112", Purpose.FAX, Polarity.AFFIRMED),
    ]


def test_a_tel_link_without_digits_in_its_words_gives_its_number():
    assert phones('<p><a href="tel:+31206241111">Bel de receptie nu</a></p>')[0][0] == "+31206241111"


def test_a_number_split_over_elements_is_one_number():
    assert phones("<p>Telefoon <b>020</b> <span>624</span> <span>1111</span></p>")[0][0] == "+31206241111"


def test_a_form_field_gives_no_number():
    assert phones('<label>Telefoonnummer <input type="tel" placeholder="020 624 1111"></label>') == []


def test_a_press_desk_in_the_heading_counts_for_the_numbers_below():
    assert phones("<h2>Persvoorlichting</h2><p>Telefoon: 020 624 1111</p>") == [
        ("+31206241111", Purpose.PRESS, Polarity.AFFIRMED)
    ]


def test_a_heading_that_denies_reaches_what_stands_under_it():
    body = "<h2>Niet meer mogelijk</h2><ul><li>telefonisch een afspraak maken</li></ul>"
    assert [m.polarity for m in facts(body).of(MentionKind.PHONE)] == [Polarity.DENIED]


def test_a_lead_in_that_denies_reaches_the_items_of_its_list():
    body = "<p>U kunt dit niet regelen:</p><ul><li>aan de balie</li><li>per post</li></ul>"
    found = facts(body)
    assert [m.polarity for m in found.of(MentionKind.COUNTER, MentionKind.PAPER)] == [Polarity.DENIED] * 2


def test_a_cell_that_says_no_denies_the_channel_of_its_header():
    body = "<table><tr><th>Manier</th><th>Kan dit?</th></tr><tr><th>Aan de balie</th><td>Nee</td></tr></table>"
    assert [m.polarity for m in facts(body).of(MentionKind.COUNTER)] == [Polarity.DENIED]


def test_a_link_to_a_printable_form_is_paper_and_one_to_a_report_is_not():
    body = '<p><a href="/a.pdf">Aanvraagformulier</a></p><p><a href="/b.pdf">Jaarverslag</a></p>'
    assert [m.attributes["form"] for m in facts(body).of(MentionKind.PAPER)] == ["https://a.example/a.pdf"]


def test_a_closed_accordion_is_said_to_be_one_click_away():
    [mention] = facts("<details><summary>Bellen</summary><p>Bel ons op 14 020.</p></details>").of(MentionKind.PHONE)
    assert mention.shown == "on_demand"


def test_what_nobody_can_see_is_no_fact():
    assert facts("<p hidden>Bel ons op 14 020.</p>").of(MentionKind.PHONE) == ()


def test_a_login_names_its_means():
    [mention] = facts("<p>U moet inloggen met DigiD.</p>").of(MentionKind.LOGIN)
    assert mention.attributes == {"way": "statement", "means": "DigiD"}


def test_an_appointment_says_how_it_is_made():
    [mention] = facts("<p>Een afspraak maken kan online of telefonisch.</p>").of(MentionKind.APPOINTMENT)
    assert mention.attributes["appointment_by"] == "phone,online"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["NL", "GB", "DE", "FR", ""]))
def test_no_text_breaks_the_finders(text, country):
    for mention in read_facts(from_html(f"<p>{text}</p>", "https://a.example/"), country=country).mentions:
        assert len(mention.quote) <= 300


def test_a_body_named_in_the_title_is_no_other_body():
    body = "<p>Bel de politie op 0900-8844.</p>"
    own = from_html(f"<html lang=nl><title>Politie</title><main>{body}</main></html>", "https://a.example/")
    assert [m.purpose for m in read_facts(own, country="NL").of(MentionKind.PHONE)] == [Purpose.PUBLIC]


def test_structured_data_gives_numbers_with_their_owner_and_purpose():
    script = (
        '{"@type": "GovernmentOrganization", "name": "Gemeente", "telephone": "020 624 1111", "faxNumber": "020 624 1112",'
        ' "contactPoint": [{"contactType": "press office", "telephone": "+31 70 340 7911"}]}'
    )
    found = facts(f'<script type="application/ld+json">{script}</script>').of(MentionKind.PHONE)
    assert [(m.value, m.purpose, m.owner, m.source) for m in found] == [
        ("+31206241111", Purpose.PUBLIC, "Gemeente", "structured"),
        ("+31206241112", Purpose.FAX, "Gemeente", "structured"),
        ("+31703407911", Purpose.PRESS, "Gemeente", "structured"),
    ]


def test_a_script_that_is_no_json_says_nothing():
    assert facts('<script type="application/ld+json">{"telephone": </script>').of(MentionKind.PHONE) == ()
