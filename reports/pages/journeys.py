"""A chain's page: the weakest step per channel, and what a person goes through."""

from collections.abc import Iterator

from markupsafe import Markup

from reports.edition import Edition, Page
from reports.journeys import JourneyCard, StepCard
from reports.measures import CHANNELS
from reports.pages.index import weakest_words
from rules.model.finding import Channel, Outcome, Verdict

FACTS_IN_LINE = 2


def pages(edition: Edition) -> Iterator[Page]:
    """One page for each chain."""
    for card in edition.report.journeys:
        yield _page(edition, card)


def _page(edition: Edition, card: JourneyCard) -> Page:
    telling = JourneyTelling(edition)
    return Page(
        template="chain.html.j2",
        kind="chain",
        address=lambda names: names.chain(card.chain.id),
        trail=((edition.addresses.index(), edition.words("nav.overview")), ("", card.chain.name)),
        sections=edition.sections(
            ("weakest", "journey.weakest.heading"), ("journey", "journey.line.heading"), ("method", "method.heading")
        ),
        values={
            "card": card,
            "chain_say": telling.say,
            "offered_steps": offered_steps,
            "step_address": telling.step_address,
            "step_lines": telling.step_lines,
            "weakest_words": lambda channel: weakest_words(edition.words, channel),
        },
    )


def offered_steps(card: JourneyCard, channel: Channel) -> int:
    """How many steps offer a channel."""
    return sum(step.verdict(channel) is Verdict.OFFERED for step in card.steps)


class JourneyTelling:
    """The sentences of a chain's page."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._words = edition.words

    def say(self, card: JourneyCard) -> Markup:
        """The whole chain in a sentence for each channel."""
        return Markup(" ").join(
            self._words(
                "journey.say_at_best" if channel.at_best else "journey.say",
                channel=self._words(f"channel.{channel.channel}.by_cap"),
                verdict=self._words(f"verdict.{channel.verdict}"),
            )
            for channel in card.channels
        )

    def step_address(self, step: StepCard) -> str:
        """The page that shows a step's evidence; empty for a step outside the run."""
        if step.agency is None or step.subject is None:
            return ""
        if step.subject.service is not None:
            return self._edition.addresses.service(step.subject.site, step.subject.service.id)
        return self._edition.addresses.agency(step.agency.id)

    def step_lines(self, step: StepCard) -> list[Markup]:
        """What a person meets at a step: each channel's facts, and whether a login is asked for."""
        if step.subject is None:
            return [self._words("journey.not_in_run")]
        lines = []
        for channel in CHANNELS:
            card = step.subject.channel(channel)
            facts = self._edition.phrases.facts_in_line(card, FACTS_IN_LINE)
            said = self._words(
                "shows", channel=self._words(f"channel.{channel}.cap"), verdict=self._words(f"verdict.{card.verdict}")
            )
            lines.append(Markup("{}. {}").format(said, Markup("; ").join(facts)).strip())
        asked = [card for card in step.subject.barriers if card.finding.rule == "login_required"]
        if asked:
            found = any(card.finding.outcome is Outcome.FAILED for card in asked)
            lines.append(self._words("journey.login_found" if found else "journey.login_not_found"))
        return lines
