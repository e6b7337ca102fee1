"""Information: whether the page says what something costs, how long it takes, and what a person must show.

Read widely on purpose: a rule asks whether nothing of it stands there, and then any word of it is enough to say no.
"""

from collections.abc import Iterator

from rules.facts.amounts import amounts_in
from rules.facts.passage import Passage, Reading
from rules.facts.price import speaks_of_money
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind

_VALUES = ("cost", "term", "documents")
_AROUND = frozenset({"banner", "navigation", "contentinfo", "search"})


def find(reading: Reading) -> Iterator[Mention]:
    """The first place in the page's content for each of cost, term and documents."""
    wanted = list(_VALUES)
    for passage in reading.passages:
        if not wanted:
            return
        if passage.said.is_silent or passage.block.field is not None or passage.block.landmark in _AROUND:
            continue
        for value in tuple(wanted):
            hit = _saying(passage, value)
            if hit is not None:
                wanted.remove(value)
                yield passage.mention(MentionKind.INFORMATION, hit.start, hit.end, value=value)


def _saying(passage: Passage, value: str) -> Hit | None:
    group = f"information.{value}"
    if group in passage.groups:
        return next(hit for hit in passage.hits if hit.group == group)
    priced = value == "cost" and speaks_of_money(passage)
    amount = next(amounts_in(passage.folded), None) if priced else None
    return Hit(group, amount.start, amount.end) if amount is not None else None
