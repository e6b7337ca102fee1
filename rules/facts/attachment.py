"""What belongs to what: hours and the price of a call to their number; hours, address and appointment to their place.

Each goes to the nearest of its kind before it in its section, else to the nearest behind it.
"""

from collections.abc import Iterable, Sequence

import msgspec

from rules.facts.address import find_address
from rules.facts.hours_owner import PHONE, PLACE
from rules.facts.passage import Passage, Reading
from rules.model.mention import Mention, MentionKind, Polarity

_FAR = 8  # blocks between a thing and what belongs to it
_BESIDE = 3  # blocks between a place and its address
_MOST_HOURS = 8  # rows of a table of hours


def attached(reading: Reading, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions, in their order, those of channels with what belongs to them among their attributes."""
    extra: dict[int, dict[str, list[str]]] = {}
    sections: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place, mention in enumerate(mentions):
        if mention.block >= 0:  # what stands in structured data is beside nothing
            sections.setdefault((mention.landmark, mention.headings), []).append(place)
    for held in sections.values():
        if len(held) > 1:
            _attach(mentions, held, extra)
    made = [
        _with(mention, {name: "; ".join(values) for name, values in extra[place].items()})
        if place in extra
        else mention
        for place, mention in enumerate(mentions)
    ]
    return [_with_address(reading, mention) for mention in made]


def _attach(mentions: Sequence[Mention], held: Sequence[int], extra: dict[int, dict[str, list[str]]]) -> None:
    lines = [place for place in held if _is(mentions[place], MentionKind.PHONE)]
    numbers = [place for place in lines if mentions[place].value] or lines
    counters = [place for place in held if _is(mentions[place], MentionKind.COUNTER)]
    for place in held:
        mention = mentions[place]
        if (
            mention.kind is MentionKind.HOURS and mention.value[:1].isalpha()
        ):  # without a weekday they are of some season
            of = mention.attributes.get("of")
            owners = numbers if of == PHONE else counters if of == PLACE else ()
            _add(mentions, _nearest(mentions, owners, mention.block), "hours", mention.value, extra)
        elif mention.kind is MentionKind.COST:
            cost = mention.value or mention.quote
            _add(mentions, _nearest(mentions, numbers, mention.block), "cost", cost, extra)
        elif mention.kind is MentionKind.APPOINTMENT and mention.polarity is Polarity.AFFIRMED:
            for name in ("appointment", "appointment_by"):
                if name in mention.attributes:
                    _add(mentions, _nearest(mentions, counters, mention.block), name, mention.attributes[name], extra)


def _is(mention: Mention, kind: MentionKind) -> bool:
    return mention.kind is kind and mention.polarity is Polarity.AFFIRMED


def _nearest(mentions: Sequence[Mention], owners: Sequence[int], block: int) -> list[int]:
    """Those of the nearest block before, or in, this one; else those of the nearest behind it."""
    before = [place for place in owners if 0 <= block - mentions[place].block <= _FAR]
    behind = [place for place in owners if 0 < mentions[place].block - block <= _FAR]
    if not before and not behind:
        return []
    found = max(mentions[place].block for place in before) if before else min(mentions[place].block for place in behind)
    return [place for place in owners if mentions[place].block == found]


def _add(
    mentions: Sequence[Mention], places: Iterable[int], name: str, value: str, extra: dict[int, dict[str, list[str]]]
) -> None:
    for place in places:
        if name in mentions[place].attributes or not value:
            continue
        values = extra.setdefault(place, {}).setdefault(name, [])
        if value not in values and (not values or name == "hours") and len(values) < _MOST_HOURS:
            values.append(value)


def _with(mention: Mention, attributes: dict[str, str]) -> Mention:
    return msgspec.structs.replace(mention, attributes={**mention.attributes, **attributes})


def _with_address(reading: Reading, mention: Mention) -> Mention:
    """A place, or words that ask for a letter, with the address that stands beside it."""
    if mention.kind not in {MentionKind.COUNTER, MentionKind.PAPER} or mention.polarity is not Polarity.AFFIRMED:
        return mention
    if "address" in mention.attributes or "form" in mention.attributes:
        return mention
    passage = reading.passage(mention.block)
    if passage is None or (mention.kind is MentionKind.PAPER and "paper.address_label" not in passage.groups):
        return mention
    address = _address_beside(reading, passage, mention.kind)
    return _with(mention, {"address": address}) if address else mention


def _address_beside(reading: Reading, passage: Passage, kind: MentionKind) -> str:
    """The address in the block itself, or in one just behind or before it in its section."""
    around: list[Passage | None] = [passage]
    after: Passage | None = passage
    before = passage.before
    for _ in range(_BESIDE):
        after = reading.after(after) if after is not None else None
        around.append(after)
        if kind is MentionKind.COUNTER:
            around.append(before)
            before = before.before if before is not None else None
    other = "paper.address_label" if kind is MentionKind.COUNTER else "counter.says"
    for near in around:
        if (
            near is None
            or near.block.headings != passage.block.headings
            or near.block.landmark != passage.block.landmark
        ):
            continue
        if near is not passage and other in near.groups | near.label_groups:
            continue
        found = find_address(near.text, reading.countries)
        if found is not None:
            return " ".join(near.text[found[0] : found[1]].split())
    return ""
