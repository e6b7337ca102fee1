"""Opening hours in words: what rules write in OpenStreetMap's syntax ("Mo-Fr 09:00-17:00"), as a person reads it."""

import re

from reports.wording import Words

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
ALWAYS = "24/7"
CLOSED = frozenset({"off", "closed"})
_DAY = "|".join(DAYS)
_RULE = re.compile(
    rf"(?P<days>(?:{_DAY})(?:-(?:{_DAY}))?(?:\s*,\s*(?:{_DAY})(?:-(?:{_DAY}))?)*)?\s*"
    r"(?P<times>off|closed|\d{1,2}:\d{2}-\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}-\d{1,2}:\d{2})*)?"
)


def hours_in_words(value: str, words: Words) -> str:
    """The hours in the language of the words; what is not of the syntax that we know stays as it is."""
    if value.strip() == ALWAYS:
        return words.plain("hours.always")
    rules = [_RULE.fullmatch(rule.strip()) for rule in value.rstrip("; ").split(";")]
    said = [_rule(rule["days"], rule["times"], words) if rule else "" for rule in rules]
    return "; ".join(said) if all(said) else value


def _rule(days: str | None, times: str | None, words: Words) -> str:
    spoken_days = _days(days, words) if days else ""
    if not times:
        return spoken_days
    if times in CLOSED:
        return words.plain("hours.closed_on", days=spoken_days) if days else words.plain("hours.closed")
    spans = words.joined(_span(span.strip(), words) for span in times.split(",")).unescape()
    return words.plain("hours.on", days=spoken_days, times=spans) if days else spans


def _days(days: str, words: Words) -> str:
    names = dict(zip(DAYS, words.list("days"), strict=True))
    spoken = []
    for part in days.split(","):
        first, _, last = (day.strip() for day in part.partition("-"))
        spoken.append(words.plain("span", start=names[first], end=names[last]) if last else names[first])
    return words.joined(spoken).unescape()


def _span(span: str, words: Words) -> str:
    start, _, end = span.partition("-")
    return words.plain("hours.span", start=_clock(start, words), end=_clock(end, words))


def _clock(time: str, words: Words) -> str:
    """A time of day as the language writes it: 9:00, or 9.00."""
    hour, _, minute = time.partition(":")
    return words.plain("hours.clock", hour=str(int(hour)), minute=minute)
