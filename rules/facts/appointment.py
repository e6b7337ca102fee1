"""Appointment: whether one is needed, and how it is made: by phone, through the internet, or by walking in."""

from collections.abc import Iterator

from rules.facts.counter import appointment_words
from rules.facts.passage import Reading
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind

_GROUPS = ("appointment.required", "appointment.none", "appointment.says")


def find(reading: Reading) -> Iterator[Mention]:
    """Every statement about appointments, one per sentence; attribute `only` is "online" where no other way is left."""
    for passage in reading.saying(*_GROUPS):
        if passage.bare_label:
            continue
        for sentence in passage.sentences:
            hit = max(sentence.of(*_GROUPS), key=lambda hit: hit.end - hit.start, default=None)
            if hit is None:
                continue
            held = stance(reading, passage, sentence, hit)
            if held is None:
                continue
            attributes = appointment_words(sentence)
            if sentence.groups & {"online.only", "online.only_part"}:
                attributes["only"] = "online"
            yield passage.mention(MentionKind.APPOINTMENT, hit.start, hit.end, polarity=held, attributes=attributes)
