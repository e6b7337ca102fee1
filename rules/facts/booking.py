"""Booking: words that an appointment is made through the internet and in no other way."""

from collections.abc import Iterator

from rules.facts.passage import Reading, Sentence
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind

_ONLY = frozenset({"online.only", "online.only_part"})
_SPOKEN_OF = frozenset({"appointment.says", "appointment.required"})


def find(reading: Reading) -> Iterator[Mention]:
    """Every such statement as an appointment's, one per sentence, but for those that the appointment's own words tell."""
    for passage in reading.saying("booking.only_online"):
        if passage.bare_label:
            continue
        for sentence in passage.sentences:
            hit = max(sentence.of("booking.only_online"), key=lambda hit: hit.end - hit.start, default=None)
            if hit is None or sentence.asks or _told(sentence):
                continue
            held = stance(reading, passage, sentence, hit, only_before=True)
            if held is not None:
                yield passage.mention(
                    MentionKind.APPOINTMENT,
                    hit.start,
                    hit.end,
                    polarity=held,
                    attributes={"appointment": "possible", "appointment_by": "online", "only": "online"},
                )


def _told(sentence: Sentence) -> bool:
    """Whether `rules.facts.appointment` reads the same of this sentence."""
    return bool(sentence.groups & _ONLY and sentence.groups & _SPOKEN_OF)
