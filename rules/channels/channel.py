"""What the three channel rules share: how the statements that count add up to a verdict."""

from collections.abc import Callable, Iterator, Sequence

from rules.channels.evidence import MOST_EVIDENCE, evidence_of
from rules.channels.ground import Ground, grounds
from rules.channels.statement import Statement, serves_everyone
from rules.model.finding import Channel, Evidence, Finding, Outcome, Verdict
from rules.model.mention import MentionKind
from rules.model.outline import Shown
from rules.model.record import Record
from rules.model.view import SiteView

__all__ = ["VERSION", "Gap", "Ground", "Statement", "evidence_of", "findings", "serves_everyone"]

VERSION = "1.1"
_MOST_BESIDE = 3
_OUTCOMES = {
    Verdict.OFFERED: Outcome.PASSED,
    Verdict.PARTLY: Outcome.PASSED,
    Verdict.NOT_OFFERED: Outcome.FAILED,
    Verdict.CONTRADICTED: Outcome.CANT_TELL,
    Verdict.NOT_VERIFIABLE: Outcome.UNTESTED,
}


class Conclusion(Record, frozen=True):
    """A verdict with what holds it up, and beside it what narrows or contradicts it."""

    verdict: Verdict
    key: str
    statements: tuple[Statement, ...] = ()
    beside: tuple[Statement, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""


class Gap(Record, frozen=True):
    """What is missing from what is offered, and the words that show it."""

    missing: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


Lacks = Callable[[Ground, Sequence[Statement]], Gap]


def findings(
    view: SiteView, rule: str, channel: Channel, kind: MentionKind, lacks: Lacks, role: str
) -> Iterator[Finding]:
    """One finding per service and one for the site; `lacks` names what the statements that offer the channel leave out."""
    for ground in grounds(view, kind):
        conclusion = _of_site(ground, lacks) if ground.service is None else _of_service(ground, lacks)
        yield _finding(rule, channel, ground, conclusion, role)


def _of_service(ground: Ground, lacks: Lacks) -> Conclusion:
    affirmed = tuple(said for said in ground.own if said.offers)
    denied = tuple(said for said in ground.own if said.denies and "weak" not in said.mention.attributes)
    if affirmed and denied:
        return _both(affirmed, denied)
    if affirmed:
        return _offered(affirmed, lacks(ground, affirmed))
    denied = denied or tuple(said for said in ground.own if said.denies)
    if denied:
        return Conclusion(verdict=Verdict.NOT_OFFERED, key="denied", statements=denied)
    if ground.unread_own:
        return Conclusion(verdict=Verdict.NOT_VERIFIABLE, key="not_verifiable", reason=ground.unread_own)
    return _of_site(ground, lacks)


def _both(affirmed: tuple[Statement, ...], denied: tuple[Statement, ...]) -> Conclusion:
    """A page that denies what another affirms contradicts it; on one page the denial narrows what is offered."""
    denying = {said.page.url for said in denied}
    if any(said.page.url not in denying for said in affirmed) or len(denying) > 1:
        return Conclusion(verdict=Verdict.CONTRADICTED, key="contradicted", statements=affirmed, beside=denied)
    if any(said.mention.source == "tel_link" or said.mention.value for said in affirmed):
        return Conclusion(
            verdict=Verdict.PARTLY, key="partly", statements=affirmed, beside=denied, missing=("whole_service",)
        )
    return Conclusion(verdict=Verdict.CONTRADICTED, key="contradicted", statements=affirmed, beside=denied)


def _of_site(ground: Ground, lacks: Lacks) -> Conclusion:
    affirmed = tuple(said for said in ground.general if said.offers)
    affirmed = tuple(said for said in affirmed if said.finds and ground.names_subject(said)) or affirmed
    if affirmed:
        return _offered(affirmed, lacks(ground, affirmed))
    behind = tuple(said for said in ground.behind if said.offers)
    if behind and (not ground.pointers or any(said.mention.attributes for said in behind)):
        gap = lacks(ground, behind)
        return _offered(behind, Gap(missing=("on_contact_page", *gap.missing), statements=gap.statements))
    denied = tuple(said for said in ground.general if said.denies)
    if denied:
        return Conclusion(verdict=Verdict.NOT_OFFERED, key="denied", statements=denied)
    if ground.pointers:
        return Conclusion(
            verdict=Verdict.NOT_VERIFIABLE, key="not_verifiable", statements=ground.pointers, reason="only_named"
        )
    if ground.unread:
        return Conclusion(verdict=Verdict.NOT_VERIFIABLE, key="not_verifiable", reason=ground.unread)
    return Conclusion(verdict=Verdict.NOT_OFFERED, key="not_offered", statements=_other(ground))


def _offered(statements: tuple[Statement, ...], gap: Gap) -> Conclusion:
    if gap.missing:
        return Conclusion(
            verdict=Verdict.PARTLY, key="partly", statements=statements, beside=gap.statements, missing=gap.missing
        )
    on_demand = all(said.mention.shown is Shown.ON_DEMAND for said in statements)
    return Conclusion(
        verdict=Verdict.OFFERED, key="offered_on_demand" if on_demand else "offered", statements=statements
    )


def _other(ground: Ground) -> tuple[Statement, ...]:
    """What was found and does not count: a press desk, a fax, a closed counter, a line for another matter."""
    return (*(said for said in (*ground.own, *ground.general) if not said.offers), *ground.apart)[:2]


def _finding(rule: str, channel: Channel, ground: Ground, conclusion: Conclusion, role: str) -> Finding:
    evidence = _evidence(conclusion, ground)
    params = {
        "quote": evidence[0].quote if evidence else "",
        "page": evidence[0].page if evidence else ground.unread_page,
    }
    if ground.help:
        params["help"] = ground.help[0].mention.quote
    if conclusion.missing:
        params["missing"] = ", ".join(conclusion.missing)
    return Finding(
        rule=rule,
        rule_version=VERSION,
        subject=ground.subject,
        outcome=_OUTCOMES[conclusion.verdict],
        key=conclusion.key,
        params=params,
        evidence=evidence,
        role=role,
        channel=channel,
        verdict=conclusion.verdict,
        missing=conclusion.missing,
        reason=conclusion.reason,
        count=len(conclusion.statements),
    )


def _evidence(conclusion: Conclusion, ground: Ground) -> tuple[Evidence, ...]:
    """What offers the channel first, then what narrows it, so that neither crowds out the other."""
    beside = evidence_of(conclusion.beside, ground.place)[:_MOST_BESIDE]
    shown = {(evidence.page, evidence.quote) for evidence in beside}
    best = [
        evidence
        for evidence in evidence_of(conclusion.statements, ground.place)
        if (evidence.page, evidence.quote) not in shown
    ]
    return (*best[: MOST_EVIDENCE - len(beside)], *beside)
