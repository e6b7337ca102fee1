"""Structured data: phone numbers and addresses in the page's JSON-LD, microdata and RDFa, in the words of schema.org.

Machines read it, people do not, so alone it offers nothing. Source of the names: https://schema.org/ContactPoint
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from rules.facts.numbers import parsed
from rules.facts.passage import Reading
from rules.facts.structured_hours import hours_of_record
from rules.model.mention import DATA_SOURCES, Mention, MentionKind, Purpose

_DEPTH = 12
_LONGEST = 300
_PURPOSES = {"press": Purpose.PRESS, "media": Purpose.PRESS, "emergency": Purpose.EMERGENCY}
_ADDRESS = ("streetAddress", "postOfficeBoxNumber", "postalCode", "addressLocality")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the data a record stands: the kind of data, and the name and hours of what it is a part of."""

    source: str
    owner: str = ""
    hours: str = ""


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per number and per address, with whose it is; a script that is no JSON says nothing."""
    scripts = (reading.outline.structured, reading.outline.microdata)
    for source, texts in zip(DATA_SOURCES, scripts, strict=True):
        for text in texts:
            try:
                data = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                continue
            yield from _mentions(reading, data, _Place(source), _DEPTH)


def _mentions(reading: Reading, data: Any, place: _Place, depth: int) -> Iterator[Mention]:
    if depth == 0:
        return
    if isinstance(data, list):
        for item in data:
            yield from _mentions(reading, item, place, depth - 1)
    elif isinstance(data, dict):
        name = data.get("name")
        owner = name if isinstance(name, str) else place.owner
        place = _Place(place.source, owner, hours_of_record(data) or place.hours)
        yield from _numbers(reading, data, place)
        yield from _addresses(data, place)
        for value in data.values():
            if isinstance(value, dict | list):
                yield from _mentions(reading, value, place, depth - 1)


def _numbers(reading: Reading, data: dict[str, Any], place: _Place) -> Iterator[Mention]:
    for key, purpose in (("telephone", _purpose(data)), ("servicePhone", Purpose.PUBLIC), ("faxNumber", Purpose.FAX)):
        for written in _texts(data.get(key)):
            number = parsed(written, reading.countries)
            if number is not None:
                attributes = {"number": written[:_LONGEST], "type": number.kind}
                if hours := hours_of_record(data):
                    attributes["hours"] = hours
                yield _mention(MentionKind.PHONE, written, place, attributes, value=number.value, purpose=purpose)


def _addresses(data: dict[str, Any], place: _Place) -> Iterator[Mention]:
    """A street is a place to visit, a post box one to write to; a town alone is neither."""
    parts = [text for name in _ADDRESS for text in _texts(data.get(name))[:1]]
    for name, kind in (("streetAddress", MentionKind.COUNTER), ("postOfficeBoxNumber", MentionKind.PAPER)):
        if len(parts) > 1 and _texts(data.get(name)):
            address = ", ".join(parts)[:_LONGEST]
            attributes = {"address": address}
            if place.hours and kind is MentionKind.COUNTER:
                attributes["hours"] = place.hours
            yield _mention(kind, address, place, attributes)
            return


def _mention(
    kind: MentionKind,
    written: str,
    place: _Place,
    attributes: dict[str, str],
    *,
    value: str = "",
    purpose: Purpose = Purpose.PUBLIC,
) -> Mention:
    return Mention(
        kind=kind,
        quote=written[:_LONGEST],
        value=value,
        deciding=(written[:_LONGEST],),
        purpose=purpose,
        owner=place.owner[:_LONGEST],
        source=place.source,
        attributes=attributes,
    )


def _texts(value: Any) -> list[str]:
    """The texts that a property holds: one, or each of a list."""
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text.strip()]


def _purpose(data: dict[str, Any]) -> Purpose:
    contact = str(data.get("contactType", "")).lower()
    return next((purpose for word, purpose in _PURPOSES.items() if word in contact), Purpose.PUBLIC)
