"""How a channel's plain statements are read, the same way for phone, counter and paper.

A sentence either says that there is a way in, or that there is none, or neither. What it denies is said in its own words
("no counter") or by a negation that reaches the phrase. One closed place denies that place, not the channel.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.facts.passage import Passage, Reading, Sentence
from rules.facts.stance import answered_yes, closed, denied_from_above, stance
from rules.lexicon.phrase import Hit
from rules.model.mention import Polarity


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of a channel: by which phrase, affirmed or denied, and how strongly."""

    sentence: Sentence
    hit: Hit
    polarity: Polarity
    attributes: dict[str, str]


def statements(
    reading: Reading, passage: Passage, channel: str, saying: Callable[[Sentence], Hit | None]
) -> Iterator[Said]:
    """What each sentence of the passage says of the channel; `saying` picks the phrase that speaks of it."""
    for sentence in passage.sentences:
        if _is_of_others(sentence, channel):
            continue
        denial = max(sentence.of(f"{channel}.denies"), key=_length, default=None)
        but_a_day = "negation.other_days" in sentence.groups  # "not on Fridays, but on other days"
        if denial is not None and not _conditional(sentence, denial):
            yield Said(sentence, denial, Polarity.AFFIRMED if but_a_day else Polarity.DENIED, {})
            continue
        hit = saying(sentence)
        if hit is None:
            place = next(sentence.of(f"{channel}.place"), None)
            if place is not None and closed(passage, sentence, place):
                yield Said(sentence, place, Polarity.DENIED, {"closed": "yes"})
            continue
        held = stance(reading, passage, sentence, hit)
        if but_a_day:
            held = Polarity.AFFIRMED
        attributes = {}
        if not but_a_day and closed(passage, sentence, hit):
            held, attributes = Polarity.DENIED, {"closed": "yes"}
        if held is None or (
            sentence.asks and held is Polarity.AFFIRMED and not answered_yes(reading, passage, sentence)
        ):
            continue
        if held is Polarity.DENIED and denied_from_above(passage, sentence, hit):
            attributes["above"] = "yes"
        yield Said(sentence, hit, held, attributes)


def _is_of_others(sentence: Sentence, channel: str) -> bool:
    """Whether the sentence tells of swindlers and the ways in which they come, or of people who were asked or counted."""
    if "negation.fraud" in sentence.groups and "negation.report" not in sentence.groups:
        return True
    return "negation.survey" in sentence.groups and channel != "paper"  # a questionnaire can be sent in


def _length(hit: Hit) -> int:
    return hit.end - hit.start


def _conditional(sentence: Sentence, denial: Hit) -> bool:
    """Whether the denial is a condition or a question: "if you cannot apply by phone", "no phone?"."""
    if sentence.asks:
        return True
    return any(
        hit.start <= denial.start and hit.start - sentence.start < _OPENING
        for hit in sentence.of("negation.condition", "negation.opening")
    ) and ("," in sentence.text[denial.end - sentence.start :] or denial.start - sentence.start < 2 * _OPENING)


_OPENING = 4  # a condition that opens the sentence begins within so many characters
