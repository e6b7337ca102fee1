"""What was read beside a verdict: number, kind of number, hours, cost, address, appointment, owner; each with its evidence."""

import re
from collections.abc import Iterator

from reports.exhibits import Exhibit, Exhibits
from reports.opening_hours import hours_in_words
from reports.wording import Words, visible
from rules.model.finding import Evidence
from rules.model.outline import Shown
from rules.model.record import Record

FACTS = (
    "number", "international", "abroad", "type", "hours", "cost", "price", "per", "way", "address", "where", "appointment",
    "appointment_by", "only", "hand_in", "form", "closed", "for", "one_click_away", "clicks", "clicks_from_service",
    "means", "store", "access", "owner", "source",
)  # fmt: skip
_CODES = frozenset(
    {"abroad", "type", "per", "way", "where", "only", "hand_in", "closed", "one_click_away"}
)  # said in words, or not at all
_WEB = re.compile(r"https?://\S+")
_MOST_CLICKS = re.compile(r"\d{1,3}")


class FactValue(Record, frozen=True):
    """One value in words, with the language of its words ("" for ours) and the exhibits that show it.

    `address` is set where the value is a place on the web.
    """

    words: str
    lang: str = ""
    address: str = ""
    exhibits: tuple[Exhibit, ...] = ()


class FactRow(Record, frozen=True):
    """One kind of fact, with every different value that was read."""

    name: str
    label: str
    values: tuple[FactValue, ...]


def fact_rows(exhibits: Exhibits, words: Words) -> list[FactRow]:
    """The facts of some exhibits, in the order in which a person needs them.

    Attributes that have no label here are the rules' own notes; the data files hold them.
    """
    found: dict[str, dict[FactValue, list[Exhibit]]] = {}
    for exhibit in exhibits.shown:
        if exhibit.evidence is not None:
            for name, value in _facts(exhibit.evidence, words):
                found.setdefault(name, {}).setdefault(value, []).append(exhibit)
    return [_row(name, found[name], words) for name in FACTS if name in found]


def _row(name: str, values: dict[FactValue, list[Exhibit]], words: Words) -> FactRow:
    read = tuple(
        FactValue(words=value.words, lang=value.lang, address=value.address, exhibits=tuple(exhibits))
        for value, exhibits in values.items()
    )
    return FactRow(name=name, label=words.plain(f"fact.{name}"), values=read)


def _facts(evidence: Evidence, words: Words) -> Iterator[tuple[str, FactValue]]:
    attributes = {name: value.strip() for name, value in evidence.attributes.items() if value.strip()}
    written = attributes.get("e164") or attributes.get("value", "")
    if written.startswith("+") and written != attributes.get("number", "").replace(" ", ""):
        attributes["international"] = written
    if evidence.shown is Shown.ON_DEMAND:
        attributes["one_click_away"] = "yes"
    for name in FACTS:
        if name in attributes and (name not in _CODES or f"fact_value.{name}.{attributes[name]}" in words):
            yield name, _value(name, attributes[name], evidence.lang, words)


def _value(name: str, value: str, lang: str, words: Words) -> FactValue:
    known = f"fact_value.{name}.{value}"
    if known in words:
        return FactValue(words=words.plain(known))
    if name == "hours" and (said := hours_in_words(value, words)) != value:
        return FactValue(words=said)
    if name.startswith("clicks") and _MOST_CLICKS.fullmatch(value):
        return FactValue(words=words.plain("fact_clicks", n=int(value)))
    if _WEB.fullmatch(value):
        return FactValue(words=visible(value), address=value)
    return FactValue(words=visible(value), lang="" if name in {"number", "international"} else lang)
