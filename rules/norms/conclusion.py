"""What a norm profile makes of the findings about one service: what it asks for beside what we read, line by line."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rules.model.finding import Channel, Finding, Outcome, Verdict
from rules.model.record import Record
from rules.norms.expression import Expression, Met, leaves, met_by_all, met_by_any
from rules.norms.parts import part_met
from rules.norms.profile import Ask, Level, NormProfile


class NormState(StrEnum):
    """The conclusion as a whole; it compares and judges nobody."""

    ASKS_AND_FOUND = "asks_and_found"
    ASKS_AND_NOT_FOUND = "asks_and_not_found"
    CANNOT_TELL = "cannot_tell"
    ASKS_NOTHING = "asks_nothing"


class Why(StrEnum):
    """Why a channel or barrier counts as it does; each has a sentence in the shared words."""

    FOUND = "found"
    FOUND_IN_PART = "found_in_part"
    NOT_FOUND = "not_found"
    PART_MISSING = "part_missing"
    PART_UNREAD = "part_unread"
    CONTRADICTED = "contradicted"
    NOT_VERIFIABLE = "not_verifiable"
    NOT_JUDGED = "not_judged"
    BARRIER_FOUND = "barrier_found"
    BARRIER_NOT_FOUND = "barrier_not_found"
    BARRIER_TO_JUDGE = "barrier_to_judge"


class Found(Record, frozen=True):
    """What was read about one channel or one barrier that an ask is about.

    `verdict` is the channel's, `outcome` the barrier's; None when no rule judged it. `parts` are those that `why` speaks of,
    `reason` is the finding's own when it could not be verified.
    """

    met: Met
    why: Why
    channel: Channel | None = None
    barrier: str = ""
    verdict: Verdict | None = None
    outcome: Outcome | None = None
    parts: tuple[str, ...] = ()
    reason: str = ""


class SumLine(Record, frozen=True):
    """One asked item and how it counts; `key` names its words. A line that cannot be told scores nothing, and says so."""

    key: str
    level: Level
    met: Met
    found: tuple[Found, ...]
    sources: tuple[str, ...] = ()
    points: int = 0
    maximum: int = 1


class NormConclusion(Record, frozen=True):
    """The state and the sum that holds it up. No total is given: the lines are not of one kind."""

    norm: str
    version: str
    state: NormState
    lines: tuple[SumLine, ...] = ()


def conclude(profile: NormProfile, findings: Iterable[Finding]) -> NormConclusion:
    """What the profile says about one service (or one site), from the findings about that subject.

    Raises:
        ValueError: the findings are about more than one subject.

    """
    known = tuple(findings)
    subjects = {(found.subject.kind, found.subject.site, found.subject.id) for found in known}
    if len(subjects) > 1:
        raise ValueError(f"a norm concludes about one subject at a time, not {len(subjects)}")
    lines = tuple(_line(ask, known) for ask in profile.asks)
    return NormConclusion(norm=profile.id, version=profile.version, state=_state(lines), lines=lines)


def _state(lines: Sequence[SumLine]) -> NormState:
    if not lines:
        return NormState.ASKS_NOTHING
    return {
        Met.YES: NormState.ASKS_AND_FOUND,
        Met.NO: NormState.ASKS_AND_NOT_FOUND,
        Met.CANNOT_TELL: NormState.CANNOT_TELL,
    }[met_by_all(line.met for line in lines if line.level is Level.MANDATORY)]


def _line(ask: Ask, findings: Sequence[Finding]) -> SumLine:
    met = _met(ask.wants, findings)
    return SumLine(
        key=ask.key,
        level=ask.level,
        met=met,
        found=tuple(_found(leaf, findings) for leaf in leaves(ask.wants)),
        sources=ask.sources,
        points=int(met is Met.YES),
    )


def _met(wants: Expression, findings: Sequence[Finding]) -> Met:
    if wants.any_of:
        return met_by_any(_met(branch, findings) for branch in wants.any_of)
    if wants.all_of:
        return met_by_all(_met(branch, findings) for branch in wants.all_of)
    return _found(wants, findings).met


def _found(leaf: Expression, findings: Sequence[Finding]) -> Found:
    if leaf.channel is None:
        return _barrier(leaf.barrier, next((found for found in findings if found.rule == leaf.barrier), None))
    return _channel(
        leaf.channel, leaf.needs, next((found for found in findings if found.channel is leaf.channel), None)
    )


def _channel(channel: Channel, needs: Sequence[str], finding: Finding | None) -> Found:
    if finding is None or finding.verdict is None:
        return Found(met=Met.CANNOT_TELL, why=Why.NOT_JUDGED, channel=channel)
    met, why, parts = _weighed(finding, needs)
    return Found(met=met, why=why, channel=channel, verdict=finding.verdict, parts=parts, reason=finding.reason)


def _weighed(finding: Finding, needs: Sequence[str]) -> tuple[Met, Why, tuple[str, ...]]:
    match finding.verdict:
        case Verdict.NOT_OFFERED:
            return Met.NO, Why.NOT_FOUND, ()
        case Verdict.CONTRADICTED:
            return Met.CANNOT_TELL, Why.CONTRADICTED, ()
        case Verdict.NOT_VERIFIABLE:
            return Met.CANNOT_TELL, Why.NOT_VERIFIABLE, ()
    parts = {need: part_met(finding, need) for need in needs}
    for met, why in ((Met.NO, Why.PART_MISSING), (Met.CANNOT_TELL, Why.PART_UNREAD)):
        if these := tuple(need for need in needs if parts[need] is met):
            return met, why, these
    return Met.YES, Why.FOUND_IN_PART if finding.missing else Why.FOUND, finding.missing


def _barrier(barrier: str, finding: Finding | None) -> Found:
    """A barrier that was found is in the way; one that does not apply is not."""
    if finding is None:
        return Found(met=Met.CANNOT_TELL, why=Why.NOT_JUDGED, barrier=barrier)
    met, why = {
        Outcome.FAILED: (Met.NO, Why.BARRIER_FOUND),
        Outcome.PASSED: (Met.YES, Why.BARRIER_NOT_FOUND),
        Outcome.INAPPLICABLE: (Met.YES, Why.BARRIER_NOT_FOUND),
        Outcome.CANT_TELL: (Met.CANNOT_TELL, Why.BARRIER_TO_JUDGE),
    }.get(finding.outcome, (Met.CANNOT_TELL, Why.NOT_VERIFIABLE))
    return Found(met=met, why=why, barrier=barrier, outcome=finding.outcome, reason=finding.reason)
