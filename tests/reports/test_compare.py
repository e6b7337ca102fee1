import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.compare import Comparability, Difference, Movement, compare
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.page import PageRole
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import PageResult, RunInfo, RunResult, SiteResult

HOME = "https://a.example/"
OTHER = "https://a.example/other"


def run(
    *findings: Finding, pages=((HOME, True), (OTHER, True)), partial=(), failure=None, previous=None, **info
) -> RunResult:
    site = Site(id="s", name="S", start=HOME, services=(Service(id="passport", name="Passport"),))
    result = SiteResult(
        agency="a",
        site="s",
        findings=findings,
        failure=failure,
        pages=tuple(
            PageResult(url=url, role=PageRole.OTHER, looked_at=seen, partial=url in partial) for url, seen in pages
        ),
    )
    return RunResult(
        run=RunInfo(id="r", started_at="2026-01-01T00:00:00Z", **info),
        portfolio=Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(site,)),)),
        sites=(result,),
        previous=previous,
    )


def phone(verdict: Verdict, *, reason: str = "", version: str = "1") -> Finding:
    return Finding(
        rule="phone_offered",
        rule_version=version,
        subject=Subject(kind=SubjectKind.SERVICE, site="s", id="passport"),
        outcome=Outcome.PASSED,
        channel=Channel.PHONE,
        verdict=verdict,
        reason=reason,
        evidence=(Evidence(page=HOME, quote="Call"),),
    )


def label(outcome: Outcome, page: str = HOME, *, count: int = 1) -> Finding:
    subject = Subject(kind=SubjectKind.PAGE, site="s", id=page)
    return Finding(rule="axe/label", rule_version="4.12.1", subject=subject, outcome=outcome, count=count)


def login(outcome: Outcome) -> Finding:
    subject = Subject(kind=SubjectKind.SERVICE, site="s", id="passport")
    return Finding(rule="login_required", rule_version="1", subject=subject, outcome=outcome)


def movements(old: RunResult, new: RunResult) -> list[Movement]:
    return [change.movement for change in compare(old, new).changes]


@pytest.mark.parametrize(
    ("before", "after", "movement"),
    [
        (Verdict.OFFERED, Verdict.PARTLY, Movement.NEW),
        (Verdict.PARTLY, Verdict.CONTRADICTED, Movement.NEW),
        (Verdict.CONTRADICTED, Verdict.NOT_OFFERED, Movement.NEW),
        (Verdict.NOT_OFFERED, Verdict.OFFERED, Movement.FIXED),
        (Verdict.PARTLY, Verdict.PARTLY, Movement.UNCHANGED),
        (Verdict.OFFERED, Verdict.NOT_VERIFIABLE, Movement.LOST),
        (Verdict.NOT_OFFERED, Verdict.NOT_VERIFIABLE, Movement.LOST),
        (Verdict.NOT_VERIFIABLE, Verdict.NOT_OFFERED, Movement.REGAINED),
        (Verdict.NOT_VERIFIABLE, Verdict.NOT_VERIFIABLE, Movement.UNCHANGED),
    ],
)
def test_a_verdict_moves(before, after, movement):
    assert movements(run(phone(before)), run(phone(after))) == [movement]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Outcome.FAILED, Outcome.PASSED, [Movement.FIXED]),
        (Outcome.FAILED, Outcome.INAPPLICABLE, [Movement.FIXED]),
        (Outcome.PASSED, Outcome.FAILED, [Movement.NEW]),
        (Outcome.FAILED, Outcome.FAILED, [Movement.UNCHANGED]),
        (Outcome.FAILED, Outcome.CANT_TELL, [Movement.LOST]),
        (Outcome.FAILED, Outcome.UNTESTED, [Movement.LOST]),
        (Outcome.CANT_TELL, Outcome.FAILED, [Movement.REGAINED]),
        (Outcome.PASSED, Outcome.INAPPLICABLE, []),
        (Outcome.CANT_TELL, Outcome.PASSED, []),
    ],
)
def test_a_problem_and_a_barrier_move_alike(before, after, expected):
    assert movements(run(label(before)), run(label(after))) == expected
    assert movements(run(login(before)), run(login(after))) == expected


def test_no_longer_verifiable_carries_the_reason():
    comparison = compare(run(phone(Verdict.OFFERED)), run(phone(Verdict.NOT_VERIFIABLE, reason="timeout")))
    assert [change.reason for change in comparison.no_longer_verifiable] == ["timeout"]
    assert comparison.new_problems == ()


def test_a_problem_on_a_page_that_cannot_be_looked_at_is_not_fixed():
    comparison = compare(run(label(Outcome.FAILED)), run(pages=((HOME, False), (OTHER, True))))
    assert comparison.fixed == ()
    assert len(comparison.no_longer_verifiable) == 1


def test_a_problem_on_a_page_outside_the_new_sample_is_not_fixed():
    comparison = compare(run(label(Outcome.FAILED)), run(pages=((OTHER, True),)))
    assert [change.reason for change in comparison.no_longer_verifiable] == ["out_of_sample"]


def test_a_problem_on_a_page_that_the_old_run_did_not_look_at_is_not_new():
    comparison = compare(run(pages=((OTHER, True),)), run(label(Outcome.FAILED)))
    assert comparison.changes == ()
    assert (comparison.pages_in_both, comparison.pages_in_one) == (1, 1)


def test_a_rule_that_did_not_apply_before_and_fails_now_is_new():
    assert movements(run(), run(label(Outcome.FAILED))) == [Movement.NEW]


def test_pages_of_one_rule_with_one_movement_stand_together():
    old = run(label(Outcome.FAILED, count=3), label(Outcome.FAILED, OTHER, count=2))
    new = run(label(Outcome.FAILED, count=4), label(Outcome.FAILED, OTHER, count=2))
    (change,) = compare(old, new).unchanged
    assert (change.pages, change.places_before, change.places_after) == ((HOME, OTHER), 5, 6)


def test_a_site_that_cannot_be_looked_at_any_more_loses_its_verdicts():
    comparison = compare(
        run(phone(Verdict.OFFERED), label(Outcome.FAILED), login(Outcome.FAILED)),
        run(pages=(), failure=Failure(kind=FailureKind.DNS)),
    )
    assert {change.movement for change in comparison.changes} == {Movement.LOST}
    assert {change.reason for change in comparison.changes} == {"dns"}


def test_a_change_that_rests_on_a_page_read_in_part_waits():
    new = run(phone(Verdict.PARTLY), partial=(HOME,))
    assert movements(run(phone(Verdict.OFFERED)), new) == [Movement.WAITING]


def test_a_change_that_undoes_the_one_before_waits():
    old = run(phone(Verdict.NOT_OFFERED), previous=run(phone(Verdict.OFFERED)))
    assert movements(old, run(phone(Verdict.OFFERED))) == [Movement.WAITING]


def test_a_change_that_the_earlier_run_does_not_know_does_not_wait():
    old = run(phone(Verdict.NOT_OFFERED), previous=run(phone(Verdict.NOT_OFFERED)))
    assert movements(old, run(phone(Verdict.OFFERED))) == [Movement.FIXED]


def test_a_rule_of_another_version_is_not_compared():
    comparison = compare(run(phone(Verdict.OFFERED)), run(phone(Verdict.NOT_OFFERED, version="2")))
    assert comparison.changes == ()
    assert comparison.rules_left_out == ("phone_offered",)


def test_equal_runs_can_be_compared():
    comparison = compare(run(phone(Verdict.OFFERED)), run(phone(Verdict.OFFERED)))
    assert (comparison.comparability, comparison.differences) == (Comparability.YES, ())


def test_other_versions_and_settings_ask_for_care():
    old = run(versions={"axe-core": "4.12.0"}, settings_digest="aa")
    new = run(versions={"axe-core": "4.12.1", "loket": "1"}, settings_digest="bb")
    comparison = compare(old, new)
    assert comparison.comparability is Comparability.WITH_CARE
    assert comparison.differences == (
        Difference(part="axe-core", old="4.12.0", new="4.12.1"),
        Difference(part="loket", old="", new="1"),
        Difference(part="settings", old="aa", new="bb"),
    )


def test_another_scope_is_told_even_when_the_numbers_are_equal():
    old = run()
    site = Site(id="s", name="S", start=HOME, services=(Service(id="permit", name="Permit"),))
    new = RunResult(
        run=old.run, sites=old.sites, portfolio=Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(site,)),))
    )
    assert compare(old, new).differences == (Difference(part="services", old="1", new="1"),)


def test_runs_without_a_common_site_cannot_be_compared():
    old = run()
    new = RunResult(run=old.run, portfolio=Portfolio(id="p", agencies=()), sites=())
    assert compare(old, new).comparability is Comparability.NO


OUTCOMES = st.sampled_from(list(Outcome))
VERDICTS = st.sampled_from(list(Verdict))


@given(before=VERDICTS, after=VERDICTS, rule_before=OUTCOMES, rule_after=OUTCOMES)
def test_what_cannot_be_seen_now_is_never_called_worse_or_better(before, after, rule_before, rule_after):
    comparison = compare(run(phone(before), label(rule_before)), run(phone(after), label(rule_after)))
    for change in (*comparison.new_problems, *comparison.fixed):
        assert change.after not in {"not_verifiable", "untested", "cantTell"}
        assert change.before not in {"not_verifiable", "untested"}


@given(before=VERDICTS, after=VERDICTS, rule_before=OUTCOMES, rule_after=OUTCOMES)
def test_what_is_new_one_way_is_fixed_the_other_way(before, after, rule_before, rule_after):
    one, other = run(phone(before), label(rule_before)), run(phone(after), label(rule_after))
    there, back = compare(one, other), compare(other, one)
    assert len(there.new_problems) == len(back.fixed)
