import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.addresses import Addresses, slug


def test_english_has_the_plain_name_and_other_languages_their_code():
    assert (Addresses("en").index(), Addresses("nl").index()) == ("index.html", "index.nl.html")
    assert Addresses("nl").agency("waterrijk") == "agency-waterrijk.nl.html"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("passport", "passport"),
        ("https://identifier.overheid.nl/tooi/id/gemeente/gm9990", "overheid-nl-tooi-id-gemeente-gm9990-b6f26d"),
        ("../../etc/passwd", "etc-passwd-"),
        ("CON", "con-"),
        ("/", "x-"),
    ],
)
def test_ids_become_names_that_every_file_system_takes(name, expected):
    assert slug(name).startswith(expected)


def test_ids_that_differ_only_in_case_have_different_files():
    assert slug("Passport") != slug("passport")


def test_the_border_between_site_and_service_is_part_of_the_name():
    names = Addresses("en")
    assert names.service("a-b", "c") != names.service("a", "b-c")


@given(st.text(min_size=1, max_size=300))
def test_any_id_gives_a_short_safe_name(name):
    made = slug(name)
    assert 0 < len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in made


@given(st.lists(st.text(min_size=1, max_size=80), unique=True, max_size=30))
def test_different_ids_have_different_names(names):
    assert len({slug(name) for name in names}) == len(names)
