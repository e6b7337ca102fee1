"""Chains as the report shows them: each step's verdicts, the weakest step, and what could not be verified."""

from reports.cards import NOT_JUDGED, ChannelCard, Scorecard, SubjectCard
from reports.measures import CHANNELS
from rules.model.finding import Channel, Finding, Verdict
from rules.model.portfolio import Agency, Chain, ChainStep
from rules.model.record import Record
from rules.model.run import RunResult


class StepCard(Record, frozen=True):
    """One step of a journey; `subject` is None when the run holds nothing about it."""

    number: int
    name: str
    step: ChainStep
    agency: Agency | None = None
    subject: SubjectCard | None = None

    def channel(self, channel: Channel) -> ChannelCard | None:
        """The step's card for one channel."""
        return self.subject.channel(channel) if self.subject else None

    def verdict(self, channel: Channel) -> Verdict:
        """The step's verdict; a step that the run holds nothing about is not verifiable."""
        card = self.channel(channel)
        return card.verdict if card else Verdict.NOT_VERIFIABLE


class ChainChannel(Record, frozen=True):
    """The whole chain in one channel: its weakest known step, and the steps that are not verifiable.

    `at_best` says that an unverifiable step could be weaker still.
    """

    channel: Channel
    verdict: Verdict
    weakest: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    finding: Finding | None = None

    @property
    def at_best(self) -> bool:
        """Whether the verdict is only an upper limit."""
        return bool(self.unknown) and self.verdict not in {Verdict.NOT_VERIFIABLE, Verdict.NOT_OFFERED}

    @property
    def reason(self) -> str:
        """Why nothing can be said; empty when something can."""
        if self.verdict is not Verdict.NOT_VERIFIABLE:
            return ""
        return self.finding.reason if self.finding else NOT_JUDGED


class JourneyCard(Record, frozen=True):
    """One chain: its steps, and each channel over all of them."""

    chain: Chain
    steps: tuple[StepCard, ...]
    channels: tuple[ChainChannel, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def agency_count(self) -> int:
        """How many agencies a person meets on the way."""
        return len({step.agency.id for step in self.steps if step.agency})

    def login_steps(self, rule: str = "login_required") -> tuple[int, ...]:
        """The steps at which a login was found to be required."""
        return tuple(step.number for step in self.steps if step.subject and _asks(step.subject, rule))


def journeys(result: RunResult, cards: Scorecard) -> tuple[JourneyCard, ...]:
    """The chains of a run, by name."""
    found = [_journey(chain, result, cards) for chain in result.portfolio.chains]
    return tuple(sorted(found, key=lambda card: (card.chain.name.casefold(), card.chain.id)))


def _journey(chain: Chain, result: RunResult, cards: Scorecard) -> JourneyCard:
    steps = tuple(_step(number, step, cards) for number, step in enumerate(chain.steps, start=1))
    findings = tuple(finding for finding in result.chain_findings if finding.subject.id == chain.id)
    channels = tuple(_channel(channel, steps, findings) for channel in CHANNELS)
    return JourneyCard(chain=chain, steps=steps, channels=channels, findings=findings)


def _step(number: int, step: ChainStep, cards: Scorecard) -> StepCard:
    for agency in cards.everyone:
        for site in agency.sites:
            if site.site.id == step.site:
                known = {card.service.id: card for card in site.services if card.service}
                subject = known.get(step.service) if step.service else site.whole
                name = step.name or (subject.service.name if subject and subject.service else site.site.name)
                return StepCard(number=number, name=name, step=step, agency=agency.agency, subject=subject)
    return StepCard(number=number, name=step.name or step.service or step.site, step=step)


def _channel(channel: Channel, steps: tuple[StepCard, ...], findings: tuple[Finding, ...]) -> ChainChannel:
    finding = next((found for found in findings if found.channel is channel and found.verdict is not None), None)
    verdict = finding.verdict if finding and finding.verdict else Verdict.NOT_VERIFIABLE
    return ChainChannel(
        channel=channel,
        verdict=verdict,
        weakest=tuple(step.number for step in steps if step.verdict(channel) is verdict),
        unknown=tuple(step.number for step in steps if step.verdict(channel) is Verdict.NOT_VERIFIABLE),
        finding=finding,
    )


def _asks(subject: SubjectCard, rule: str) -> bool:
    return any(card.finding.rule == rule and card.finding.outcome == "failed" for card in subject.barriers)
