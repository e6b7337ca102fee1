"""Whose hours these are: those of the nearest place or line that the words around them name.

The sentence itself comes first, then the cell's headers, then what stands above it in its section, nearest first, and then
the headings. Hours of which nothing around names a place or a line are nobody's.
"""

import re
from collections.abc import Iterator

from rules.facts.address import find_address
from rules.facts.passage import HEADING_TAGS, Passage, Reading

PLACE, PHONE, DIGITAL, PRESS = "place", "phone", "digital", "press"

_PLACES = frozenset({"counter.place", "counter.says", "counter.at_place", "counter.hours_of", "counter.address_says"})
_LINES = frozenset({"hours.phone", "phone.says", "phone.label"})
_NUMBER = re.compile(r"\d\D{0,3}\d\D{0,3}\d")
_REACH = 14  # blocks above the hours that are looked at
_ENTRY = 220  # a longer block is a text, in which a place or a line is named by the way


def owner(reading: Reading, passage: Passage) -> str:
    """What the hours in this block are the hours of: "place", "phone", "digital", "press", or "" where nothing tells."""
    for groups, text in _signals(passage):
        found = _named(reading, groups, text)
        if found:
            return found
    return ""


def _signals(passage: Passage) -> Iterator[tuple[frozenset[str], str]]:
    """What may say whose hours they are, nearest first: groups of phrases, and the text that holds them."""
    yield _groups_of_hours(passage), ""
    yield _line_above(passage), ""
    for header in passage.block.table_headers:
        yield frozenset(hit.group for hit in passage.words.scan_label(header)), ""
    before = passage.before
    for _ in range(_REACH):
        if before is None or before.block.headings != passage.block.headings or before.block.tag in HEADING_TAGS:
            break
        if before.block.field is None and len(before.text) <= _ENTRY:
            yield before.groups, before.text
        before = before.before
    for heading in reversed(passage.block.headings[-2:]):
        yield frozenset(hit.group for hit in passage.words.scan_label(heading)), ""


def _groups_of_hours(passage: Passage) -> frozenset[str]:
    """The groups of the sentences that hold the hours; of the whole block where its hours need words from elsewhere."""
    if passage.hours is None:
        return passage.groups
    held = [s.groups for s in passage.sentences if s.start < passage.hours.end and passage.hours.start < s.end]
    return frozenset().union(*held)


def _line_above(passage: Passage) -> frozenset[str]:
    """That a line is to be called, said with its number in the sentence before the hours ("Call 115. Mon-Fri 8-18")."""
    start = passage.hours.start if passage.hours is not None else 0
    before = next((s for s in reversed(passage.sentences) if s.end <= start), None)
    if before is None or _NUMBER.search(before.text) is None:
        return frozenset()
    called = "phone.says" in before.groups and not before.groups & {"counter.says", "counter.hours_of"}
    named = "hours.phone" in before.groups and not before.groups & _PLACES
    return frozenset({"hours.phone"}) if called or named else frozenset()


def _named(reading: Reading, groups: frozenset[str], text: str) -> str:
    """What one signal names. A place with its phone number is a place; a line is one by its number, or by words for hours."""
    if groups & {"hours.digital", "counter.remote"} and not groups & _PLACES:
        return DIGITAL
    if "number.press" in groups:
        return PRESS
    if groups & _PLACES or (text and find_address(text, reading.countries) is not None):
        return PLACE
    line = groups & _LINES if _NUMBER.search(text) else groups & {"hours.phone"}
    return PHONE if line else ""
