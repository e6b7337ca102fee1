"""Structured data: phone numbers in the page's JSON-LD. Machines read it, people do not, so alone it offers nothing."""

from collections.abc import Iterator
from typing import Any

import msgspec

from rules.facts.numbers import parsed
from rules.facts.passage import Reading
from rules.model.mention import Mention, MentionKind, Purpose

_DEPTH = 12
_PURPOSES = {"press": Purpose.PRESS, "media": Purpose.PRESS, "emergency": Purpose.EMERGENCY}


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per number, with whose it is; a script that is no JSON says nothing."""
    for script in reading.outline.structured:
        try:
            data = msgspec.json.decode(script)
        except (msgspec.DecodeError, RecursionError):
            continue
        yield from _numbers(reading, data, "", _DEPTH)


def _numbers(reading: Reading, data: Any, owner: str, depth: int) -> Iterator[Mention]:
    if depth == 0:
        return
    if isinstance(data, list):
        for item in data:
            yield from _numbers(reading, item, owner, depth - 1)
    elif isinstance(data, dict):
        name = data.get("name")
        owner = name if isinstance(name, str) else owner
        yield from _of_record(reading, data, owner)
        for value in data.values():
            if isinstance(value, dict | list):
                yield from _numbers(reading, value, owner, depth - 1)


def _of_record(reading: Reading, data: dict[str, Any], owner: str) -> Iterator[Mention]:
    for key, purpose in (("telephone", _purpose(data)), ("servicePhone", Purpose.PUBLIC), ("faxNumber", Purpose.FAX)):
        written = data.get(key)
        number = parsed(written, reading.countries) if isinstance(written, str) else None
        if number is not None and isinstance(written, str):
            yield Mention(
                kind=MentionKind.PHONE,
                quote=written[:300],
                value=number.value,
                deciding=(written[:300],),
                purpose=purpose,
                owner=owner[:300],
                source="structured",
                attributes={"number": written[:300], "type": number.kind},
            )


def _purpose(data: dict[str, Any]) -> Purpose:
    contact = str(data.get("contactType", "")).lower()
    return next((purpose for word, purpose in _PURPOSES.items() if word in contact), Purpose.PUBLIC)
