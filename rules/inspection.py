"""One page judged by itself: its mentions, and which channels it offers to a member of the public."""

from rules.facts import read_facts
from rules.facts.online_only import is_whole_service
from rules.model.mention import DATA_SOURCES, Mention, MentionKind, PageFacts, Polarity, Purpose
from rules.model.outline import Outline, Shown
from rules.model.record import Record


class Inspection(Record, frozen=True):
    """What one page says: its language, its mentions, and a yes or no per channel."""

    lang: str
    phone: bool
    counter: bool
    paper: bool
    digital_only: bool
    mentions: tuple[Mention, ...] = ()


def inspect(outline: Outline, country: str = "", lang: str = "") -> Inspection:
    """The page's channels. A denial on the page outweighs a general number only at service level, not here."""
    facts = read_facts(outline, country=country, lang=lang)
    return Inspection(
        lang=facts.lang,
        phone=any(offers(mention) for mention in facts.of(MentionKind.PHONE)),
        counter=any(offers(mention) for mention in facts.of(MentionKind.COUNTER)),
        paper=any(offers(mention) for mention in facts.of(MentionKind.PAPER)),
        digital_only=_digital_only(facts),
        mentions=facts.mentions,
    )


def offers(mention: Mention) -> bool:
    """Whether the mention is a way in for the public: affirmed, for them, and somewhere they can see it."""
    return (
        mention.polarity is Polarity.AFFIRMED
        and mention.purpose is Purpose.PUBLIC
        and mention.shown is not Shown.NEVER
        and mention.source not in DATA_SOURCES
        and "label" not in mention.attributes
    )


def _digital_only(facts: PageFacts) -> bool:
    """Words of exclusivity, or a refusal of paper, in its own words, on a page that offers no other way."""
    if _refuses_paper(facts):
        return True
    return any(is_whole_service(mention) for mention in facts.of(MentionKind.ONLINE_ONLY)) or any(
        mention.attributes.get("only") == "yes" and offers(mention) for mention in facts.of(MentionKind.APP)
    )


def _refuses_paper(facts: PageFacts) -> bool:
    channels = facts.of(MentionKind.PHONE, MentionKind.COUNTER, MentionKind.PAPER)
    refused = any(
        mention.kind is MentionKind.PAPER
        and mention.polarity is Polarity.DENIED
        and not {"closed", "online", "above"} & mention.attributes.keys()
        for mention in channels
    )
    return refused and not any(offers(mention) for mention in channels)
