"""Whether words say of a phone number that it is the one to call from another country."""

from rules.facts.numbers import Number
from rules.facts.passage import Passage

_BEFORE = 60  # characters between such words and their number
_BEHIND = 25


def is_for_abroad(passage: Passage, number: Number) -> bool:
    """Whether the words stand before the number with no other number between, in brackets behind it, or label its block."""
    if any(
        hit.group == "phone.abroad" for label in passage.block.table_headers for hit in passage.words.scan_label(label)
    ):
        return True
    for hit in passage.hits:
        if hit.group != "phone.abroad":
            continue
        between = passage.text[hit.end : number.start]
        if hit.end <= number.start <= hit.end + _BEFORE and not any(letter.isdigit() for letter in between):
            return True
        behind = passage.text[number.end : hit.start].lstrip()
        if number.end <= hit.start <= number.end + _BEHIND and behind.startswith("("):
            return True
    return False
