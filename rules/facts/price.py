"""Price: what one way of asking for something costs (online, or at a counter, on paper, by phone), and what a call costs.

Two prices can be laid side by side only where the page itself does so: in one sentence, in the rows or columns of one
table, in the items of one list. What can be laid side by side has the same `set`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rules.facts.amounts import Amount, amounts_in
from rules.facts.passage import Passage, Reading, Sentence
from rules.lexicon.phrase import Hit, fold
from rules.model.mention import Mention, MentionKind

_WAYS = {"fee.online": "online", "fee.offline": "offline"}
_MONEY = frozenset({"fee.money", "fee.call"})
_SHORT = 160  # characters: a longer item of a list is a text
_LABEL = 60
_ITEM = 1  # so many words of its own an item may have and still be of the same thing as its neighbours
_LETTERS = 4  # shorter words name nothing


@dataclass(slots=True)
class _List:
    """The items of a list under way, so that those of one list have one set."""

    last: Passage | None = None
    number: int = 0
    headings: tuple[str, ...] = field(default=())


def find(reading: Reading) -> Iterator[Mention]:
    """Prices of calls, and prices that words tie to a way; attributes `way`, `set`, `item`, `per` and `more`."""
    run = _List()
    for passage in reading.passages:
        if passage.block.field is not None or not speaks_of_money(passage):
            continue
        amounts = list(amounts_in(passage.folded))
        yield from _of_calls(passage, amounts)
        amounts = [amount for amount in amounts if not amount.per]
        if not amounts:
            continue
        if passage.block.tag in {"td", "dd"}:
            yield from _in_table(passage, amounts)
        elif passage.block.tag == "li" and len(passage.text) <= _SHORT:
            yield from _in_list(passage, amounts, run)
        else:
            yield from _in_sentences(passage, amounts)


def speaks_of_money(passage: Passage) -> bool:
    """A quick look, for few blocks do: a sign in the text, or a word that the lexicon knows."""
    text = passage.text
    return not passage.groups.isdisjoint(_MONEY) or "€" in text or "£" in text or "$" in text


def _of_calls(passage: Passage, amounts: Sequence[Amount]) -> Iterator[Mention]:
    """The price of a call: an amount for each minute or call, or words such as "local rate"."""
    priced = next((amount for amount in amounts if amount.per), None)
    if priced is not None:
        yield _mention(passage, priced, {"per": priced.per})
        return
    if "fee.call" in passage.groups:
        hit = next(hit for hit in passage.hits if hit.group == "fee.call")
        yield passage.mention(MentionKind.PRICE, hit.start, hit.end, attributes={"per": "call"})


def _in_sentences(passage: Passage, amounts: Sequence[Amount]) -> Iterator[Mention]:
    """Amounts and ways in turn ("online 15 euro, at the counter 20 euro"); anything else ties none to another."""
    if not {"fee.online", "fee.offline"} <= passage.groups:
        yield from _on_top(passage, amounts)
        return
    for sentence in passage.sentences:
        if {"fee.online", "fee.offline"} <= sentence.groups:
            yield from _paired(passage, amounts, _ways(sentence.hits), sentence.start, sentence.end, sentence)
            return
    yield from _paired(passage, amounts, _ways(passage.hits), 0, len(passage.text), None)


def _paired(
    passage: Passage, amounts: Sequence[Amount], ways: list[Hit], start: int, end: int, sentence: Sentence | None
) -> Iterator[Mention]:
    held = [amount for amount in amounts if start <= amount.start < end]
    group = f"sentence {passage.index}"
    found: list[Amount | Hit] = [*held, *ways]
    tied = _merged(sorted(found, key=lambda one: one.start))
    if tied is None:
        if sentence is not None and len({amount.value for amount in held}) > 1:
            for amount in held:
                yield _mention(passage, amount, {"way": "unclear", "set": group})
        return
    for hit, amount in tied:
        yield _mention(passage, amount, {"way": _WAYS[hit.group], "set": group, "item": ""})


def _merged(order: Sequence[Amount | Hit]) -> list[tuple[Hit, Amount]] | None:
    """Ways and amounts tied two by two, where they take turns; ways of one kind side by side are one way."""
    kept: list[Amount | Hit] = []
    for found in order:
        if isinstance(found, Hit) and kept and isinstance(kept[-1], Hit) and kept[-1].group == found.group:
            continue
        kept.append(found)
    if len(kept) % 2 or any(isinstance(one, Hit) == isinstance(two, Hit) for one, two in pairwise(kept)):
        return None
    tied = []
    for one, two in zip(kept[::2], kept[1::2], strict=True):
        hit, amount = (one, two) if isinstance(one, Hit) else (two, one)
        if isinstance(hit, Hit) and isinstance(amount, Amount):
            tied.append((hit, amount))
    return tied


def _on_top(passage: Passage, amounts: Sequence[Amount]) -> Iterator[Mention]:
    """An amount that comes on top for a way without the internet ("5 euro extra at the counter")."""
    for sentence in passage.sentences:
        if not {"fee.offline", "fee.more"} <= sentence.groups or "fee.sent" in sentence.groups:
            continue
        for amount in amounts:
            if sentence.start <= amount.start < sentence.end:
                yield _mention(passage, amount, {"way": "offline", "more": "yes", "set": f"sentence {passage.index}"})
                return


def _in_table(passage: Passage, amounts: Sequence[Amount]) -> Iterator[Mention]:
    """A cell with one amount whose headers, or the cell or term before it, name one way."""
    if len(amounts) != 1:
        return
    headers = passage.block.table_headers
    named = {label: _ways_of(passage, label) for label in headers}
    ways = {way for found in named.values() for way in found}
    before = passage.before
    if not ways and before is not None and before.block.tag in {"td", "dt"} and len(before.text) <= _LABEL:
        ways = _ways_of(passage, before.text)
    if len(ways) != 1:
        return
    rest = " ".join(sorted(fold(label) for label in headers if not named[label]))
    heads = " > ".join(passage.block.headings)
    yield _mention(passage, amounts[0], {"way": ways.pop(), "set": f"table {heads} {rest}".rstrip(), "item": rest})


def _in_list(passage: Passage, amounts: Sequence[Amount], run: _List) -> Iterator[Mention]:
    """An item with one amount and one way; items of one list that name different things are not compared."""
    follows = run.last is passage.before and run.headings == passage.block.headings
    if not follows:
        run.number += 1
    run.last, run.headings = passage, passage.block.headings
    ways = {_WAYS[hit.group] for hit in _ways(passage.hits)}
    if len(ways) > 1:
        yield from _in_sentences(passage, amounts)
    elif len(amounts) == 1 and ways and "fee.sent" not in passage.groups:
        item = _item(passage, amounts[0])
        yield _mention(passage, amounts[0], {"way": ways.pop(), "set": f"list {run.number}", "item": item})


def _item(passage: Passage, amount: Amount) -> str:
    """The words that say what the price is for: "" where there is hardly more than the way and the amount."""
    taken = [(hit.start, hit.end) for hit in _ways(passage.hits)] + [(amount.start, amount.end)]
    left = "".join(
        letter if not any(start <= place < end for start, end in taken) else " "
        for place, letter in enumerate(passage.folded)
    )
    named = [
        word.strip(".,:;()")
        for word in left.split()
        if len(word) >= _LETTERS and word not in passage.words.function_words
    ]
    return " ".join(named) if len(named) > _ITEM else ""


def _ways(hits: Sequence[Hit]) -> list[Hit]:
    """The ways named, by position; of phrases that overlap the first."""
    found: list[Hit] = []
    for hit in hits:
        if hit.group in _WAYS and not (found and hit.start < found[-1].end):
            found.append(hit)
    return found


def _ways_of(passage: Passage, label: str) -> set[str]:
    hits = passage.words.scan_label(label)
    if any(hit.group == "fee.sent" for hit in hits):
        return set()
    return {_WAYS[hit.group] for hit in hits if hit.group in _WAYS}


def _mention(passage: Passage, amount: Amount, attributes: dict[str, str]) -> Mention:
    return passage.mention(
        MentionKind.PRICE, amount.start, amount.end, value=f"{amount.value:.2f}", attributes=attributes
    )
