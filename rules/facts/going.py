"""Which phrase of a sentence speaks of going somewhere, and what only looks so: an event, a talk by video, a name."""

import re
from collections.abc import Iterator

from rules.facts.passage import Sentence
from rules.facts.stance import DAYS
from rules.lexicon.phrase import Hit

_MONTH = (
    r"(?:jan|feb|f[ée]v|m[äa]r|maart|apr|avr|mai|mei|may|jun|juin|jul|juil|aug|ao[ûu]t|sep|okt|oct|nov|dez|dec|d[ée]c)"
    r"[a-zéûä]*"
)
DATE = re.compile(
    rf"\b\d{{1,2}}([./-])\d{{1,2}}\1(?:20)?\d\d\b|\b\d{{1,2}}(?:\.|st|nd|rd|th|er)?\s(?:de\s|of\s)?{_MONTH}\b"
    rf"|\b{_MONTH}\.?\s\d{{1,2}}\b",
    re.IGNORECASE,
)
ELSEWHERE = frozenset({"counter.elsewhere", "counter.work"})  # a vote, a court, a doctor; what a clerk does all day
_TO = re.compile(
    r"\b(?:at|to|into|from|bij|naar|op|aan|in|im|beim|zum|zur|ins|am|auf|an|bei|au|aux|à|en|dans|auprès)"
    r"\s(?:[\w'\u2019-]+\s){0,3}(?:[dl]['\u2019])?$",
    re.IGNORECASE,
)  # "at the county's main …", before the place
_TOLD = frozenset({"counter.told"})
_SHARE = re.compile(r"\d\s?%")
_OR = re.compile(r"\b(?:or|of|oder|ou|and|en|und|et)\s+$", re.IGNORECASE)
_OR_INSIDE = re.compile(r"(?:or|of|oder|ou)\b", re.IGNORECASE)
_ITEM = 5  # words in an item of a list of ways
_ELSEWHERE = frozenset(
    {"hours.phone", "hours.digital", "phone.says", "phone.label", "negation.closed", "negation.shut", "number.meeting"}
)
_ADDRESSED = frozenset({"counter.you", "phone.says", "paper.says", "online.web"})
_COMPANY = frozenset(
    {"counter.visit", "counter.appointment", "paper.hand_in", "appointment.says", "appointment.none", "counter.says"}
)


def going(sentence: Sentence) -> Hit | None:
    """The phrase that speaks of going somewhere.

    A place merely named needs a visit or an appointment beside it, and "in person" somebody to whom it is said: a
    minister who met people in person opens no counter.
    """
    if sentence.groups & ELSEWHERE:
        return None
    apart = "counter.event" in sentence.groups
    if apart and "counter.you" not in sentence.groups:
        return None
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
    if not says and opens and DATE.search(sentence.text) is None:
        says = list(sentence.of("counter.place"))
    if not says and (_opens_on_other_days(sentence) or _has_days(sentence)):
        says = list(sentence.of("counter.place"))
    if not says and sentence.groups & _COMPANY and not apart and DATE.search(sentence.text) is None:
        says = list(sentence.of("counter.at_place"))
    if not says and not apart and DATE.search(sentence.text) is None:
        says = list(_visited(sentence))
    return max(says, key=lambda hit: hit.end - hit.start, default=None)


def _visited(sentence: Sentence) -> Iterator[Hit]:
    """Places that somebody is told to go to ("bring it to the office"), not places that something is merely said of."""
    if "counter.visit" not in sentence.groups or not sentence.groups & _TOLD:
        return
    for hit in sentence.of("counter.place"):
        if _TO.search(sentence.text[: hit.start - sentence.start]):
            yield hit


def _has_days(sentence: Sentence) -> bool:
    """Whether a place is named with days of the week, or as where to go in person ("In person: …"), and it is no event."""
    if "counter.event" in sentence.groups or DATE.search(sentence.text) or _SHARE.search(sentence.text):
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
    return bool(shut) and DATE.search(sentence.text) is None


def _or_in_person(sentence: Sentence) -> bool:
    """Whether "in person" is the other choice beside a talk by video."""
    return any(
        _OR.search(sentence.text[: hit.start - sentence.start])
        or _OR_INSIDE.match(sentence.text[hit.start - sentence.start :])
        for hit in sentence.of("counter.in_person")
    )
