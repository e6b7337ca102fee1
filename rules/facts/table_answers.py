"""Yes and no in tables: a cell that says no under, or beside, a header that names a channel."""

from collections.abc import Iterator

from rules.facts.passage import Passage, Reading
from rules.model.mention import Mention, MentionKind, Polarity

_CHANNELS = (
    (MentionKind.PHONE, frozenset({"phone.says", "hours.phone"})),
    (MentionKind.COUNTER, frozenset({"counter.says", "counter.at_place", "counter.place"})),
    (MentionKind.PAPER, frozenset({"paper.says", "paper.address_label", "paper.box"})),
)
_SLACK = 2  # a full stop or a space beside the word


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per cell that is no more than a yes or a no, for each channel that its headers name."""
    for passage in reading.passages:
        polarity = _answer(passage) if passage.block.table_headers else None
        if polarity is None:
            continue
        for kind, groups in _CHANNELS:
            header = _header(passage, groups)
            if header:
                yield passage.mention(kind, 0, len(passage.text), polarity=polarity, deciding=(header, passage.text))


def _answer(passage: Passage) -> Polarity | None:
    whole = {hit.group for hit in passage.hits if hit.end - hit.start >= len(passage.text) - _SLACK}
    if "negation.plain_no" in whole:
        return Polarity.DENIED
    return Polarity.AFFIRMED if "negation.plain_yes" in whole else None


def _header(passage: Passage, groups: frozenset[str]) -> str:
    for label in passage.block.table_headers:
        if any(hit.group in groups for hit in passage.words.scan_label(label)):
            return label
    return ""
