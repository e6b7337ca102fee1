"""Where phone numbers stand in a text: ordinary ones through `phonenumbers`, short ones and word numbers by a second pass.

Only valid numbers count: a text full of sums, dates and file numbers holds few of those, and none that is written like a
phone number. What a number is for is not decided here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from rules.facts.country import Plan, plans

_CANDIDATE = re.compile(
    r"(?<![\w,.€$£])(?<![€$£]\s)[+(]{0,2}\d[\d\s().\-/\u2010-\u2015\u00a0\u202f]{4,22}\d(?:\s?(?:x|ext\.?|poste)\s?\d{1,5})?(?![\w%€$£]|-[A-Z]\b)"
)
_RUN = re.compile(r"\d[\d\s().\-/\u2010-\u2015\u00a0\u202f]{4,22}\d")  # in every candidate, and quicker to look for
_WORD_NUMBER = re.compile(
    r"(?<![\w-])(1[-. ])?\(?8(?:00|33|44|55|66|77|88)\)?[-. ](?=[A-Z0-9-]*[A-Z]{3})[A-Z0-9]+(?:-[A-Z0-9]+){0,3}(?![\w-])"
    r"|(?<![\w-])\(?[2-9]\d\d\)?[-. ]\d{3}-[A-Z]{4}(?![\w-])"
)
_SHORT = re.compile(
    r"(?<![\w+(/.,:€$£#§-])(?<!\d )(?<!§[ \u00a0])(\d{3,6}|\d{2} ?\d{2}|\d{3} ?\d{3}|\d-\d-\d)(?![\w%€$£/:(]|[.,-]\d| \d)"
)
_THREE_DIGITS = re.compile(r"\d\D*\d\D*\d")  # in every number
_FEW_DIGITS = re.compile(r"\d(?:\d ?\d|-\d-\d)")  # in every short number
_SEPARATED = re.compile(r"\d[\s().\-/\u2010-\u2015\u00a0\u202f]+\d")
_YEARS = re.compile(r"^\D*(?:19|20)\d\d\D+(?:19|20)\d\d\D*$")
_DATE = re.compile(
    r"(?<![\d./-])(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d\d[./]\d\d[./]\d\d)(?![\d./])"
)
_REFERENCE = re.compile(r"\d{1,6}/(?:19|20)\d\d")
_NUMBER_SIGN = re.compile(r"(?:\bn(?:r|o|ro|umm?er)\b\.?|n°|#)\s*$", re.IGNORECASE)
_SIGN_LENGTH = 9  # characters in which such a sign stands before a number
_UNIT = re.compile(
    r"\s?(?:[kMG]?Wh?|[kMG]?Hz|km|[ckm]?m[23²³]?|ha|kg|mg|hrs?|hours|h|u|uur|uhr|heures|euros?|EUR|CHF|inwoners|einwohner|habitants)\b"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b")
_TWO_DIGITS = re.compile(r"0\d\s")  # no German area code is so short
_NATIONAL = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN, PhoneNumberType.SHARED_COST})  # no area in them
_FOURTEEN = re.compile(r"140\d{2,3}")
_MOST = 500  # numbers of one block: where more stand, they are data, and each is compared with all
_SHORT_LENGTH = 8  # +31 14 0xxx at most
_TYPES = {
    PhoneNumberType.TOLL_FREE: "free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared",
    PhoneNumberType.MOBILE: "mobile",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number in a text: where, normalised (E.164, or as dialled when short), its cost type, and how it is written."""

    start: int
    end: int
    value: str
    kind: str  # free, premium, shared, mobile, normal, short
    country: str
    typical: bool  # written as phone numbers are, so that no label is needed to know it
    valid: bool = True  # False: only as long as a number may be, so that it needs the word "telephone" right before it
    owner: str = ""
    emergency: bool = False


def numbers_in(text: str, countries: tuple[str, ...]) -> list[Number]:
    """The first 500 numbers in a text, by position; short numbers are only those of the countries' plans."""
    if _THREE_DIGITS.search(text) is None:
        return []
    found = [*islice(_long_numbers(text, countries), _MOST), *islice(_word_numbers(text, countries), _MOST)]
    taken = [(number.start, number.end) for number in found]
    short = (
        number
        for number in _short_numbers(text, countries)
        if not any(start < number.end and number.start < end for start, end in taken)
    )
    found.extend(islice(short, _MOST))
    return sorted(found, key=lambda number: number.start)[:_MOST]


def _long_numbers(text: str, countries: tuple[str, ...]) -> Iterator[Number]:
    if _RUN.search(text) is None:
        return
    accounts = [held.span() for held in _IBAN.finditer(text)]
    for candidate in _CANDIDATE.finditer(text):
        run = candidate.group()
        if sum(letter.isdigit() for letter in run) < 5 or _YEARS.match(run) or _DATE.search(run):  # noqa: PLR2004
            continue
        if not _counts_or_refers(text, candidate.start(), candidate.end(), accounts):
            yield from _matched(text, candidate.start(), candidate.end(), countries)


def _counts_or_refers(text: str, start: int, end: int, accounts: Sequence[tuple[int, int]]) -> bool:
    """Whether digits are a quantity with its unit, two hours of a day, a file's number, or part of a bank account's.

    `accounts` is where these stand, from left to right: to look for them, or through all of them, with every number would
    take the square of a text's length.
    """
    run = text[start:end]
    if _UNIT.match(text, end):
        return True
    if _REFERENCE.fullmatch(run) and _NUMBER_SIGN.search(text, max(start - _SIGN_LENGTH, 0), start):
        return True
    nearest = bisect_right(accounts, (start, len(text)))
    return nearest > 0 and end <= accounts[nearest - 1][1]


def parsed(text: str, countries: tuple[str, ...]) -> Number | None:
    """The number that a tel: link or a structured field names, if it is valid in one of the countries."""
    for country in countries:
        digits = re.sub(r"\D", "", text)
        plan = plans().get(country)
        if plan is not None and (digits in plan.short or digits in plan.emergency):
            return _short(0, len(text), digits, plan)
        made = _valid(text, country)
        if made is not None:
            return Number(0, len(text), made[0], made[1], country, typical=True)
    return None


@lru_cache(maxsize=4096)
def _valid(text: str, country: str) -> tuple[str, str] | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return _value(number), _kind(number, country)


def _value(number: phonenumbers.PhoneNumber) -> str:
    """E.164; the Dutch 14 with an area code cannot be dialled from abroad and stays as it is dialled."""
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return value.removeprefix("+31") if value.startswith("+3114") and len(value) <= _SHORT_LENGTH else value


def _kind(number: phonenumbers.PhoneNumber, country: str) -> str:
    plan = plans().get(country)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).replace(" ", "")
    if plan is not None and any(national.startswith(start) for start in plan.premium):
        return "premium"
    return _TYPES.get(phonenumbers.number_type(number), "normal")


def _matched(text: str, start: int, end: int, countries: tuple[str, ...]) -> Iterator[Number]:
    for country in countries:
        matches = _matches(text[start:end], country)
        for offset, length, value, kind, national in matches:
            written = text[start + offset : start + offset + length]
            typical = _typical(written, value, country) or (national and _SEPARATED.search(written) is not None)
            yield Number(start + offset, start + offset + length, value, kind, country, typical=typical)
        if matches:
            return
    possible = _possible(text[start:end], countries[0]) if countries else ""
    if possible:
        yield Number(start, end, possible, "normal", countries[0], typical=False, valid=False)


@lru_cache(maxsize=4096)
def _possible(run: str, country: str) -> str:
    """A number of a length that the country knows, in digits; agencies have lines that no plan lists."""
    try:
        number = phonenumbers.parse(run, country)
    except phonenumbers.NumberParseException:
        return ""
    return _value(number) if phonenumbers.is_possible_number(number) and run.lstrip("(+").startswith("0") else ""


@lru_cache(maxsize=8192)
def _matches(run: str, country: str) -> tuple[tuple[int, int, str, str, bool], ...]:
    return tuple(
        (
            match.start,
            len(match.raw_string),
            _value(match.number),
            _kind(match.number, country),
            phonenumbers.number_type(match.number) in _NATIONAL,
        )
        for match in PhoneNumberMatcher(run, country, leniency=Leniency.VALID)
    )


def _typical(written: str, value: str, country: str) -> bool:
    digits = sum(letter.isdigit() for letter in written)
    if country == "DE" and _TWO_DIGITS.match(written):
        return False
    if written.startswith(("+", "00")):
        return True
    if value.startswith("+1"):
        return digits >= 10 and _SEPARATED.search(written) is not None  # noqa: PLR2004 - area code and number
    return (written.lstrip("(").startswith("0") or value.startswith("14")) and _SEPARATED.search(written) is not None


def _word_numbers(text: str, countries: tuple[str, ...]) -> Iterator[Number]:
    if not {"US", "CA"} & set(countries):
        return
    for match in _WORD_NUMBER.finditer(text):
        digits = phonenumbers.convert_alpha_characters_in_number(match.group())
        plain = re.sub(r"\D", "", digits)[-11:]
        made = _valid("+1" + (plain[1:11] if plain.startswith("1") else plain[:10]), "US")
        if made is not None:
            yield Number(match.start(), match.end(), made[0], made[1], "US", typical=True)


def _short_numbers(text: str, countries: tuple[str, ...]) -> Iterator[Number]:
    held = [plan for country in countries if (plan := plans().get(country)) is not None]
    if not held:
        return
    for match in _SHORT.finditer(text) if _FEW_DIGITS.search(text) else ():
        digits = match.group().replace(" ", "").replace("-", "")
        for plan in held:
            if digits in plan.short or digits in plan.emergency or _area_short(digits, plan):
                yield _short(match.start(), match.end(), digits, plan)
                break


def _area_short(digits: str, plan: Plan) -> bool:
    """Whether it is a Dutch 14 with an area code, written without its space."""
    return plan.country == "NL" and _FOURTEEN.fullmatch(digits) is not None


def _short(start: int, end: int, digits: str, plan: Plan) -> Number:
    return Number(
        start,
        end,
        digits,
        "short",
        plan.country,
        typical=False,
        owner=plan.short.get(digits, ""),
        emergency=digits in plan.emergency and digits not in plan.short,
    )
