"""Counter: places where a person can go: visiting addresses, counters, walk-ins, appointments on site, hours of a place."""

import re
from collections.abc import Iterator

from rules.facts.address import find_address, has_street
from rules.facts.hours_owner import PHONE, PLACE, hours_of, owner
from rules.facts.opening_hours import bare_times_in, times_in
from rules.facts.passage import HEADING_TAGS, Passage, Reading, Sentence
from rules.facts.stance import DAYS
from rules.facts.statements import Said, statements
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind, Polarity, Purpose

_MONTH = (
    r"(?:jan|feb|f[ée]v|m[äa]r|maart|apr|avr|mai|mei|may|jun|juin|jul|juil|aug|ao[ûu]t|sep|okt|oct|nov|dez|dec|d[ée]c)"
    r"[a-zéûä]*"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}([./-])\d{{1,2}}\1(?:20)?\d\d\b|\b\d{{1,2}}(?:\.|st|nd|rd|th|er)?\s(?:de\s|of\s)?{_MONTH}\b"
    rf"|\b{_MONTH}\.?\s\d{{1,2}}\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d\s?%")
_OR = re.compile(r"\b(?:or|of|oder|ou|and|en|und|et)\s+$", re.IGNORECASE)
_OR_INSIDE = re.compile(r"(?:or|of|oder|ou)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_ITEM = 5  # words in an item of a list of ways
_ELSEWHERE = frozenset(
    {"hours.phone", "hours.digital", "phone.says", "phone.label", "negation.closed", "negation.shut", "number.meeting"}
)
_ADDRESSED = frozenset({"counter.you", "phone.says", "paper.says", "online.web"})
_NEAR = 4  # blocks on either side in which hours and address belong together
_ENTRY = 80  # a longer block is a sentence, not an entry in a list of hours
_LABELLED = 220  # a block longer than this is a text, not an entry in a list of addresses


def find(reading: Reading) -> Iterator[Mention]:
    """Every counter mention, in document order, at most one per sentence."""
    for passage in reading.passages:
        if passage.block.field is not None:
            continue
        said = list(_statements(reading, passage))
        yield from said
        if not any(mention.polarity is Polarity.AFFIRMED for mention in said):
            yield from _hours_of_a_place(reading, passage)
        if not said:
            yield from _labelled_address(reading, passage)


def _statements(reading: Reading, passage: Passage) -> Iterator[Mention]:
    if (
        not passage.groups
        & {"counter.says", "counter.in_person", "counter.at_place", "counter.place", "counter.denies"}
        or passage.bare_label
    ):
        return
    for said in statements(reading, passage, "counter", _saying):
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


_COMPANY = frozenset(
    {"counter.visit", "counter.appointment", "paper.hand_in", "appointment.says", "appointment.none", "counter.says"}
)


def _saying(sentence: Sentence) -> Hit | None:
    """The phrase that speaks of going somewhere.

    A place merely named needs a visit or an appointment beside it, and "in person" somebody to whom it is said: a
    minister who met people in person opens no counter.
    """
    says = list(sentence.of("counter.says"))
    if "counter.remote" in sentence.groups and "counter.place" not in sentence.groups and not _or_in_person(sentence):
        return None
    if (
        not says
        and "number.meeting" not in sentence.groups
        and (sentence.groups & _ADDRESSED or len(sentence.text.split()) <= _ITEM)
    ):
        says = list(sentence.of("counter.in_person"))
    opens = "counter.open" in sentence.groups and "negation.gone" not in sentence.groups
    if not says and opens and _DATE.search(sentence.text) is None:
        says = list(sentence.of("counter.place"))
    if not says and (_opens_on_other_days(sentence) or _has_days(sentence)):
        says = list(sentence.of("counter.place"))
    if not says and sentence.groups & _COMPANY and _DATE.search(sentence.text) is None:
        says = list(sentence.of("counter.at_place"))
    return max(says, key=lambda hit: hit.end - hit.start, default=None)


def _has_days(sentence: Sentence) -> bool:
    """Whether a place is named with days of the week, or as where to go in person ("In person: …"), and it is no event."""
    if "counter.event" in sentence.groups or _DATE.search(sentence.text) or _SHARE.search(sentence.text):
        return False
    if "hours.weekdays" in sentence.groups and not sentence.groups & _ELSEWHERE:
        return True
    return any(hit.start == sentence.start for hit in sentence.of("counter.in_person"))


def _opens_on_other_days(sentence: Sentence) -> bool:
    """Whether the sentence says that something opens again, or is shut on some day of the week, and so is open on others."""
    if sentence.groups & {"negation.gone", "negation.past"}:
        return False
    if "counter.reopens" in sentence.groups:
        return True
    shut = "negation.shut" in sentence.groups and sentence.groups & DAYS
    return bool(shut) and _DATE.search(sentence.text) is None


def _or_in_person(sentence: Sentence) -> bool:
    """Whether "in person" is the other choice beside a talk by video."""
    return any(
        _OR.search(sentence.text[: hit.start - sentence.start])
        or _OR_INSIDE.match(sentence.text[hit.start - sentence.start :])
        for hit in sentence.of("counter.in_person")
    )


def _purpose(reading: Reading, passage: Passage, sentence: Sentence) -> Purpose:
    if "number.press" in sentence.groups or "number.press" in passage.heading_groups:
        return Purpose.PRESS
    if any(not reading.is_own(passage.text[hit.start : hit.end]) for hit in sentence.of("number.other_body")):
        return Purpose.OTHER_BODY
    if "number.staff" in sentence.groups:
        return Purpose.STAFF
    return Purpose.PUBLIC


def _hours_of_a_place(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """Hours count as a counter where the nearest thing that they can belong to is a place, or words say that one opens."""
    if not passage.said.has_digit:
        return
    hours = hours_of(passage)
    labels = passage.label_groups | _section_groups(passage)
    if not (hours or _timed(passage, labels)) or _of_one_day_or_closed(passage):
        return
    belongs = owner(reading, passage)
    opens = (passage.groups | labels) & {"hours.opening", "counter.place", "counter.hours_of"}
    alone = not belongs and (_address_near(reading, passage) or (opens and not _follows_numbers(passage)))
    if belongs == PLACE or alone or (belongs == PHONE and _of_an_address(reading, passage, labels)):
        attributes = {"hours": hours.value} if hours is not None else {}
        yield passage.mention(MentionKind.COUNTER, 0, len(passage.text), attributes=attributes)


def _of_an_address(reading: Reading, passage: Passage, labels: frozenset[str]) -> bool:
    """Whether hours below a phone number are those of the address beside it, and no word says that they are the line's."""
    if _to_visit(reading, passage) and not _in_one_sentence_with_a_line(passage):
        return True
    if "hours.phone" in passage.groups or passage.heading_groups & {"phone.says", "hours.phone"}:
        return False
    free = "hours.opening" in passage.groups | labels or "hours.phone" not in passage.label_groups
    return free and _address_near(reading, passage)


def _in_one_sentence_with_a_line(passage: Passage) -> bool:
    hours = passage.hours
    return hours is not None and any(
        "hours.phone" in s.groups for s in passage.sentences if s.start < hours.end and hours.start < s.end
    )


def _timed(passage: Passage, labels: frozenset[str]) -> bool:
    """Whether the block gives hours without days, which words must call so ("open on working days, 9-5")."""
    named = passage.groups & {"hours.workdays", "hours.opening", "hours.times"}
    if times_in(passage.folded, passage.words):
        at_place = "counter.place" in passage.groups and "counter.event" not in passage.groups
        entry = at_place and len(passage.text) <= _LABELLED
        return bool(named or labels & {"hours.opening", "hours.times"} or entry)
    return named >= {"hours.workdays", "hours.opening"} and bare_times_in(passage.folded)


def _of_one_day_or_closed(passage: Passage) -> bool:
    """Whether the hours are those of one day, such as an event's, or of a place that is closed."""
    if _DATE.search(passage.text) and "hours.opening" not in passage.groups | passage.heading_groups:
        return True
    if _is_an_event(passage):
        return True
    return any(
        "negation.gone" in s.groups
        or ("negation.closed" in s.groups and not s.groups & DAYS and not _of_another_place(passage, s))
        for s in passage.sentences
    )


def _of_another_place(passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence that says what is closed names its own place, apart from the hours of this one."""
    hours = passage.hours
    apart = hours is not None and (hours.end <= sentence.start or sentence.end <= hours.start)
    return apart and "counter.place" in sentence.groups


def _is_an_event(passage: Passage) -> bool:
    """Whether a date stands among the hours ("opened Friday 12 April from 10 to 11"), and no place or heading for hours."""
    hours = passage.hours
    if hours is None or "counter.place" in passage.groups:
        return False
    if "hours.opening" in passage.heading_groups and len(passage.text) <= _ENTRY:
        return False
    return _DATE.search(passage.text[hours.start : hours.end]) is not None


def _section_groups(passage: Passage) -> frozenset[str]:
    """What the nearest blocks before this one say, up to the first that is no label and no hours."""
    before = passage.before
    for _ in range(_NEAR + 3):
        if before is None or (before.block.headings != passage.block.headings and before.block.tag not in HEADING_TAGS):
            return frozenset()
        if before.hours is None:
            return before.groups if len(before.text) <= _LABELLED else frozenset()
        before = before.before
    return frozenset()


def _follows_numbers(passage: Passage) -> bool:
    """Whether phone numbers stand just above, so that hours that name no place are the hours of the line."""
    before = passage.before
    for _ in range(_NEAR):
        if before is None:
            return False
        if before.groups & {"phone.says", "phone.label"} and _DIGIT.search(before.text):
            return True
        before = before.before
    return False


def _address_near(reading: Reading, passage: Passage) -> bool:
    if find_address(passage.text, reading.countries):
        return True
    before, after = passage.before, reading.after(passage)
    for _ in range(_NEAR):
        if before is not None:
            if before.block.landmark == passage.block.landmark and _to_visit(reading, before):
                return True
            before = before.before
        if after is not None:
            if after.block.landmark == passage.block.landmark and _to_visit(reading, after):
                return True
            after = reading.after(after)
    return False


def _to_visit(reading: Reading, passage: Passage) -> bool:
    """Whether the block holds an address, and not that of a post box alone."""
    if find_address(passage.text, reading.countries) is None:
        return False
    return not passage.groups & {"paper.box", "paper.address_label"} or has_street(passage.text)


def _labelled_address(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """An address under words that name a place to visit ("Bezoekadres" in the heading, the street below it)."""
    if not passage.said.has_digit or len(passage.text) > _LABELLED or passage.bare_label:
        return
    labels = passage.label_groups
    found = find_address(passage.text, reading.countries)
    if found is None:
        return
    lead = frozenset(hit.group for hit in passage.hits if hit.end <= found[0])
    if (
        labels & {"counter.says"}
        or passage.heading_groups & {"counter.in_person", "counter.at_place"}
        or ("counter.address_says" in lead | labels and "counter.visit" in labels | passage.groups)
    ):
        yield passage.mention(
            MentionKind.COUNTER, found[0], found[1], attributes={"address": " ".join(passage.text.split())}
        )


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
