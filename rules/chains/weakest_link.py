"""A chain offers a channel as far as its weakest known step does; an unknown step makes that "at best"."""

from collections.abc import Iterator, Mapping, Sequence

from rules.model.finding import Channel, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.portfolio import Chain, ChainStep

ID = "weakest_link"
_VERSION = "1.0"
_WEAKEST_FIRST = (Verdict.NOT_OFFERED, Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.OFFERED)
_OUTCOMES = {
    Verdict.OFFERED: Outcome.PASSED,
    Verdict.PARTLY: Outcome.PASSED,
    Verdict.NOT_OFFERED: Outcome.FAILED,
    Verdict.CONTRADICTED: Outcome.CANT_TELL,
    Verdict.NOT_VERIFIABLE: Outcome.UNTESTED,
}


def judge(chain: Chain, findings: Mapping[str, Sequence[Finding]]) -> Iterator[Finding]:
    """One finding per channel. `params` names the weakest step, and the steps that could not be checked.

    A step without a service is judged by its whole site; a step whose site has no findings could not be checked.
    """
    for channel in Channel:
        steps = [(step, _of_step(step, findings, channel)) for step in chain.steps]
        yield _finding(chain, channel, steps)


def _of_step(step: ChainStep, findings: Mapping[str, Sequence[Finding]], channel: Channel) -> Finding | None:
    kind, subject = (SubjectKind.SERVICE, step.service) if step.service else (SubjectKind.SITE, step.site)
    for finding in findings.get(step.site, ()):
        if finding.channel is channel and finding.subject.kind is kind and finding.subject.id == subject:
            return finding
    return None


def _finding(chain: Chain, channel: Channel, steps: Sequence[tuple[ChainStep, Finding | None]]) -> Finding:
    known = [(step, finding) for step, finding in steps if finding is not None and finding.verdict in _WEAKEST_FIRST]
    unknown = [step for step, finding in steps if finding is None or finding.verdict not in _WEAKEST_FIRST]
    subject = Subject(kind=SubjectKind.CHAIN, site="", id=chain.id)
    params = {"unknown": ", ".join(_name(step) for step in unknown)} if unknown else {}
    if not known:
        return Finding(
            rule=ID, rule_version=_VERSION, subject=subject, outcome=Outcome.UNTESTED, key="not_verifiable", params=params,
            channel=channel, verdict=Verdict.NOT_VERIFIABLE, reason="no_step_verifiable",
        )  # fmt: skip
    step, weakest = min(known, key=lambda pair: _WEAKEST_FIRST.index(pair[1].verdict or Verdict.OFFERED))
    verdict = weakest.verdict or Verdict.NOT_VERIFIABLE
    # Whatever the unknown step is, a chain that is known to break stays broken.
    at_best = bool(unknown) and verdict is not Verdict.NOT_OFFERED
    return Finding(
        rule=ID,
        rule_version=_VERSION,
        subject=subject,
        outcome=_OUTCOMES[verdict],
        key="at_best" if at_best else verdict.value,
        params={**params, "weakest": step.site, "step": _name(step), "service": step.service},
        evidence=weakest.evidence,
        channel=channel,
        verdict=verdict,
        missing=weakest.missing,
        reason="step_not_verifiable" if at_best else "",
        count=len(chain.steps),
    )


def _name(step: ChainStep) -> str:
    return step.name or step.service or step.site
