"""Amounts of money in a text, and whether one is asked for each minute or each call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

# Begins with a digit and nothing before it, so that the search runs from digit to digit; the signs are looked at after.
_NUMBER = re.compile(r"\d(?:\d{0,2}(?:[.,' \u00a0\u202f]\d{3})+(?!\d)|\d{0,6})(?:[.,]\d{1,2}(?!\d))?(?:,-+|,\u2013)?")
_BEFORE = re.compile(r"(?:[€£$]|\b(?:euros?|eur|chf|gbp|usd))\s?$")
_BEHIND = re.compile(r"\s?(?:[€£$](?!\s?\d)|(?:euros?|eur|chf|pounds?|dollars?)\b)")
_CENTS = re.compile(r"\s?(?:(?:cents?|centen|centimes?|ct|pence)\b|p(?=\s?(?:/|per|a)\s?min)|¢)\.?")
_PER = re.compile(
    r"\s?(?:\([^()]{0,20}\)\s?)?(?:/|per|pro|par|la|a|je|pour)?\s?"
    r"(?:(?P<minute>min(?:ute|uut)?)|(?P<call>gesprek|call|anruf|appel))\b"
)
_SIGN_LENGTH = 6
_GROUPED = re.compile(r"[' \u00a0\u202f]")
_DECIMALS = re.compile(r"[.,](\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text: where, how much in the whole unit (euro, pound), and what it is asked for."""

    start: int
    end: int
    value: Decimal
    per: str = ""  # minute, call


def amounts_in(folded: str) -> Iterator[Amount]:
    """The amounts in a folded text, by position."""
    for number in _NUMBER.finditer(folded):
        start, end = number.span()
        before = _BEFORE.search(folded[max(start - _SIGN_LENGTH, 0) : start])
        behind = _BEHIND.match(folded, end) if before is None else None
        cents = _CENTS.match(folded, end) if before is None and behind is None else None
        sign = behind or cents
        if before is not None:
            start -= len(before.group())
        elif sign is None:
            continue
        else:
            end = sign.end()
        value = _value(number.group())
        per = _PER.match(folded, end)
        yield Amount(
            start,
            end,
            value / 100 if cents is not None else value,
            "" if per is None else "minute" if per["minute"] else "call",
        )


def _value(written: str) -> Decimal:
    """The number, whether its thousands are parted by points, commas or spaces."""
    plain = _GROUPED.sub("", written.rstrip("-\u2013")).rstrip(",")
    decimals = _DECIMALS.search(plain)
    whole = plain[: decimals.start()] if decimals else plain
    return Decimal(re.sub(r"[.,]", "", whole) + (f".{decimals[1]}" if decimals else ""))
