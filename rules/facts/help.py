"""Help: somebody who helps or acts for a person, such as a library or an interpreter; it never replaces a channel."""

from collections.abc import Iterator

from rules.facts.passage import Reading
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind


def find(reading: Reading) -> Iterator[Mention]:
    """Every mention of help, one per sentence."""
    for passage in reading.passages:
        if passage.block.field is not None or "help.says" not in passage.groups or passage.bare_label:
            continue
        for sentence in passage.sentences:
            hit = max(sentence.of("help.says"), key=lambda hit: hit.end - hit.start, default=None)
            if hit is None:
                continue
            held = stance(reading, passage, sentence, hit)
            if held is not None:
                yield passage.mention(MentionKind.HELP, hit.start, hit.end, polarity=held)
