"""Every hostile page ends as it must, in its time, and the ten good pages beside it are audited as if it were not there."""

from collections.abc import Callable

import pytest
from all_families import FAMILIES, UNDISTURBED
from audited_site import Audit
from good_pages import GOOD_PAGES
from hostile_page import AUDITED

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

ENDING = 5.0  # seconds that ending a page may take beyond its deadline


def test_every_hostile_page_ends_as_it_must(family: str, engine: str, audit_of: Callable[[str, str], Audit]) -> None:
    audit = audit_of(family, engine)
    expected = {page.path: page.ends_by(engine) for page in FAMILIES[family].pages}

    assert {path: audit.ending(path).as_expected(ends) for path, ends in expected.items()} == expected


def test_every_hostile_page_ends_in_its_time(family: str, engine: str, audit_of: Callable[[str, str], Audit]) -> None:
    audit, plan = audit_of(family, engine), FAMILIES[family]

    taken = {page.path: audit.ending(page.path).seconds for page in plan.pages}

    assert {path: seconds for path, seconds in taken.items() if seconds > plan.deadline + ENDING} == {}


def test_the_good_pages_are_audited_as_if_no_hostile_page_stood_beside_them(
    family: str, engine: str, audit_of: Callable[[str, str], Audit]
) -> None:
    audit = audit_of(family, engine)

    assert {path: audit.ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)
    assert audit.good == audit_of(UNDISTURBED, engine).good


def test_the_good_pages_have_findings_that_could_change(undisturbed: Audit) -> None:
    failed = {row["rule"] for rows in undisturbed.good.values() for row in rows if row["outcome"] == "failed"}

    assert failed >= {
        "axe/image-alt", "axe/color-contrast", "axe/label", "axe/link-name", "axe/button-name", "axe/frame-title"
    }  # fmt: skip


def test_every_hostile_page_says_in_one_sentence_what_it_attacks(family: str) -> None:
    for page in FAMILIES[family].pages:
        assert page.attacks.endswith("."), page.path
        assert ". " not in page.attacks, page.path
