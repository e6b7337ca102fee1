"""What one run says about each thing that two runs can be compared on: a channel, a barrier, a rule on a page."""

from enum import StrEnum

from reports.rule_groups import about_accessibility
from reports.scorecard import is_barrier
from rules.model.finding import Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.record import Record
from rules.model.run import SiteResult


class ThingKind(StrEnum):
    """What is compared."""

    CHANNEL = "channel"
    BARRIER = "barrier"
    RULE = "rule"


class Thing(Record, frozen=True):
    """One thing that both runs may speak about; `name` is the channel or the rule."""

    kind: ThingKind
    subject: Subject
    name: str
    rule: str


class State(Record, frozen=True):
    """What a run says about a thing: its verdict or outcome, and what that rests on."""

    word: str
    rule_version: str = ""
    places: int = 0
    reason: str = ""
    partial: bool = False


class SiteStates(Record, frozen=True):
    """All states of one site in one run; `pages` maps each planned page to whether it was looked at.

    `failure` is set when the site could not be looked at at all: then nothing about it is known.
    """

    states: dict[Thing, State]
    pages: dict[str, bool]
    failure: str = ""

    def of(self, thing: Thing) -> State | None:
        """What the run says about a thing; None when it was out of the run's sample or scope.

        A page that was looked at without a finding of the rule is one to which the rule did not apply.
        """
        if thing in self.states:
            return self.states[thing]
        if self.failure:
            word = Verdict.NOT_VERIFIABLE if thing.kind is ThingKind.CHANNEL else Outcome.UNTESTED
            return State(word=word, reason=self.failure)
        if thing.subject.kind is not SubjectKind.PAGE or thing.subject.id not in self.pages:
            return None
        seen = self.pages[thing.subject.id]
        return State(word=Outcome.INAPPLICABLE if seen else Outcome.UNTESTED)


def states_of(result: SiteResult) -> SiteStates:
    """The states of one site as one run found it."""
    partial = {page.url for page in result.pages if page.partial}
    states = {}
    for finding in result.findings:
        thing = _thing(finding)
        if thing is not None:
            states[thing] = State(
                word=str(finding.verdict or finding.outcome),
                rule_version=finding.rule_version,
                places=finding.count or len(finding.evidence),
                reason=finding.reason,
                partial=bool(partial & {finding.subject.id, *(piece.page for piece in finding.evidence)}),
            )
    failure = str(result.failure.kind) if result.failure else ""
    return SiteStates(states=states, pages={page.url: page.looked_at for page in result.pages}, failure=failure)


def _thing(finding: Finding) -> Thing | None:
    if finding.channel is not None and isinstance(finding.verdict, Verdict):
        return Thing(kind=ThingKind.CHANNEL, subject=finding.subject, name=finding.channel, rule=finding.rule)
    if about_accessibility(finding):
        return Thing(kind=ThingKind.RULE, subject=finding.subject, name=finding.rule, rule=finding.rule)
    if is_barrier(finding):
        return Thing(kind=ThingKind.BARRIER, subject=finding.subject, name=finding.rule, rule=finding.rule)
    return None
