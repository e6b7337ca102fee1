"""Every hostile page ends as it must, in its time, and the ten good pages beside it are audited as if it were not there."""

import importlib
import pkgutil

import families
import pytest
from audited_site import Audit, audited
from good_pages import GOOD_PAGES
from hostile_page import AUDITED, HostilePage
from hostile_server import Plan, served

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

FAMILIES: dict[str, Plan] = {
    module.name: importlib.import_module(f"families.{module.name}").PLAN
    for module in pkgutil.iter_modules(families.__path__)
}
PAGES = [(name, page) for name, plan in FAMILIES.items() for page in plan.pages]
ENDING = 5.0  # seconds that ending a page may take beyond its deadline


@pytest.fixture(scope="module", params=FAMILIES)
def family(request, tmp_path_factory) -> tuple[str, Audit]:
    """The run on a site that has one family of hostile pages beside its good ones."""
    with served(FAMILIES[request.param]) as site:
        return request.param, audited(
            tmp_path_factory.mktemp(request.param), site.url, deadline=FAMILIES[request.param].deadline
        )


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> Audit:
    """The run on the site without any hostile page."""
    with served(Plan()) as site:
        return audited(tmp_path_factory.mktemp("undisturbed"), site.url)


def test_every_hostile_page_ends_as_it_must(family):
    name, audit = family
    pages = FAMILIES[name].pages

    found = {page.path: audit.ending(page.path).as_expected(page.ends) for page in pages}

    assert found == {page.path: page.ends for page in pages}


def test_every_hostile_page_ends_in_its_time(family):
    name, audit = family

    plan = FAMILIES[name]

    taken = {page.path: audit.ending(page.path).seconds for page in plan.pages}

    assert {path: seconds for path, seconds in taken.items() if seconds > plan.deadline + ENDING} == {}


def test_the_good_pages_are_audited_as_if_no_hostile_page_stood_beside_them(family, undisturbed):
    _, audit = family

    assert {path: audit.ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)
    assert audit.good == undisturbed.good


def test_the_good_pages_have_findings_that_could_change(undisturbed):
    failed = {row["rule"] for rows in undisturbed.good.values() for row in rows if row["outcome"] == "failed"}

    assert failed >= {
        "axe/image-alt",
        "axe/color-contrast",
        "axe/label",
        "axe/link-name",
        "axe/button-name",
        "axe/frame-title",
    }


@pytest.mark.parametrize(("family_name", "page"), PAGES, ids=[page.path[:50] for _, page in PAGES])
def test_every_hostile_page_says_in_one_sentence_what_it_attacks(family_name: str, page: HostilePage):
    assert page.attacks.endswith(".")
    assert page.attacks.count(". ") == 0
