import pytest

from reports.norm_counts import NormCount, concluded, norm_counts, norm_of, says_nothing
from reports.scorecard import scorecard
from rules.model.finding import Channel, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.portfolio import Agency, Service, Site
from rules.norms import NormState, profile

SITE = Site(id="s", name="S", start="https://s.example/")
PASSPORT = Service(id="passport", name="Passport")


def offered(kind, subject, channel):
    return Finding(
        rule=f"{channel}_offered",
        rule_version="1",
        subject=Subject(kind=kind, site="s", id=subject),
        outcome=Outcome.PASSED,
        channel=channel,
        verdict=Verdict.OFFERED,
    )


FINDINGS = (
    offered(SubjectKind.SITE, "s", Channel.PHONE),
    offered(SubjectKind.SERVICE, "passport", Channel.COUNTER),
)


def test_a_service_is_judged_by_its_own_findings_and_a_site_by_its_own():
    norm = profile("uk-assisted")
    of_service = concluded(norm, SITE, PASSPORT, FINDINGS).lines[0].found
    of_site = concluded(norm, SITE, None, FINDINGS).lines[0].found
    assert [found.verdict for found in of_service] == [None, Verdict.OFFERED]
    assert [found.verdict for found in of_site] == [Verdict.OFFERED, None]


def test_a_profile_that_is_no_longer_there_concludes_nothing():
    assert norm_of(Agency(id="a", name="A", norm="nl-2019")) is None
    assert concluded(None, SITE, PASSPORT, FINDINGS).state is NormState.ASKS_NOTHING


@pytest.mark.parametrize(("norm", "nothing"), [("neutral", True), ("de", False), ("nl-awb", False)])
def test_only_a_profile_without_asks_and_sources_says_nothing(norm, nothing):
    assert says_nothing(profile(norm)) is nothing


def test_each_conclusion_is_counted_with_its_denominator(run):
    cards = {card.agency.id: card for card in scorecard(run).everyone}
    assert cards["noord"].norm_counts == (NormCount(state=NormState.ASKS_AND_NOT_FOUND, count=60, total=60),)
    assert cards["harbour"].norm_counts == (NormCount(state=NormState.ASKS_AND_FOUND, count=1, total=1),)
    assert cards["delta"].norm_counts == ()


def test_a_profile_that_asks_nothing_is_not_counted():
    assert norm_counts([concluded(profile("de"), SITE, PASSPORT, FINDINGS)]) == ()
