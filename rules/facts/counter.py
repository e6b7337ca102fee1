"""Counter: places where a person can go: visiting addresses, counters, walk-ins, appointments on site, hours of a place."""

from collections.abc import Iterator

from rules.facts.address import find_address, has_street
from rules.facts.going import ELSEWHERE, going
from rules.facts.passage import HEADING_TAGS, Passage, Reading, Sentence
from rules.facts.place_hours import hours_of_a_place
from rules.facts.statements import Said, statements
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind, Polarity, Purpose

_SPEAKS = frozenset({"counter.says", "counter.in_person", "counter.at_place", "counter.place", "counter.denies"})
_LABELLED = 220  # a block longer than this is a text, not an entry in a list of addresses


def find(reading: Reading) -> Iterator[Mention]:
    """Every counter mention, in document order, at most one per sentence."""
    for passage in reading.passages:
        if passage.said.is_silent or passage.block.field is not None or "counter.work" in passage.heading_groups:
            continue  # an advert for the post of a clerk tells of a counter too
        said = list(_statements(reading, passage))
        yield from said
        if not any(mention.polarity is Polarity.AFFIRMED for mention in said):
            yield from hours_of_a_place(reading, passage)
        if not said:
            yield from _labelled_address(reading, passage)


def _statements(reading: Reading, passage: Passage) -> Iterator[Mention]:
    if passage.groups.isdisjoint(_SPEAKS) or passage.bare_label:
        return
    for said in statements(reading, passage, "counter", going):
        if passage.block.tag in HEADING_TAGS and _unsaid_place(said):
            continue  # "Help in person" is the name of a section
        yield passage.mention(
            MentionKind.COUNTER,
            said.hit.start,
            said.hit.end,
            polarity=said.polarity,
            purpose=_purpose(reading, passage, said.sentence),
            attributes={**_attributes(reading, passage, said.sentence), **_unsaid_place(said), **said.attributes},
        )


def _unsaid_place(said: Said) -> dict[str, str]:
    """Marks words that say that something is done in person, and not where."""
    named = said.sentence.groups & {"counter.place", "counter.at_place", "counter.says", "counter.hours_of"}
    return {"where": "unsaid"} if said.hit.group == "counter.in_person" and not named else {}


def _purpose(reading: Reading, passage: Passage, sentence: Sentence) -> Purpose:
    if "number.press" in sentence.groups or "number.press" in passage.heading_groups:
        return Purpose.PRESS
    if any(not reading.is_own(passage.text[hit.start : hit.end]) for hit in _other_bodies(sentence)):
        return Purpose.OTHER_BODY
    if "number.staff" in sentence.groups:
        return Purpose.STAFF
    return Purpose.PUBLIC


def _other_bodies(sentence: Sentence) -> Iterator[Hit]:
    """Other bodies named in the sentence, without one whose house is only where it takes place ("in the library")."""
    houses = {hit.end for hit in sentence.of("counter.place")} if "counter.says" in sentence.groups else set()
    return (hit for hit in sentence.of("number.other_body") if hit.end not in houses)


def _labelled_address(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """An address under words that name a place to visit ("Bezoekadres" in the heading, the street below it)."""
    if not passage.said.has_digit or len(passage.text) > _LABELLED:
        return
    labels = passage.label_groups
    named = (
        labels & {"counter.says"}
        or passage.heading_groups & {"counter.in_person", "counter.at_place"}
        or ("counter.whereabouts" in labels and _of_a_house(passage))
    )
    if not named and "counter.visit" not in labels and "counter.visit" not in passage.groups:
        return
    if passage.bare_label or (passage.groups | passage.heading_groups) & ELSEWHERE:
        return
    found = find_address(passage.text, reading.countries)
    if found is None:
        return
    lead = frozenset(hit.group for hit in passage.hits if hit.end <= found[0])
    if named or "counter.address_says" in lead | labels:
        yield passage.mention(
            MentionKind.COUNTER, found[0], found[1], attributes={"address": " ".join(passage.text.split())}
        )


def _of_a_house(passage: Passage) -> bool:
    """Whether the address is not that of a post box alone."""
    return not passage.groups & {"paper.box", "paper.address_label"} or has_street(passage.text)


def _attributes(reading: Reading, passage: Passage, sentence: Sentence) -> dict[str, str]:
    attributes: dict[str, str] = {}
    hours = passage.hours
    if hours is not None:
        attributes["hours"] = hours.value
    address = find_address(passage.text, reading.countries)
    if address is not None:
        attributes["address"] = " ".join(passage.text[address[0] : address[1]].split())
    attributes.update(appointment_words(sentence))
    return attributes


def _walk_in(sentence: Sentence) -> bool:
    """Whether the sentence says that nobody needs an appointment: "without", but not "not without"."""
    required = list(sentence.of("appointment.required"))
    return any(
        not any(other.start <= hit.start and hit.end <= other.end for other in required)
        for hit in sentence.of("appointment.none")
    )


def appointment_words(sentence: Sentence) -> dict[str, str]:
    """Whether the sentence asks for an appointment, and how one is made: by phone, online, or both."""
    found: dict[str, str] = {}
    if _walk_in(sentence):
        found["appointment"] = "none"
    elif "appointment.required" in sentence.groups:
        found["appointment"] = "required"
    elif "appointment.says" in sentence.groups:
        found["appointment"] = "possible"
    ways = [
        way
        for way, group in (("phone", "appointment.phone"), ("online", "appointment.online"))
        if group in sentence.groups
    ]
    if found and ways:
        found["appointment_by"] = ",".join(ways)
    return found
