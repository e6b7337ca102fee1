"""The months of a calendar that has no last page, as many real ones have none."""

import re

NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
FIRST = (2026, 11)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_words(asked: str) -> dict[str, str]:
    """What the calendar page says for a month written 2026-11: its name, and the months before and after it.

    A month that cannot be read is November 2026.
    """
    found = _MONTH.fullmatch(asked)
    year, month = (int(found[1]), int(found[2])) if found else FIRST
    count = year * 12 + month - 1
    return {"month": f"{NAMES[month - 1]} {year}", "previous": _written(count - 1), "next": _written(count + 1)}


def _written(count: int) -> str:
    return f"{count // 12:04d}-{count % 12 + 1:02d}"
