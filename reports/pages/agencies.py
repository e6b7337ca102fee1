"""An agency's page: what people can do without the internet, what is in the way, and who can do what about it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from reports.cards import AgencyCard, BarrierCard, ChannelCard, SiteCard
from reports.compare import Change, Comparison, Movement
from reports.contact_rows import contact_sheet
from reports.edition import Edition, Page
from reports.exhibits import Exhibit
from reports.measures import CHANNELS, Coverage, Measure
from reports.pages.index import say_channels, site_ids, subjects_of
from reports.phrases import ChangeWords
from reports.role_phrases import RolePhrases
from reports.rule_groups import RuleGroup
from reports.rule_words import Text
from rules.model.finding import Evidence, SubjectKind
from rules.model.page import SampleSlot
from rules.model.record import Record
from rules.model.run import PageResult

PLACES_AT_MOST = 5
_MENDING = re.compile(r"^Fix (?:any|all) of the following:\s*")


class BarrierRow(Record, frozen=True):
    """One barrier at one agency's site, with the places where the same words were read; `why` a person must judge it."""

    rule: str
    role: str
    why: Text
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
    roles = RolePhrases(edition.words, edition.rules, edition.phrases, edition.addresses)
    agency = card.agency
    return Page(
        template="agency.html.j2",
        kind="agency",
        address=lambda names: names.agency(agency.id),
        trail=((edition.addresses.index(), edition.words("nav.overview")), ("", agency.name)),
        sections=edition.sections(
            ("matrix", "agency.matrix.heading"),
            ("norm", "norm.heading"),
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
            "contact_sheet": contact_sheet,
            "before": telling.before,
            "agency_say": telling.say,
            "changed_in": telling.changed_in,
            "barrier_rows": telling.barrier_rows,
            "doubt_rows": telling.doubt_rows,
            "places_changed": telling.places_changed,
            "role_lines": roles.lines,
            "role_start": roles.start,
            "no_barrier": telling.no_barrier,
            "why_unsure": why_unsure,
            "slot_words": telling.slot_words,
            "left_open": telling.left_open,
            "empty_slot_words": telling.empty_slot_words,
            "skipped_words": telling.skipped_words,
            "uncollected": telling.uncollected,
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


def why_unsure(message: str) -> str:
    """What axe says about a place that it could not judge, without the order to fix it."""
    return _MENDING.sub("", message)


class AgencyTelling:
    """The sentences of an agency's page."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._words = edition.words
        self._phrases = edition.phrases

    def say(self, card: AgencyCard) -> Markup:
        """What to remember: the channels, and the checks where there were any."""
        checks = card.measure("accessibility")
        if not card.coverage.looked_at:
            return self._words("agency.say_nothing")
        said = say_channels(self._words, card, card.sites)
        if not checks.total:
            return said
        found = self._words("agency.say_checks", n=checks.count("failed"), total=checks.total)
        return Markup("{} {}").format(said, found)

    def no_barrier(self, card: AgencyCard) -> Markup:
        """What to say where no barrier was found: for how many, who must judge the others, and what nobody could."""
        measure, unit = card.measure("barriers"), subjects_of(card.sites)
        counts = {word: measure.count(word) for word in ("clear", "judge", "not_looked_at")}
        subjects = self._words(f"total_unit.{unit}", n=measure.total)
        if counts["clear"] == measure.total:
            return self._words("agency.barriers.none", subjects=subjects)
        if counts["not_looked_at"] == measure.total:
            return self._words("agency.barriers.unjudged", subjects=subjects)
        sentences = {"clear": "none_of_some", "judge": "doubts", "not_looked_at": "unseen"}
        return Markup(" ").join(
            self._words(
                f"agency.barriers.{key}", figure=self._words(f"of_unit.{unit}", n=counts[word], total=measure.total)
            )
            for word, key in sentences.items()
            if counts[word]
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
        """The barriers that were found."""
        return self._rows(barrier for site in card.sites for barrier in site.barriers)

    def doubt_rows(self, card: AgencyCard) -> list[BarrierRow]:
        """The barriers that a person must judge."""
        return self._rows(barrier for site in card.sites for barrier in site.doubts)

    def _rows(self, barriers: Iterable[BarrierCard]) -> list[BarrierRow]:
        """Barriers with the same words in the same place stand in one row, however many services they hit."""
        rows: dict[tuple[str, str, int], list[BarrierCard]] = {}
        for barrier in barriers:
            first, finding = barrier.exhibits.first, barrier.finding
            key = (finding.subject.site, finding.rule, first.number if first else 0)
            rows.setdefault(key, []).append(barrier)
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
            why=self._edition.rules.reason(finding.rule, finding.reason or "person_must_judge"),
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
        return Markup("; ").join(
            self._words("method.skipped_words", reason=self._words(f"failure.{reason}"), n=count)
            for reason, count in skipped
        )

    def uncollected(self, site: SiteCard) -> Markup:
        """What the browser's engine did not tell of the pages; empty when it told all."""
        untold = dict.fromkeys(kind for page in site.result.pages for kind in page.uncollected)
        return Markup("; ").join(self._words(f"uncollected.{kind}") for kind in untold)

    def channel_caption(self, card: ChannelCard, about: str) -> Markup:
        """What an exhibit shows: the channel, its verdict, and for whom."""
        said = self._words(
            "shows", channel=self._words(f"channel.{card.channel}.cap"), verdict=self._words(f"verdict.{card.verdict}")
        )
        return Markup("{}, {}").format(said, about) if about else said
