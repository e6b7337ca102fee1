"""From a run to what its report shows: counted, grouped, numbered and sorted; nothing is judged here."""

from collections import Counter
from collections.abc import Iterable, Sequence

from reports.cards import AgencyCard, BarrierCard, ChannelCard, RoleCard, Scorecard, SiteCard, SubjectCard, by_name
from reports.exhibits import ExhibitBook, Exhibits
from reports.measures import CHANNELS, Coverage, Measure, added, of_barriers, of_checks, of_pages, of_verdicts
from reports.norm_counts import concluded, norm_of
from reports.rule_groups import RuleGroup, about_accessibility, groups_of, worst_outcomes
from rules.model.failure import FailureKind
from rules.model.finding import Channel, Finding, Outcome, SubjectKind, Verdict
from rules.model.page import SlotKind
from rules.model.portfolio import Agency, Service, Site
from rules.model.run import PageResult, RunResult, SiteResult
from rules.norms import NormProfile

PAGE_READ = "page_read"
SERIOUS_VERDICTS = (Verdict.NOT_OFFERED, Verdict.CONTRADICTED, Verdict.PARTLY)
ARRM_ROLES = {
    "Front-end developer": "front_end_development",
    "Content author": "content_authoring",
    "Visual designer": "visual_design",
    "User experience designer": "ux_design",
}


def scorecard(result: RunResult) -> Scorecard:
    """Everything that the report of a run shows, but for words and pictures."""
    results = {site.site: site for site in result.sites}
    cards = sorted((agency_card(agency, results) for agency in result.portfolio.agencies), key=by_name)
    unseen = Counter(_why(page) for card in cards for site in card.sites for page in site.unseen)
    return Scorecard(
        run=result.run,
        portfolio=result.portfolio,
        agencies=tuple(card for card in cards if card.coverage.enough),
        apart=tuple(card for card in cards if not card.coverage.enough),
        measures=_together([card.measures for card in cards]),
        coverage=_covered(card.coverage for card in cards),
        unseen=tuple(sorted(unseen.items(), key=lambda entry: (-entry[1], entry[0]))),
    )


def agency_card(agency: Agency, results: dict[str, SiteResult]) -> AgencyCard:
    """The card of one agency; a site that the run holds nothing about counts with no page."""
    book = ExhibitBook()
    norm = norm_of(agency)
    missing = SiteResult(agency=agency.id, site="", state="missing")
    sites = tuple(_site_card(site, results.get(site.id, missing), book, norm) for site in agency.sites)
    return AgencyCard(
        agency=agency,
        sites=sites,
        coverage=_covered(site.coverage for site in sites),
        measures=_together([site.measures for site in sites]),
        roles=_roles(sites),
        norm=norm,
    )


def _site_card(site: Site, result: SiteResult, book: ExhibitBook, norm: NormProfile | None) -> SiteCard:
    coverage = Coverage(looked_at=sum(page.looked_at for page in result.pages), planned=len(result.pages))
    about = _by_subject(site, result)

    def card_of(service: Service | None) -> SubjectCard:
        return _subject_card(site, service, about[service.id if service else ""], result, book, norm)

    whole = card_of(None)
    services = tuple(card_of(service) for service in site.services)
    accessibility = [finding for finding in result.findings if about_accessibility(finding)]
    return SiteCard(
        site=site,
        result=result,
        coverage=coverage,
        measures=_measures(services or (whole,), accessibility, coverage),
        whole=whole,
        services=services,
        problems=groups_of(accessibility, Outcome.FAILED),
        questions=groups_of(accessibility, Outcome.CANT_TELL),
        unseen=tuple(page for page in result.pages if not page.looked_at),
    )


def _measures(
    subjects: Sequence[SubjectCard], accessibility: Sequence[Finding], coverage: Coverage
) -> tuple[Measure, ...]:
    channels = [of_verdicts(channel, (card.channel(channel).verdict for card in subjects)) for channel in CHANNELS]
    barriers = of_barriers(card.barrier_state for card in subjects)
    checks = of_checks(worst_outcomes(accessibility).values())
    return (*channels, barriers, checks, of_pages(coverage))


def _subject_card(
    site: Site,
    service: Service | None,
    about: Sequence[Finding],
    result: SiteResult,
    book: ExhibitBook,
    norm: NormProfile | None,
) -> SubjectCard:
    return SubjectCard(
        site=site.id,
        service=service,
        channels=tuple(_channel_card(channel, about, book) for channel in CHANNELS),
        barriers=tuple(
            BarrierCard(finding=finding, exhibits=_entered(finding, book), services=_services_of(finding, result))
            for finding in about
            if is_barrier(finding)
        ),
        pages=_pages_of(service, result) if service else (),
        norm=concluded(norm, site, service, about),
    )


def _entered(finding: Finding, book: ExhibitBook) -> Exhibits:
    """Only what a page prints is numbered: barriers that were found, or that a person must judge."""
    return book.enter(finding) if finding.outcome in {Outcome.FAILED, Outcome.CANT_TELL} else Exhibits()


def _channel_card(channel: Channel, about: Sequence[Finding], book: ExhibitBook) -> ChannelCard:
    for finding in about:
        if finding.channel is channel and finding.verdict is not None:
            return ChannelCard(channel=channel, verdict=finding.verdict, finding=finding, exhibits=book.enter(finding))
    return ChannelCard(channel=channel, verdict=Verdict.NOT_VERIFIABLE, exhibits=Exhibits())


def is_barrier(finding: Finding) -> bool:
    """Whether a finding comes from a barrier rule: neither a channel's verdict, nor about accessibility or looking."""
    return finding.verdict is None and finding.rule != PAGE_READ and not about_accessibility(finding)


def _by_subject(site: Site, result: SiteResult) -> dict[str, list[Finding]]:
    """What was found about each service; under "" what is about the whole site, its pages, or a service that it does not name."""
    about: dict[str, list[Finding]] = {name: [] for name in ("", *(service.id for service in site.services))}
    for finding in result.findings:
        named = finding.subject.kind is SubjectKind.SERVICE and finding.subject.id in about
        if named or not about_accessibility(finding):
            about[finding.subject.id if named else ""].append(finding)
    return about


def _pages_of(service: Service, result: SiteResult) -> tuple[PageResult, ...]:
    return tuple(page for page in result.pages if page.url in service.pages or service.id in _slot_services(page))


def _services_of(finding: Finding, result: SiteResult) -> tuple[str, ...]:
    if finding.subject.kind is SubjectKind.SERVICE:
        return (finding.subject.id,)
    return tuple(
        service for page in result.pages if page.url == finding.subject.id for service in sorted(_slot_services(page))
    )


def _slot_services(page: PageResult) -> set[str]:
    return {slot.name for slot in page.slots if slot.kind is SlotKind.SERVICE}


def _roles(sites: Sequence[SiteCard]) -> tuple[RoleCard, ...]:
    problems: dict[str, list[RuleGroup]] = {}
    barriers: dict[str, list[Finding]] = {}
    channels: dict[str, list[Finding]] = {}
    for site in sites:
        for group in site.problems:
            problems.setdefault(_one_role(group.role), []).append(group)
        for card in site.barriers:
            barriers.setdefault(_one_role(card.finding.role), []).append(card.finding)
        for finding in _weak_channels(site):
            channels.setdefault(_one_role(finding.role), []).append(finding)
    cards = [
        RoleCard(
            role=role,
            problems=tuple(problems.get(role, ())),
            barriers=tuple(barriers.get(role, ())),
            channels=tuple(channels.get(role, ())),
        )
        for role in {*problems, *barriers, *channels}
    ]
    return tuple(sorted(cards, key=lambda card: (not card.role, -card.size, card.role)))


def _one_role(role: str) -> str:
    """One name for a role that ARRM and our own rules call differently."""
    return ARRM_ROLES.get(role, role)


def _weak_channels(site: SiteCard) -> list[Finding]:
    cards = [card for subject in site.subjects for card in subject.channels]
    return [card.finding for card in cards if card.finding is not None and card.verdict in SERIOUS_VERDICTS]


def _together(measures: Sequence[tuple[Measure, ...]]) -> tuple[Measure, ...]:
    if not measures:
        return _measures((), (), Coverage(looked_at=0, planned=0))
    return tuple(added(same) for same in zip(*measures, strict=True))


def _covered(coverages: Iterable[Coverage]) -> Coverage:
    looked_at = planned = 0
    for coverage in coverages:
        looked_at += coverage.looked_at
        planned += coverage.planned
    return Coverage(looked_at=looked_at, planned=planned)


def _why(page: PageResult) -> str:
    return str(page.failure.kind) if page.failure else str(FailureKind.BUDGET)
