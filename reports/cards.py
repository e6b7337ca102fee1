"""The cards that a report is laid out from: channels, barriers, services, sites, agencies; each holds what was counted."""

from reports.exhibits import Exhibits
from reports.measures import Coverage, Measure
from reports.norm_counts import NormCount, norm_counts
from reports.rule_groups import RuleGroup
from rules.model.finding import Channel, Finding, Outcome, Verdict
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.record import Record
from rules.model.run import PageResult, RunInfo, SiteResult
from rules.norms import NormConclusion, NormProfile

NOT_JUDGED = "not_judged"


class ChannelCard(Record, frozen=True):
    """One channel of one service or site: the verdict, the finding behind it, and its evidence."""

    channel: Channel
    verdict: Verdict
    exhibits: Exhibits
    finding: Finding | None = None

    @property
    def reason(self) -> str:
        """Why the channel is not verifiable; empty for the other verdicts."""
        return self.finding.reason if self.finding else NOT_JUDGED


class BarrierCard(Record, frozen=True):
    """What one barrier rule found about one subject, with its evidence; `services` are those whose page it stands on."""

    finding: Finding
    exhibits: Exhibits
    services: tuple[str, ...] = ()


class SubjectCard(Record, frozen=True):
    """One service, or a whole site where `service` is None: its three channels, its barriers, its pages.

    `norm` is what the agency's norm profile makes of the findings about it.
    """

    site: str
    service: Service | None
    channels: tuple[ChannelCard, ...]
    norm: NormConclusion
    barriers: tuple[BarrierCard, ...] = ()
    pages: tuple[PageResult, ...] = ()

    def channel(self, channel: Channel) -> ChannelCard:
        """The card of one channel."""
        return next(card for card in self.channels if card.channel == channel)

    @property
    def barrier_state(self) -> str:
        """One word for the bar: barrier, judge, clear, or not_looked_at where no rule could say anything."""
        outcomes = {card.finding.outcome for card in self.barriers}
        if Outcome.FAILED in outcomes:
            return "barrier"
        if Outcome.CANT_TELL in outcomes:
            return "judge"
        return "clear" if outcomes & {Outcome.PASSED, Outcome.INAPPLICABLE} else "not_looked_at"


class SiteCard(Record, frozen=True):
    """One site: its measures, its services, its accessibility, and what could not be looked at."""

    site: Site
    result: SiteResult
    coverage: Coverage
    measures: tuple[Measure, ...]
    whole: SubjectCard
    services: tuple[SubjectCard, ...] = ()
    problems: tuple[RuleGroup, ...] = ()
    questions: tuple[RuleGroup, ...] = ()
    unseen: tuple[PageResult, ...] = ()

    @property
    def subjects(self) -> tuple[SubjectCard, ...]:
        """What is counted: the services, or the whole site where it names none."""
        return self.services or (self.whole,)

    @property
    def barriers(self) -> tuple[BarrierCard, ...]:
        """Every barrier found on the site, those of the whole site first."""
        return self._barriers(Outcome.FAILED)

    @property
    def doubts(self) -> tuple[BarrierCard, ...]:
        """Every barrier that a person must judge, in the same order."""
        return self._barriers(Outcome.CANT_TELL)

    def _barriers(self, outcome: Outcome) -> tuple[BarrierCard, ...]:
        cards = (self.whole, *self.services)
        return tuple(card for subject in cards for card in subject.barriers if card.finding.outcome is outcome)


class RoleCard(Record, frozen=True):
    """What one role can usually mend at one agency."""

    role: str
    problems: tuple[RuleGroup, ...] = ()
    barriers: tuple[Finding, ...] = ()
    channels: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """How many things wait for this role."""
        return len(self.problems) + len(self.barriers) + len(self.channels)


class AgencyCard(Record, frozen=True):
    """One agency: its sites, and the same measures for all of them together; `norm` is the profile that it names."""

    agency: Agency
    sites: tuple[SiteCard, ...]
    coverage: Coverage
    measures: tuple[Measure, ...]
    roles: tuple[RoleCard, ...] = ()
    norm: NormProfile | None = None

    @property
    def norm_counts(self) -> tuple[NormCount, ...]:
        """How many of its subjects come to each conclusion of the norm."""
        return norm_counts(subject.norm for site in self.sites for subject in site.subjects)

    @property
    def service_count(self) -> int:
        """How many services the agency's sites name."""
        return sum(len(site.services) for site in self.sites)

    def measure(self, name: str) -> Measure:
        """The measure of this name."""
        return next(measure for measure in self.measures if measure.name == name)


class Scorecard(Record, frozen=True):
    """A whole run: agencies by name, those with too few pages apart; and why pages were not looked at."""

    run: RunInfo
    portfolio: Portfolio
    agencies: tuple[AgencyCard, ...]
    apart: tuple[AgencyCard, ...]
    measures: tuple[Measure, ...]
    coverage: Coverage
    unseen: tuple[tuple[str, int], ...] = ()

    @property
    def everyone(self) -> tuple[AgencyCard, ...]:
        """All agencies, by name."""
        return tuple(sorted((*self.agencies, *self.apart), key=by_name))

    def measure(self, name: str) -> Measure:
        """The measure of this name, all agencies together."""
        return next(measure for measure in self.measures if measure.name == name)

    def site(self, site_id: str) -> SiteCard | None:
        """The card of a site, wherever it belongs."""
        return next((site for agency in self.everyone for site in agency.sites if site.site.id == site_id), None)


def by_name(card: AgencyCard) -> tuple[str, str]:
    """The order of agencies: by name, whatever its letters' case."""
    return (card.agency.name.casefold(), card.agency.id)
