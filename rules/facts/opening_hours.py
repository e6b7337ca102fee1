"""Opening hours in running text: weekdays and times, in the syntax of OpenStreetMap ("Mo-Fr 09:00-17:00")."""

import re
from dataclasses import dataclass
from functools import cache

from rules.lexicon import Lexicon, lexicon

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DIGIT = re.compile(r"\d")
_BARE = re.compile(r"(?<![\d.,/-])(?:[6-9]|1[0-2])\s?-\s?(?:[1-9]|1\d|2[0-3])(?![\d.,/-])")
_AND = "and|en|und|et"
_HOUR = r"[01]?\d|2[0-4]"
_FIRST_HOUR = r"\d(?<![\d.,]\d)(?:(?<=[01])\d|(?<=2)[0-4])?"  # so a search runs from digit to digit
_NOON = 12
_MIDNIGHT = 24
_HOUR_MARK = r"(?:\s?(?P<{0}mark>uur|uhr|heures|a\.?m\.?|p\.?m\.?|h(?!\w)|u\b))?"


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours in a text: where they stand, and in OpenStreetMap's syntax."""

    start: int
    end: int
    value: str


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    words = lexicon(lang)
    days: dict[str, int] = {}
    long_names, short_names = [], []
    for index, (names, shorts) in enumerate(words.weekdays):
        for name in names:
            days[name] = index
            long_names.append(name)
        for short in shorts:
            days.setdefault(short, index)
            short_names.append(short)
    until = "|".join(re.escape(word) for word in sorted(words.until, key=len, reverse=True) if word[0].isalpha())
    between = rf"(?:\s*[-\u2013>/]\s*|\.?\s+(?:{until})\s*)(?:le\s|au\s)?"
    day_pattern = rf"\b(?P<day>(?:{'|'.join(long_names)})s?|(?:{'|'.join(short_names)})(?=[.:,\s\-]))\.?"
    days_pattern = rf"{day_pattern}(?:\s?\.?(?:{between.strip()})(?:{day_pattern.replace('day>', 'last>')}))?"
    clock = r"(?P<{0}hour>{1})(?:\s?[:.h]\s?(?P<{0}minute>[0-5]\d))?" + _HOUR_MARK
    end = rf"(?:{clock.format('to_', _HOUR)}|(?P<named>noon|midday|midi|mittag))"
    joint = rf"(?:{between}|\s+(?P<joint>{_AND})\s+)"  # "between 9 am and 5 pm"
    time_pattern = rf"{clock.format('from_', _FIRST_HOUR)}{joint}{end}(?!\d|[.,]\d|%)"
    return re.compile(days_pattern), re.compile(time_pattern), days


def opening_hours(folded: str, words: Lexicon) -> Hours | None:
    """The hours that a text gives (folded), where it gives weekdays with times."""
    if _DIGIT.search(folded) is None:
        return None
    days_pattern, time_pattern, index = _patterns(words.lang)
    times = [match for match in time_pattern.finditer(folded) if _clear(match)]
    days = list(days_pattern.finditer(folded)) if times else []
    return _assemble(days, times, index) if days else None


def spans_in(folded: str, words: Lexicon, end: int | None = None) -> bool:
    """Whether something that could be a span of hours begins in the text, or before this place in it.

    A text without one gives no hours, and few have one: with this look most are done.
    """
    digits = _DIGIT.finditer(folded) if end is None else _DIGIT.finditer(folded, 0, end)
    span = _patterns(words.lang)[1]
    return any(span.match(folded, digit.start()) for digit in digits)


def times_in(folded: str, words: Lexicon) -> bool:
    """Whether the text holds a span of hours that can be nothing but hours of a day."""
    return any(_marked(match) for match in _patterns(words.lang)[1].finditer(folded))


def bare_times_in(folded: str) -> bool:
    """Whether the text holds two hours of a day without any mark ("9-5"), which are hours only beside words that say so."""
    return _BARE.search(folded) is not None


def weekdays_in(folded: str, words: Lexicon) -> bool:
    """Whether the text names a day of the week."""
    return _patterns(words.lang)[0].search(folded) is not None


def _clear(match: re.Match[str]) -> bool:
    start, end = _minutes(match, "from_"), _minutes(match, "to_")
    return _marked(match) or (start < end and match.group("joint") is None)


def _marked(match: re.Match[str]) -> bool:
    return any(match.group(name) for name in ("from_minute", "to_minute", "from_mark", "to_mark", "named"))


def _minutes(match: re.Match[str], side: str) -> int:
    if side == "to_" and match.group("named"):
        return _NOON * 60
    hour, minute = int(match.group(f"{side}hour")), int(match.group(f"{side}minute") or 0)
    mark = (match.group(f"{side}mark") or "").replace(".", "")
    other = (match.group("to_mark" if side == "from_" else "from_mark") or "").replace(".", "")
    if mark == "pm" and hour < _NOON:
        hour += _NOON
    elif mark == "am" and hour == _NOON:
        hour = 0
    elif not mark and other == "pm" and side == "from_" and hour < int(match.group("to_hour") or 0) < _NOON:
        hour += _NOON
    return min(hour, _MIDNIGHT) * 60 + minute


def _assemble(days: list[re.Match[str]], times: list[re.Match[str]], index: dict[str, int]) -> Hours:
    parts: list[str] = []
    current: list[str] = []
    spans: list[str] = []
    for match in sorted([*days, *times], key=lambda found: found.start()):
        if "day" in match.groupdict():
            if spans:
                parts.append(f"{','.join(current)} {','.join(spans)}".strip())
                current, spans = [], []
            current.append(_day_range(match, index))
        else:
            spans.append(f"{_clock(_minutes(match, 'from_'))}-{_clock(_minutes(match, 'to_'))}")
    if spans:
        parts.append(f"{','.join(current)} {','.join(spans)}".strip())
    found = [*days, *times]
    return Hours(min(m.start() for m in found), max(m.end() for m in found), "; ".join(parts))


def _day_range(match: re.Match[str], index: dict[str, int]) -> str:
    first = _day(match.group("day"), index)
    last = match.group("last")
    return _DAYS[first] if last is None else f"{_DAYS[first]}-{_DAYS[_day(last, index)]}"


def _day(word: str, index: dict[str, int]) -> int:
    return index[word] if word in index else index[word.removesuffix("s")]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
