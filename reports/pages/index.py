"""The overview: can people get help without the internet, and how does each agency do?"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reports.cards import AgencyCard, Scorecard, SiteCard
from reports.edition import Edition, Page
from reports.journeys import ChainChannel
from reports.measures import CHANNELS
from reports.wording import Words


def pages(edition: Edition) -> Iterator[Page]:
    """The one overview."""
    cards = edition.report.cards
    failed = [(card.agency, site) for card in cards.everyone for site in card.sites if site.result.failure]
    values = {
        "service_count": sum(card.service_count for card in cards.everyone),
        "subjects": subjects_of([site for card in cards.everyone for site in card.sites]),
        "failed_sites": failed,
        "site_ids": site_ids,
        "index_say": lambda: say_channels(
            edition.words, cards, [site for card in cards.everyone for site in card.sites]
        ),
        "weakest_words": lambda channel: weakest_words(edition.words, channel),
    }
    yield Page(template="index.html.j2", kind="index", address=lambda names: names.index(), trail=(), values=values)


def site_ids(card: AgencyCard) -> list[str]:
    """The ids of an agency's sites."""
    return [site.site.id for site in card.sites]


def subjects_of(sites: Sequence[SiteCard]) -> str:
    """What channels are counted in: services, sites where none names a service, or a mixture."""
    named = [bool(site.services) for site in sites]
    return "services" if named and all(named) else "mixed" if any(named) else "sites"


def say_channels(words: Words, card: AgencyCard | Scorecard, sites: Sequence[SiteCard]) -> Markup:
    """The three channels in a sentence: the verdicts of a lone site that names no services, else how many are complete."""
    measures = [card.measure(channel) for channel in CHANNELS]
    unit = subjects_of(sites)
    if unit == "sites" and len(sites) == 1:
        return Markup(" ").join(
            words(
                "journey.say",
                channel=words(f"channel.{measure.name}.by_cap"),
                verdict=words(f"verdict.{next(part.word for part in measure.parts if part.count)}"),
            )
            for measure in measures
        )
    phone, counter, paper = measures
    figure = words(f"of_unit.{unit}", n=phone.good, total=phone.total)
    return words("say_channels", phone=figure, counter=counter.good, paper=paper.good)


def weakest_words(words: Words, channel: ChainChannel) -> Markup:
    """Which steps decide a chain's verdict, and which could not be verified."""
    parts = []
    if channel.weakest:
        steps = words.joined(words.value(number) for number in channel.weakest)
        parts.append(words("journey.at_steps", n=len(channel.weakest), steps=steps))
    if channel.unknown and channel.unknown != channel.weakest:
        steps = words.joined(words.value(number) for number in channel.unknown)
        parts.append(words("journey.unknown_steps", n=len(channel.unknown), steps=steps))
    return Markup("; ").join(parts)
