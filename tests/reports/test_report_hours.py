import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.opening_hours import hours_in_words
from reports.wording import load_words


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        ("Mo-Fr 09:00-17:00", "Monday to Friday, 9:00 to 17:00", "maandag tot en met vrijdag, 9.00 tot 17.00 uur"),
        ("Mo,We 13:00-16:00", "Monday and Wednesday, 13:00 to 16:00", "maandag en woensdag, 13.00 tot 16.00 uur"),
        (
            "Tu 09:00-12:00,13:00-17:00",
            "Tuesday, 9:00 to 12:00 and 13:00 to 17:00",
            "dinsdag, 9.00 tot 12.00 uur en 13.00 tot 17.00 uur",
        ),
        (
            "Tu 09:00-12:00;Sa,Su off",
            "Tuesday, 9:00 to 12:00; Saturday and Sunday closed",
            "dinsdag, 9.00 tot 12.00 uur; zaterdag en zondag gesloten",
        ),
        ("08:30-24:00", "8:30 to 24:00", "8.30 tot 24.00 uur"),
        ("PH off", "public holidays closed", "feestdagen gesloten"),
        ("24/7", "every day, 24 hours a day", "elke dag, 24 uur per dag"),
    ],
)
def test_opening_hours_are_written_out_in_each_language(value, english, dutch):
    assert hours_in_words(value, load_words("en")) == english
    assert hours_in_words(value, load_words("nl")) == dutch


@pytest.mark.parametrize(
    "value", ["9am to 5pm", "Monday-Friday", "Mo-Fr 09:00+", "Dec 25 off", "Mo-Fr 09:00-17:00; call first", ""]
)
def test_what_is_not_of_the_syntax_stays_as_it_is(value):
    assert hours_in_words(value, load_words("en")) == value


@given(st.text())
def test_no_text_breaks_the_report(value):
    assert isinstance(hours_in_words(value, load_words("nl")), str)
