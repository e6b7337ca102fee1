"""Chat: places where a person is invited to a chat, with somebody or with a program."""

from collections.abc import Iterator

from rules.facts.passage import Reading
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind


def find(reading: Reading) -> Iterator[Mention]:
    """Every invitation to a chat, one per sentence; a link or button that is called so counts."""
    for passage in reading.saying("chat.says"):
        for sentence in passage.sentences:
            hit = max(sentence.of("chat.says"), key=lambda hit: hit.end - hit.start, default=None)
            held = stance(reading, passage, sentence, hit) if hit is not None else None
            if hit is not None and held is not None:
                yield passage.mention(MentionKind.CHAT, hit.start, hit.end, polarity=held)
