from itertools import pairwise

import pytest
from msgspec import structs

from reports.journeys import journeys
from reports.measures import CHANNELS
from reports.scorecard import agency_card, scorecard
from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo, RunResult


@pytest.fixture(scope="module")
def cards(run):
    return scorecard(run)


def agency(cards, name):
    return next(card for card in cards.everyone if card.agency.name == name)


def test_agencies_stand_by_name_and_those_with_too_few_pages_apart(cards):
    names = [card.agency.name for card in cards.everyone]
    assert all(one.casefold() <= other.casefold() for one, other in pairwise(names))
    assert [card.agency.id for card in cards.apart] == ["delta", "verdwenen"]


def test_each_channel_counts_services_with_their_denominator(cards):
    card = agency(cards, "Gemeente Vlietmeer")
    assert {channel: (card.measure(channel).good, card.measure(channel).total) for channel in CHANNELS} == {
        Channel.PHONE: (4, 6),
        Channel.COUNTER: (4, 6),
        Channel.PAPER: (2, 6),
    }


def test_the_whole_run_is_the_sum_of_its_agencies(cards):
    for name in ("phone", "counter", "paper", "barriers", "accessibility", "pages"):
        together = cards.measure(name)
        assert together.good == sum(card.measure(name).good for card in cards.everyone)
        assert together.total == sum(card.measure(name).total for card in cards.everyone)


def test_a_site_without_services_counts_as_one_subject(cards):
    card = agency(cards, "Raad voor Verdwenen Zaken")
    assert (card.service_count, card.measure("phone").total, card.measure("phone").count("not_verifiable")) == (0, 1, 1)


def test_a_service_that_no_rule_judged_is_not_verifiable(run):
    site = Site(id="new", name="New", start="https://new.example/")
    portfolio = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(site,)),))
    card = scorecard(RunResult(run=run.run, portfolio=portfolio)).everyone[0].sites[0].whole
    assert {(channel.verdict, channel.reason) for channel in card.channels} == {(Verdict.NOT_VERIFIABLE, "not_judged")}


def test_evidence_numbers_are_one_series_per_agency(cards):
    for card in cards.everyone:
        numbers = {
            exhibit.number
            for site in card.sites
            for subject in (site.whole, *site.services)
            for holder in (*subject.channels, *subject.barriers)
            for exhibit in holder.exhibits.shown
        }
        assert numbers == set(range(1, len(numbers) + 1))


def test_every_verdict_that_a_rule_gave_has_an_exhibit(cards):
    for card in cards.everyone:
        for site in card.sites:
            for subject in (site.whole, *site.services):
                assert all(channel.exhibits.first for channel in subject.channels if channel.finding)


def test_barriers_that_were_not_found_are_not_listed(cards):
    site = agency(cards, "Gemeente Vlietmeer").sites[0]
    assert [card.finding.rule for card in site.barriers] == ["online_only_wording", "login_required"]


def test_accessibility_counts_rules_and_not_pages(cards):
    checks = agency(cards, "Gemeente Vlietmeer").measure("accessibility")
    assert (checks.good, checks.count("failed"), checks.total) == (6, 3, 9)


def test_who_can_do_what_is_sorted_by_how_much_waits(cards):
    sizes = [role.size for role in agency(cards, "Gemeente Vlietmeer").roles]
    assert sizes == sorted(sizes, reverse=True)
    assert "front_end_development" in [role.role for role in agency(cards, "Gemeente Vlietmeer").roles]


def test_a_role_that_two_rules_name_differently_stands_once(run):
    home = "https://www.vlietmeer.example/parkeren"
    subject = Subject(kind=SubjectKind.SERVICE, site="vlietmeer", id="parkeren")
    captcha = Finding(
        rule="captcha_without_alternative",
        rule_version="1",
        subject=subject,
        outcome=Outcome.FAILED,
        role="Front-end developer",
        evidence=(Evidence(page=home, quote="Bewijs dat u een mens bent."),),
    )
    results = {site.site: site for site in run.sites}
    vlietmeer = results["vlietmeer"]
    results["vlietmeer"] = structs.replace(vlietmeer, findings=(*vlietmeer.findings, captcha))
    owner = next(body for body in run.portfolio.agencies if body.sites[0].id == "vlietmeer")
    (role,) = (role for role in agency_card(owner, results).roles if "ront" in role.role)
    assert [found.rule for found in role.barriers] == ["captcha_without_alternative"]
    assert role.problems


def test_evidence_of_a_barrier_that_was_not_found_has_no_number(run):
    subject = Subject(kind=SubjectKind.SITE, site="harbour", id="harbour")
    near = Finding(
        rule="phone_hidden",
        rule_version="1",
        subject=subject,
        outcome=Outcome.PASSED,
        evidence=(Evidence(page="https://harbour.example/", quote="Call (202) 555-0143"),),
    )
    results = {site.site: site for site in run.sites}
    results["harbour"] = structs.replace(results["harbour"], findings=(near, *results["harbour"].findings))
    body = next(body for body in run.portfolio.agencies if body.id == "harbour")
    card = agency_card(body, results).sites[0].whole.barriers[0]
    assert (card.finding, card.exhibits.shown) == (near, ())


def test_pages_that_could_not_be_looked_at_are_counted_by_reason(cards):
    assert dict(cards.unseen) == {"challenge": 2, "login": 1, "robots": 1, "timeout": 1}
    assert sum(dict(cards.unseen).values()) == cards.coverage.planned - cards.coverage.looked_at


def test_a_run_without_agencies_is_empty_and_no_error():
    empty = RunResult(run=RunInfo(id="r", started_at="2026-01-01T00:00:00Z"), portfolio=Portfolio(id="p", agencies=()))
    assert scorecard(empty).everyone == ()
    assert scorecard(empty).measure("phone").total == 0


def test_a_chain_names_its_weakest_and_its_unknown_steps(run, cards):
    (card,) = journeys(run, cards)
    assert [(channel.verdict, channel.weakest, channel.unknown, channel.at_best) for channel in card.channels] == [
        (Verdict.PARTLY, (2,), (3,), True),
        (Verdict.NOT_OFFERED, (1,), (3,), False),
        (Verdict.NOT_OFFERED, (), (3,), False),
    ]
    assert card.agency_count == 3
