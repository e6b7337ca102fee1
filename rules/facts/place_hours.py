"""Hours of a place: opening hours that belong to somewhere to go, and not to a line, a chat or an event."""

import re
from collections.abc import Iterator

from rules.facts.address import find_address, has_street
from rules.facts.going import DATE, ELSEWHERE
from rules.facts.hours_owner import PHONE, PLACE, owner
from rules.facts.opening_hours import bare_times_in, times_in
from rules.facts.passage import HEADING_TAGS, Passage, Reading, Sentence
from rules.facts.stance import DAYS
from rules.model.mention import Mention, MentionKind

_DIGIT = re.compile(r"\d")
_WORKING_HOURS = frozenset({"hours.workdays", "hours.opening"})
_NEAR = 4  # blocks on either side in which hours and address belong together
_ENTRY = 80  # a longer block is a sentence, not an entry in a list of hours
_LABELLED = 220  # a block longer than this is a text, not an entry in a list


def hours_of_a_place(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """Hours count as a counter where the nearest thing that they can belong to is a place, or words say that one opens."""
    if not passage.said.has_digit:
        return
    hours = passage.hours_with_days
    if hours is None and not (passage.said.has_span or passage.groups >= _WORKING_HOURS):
        return
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
    return named >= _WORKING_HOURS and bare_times_in(passage.folded)


def _of_one_day_or_closed(passage: Passage) -> bool:
    """Whether the hours are those of one day, such as an event's, or of a place that is closed."""
    if DATE.search(passage.text) and not (passage.groups | passage.heading_groups) & {"hours.opening", "hours.times"}:
        return True
    if _is_an_event(passage) or passage.groups & ELSEWHERE:
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
    """Whether a date stands among the hours ("opened Friday 12 April from 10 to 11"), and no place or heading for hours.

    A bus that stops there or a board that meets there keeps hours of its own.
    """
    hours = passage.hours
    if hours is not None and any(
        "counter.event" in s.groups and "hours.opening" not in s.groups
        for s in passage.sentences
        if s.start < hours.end and hours.start < s.end
    ):
        return True
    if hours is None or "counter.place" in passage.groups:
        return False
    if "hours.opening" in passage.heading_groups and len(passage.text) <= _ENTRY:
        return False
    return DATE.search(passage.text[hours.start : hours.end]) is not None


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
