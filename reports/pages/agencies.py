"""An agency's page: what people can do without the internet, what is in the way, and who can do what about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from reports.compare import Change, Comparison, Movement
from reports.edition import Edition, Page
from reports.exhibits import Exhibit
from reports.measures import CHANNELS, Coverage, Measure
from reports.pages.index import site_ids, subjects_of
from reports.phrases import ChangeWords
from reports.rule_groups import RuleGroup
from reports.scorecard import AgencyCard, BarrierCard, ChannelCard, RoleCard, SiteCard
from rules.model.finding import Evidence, Finding, SubjectKind
from rules.model.page import SampleSlot
from rules.model.record import Record
from rules.model.run import PageResult

PLACES_AT_MOST = 5
LINES_AT_MOST = 6


class BarrierRow(Record, frozen=True):
    """One barrier at one agency's site, with the places where the same words were read."""

    rule: str
    role: str
    tongue: str
    places: tuple[str, ...]
    more: int
    evidence: Evidence | None
    exhibit: Exhibit | None
    address: str


def pages(edition: Edition) -> Iterator[Page]:
    """One page for each agency."""
    for card in edition.report.cards.everyone:
        yield _page(edition, card)


def _page(edition: Edition, card: AgencyCard) -> Page:
    telling = AgencyTelling(edition)
    agency = card.agency
    return Page(
        template="agency.html.j2",
        kind="agency",
        address=lambda names: names.agency(agency.id),
        trail=((edition.addresses.index(), edition.words("nav.overview")), ("", agency.name)),
        sections=edition.sections(
            ("matrix", "agency.matrix.heading"),
            ("barriers", "agency.barriers.heading"),
            ("accessibility", "agency.accessibility.heading"),
            ("roles", "agency.roles.heading"),
            ("unseen", "agency.unseen.heading"),
            ("reply", "agency.reply.heading"),
            ("evidence", "agency.evidence.heading"),
            ("method", "method.heading"),
        ),
        values={
            "card": card,
            "site_ids": site_ids,
            "hosts": lambda card: ", ".join(dict.fromkeys(host_of(site.site.start) for site in card.sites)),
            "host_of": host_of,
            "unit_of": unit_of,
            "browsers": browsers,
            "before": telling.before,
            "agency_say": telling.say,
            "changed_in": telling.changed_in,
            "barrier_rows": telling.barrier_rows,
            "places_changed": telling.places_changed,
            "role_lines": telling.role_lines,
            "role_start": telling.role_start,
            "slot_words": telling.slot_words,
            "left_open": telling.left_open,
            "empty_slot_words": telling.empty_slot_words,
            "skipped_words": telling.skipped_words,
            "channel_caption": telling.channel_caption,
        },
    )


def host_of(url: str) -> str:
    """The host that a person knows a site by."""
    return urlsplit(url).netloc


def browsers(site: SiteCard) -> str:
    """The browsers that looked at a site's pages."""
    return ", ".join(dict.fromkeys(page.browser for page in site.result.pages if page.browser))


def unit_of(measure: Measure, sites: Sequence[SiteCard]) -> str:
    """What a measure counts: services, sites where no service is named, checks or pages."""
    if measure.name in {"accessibility", "pages"}:
        return "checks" if measure.name == "accessibility" else "pages"
    return subjects_of(sites)


class AgencyTelling:
    """The sentences of an agency's page."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._words = edition.words
        self._phrases = edition.phrases

    def say(self, card: AgencyCard) -> Markup:
        """The one sentence to remember."""
        phone, counter, paper = (card.measure(channel) for channel in CHANNELS)
        checks = card.measure("accessibility")
        if not card.coverage.looked_at:
            return self._words("agency.say_nothing")
        unit = subjects_of(card.sites)
        said = self._words(
            "agency.say",
            subjects=self._words(f"total_unit.{unit}", n=phone.total),
            phone=phone.good,
            counter=counter.good,
            paper=paper.good,
        )
        return Markup("{} {}").format(
            said, self._words("agency.say_checks", n=checks.count("failed"), total=checks.total)
        )

    def before(self, card: AgencyCard) -> Coverage:
        """How many pages the previous run planned and looked at."""
        before = self._edition.report.before
        agencies = before.everyone if before else ()
        return next(
            (old.coverage for old in agencies if old.agency.id == card.agency.id), Coverage(looked_at=0, planned=0)
        )

    def changed_in(self, measure: Measure, changes: Sequence[Change]) -> list[ChangeWords]:
        """What changed in one measure."""
        if measure.name in CHANNELS:
            return self._phrases.changed(self._phrases.about_channel(changes, measure.name))
        kind = "barrier" if measure.name == "barriers" else "rule"
        return self._phrases.changed(self._phrases.about_kind(changes, kind))

    def barrier_rows(self, card: AgencyCard) -> list[BarrierRow]:
        """Barriers with the same words in the same place stand in one row, however many services they hit."""
        rows: dict[tuple[str, str, int], list[BarrierCard]] = {}
        for site in card.sites:
            for barrier in site.barriers:
                first = barrier.exhibits.first
                rows.setdefault((site.site.id, barrier.finding.rule, first.number if first else 0), []).append(barrier)
        return [self._barrier_row(cards) for cards in rows.values()]

    def _barrier_row(self, cards: Sequence[BarrierCard]) -> BarrierRow:
        first = cards[0]
        finding, exhibit = first.finding, first.exhibits.first
        places = tuple(dict.fromkeys(self._phrases.subject_name(card.finding) for card in cards))
        page = ""
        if finding.subject.kind is SubjectKind.SERVICE:
            page = self._edition.addresses.service(finding.subject.site, finding.subject.id)
        return BarrierRow(
            rule=finding.rule,
            role=finding.role,
            tongue=self._phrases.tongue_of(finding.subject.site),
            places=places[:PLACES_AT_MOST],
            more=max(len(places) - PLACES_AT_MOST, 0),
            evidence=exhibit.evidence if exhibit else None,
            exhibit=exhibit,
            address=f"{page}#{exhibit.anchor}" if exhibit else "",
        )

    def places_changed(self, group: RuleGroup, comparison: Comparison) -> Markup:
        """What changed for one rule on one site."""
        found = [change for change in comparison.within([group.site]) if change.rule == group.rule and change.pages]
        if group.rule in comparison.rules_left_out:
            return self._words("changed.rule_changed")
        new = sum(len(change.pages) for change in found if change.movement is Movement.NEW)
        fixed = sum(len(change.pages) for change in found if change.movement is Movement.FIXED)
        same = [change for change in found if change.movement is Movement.UNCHANGED]
        places = sum(change.places_after - change.places_before for change in same)
        parts = [
            self._words(f"changed.{key}", n=number)
            for key, number in (
                ("pages_new", new),
                ("pages_fixed", fixed),
                ("places_more", places),
                ("places_fewer", -places),
            )
            if number > 0
        ]
        return (
            self._words.joined(parts)
            if parts
            else self._words("changed.nothing" if found else "changed.not_seen_before")
        )

    def role_lines(self, role: RoleCard) -> list[Markup]:
        """What waits for a role, one line for each rule."""
        names = Counter(self._words("role.problem", name=self._name(group.rule)) for group in role.problems)
        lines = list(names)
        barriers = Counter(finding.rule for finding in role.barriers)
        lines += [self._words("role.barrier", name=self._name(rule), n=count) for rule, count in barriers.items()]
        channels = Counter((str(finding.channel), str(finding.verdict)) for finding in role.channels)
        lines += [
            self._words(
                "role.channel",
                channel=self._words(f"channel.{channel}"),
                verdict=self._words(f"verdict.{verdict}"),
                n=count,
            )
            for (channel, verdict), count in channels.items()
        ]
        if len(lines) > LINES_AT_MOST:
            lines = [*lines[: LINES_AT_MOST - 1], self._words("more", n=len(lines) - LINES_AT_MOST + 1)]
        return lines

    def role_start(self, role: RoleCard) -> Markup:
        """Where a role best begins: the heaviest problem, else the first barrier or channel."""
        if role.problems:
            group = role.problems[0]
            link = Markup('<a href="{}">{}</a>').format(
                self._edition.addresses.problem(group.site, group.rule), self._name(group.rule)
            )
            return self._words("role.start_problem", link=link, n=group.places)
        finding = (role.barriers or role.channels)[0]
        mend = self._edition.rules.mend(finding.rule)
        where = self._service_link(finding)
        return self._words("role.start_mend", link=where, mend=self._phrases.marked(mend)) if mend else where

    def _service_link(self, finding: Finding) -> Markup:
        name = self._phrases.subject_name(finding)
        if finding.subject.kind is not SubjectKind.SERVICE:
            return Markup("<bdi>{}</bdi>").format(self._words.value(name))
        address = self._edition.addresses.service(finding.subject.site, finding.subject.id)
        return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, self._words.value(name))

    def slot_words(self, page: PageResult) -> Markup:
        """Why a page was planned."""
        return self._words.joined(dict.fromkeys(self._slot(slot) for slot in page.slots)) or self._words("slot.none")

    def empty_slot_words(self, site: SiteCard) -> Markup:
        """The slots for which no page was found."""
        return self._words.joined(self._slot(slot) for slot in site.result.empty_slots)

    def _slot(self, slot: SampleSlot) -> Markup:
        if slot.kind == "fixed":
            key = f"page_role.{slot.name}"
            return self._words("slot.fixed", name=self._words(key) if key in self._words else slot.name)
        return self._words(f"slot.{slot.kind}", name=slot.name)

    def left_open(self, page: PageResult, site: SiteCard) -> Markup:
        """What stays unknown because a page could not be looked at."""
        services = [card for card in site.services if page in card.pages]
        open_channels = {
            channel.channel for card in services for channel in card.channels if channel.verdict == "not_verifiable"
        }
        if open_channels:
            names = self._words.joined(
                self._words(f"channel.{channel}") for channel in CHANNELS if channel in open_channels
            )
            return self._words("leaves.channels", channels=names)
        return self._words("leaves.accessibility")

    def skipped_words(self, site: SiteCard) -> Markup:
        """Pages that the crawl left alone, by reason."""
        skipped = sorted(site.result.crawl.skipped.items(), key=lambda entry: (-entry[1], entry[0]))
        return self._words.joined(
            Markup("{} {}").format(self._words(f"failure.{reason}"), self._words.value(count))
            for reason, count in skipped
        )

    def channel_caption(self, card: ChannelCard, about: str) -> Markup:
        """What an exhibit shows: the channel, its verdict, and for whom."""
        said = self._words(
            "shows", channel=self._words(f"channel.{card.channel}.cap"), verdict=self._words(f"verdict.{card.verdict}")
        )
        return Markup("{}, {}").format(said, about) if about else said

    def _name(self, rule: str) -> Markup:
        return self._phrases.marked(self._edition.rules.name(rule))
