"""What an auditor expects stands on the pages: every page, service and quote that `expected.toml` names."""

import re
from functools import cache

import phonenumbers
import pytest
from demo_agreement import BARRIERS

from audit.cli.demo.expectation import Expectations, chain_expectations, expectations
from audit.cli.demo.routes import SiteFolder
from audit.cli.demo.sites import FOLDER, DemoSites
from rules.model.finding import Channel, Verdict
from rules.model.portfolio import Site
from rules.outline import from_html

# What stands in an open shadow root is in no HTML: the card of the visiting address.
SHADOWS = {("regelpunt", "/contact"): "stijl/visit-card.js", ("regelpunt", "/bezoek"): "stijl/visit-card.js"}


@pytest.fixture
def expected(folder: SiteFolder) -> Expectations:
    return expectations(folder.folder)


@pytest.fixture
def planned(demo: DemoSites, folder: SiteFolder) -> Site:
    return next(site for agency in demo.portfolio.agencies for site in agency.sites if site.id == folder.table.id)


@cache
def blocks(folder: SiteFolder, page: str) -> tuple[str, ...]:
    """The texts of a page, block by block: evidence is one block, so a quote must stand in one."""
    file = folder.file(page)
    assert file is not None, page
    content = file.read_bytes()
    charset = "iso-8859-1" if b'charset="iso-8859-1"' in content else "utf-8"
    outline = from_html(content.decode(charset), f"http://127.0.0.1{page}")
    script = SHADOWS.get((folder.table.id, page))
    shadow = (folder.www / script).read_text(encoding="utf-8") if script else ""
    return (*(block.text for block in outline.blocks), re.sub(r"<[^>]+>", "", shadow))


def says(folder: SiteFolder, pages: tuple[str, ...], quote: str) -> bool:
    return any(quote in text for page in pages for text in blocks(folder, page))


def paths(site: Site, service: str) -> tuple[str, ...]:
    pages = next(one.pages for one in site.services if one.id == service)
    return tuple("/" + page.removeprefix(site.start) for page in pages)


def test_every_service_and_the_site_have_one_verdict_for_each_channel(expected: Expectations, planned: Site) -> None:
    subjects = ["", *(service.id for service in planned.services)]
    asked = sorted((subject, channel.value) for subject in subjects for channel in Channel)
    assert sorted((verdict.service, verdict.channel.value) for verdict in expected.verdict) == asked


def test_a_quote_of_a_verdict_stands_where_a_person_would_read_it(
    expected: Expectations, folder: SiteFolder, planned: Site
) -> None:
    shared = tuple(page for page in folder.pages() if re.match(r"/(contact/?|help/more-help/|)$", page))
    for verdict in expected.verdict:
        pages = shared if not verdict.service else (*paths(planned, verdict.service), *shared)
        assert says(folder, pages, verdict.quote), verdict


def test_what_is_missing_is_named_for_partly_offered_channels_and_no_others(expected: Expectations) -> None:
    named = {"own_number", "on_contact_page", "appointment_offline", "postal_address"}
    for verdict in expected.verdict:
        assert bool(verdict.missing) == (verdict.verdict is Verdict.PARTLY)
        assert named.issuperset(verdict.missing)


def test_offered_and_contradicted_channels_are_quoted(expected: Expectations) -> None:
    quoted = {Verdict.OFFERED, Verdict.PARTLY, Verdict.CONTRADICTED}
    assert [verdict for verdict in expected.verdict if verdict.verdict in quoted and not verdict.quote] == []


def test_a_barrier_stands_on_a_page_of_its_service_or_of_all_services(
    expected: Expectations, folder: SiteFolder, planned: Site
) -> None:
    pages = folder.pages()
    shared = tuple(page for page in pages if re.match(r"/(contact/?|offices/|help/more-help/|)$", page))
    for barrier in expected.barrier:
        assert barrier.rule in BARRIERS
        own = paths(planned, barrier.service)
        folders = tuple(page.rstrip("/") + "/" for page in own)
        below = tuple(page for page in pages if page.startswith(folders))
        assert says(folder, (*own, *below, *shared), barrier.quote), barrier


def test_every_page_that_is_named_is_there(expected: Expectations, folder: SiteFolder) -> None:
    documents = {document.page for document in expected.document}
    pages = {one.page for one in (*expected.finding, *expected.advice, *expected.known_missed)}
    assert pages <= {*folder.pages(), *documents}
    assert documents <= {*folder.routes, *(f"/{file.relative_to(folder.www)}" for file in folder.www.rglob("*.pdf"))}


def test_no_page_is_expected_twice(expected: Expectations) -> None:
    failed = [(one.rule, one.page) for one in expected.finding]
    unseen = [one.page for one in expected.not_looked_at]
    assert len(set(failed)) == len(failed)
    assert len(set(unseen)) == len(unseen)
    assert not {page for _, page in failed} & set(unseen)


def test_numbers_that_are_quoted_could_be_dialled_as_far_as_their_form_goes(
    expected: Expectations, demo: DemoSites, folder: SiteFolder
) -> None:
    country = next(agency.country for agency in demo.portfolio.agencies if agency.sites[0].id == folder.table.id)
    for verdict in expected.verdict:
        if verdict.channel is Channel.PHONE and re.search(r"\d", verdict.quote):
            assert phonenumbers.is_valid_number(phonenumbers.parse(verdict.quote, country)), verdict.quote


def test_the_weakest_step_of_a_chain_is_what_its_site_expects(demo: DemoSites) -> None:
    chains = {chain.id: chain for chain in demo.portfolio.chains}
    for conclusion in chain_expectations(FOLDER):
        step = next(step for step in chains[conclusion.chain].steps if step.site == conclusion.weakest)
        there = expectations(FOLDER / step.site).verdict
        verdict = next(one for one in there if (one.service, one.channel) == (step.service, conclusion.channel))
        assert verdict.verdict is conclusion.verdict
    assert {(one.chain, one.channel) for one in chain_expectations(FOLDER)} == {
        (chain, channel) for chain in chains for channel in Channel
    }
