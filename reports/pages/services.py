"""A service's page: its three channels with their evidence, what stands in the way, and which pages were read for it."""

from collections.abc import Iterator

from markupsafe import Markup

from reports.cards import AgencyCard, ChannelCard, SiteCard, SubjectCard
from reports.compare import Change
from reports.edition import Edition, Page
from reports.measures import CHANNELS
from reports.pages.agencies import AgencyTelling
from reports.rule_words import Text
from reports.states import ThingKind
from rules.model.finding import Channel, Verdict
from rules.model.page import PageRole
from rules.model.portfolio import Service
from rules.model.run import PageResult

FACTS_IN_LINE = 3
ALWAYS_READ = (PageRole.HOME, PageRole.CONTACT)


def pages(edition: Edition) -> Iterator[Page]:
    """One page for each service."""
    for card in edition.report.cards.everyone:
        for site in card.sites:
            for subject in site.services:
                if subject.service is not None:
                    yield _page(edition, card, site, subject, subject.service)


def _page(edition: Edition, card: AgencyCard, site: SiteCard, subject: SubjectCard, service: Service) -> Page:
    telling = ServiceTelling(edition)
    return Page(
        template="service.html.j2",
        kind="service",
        address=lambda names: names.service(site.site.id, service.id),
        trail=(
            (edition.addresses.index(), edition.words("nav.overview")),
            (edition.addresses.agency(card.agency.id), card.agency.name),
            ("", service.name),
        ),
        sections=edition.sections(
            *((channel, f"channel.{channel}.by_cap") for channel in CHANNELS),
            ("barriers", "service.barriers.heading"),
            ("norm", "norm.heading"),
            ("read", "service.read.heading"),
        ),
        values={
            "agency": card.agency,
            "norm": edition.norm_of(card),
            "subject": subject,
            "pages_read": pages_read(site, subject),
            "service_say": telling.say,
            "in_line": telling.in_line,
            "changes_of": telling.changes_of,
            "sentence_of": telling.sentence_of,
            "mend_of": telling.mend_of,
            "channel_caption": AgencyTelling(edition).channel_caption,
        },
    )


def pages_read(site: SiteCard, subject: SubjectCard) -> list[PageResult]:
    """The pages that a verdict on a service rests on: its own, and the site's home and contact pages."""
    general = [page for page in site.result.pages if page.role in ALWAYS_READ and page not in subject.pages]
    return [*subject.pages, *general]


class ServiceTelling:
    """The sentences of a service's page."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._words = edition.words

    def say(self, subject: SubjectCard) -> Markup:
        """The three verdicts in a sentence each."""
        said = [self._words(f"say.{card.channel}.{card.verdict}") for card in subject.channels]
        if len({card.verdict for card in subject.channels}) == 1:
            return self._words(f"say.all.{subject.channels[0].verdict}")
        return Markup(" ").join(said)

    def in_line(self, card: ChannelCard) -> Markup:
        """The facts that matter most, or what is missing, in one line."""
        if card.verdict is Verdict.NOT_VERIFIABLE:
            return self._edition.phrases.marked(self._edition.phrases.reason_of(card))
        sentence = self.sentence_of(card)
        if card.verdict is Verdict.NOT_OFFERED and sentence is not None:
            return self._edition.phrases.marked(sentence)
        facts = self._edition.phrases.facts_in_line(card, FACTS_IN_LINE)
        if card.finding and card.finding.missing:
            facts.append(self._words("lacking_line", parts=self._edition.phrases.lacking(card)))
        if facts:
            return Markup("; ").join(facts)
        first = card.exhibits.first
        return self._words("see_quote" if first and first.evidence else "nothing_quoted")

    def changes_of(self, subject: SubjectCard, channel: Channel) -> list[Change]:
        """What changed in one channel of this service."""
        comparison = self._edition.report.comparison
        if comparison is None or subject.service is None:
            return []
        return [
            change
            for change in comparison.within([subject.site])
            if change.kind is ThingKind.CHANNEL and change.name == channel and change.subject == subject.service.id
        ]

    def sentence_of(self, card: ChannelCard) -> Text | None:
        """What the rule says about this verdict."""
        return self._edition.rules.sentence(card.finding, quoted=False) if card.finding else None

    def mend_of(self, card: ChannelCard) -> Text | None:
        """What would open the channel up, where it is not open."""
        if card.finding is None or card.verdict in {Verdict.OFFERED, Verdict.NOT_VERIFIABLE}:
            return None
        return self._edition.phrases.mend_of(card.finding)
