"""Online only: words that say that there is no other way than the internet."""

import re
from collections.abc import Iterator

from rules.facts.passage import Passage, Reading, Sentence
from rules.facts.stance import stance
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind, Polarity

_ONLINE = frozenset({"online.web", "online.login", "online.login_need", "hours.digital"})
_OFFLINE = frozenset(
    {"phone.says", "counter.says", "counter.place", "counter.at_place", "counter.in_person", "paper.says"}
)
_EXCLUSIVE = frozenset({"online.only", "online.no_other", "online.exclusive"})
_NAMED = re.compile(  # "only through EasyGov", "only on agency.example": a name with a capital inside, or a domain
    r"\s+(?:(?:de|het|the|das|den|dem|die|la|le|site)\s+){0,2}[\"'\u00ab\u2018\u201c]?"
    r"(?:(?:[\w-]+\.)+[a-z]{2,6}\b|[A-Za-z\u00c0-\u00ff]?[a-z\u00df-\u00ff]*[a-z\u00df-\u00ff][A-Z\u00c0-\u00de][\w-]+)"
)
_CHANNELS = frozenset({"phone.says", "counter.says", "paper.says"})


def find(reading: Reading) -> Iterator[Mention]:
    """Every statement of exclusivity; what it is about (the service, an appointment, an app) is an attribute."""
    for passage in reading.saying(*_EXCLUSIVE):
        for sentence in passage.sentences:
            hit = _saying(passage, sentence)
            if (
                hit is None
                or sentence.asks
                or "online.publication" in sentence.groups
                or _also_offline(passage, sentence, hit)
            ):
                continue
            held = stance(reading, passage, sentence, hit, only_before=True)
            if held is not None:
                yield passage.mention(
                    MentionKind.ONLINE_ONLY, hit.start, hit.end, polarity=held, attributes={"about": _about(sentence)}
                )


def _saying(passage: Passage, sentence: Sentence) -> Hit | None:
    """Words of exclusivity; "no other way" is such in a block that sends people to the internet, or nowhere else."""
    only = max(sentence.of("online.only"), key=lambda hit: hit.end - hit.start, default=None) or _named(
        passage, sentence
    )
    if only is None and (passage.groups & _ONLINE or not passage.groups & _OFFLINE):
        return max(sentence.of("online.no_other"), key=lambda hit: hit.end - hit.start, default=None)
    return only


def _named(passage: Passage, sentence: Sentence) -> Hit | None:
    """Words of exclusivity with the name of a site or a portal right behind them."""
    return next((hit for hit in sentence.of("online.exclusive") if _NAMED.match(passage.text, hit.end)), None)


def _about(sentence: Sentence) -> str:
    if "online.app_only" in sentence.groups:
        return "app"
    return "appointment" if "online.only_part" in sentence.groups else "service"


def _also_offline(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether the sentence names another channel beside the internet ("only online or at the counter")."""
    for other in sentence.of(*_CHANNELS):
        if ";" in passage.text[hit.end : other.start]:
            return False
        if other.start >= hit.end and not passage.folded[hit.end : other.start].strip(" ,.-").startswith(
            ("niet", "not", "nicht", "pas", "et non", "non", "und nicht", "en niet", "and not", "meer", "and cannot")
        ):
            between = [stop for stop in sentence.of("negation.not") if hit.end <= stop.start <= other.start]
            if not between:
                return True
    return False


def is_whole_service(mention: Mention) -> bool:
    """Whether the mention says of the service itself, not of an appointment, that it is online only."""
    return (
        mention.kind is MentionKind.ONLINE_ONLY
        and mention.polarity is Polarity.AFFIRMED
        and mention.attributes.get("about") == "service"
    )
