"""What changed since the run before, and whether the two runs can be compared."""

from collections.abc import Iterator

from markupsafe import Markup

from reports.compare import Change, Difference
from reports.edition import Edition, Page
from reports.states import ThingKind

PAGES_AT_MOST = 3
SCOPES = ("sites", "services")


def pages(edition: Edition) -> Iterator[Page]:
    """One page, when there is a run before."""
    if edition.report.comparison is None:
        return
    telling = ChangeTelling(edition)
    yield Page(
        template="compare.html.j2",
        kind="changes",
        address=lambda names: names.changes(),
        trail=((edition.addresses.index(), edition.words("nav.overview")), ("", edition.words("nav.changes"))),
        sections=edition.sections(
            *((movement, f"changes.{movement}.heading") for movement in ("new", "fixed", "no_longer_verifiable")),
            *((movement, f"changes.{movement}.heading") for movement in ("verifiable_again", "unchanged", "waiting")),
            ("comparable", "changes.comparable.heading"),
        ),
        values={
            "change_name": telling.name,
            "change_where": telling.where,
            "change_proof": telling.proof,
            "part_word": telling.part,
            "difference_words": telling.difference,
            "effect_words": telling.effect,
        },
    )


class ChangeTelling:
    """The sentences of the page on changes."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._words = edition.words
        self._phrases = edition.phrases

    def name(self, change: Change) -> Markup:
        """What changed: a channel, a barrier or a rule."""
        if change.kind is ThingKind.CHANNEL:
            return self._words(f"channel.{change.name}.cap")
        return self._phrases.marked(self._edition.rules.name(change.rule))

    def where(self, change: Change) -> Markup:
        """Where it changed: the service, or the first of the pages."""
        site = self._edition.report.cards.site(change.site)
        place = site.site.name if site else change.site
        if change.pages:
            titles = dict.fromkeys(self._phrases.title_of(page) for page in change.pages[:PAGES_AT_MOST])
            more = len(change.pages) - PAGES_AT_MOST
            parts = [*titles, *([self._words("more_pages", n=more)] if more > 0 else [])]
            return Markup('{}<span class="beside">{}</span>').format(
                self._words.joined(parts), self._words.value(place)
            )
        subject = self._phrases.service_name(change.site, change.subject)
        if subject == place:
            return Markup("<bdi>{}</bdi>").format(self._words.value(place))
        return Markup('<bdi>{}</bdi><span class="beside">{}</span>').format(
            self._words.value(subject), self._words.value(place)
        )

    def proof(self, change: Change) -> Markup:
        """The page of this report on which the evidence stands."""
        names = self._edition.addresses
        if change.kind is ThingKind.RULE:
            site = self._edition.report.cards.site(change.site)
            shown = {group.rule for group in (*site.problems, *site.questions)} if site else set()
            if change.rule not in shown:
                return self._words("changes.no_page")
            return self._link(names.problem(change.site, change.rule), Markup("<code>{}</code>").format(change.rule))
        card = self._edition.report.cards.site(change.site)
        services = {subject.service.id for subject in card.services if subject.service} if card else set()
        if change.subject not in services:
            return self._agency_link(change)
        anchor = change.name if change.kind is ThingKind.CHANNEL else "barriers"
        return self._link(f"{names.service(change.site, change.subject)}#{anchor}", self._proof_words(change))

    def _proof_words(self, change: Change) -> Markup:
        """The words of a link to evidence; of what, for people who hear the link alone."""
        about = self._words.joined((self.name(change), self._phrases.service_name(change.site, change.subject)))
        return Markup('{}<span class="heard">: {}</span>').format(self._words("changes.proof"), about)

    def _agency_link(self, change: Change) -> Markup:
        for agency in self._edition.report.cards.everyone:
            if any(site.site.id == change.site for site in agency.sites):
                address = f"{self._edition.addresses.agency(agency.agency.id)}#evidence"
                return self._link(address, self._proof_words(change))
        return self._words("changes.no_page")

    def part(self, part: str) -> Markup:
        """A component's name, or what differs between the runs."""
        key = f"changes.parts.{part}"
        return self._words(key) if key in self._words else Markup.escape(part)

    def difference(self, difference: Difference, value: str) -> Markup:
        """One run's side of a difference."""
        if difference.part in SCOPES:
            return self._words("changes.only_here", n=int(value))
        return Markup("<code>{}</code>").format(value[:16]) if value else self._words("changes.unknown_version")

    def effect(self, difference: Difference) -> Markup:
        """What a difference means for the comparison."""
        if difference.part in SCOPES:
            return self._words("changes.effects.scope")
        if difference.part in {"settings", "axe-core", "rules"}:
            return self._words(f"changes.effects.{difference.part}")
        return self._words("changes.effects.other")

    def _link(self, address: str, words: Markup) -> Markup:
        return Markup('<a href="{}">{}</a>').format(address, words)
