"""Cost: what a call costs, where words say so."""

from collections.abc import Iterator

from rules.facts.passage import Reading
from rules.model.mention import Mention, MentionKind

_PHONE = frozenset({"phone.says", "phone.label"})


def find(reading: Reading) -> Iterator[Mention]:
    """Every sentence that gives the price of a call; value is "free" where it costs nothing."""
    for passage in reading.saying("cost.says"):
        for sentence in passage.sentences:
            hit = max(sentence.of("cost.says"), key=lambda hit: hit.end - hit.start, default=None)
            if hit is None or not sentence.groups & _PHONE:
                continue
            value = "free" if "cost.free" in sentence.groups else ""
            yield passage.mention(MentionKind.COST, hit.start, hit.end, value=value)
