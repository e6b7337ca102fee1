"""Opening hours in structured data, in the syntax of OpenStreetMap, which `openingHours` of schema.org has nearly.

Source: https://schema.org/openingHours, https://schema.org/OpeningHoursSpecification
"""

import re
from typing import Any

_DAYS = {
    "monday": "Mo",
    "tuesday": "Tu",
    "wednesday": "We",
    "thursday": "Th",
    "friday": "Fr",
    "saturday": "Sa",
    "sunday": "Su",
}
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_WRITTEN = re.compile(rf"({_DAY}(?:[-,]{_DAY})*) +(\d\d:\d\d) ?- ?(\d\d:\d\d)")
_CLOCK = re.compile(r"T?(\d\d:\d\d)")
_MOST = 14  # twice a day


def hours_of_record(data: dict[str, Any]) -> str:
    """The hours that a record gives of itself; what is not written as schema.org has it is left out."""
    found = []
    for written in _listed(data.get("openingHours")):
        if isinstance(written, str):
            found += [f"{days} {opens}-{closes}" for days, opens, closes in _WRITTEN.findall(written)]
    for key in ("openingHoursSpecification", "hoursAvailable"):
        found += [_specified(one) for one in _listed(data.get(key)) if isinstance(one, dict)]
    return "; ".join(dict.fromkeys(filter(None, found[:_MOST])))


def _specified(specification: dict[str, Any]) -> str:
    """Days and times of one `OpeningHoursSpecification`; equal times mean that it is closed, which is no hours."""
    named = [str(day).rstrip("/").rpartition("/")[2].lower() for day in _listed(specification.get("dayOfWeek"))]
    days = [short for name, short in _DAYS.items() if name in named]
    opens, closes = (_CLOCK.match(str(specification.get(key, ""))) for key in ("opens", "closes"))
    if not days or opens is None or closes is None or opens[1] == closes[1]:
        return ""
    return f"{','.join(days)} {opens[1]}-{closes[1]}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
