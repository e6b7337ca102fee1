"""Phone: numbers that a person may call, and plain statements that one can call, each with what it is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.facts.abroad import is_for_abroad
from rules.facts.address import find_address
from rules.facts.hours_owner import PHONE, owner
from rules.facts.line_owner import is_own, named_above, named_before, named_in, special_matter
from rules.facts.numbers import Number, numbers_in, parsed
from rules.facts.passage import Passage, Reading, Sentence
from rules.facts.stance import closed, stance
from rules.facts.statements import statements
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind, Polarity, Purpose

_FOURTEEN = re.compile(r"14\d{3,4}")  # Dutch towns' numbers, which any count of things could be
_LEAD = 90  # characters before a number in which its label stands
_CODE = (
    r"\b(?:meeting|webinar|conference|konferenz|vergader|reunion|access|zugangs?|toegangs?)[ -]?(?:id|code|nummer)\b"
)
_MEETING_BEHIND = re.compile(
    r"\W{1,4}(?:meeting|conference|konferenz|vergader|reunion|webinar|access code|pin\b)"
    rf"|[^.\d]{{1,30}}{_CODE}"
)
_MEETING_CODE = re.compile(_CODE)
_NAMED = re.compile(r"\b(?:tel|telefon|telefoon|telephone|phone|fon|rufnummer|hotline)\w*\W{0,4}$")
_NAMED_WITHIN = 20
_PRICE_BEHIND = 3  # characters between a number and its price in brackets
_SHORT_LABEL = 25  # characters between a label and a short number
_LABELS_ABOVE = 3  # labels of the lines above that a line without its own may have
_FAX_BEHIND = re.compile(r"\s?\(\s?(?:tele)?fax|\s?\(\s?(?:whatsapp|sms|t[eé]l[eé]copie)")
_SECTION = 8  # so many blocks below a heading it labels a number no more
_BESIDE = 12  # two labels this near to one another name one number ("Tel/Fax")
_THIRD_DIGIT = re.compile(r"\d\D{0,4}\d\D{0,4}\d")
_SPEAKS = frozenset({"phone.says", "phone.denies"})
_LABELS = frozenset(
    {"phone.label", "phone.says", "phone.number_word", "phone.asks"}
    | {
        f"number.{name}"
        for name in (
            "fax",
            "messaging",
            "press",
            "staff",
            "emergency",
            "other_body",
            "other_line",
            "not_phone",
            "example",
            "meeting",
        )
    }
)
_PURPOSES = {
    "number.press": Purpose.PRESS,
    "number.staff": Purpose.STAFF,
    "number.emergency": Purpose.EMERGENCY,
}
_DIGIT = re.compile(r"\d")
_OTHERS = ("number.other_body", "number.other_line", "number.staff", "number.fax", "number.messaging")
_MARKS = re.compile(r"[\s:,(\u2013\u2014-]*")
_NO_STATEMENT_TAGS = frozenset({"label", "option", "legend", "title"})


@dataclass(frozen=True, slots=True)
class _Read:
    """What the words around a number say: its purpose, or None where it is no phone number; and whether words called it one."""

    purpose: Purpose | None
    labelled: bool
    owner: str = ""


def find(reading: Reading) -> Iterator[Mention]:
    """Every phone mention, in document order."""
    for passage in reading.passages:
        if passage.block.field is not None or (passage.said.is_silent and not passage.block.links):
            continue
        numbers = _numbers(reading, passage)
        spans = []
        for number in numbers:
            made = _number_mention(reading, passage, number, numbers)
            if made is not None:
                spans.append((number.start, number.end))
                yield made
        yield from _linked(reading, passage, numbers)
        said = list(_statements(reading, passage, spans))
        yield from said
        if not spans and not said:
            yield from _hours_of_a_line(reading, passage)


def _hours_of_a_line(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """Hours under a heading that names the line ("Telephone hours") say that one can call, though not under which number."""
    if not passage.said.has_digit or "hours.phone" not in passage.heading_groups:
        return
    hours = passage.hours_with_days
    if hours is None or owner(reading, passage) != PHONE or passage.label_groups & {"number.press", *_OTHERS}:
        return
    yield passage.mention(MentionKind.PHONE, 0, len(passage.text), attributes={"hours": hours.value})


def _numbers(reading: Reading, passage: Passage) -> list[Number]:
    if not passage.said.has_digit:
        return []
    return numbers_in(passage.text, reading.countries)


def _number_mention(reading: Reading, passage: Passage, number: Number, numbers: list[Number]) -> Mention | None:
    said = _read(reading, passage, number, numbers)
    if said.purpose is None or not (said.labelled or number.typical):
        return None
    if (number.kind == "short" or _FOURTEEN.fullmatch(number.value)) and not _label_near(passage, number):
        return None
    if not number.valid and not _NAMED.search(passage.folded, max(number.start - _NAMED_WITHIN, 0), number.start):
        return None
    purpose, whose = said.purpose, said.owner
    if number.emergency:
        purpose = Purpose.EMERGENCY
    elif number.owner and purpose is Purpose.PUBLIC and not is_own(reading, number.owner):
        purpose, whose = Purpose.OTHER_BODY, number.owner
    polarity = Polarity.AFFIRMED
    attributes = {"number": " ".join(passage.text[number.start : number.end].split()), "type": number.kind}
    sentence = _sentence_at(passage, number.start)
    matter = special_matter(reading, passage, sentence)
    if matter:
        attributes["for"] = matter
    if is_for_abroad(passage, number):
        attributes["abroad"] = "yes"
    if sentence is not None:
        hit = Hit("phone.number", number.start, number.end)
        polarity = stance(reading, passage, sentence, hit) or Polarity.AFFIRMED
        if closed(passage, sentence, hit) or _gone_beside(passage, sentence, number):
            polarity, attributes["closed"] = Polarity.DENIED, "yes"
    return passage.mention(
        MentionKind.PHONE,
        number.start,
        number.end,
        value=number.value,
        deciding=(passage.text[number.start : number.end],),
        polarity=polarity,
        purpose=purpose,
        owner=whose,
        attributes=attributes,
    )


def _gone_beside(passage: Passage, sentence: Sentence, number: Number) -> bool:
    """Whether the number stands in apposition to a line that is gone ("our line has closed: 0123", "our line, 0123, is gone")."""
    if sentence.groups & {"negation.condition", "negation.opening"}:
        return False
    for hit in sentence.of("negation.gone", "negation.closed"):
        before, behind = passage.text[hit.end : number.start], passage.text[number.end : hit.start]
        if hit.end <= number.start and _MARKS.fullmatch(before):
            return True
        led = passage.text[: number.start].rstrip().endswith(",")
        if number.end <= hit.start and led and behind.startswith(",") and _MARKS.fullmatch(behind):
            return True
    return False


def _label_near(passage: Passage, number: Number) -> bool:
    """Whether a label stands close before a short number, or the price of a call right behind it.

    Any count of people could be such a number.
    """
    if number.start <= _SHORT_LABEL and passage.label_groups & {"phone.label", "phone.says"}:
        return True
    if number.end - number.start >= len(passage.text) - _BESIDE and number.kind != "short":
        return True  # it stands by itself
    return any(
        (
            hit.group in {"phone.label", "phone.says", "phone.number_word"}
            and hit.start <= number.start <= hit.end + _SHORT_LABEL
        )
        or (hit.group == "phone.via" and number.kind != "short" and number.start - hit.end == 1)
        or (hit.group == "cost.says" and number.end <= hit.start <= number.end + _PRICE_BEHIND)
        for hit in passage.hits
    )


def _read(reading: Reading, passage: Passage, number: Number, numbers: list[Number]) -> _Read:
    if _FAX_BEHIND.match(passage.folded, number.end):
        return _Read(Purpose.FAX, labelled=True)
    if _MEETING_BEHIND.match(passage.folded, number.end):
        return _Read(None, labelled=False)
    line = passage.text.rfind("\n", 0, number.start) + 1
    previous = max((other.end for other in numbers if other.end <= number.start), default=0)
    left = max(number.start - _LEAD, line, previous)
    before = [hit for hit in passage.hits if hit.group in _LABELS and previous <= hit.start and hit.end <= number.start]
    labels = [hit for hit in before if hit.start >= left]
    if not labels and line:
        labels = before[-_LABELS_ABOVE:]
    around = _around(reading, passage)
    if not labels and left <= line:
        return _unlabelled(reading, passage, around)
    return _labelled(reading, passage, labels, around, number)


def _labelled(reading: Reading, passage: Passage, labels: list[Hit], around: frozenset[str], number: Number) -> _Read:
    last = max((hit.end for hit in labels), default=0)
    labels = [hit for hit in labels if not _part_of_other(hit, labels)]
    near = {hit.group for hit in labels if hit.end >= last - _BESIDE}
    kinds = {hit.group for hit in labels}
    phone = bool(near & {"phone.label", "phone.says"})
    other = "number.not_phone" in near and not phone
    if other or "number.meeting" in kinds or near & {"phone.asks", "number.example"}:
        return _Read(None, labelled=False)
    if near & {"number.fax", "number.messaging"} and not phone:
        return _Read(Purpose.FAX, labelled=True)
    for group, purpose in _PURPOSES.items():
        if group == "number.emergency" and number.kind == "short" and not number.emergency:
            continue  # a town's line for all its matters, urgent ones too
        if group in kinds or (group in {"number.press", "number.staff"} and group in around):
            return _Read(purpose, labelled=True)
    body = named_before(reading, passage, labels, number.start)
    if body:
        return _Read(Purpose.OTHER_BODY, labelled=True, owner=body)
    if not labels:
        return _unlabelled(reading, passage, around)
    return _Read(Purpose.PUBLIC, labelled=phone or bool(kinds & {"phone.label", "phone.says", "phone.number_word"}))


def _part_of_other(hit: Hit, labels: list[Hit]) -> bool:
    """Whether the word is a part of a longer phrase of another kind ("numéro" in "numéro de dossier").

    What looks like asking is none where it is a part of saying ("we have a number").
    """
    longer = {"phone.says"} if hit.group == "phone.asks" else {"number.not_phone", "phone.asks"}
    return any(
        other.group in longer and other.start <= hit.start and hit.end <= other.end and hit.group != other.group
        for other in labels
    )


def _unlabelled(reading: Reading, passage: Passage, around: frozenset[str]) -> _Read:
    """A number without words before it in its line: what stands above or before the block says what it is."""
    before = passage.before
    near = frozenset[str]()
    headers = frozenset(hit.group for label in passage.block.table_headers for hit in passage.words.scan_label(label))
    if headers & {"number.fax", "phone.label", "number.not_phone", "number.messaging"}:
        near = headers
    elif before is not None and before.is_label_for(passage):
        near = before.groups
    if near & {"number.fax", "number.messaging"} and not near & {"phone.label", "phone.says"}:
        return _Read(Purpose.FAX, labelled=True)
    if "number.not_phone" in near and "phone.label" not in near:
        return _Read(None, labelled=False)
    for group in ("number.press", "number.staff"):
        if group in around:
            return _Read(_PURPOSES[group], labelled=True)
    if "number.emergency" in near:
        return _Read(Purpose.EMERGENCY, labelled=True)
    body = named_above(reading, passage)
    if body:
        return _Read(Purpose.OTHER_BODY, labelled=True, owner=body)
    return _Read(Purpose.PUBLIC, labelled=bool((near | around) & {"phone.label", "phone.says"}))


def _around(reading: Reading, passage: Passage) -> frozenset[str]:
    """The groups in what labels the block, and in the whole block where it is short."""
    own = passage.groups if len(passage.text) <= 2 * _LEAD else frozenset[str]()
    labels = passage.label_groups
    if "number.press" in labels and _is_of_the_whole_body(reading, passage):
        labels -= {"number.press"}
    return labels | own


def _is_of_the_whole_body(reading: Reading, passage: Passage) -> bool:
    """Whether a block far below a heading, or with an address, is the body's own and not the section's ("Press")."""
    if "counter.place" in passage.groups or find_address(passage.text, reading.countries):
        return True
    before = passage.before
    for _ in range(_SECTION):
        if before is None or before.block.headings != passage.block.headings:
            return False
        before = before.before
    return True


def _linked(reading: Reading, passage: Passage, numbers: list[Number]) -> Iterator[Mention]:
    """Numbers that only a tel: link holds; what the words show already is not said twice."""
    shown = {number.value for number in numbers}
    for link in passage.block.links:
        scheme, _, rest = link.href.partition(":")
        if scheme.lower() != "tel":
            continue
        number = parsed(rest.replace("%20", " ").lstrip("/"), reading.countries)
        if number is None or number.value in shown:
            continue
        shown.add(number.value)
        start = max(passage.text.find(link.text), 0)
        end = start + len(link.text)
        groups = frozenset(hit.group for hit in passage.hits if start <= hit.start < end) | passage.label_groups
        purpose = next((kind for group, kind in _PURPOSES.items() if group in groups), Purpose.PUBLIC)
        body = number.owner or named_before(reading, passage, passage.hits, max(start, 1))
        if body and purpose is Purpose.PUBLIC and not is_own(reading, body):
            purpose = Purpose.OTHER_BODY
        if "number.fax" in groups and not groups & {"phone.label", "phone.says"}:
            purpose = Purpose.FAX
        matter = special_matter(reading, passage, _sentence_at(passage, start))
        yield passage.mention(
            MentionKind.PHONE,
            start,
            end,
            value=number.value,
            deciding=(link.text or rest,),
            purpose=Purpose.EMERGENCY if number.emergency else purpose,
            owner=body if purpose is Purpose.OTHER_BODY else "",
            source="tel_link",
            attributes={"number": rest, "type": number.kind, **({"for": matter} if matter else {})},
        )


def _statements(reading: Reading, passage: Passage, spans: list[tuple[int, int]]) -> Iterator[Mention]:
    if passage.groups.isdisjoint(_SPEAKS) or passage.block.tag in _NO_STATEMENT_TAGS:
        return
    if passage.bare_label:
        return
    for said in statements(reading, passage, "phone", lambda sentence: _saying(passage, sentence)):
        sentence = said.sentence
        if said.polarity is Polarity.AFFIRMED and any(sentence.start <= start < sentence.end for start, _ in spans):
            continue
        purpose, whose = _statement_purpose(reading, passage, sentence)
        matter = special_matter(reading, passage, sentence)
        yield passage.mention(
            MentionKind.PHONE,
            said.hit.start,
            said.hit.end,
            polarity=said.polarity,
            purpose=purpose,
            owner=whose,
            attributes={**said.attributes, **({"for": matter} if matter else {})},
        )


def _saying(passage: Passage, sentence: Sentence) -> Hit | None:
    if _MEETING_CODE.search(passage.folded, sentence.start, sentence.end):
        return None
    says = (hit for hit in sentence.of("phone.says") if not _said_by_body(passage, sentence, hit))
    return max(says, key=lambda hit: hit.end - hit.start, default=None)


def _statement_purpose(reading: Reading, passage: Passage, sentence: Sentence) -> tuple[Purpose, str]:
    """Whom a statement serves, and the other body that it speaks of."""
    if "number.press" in passage.label_groups:
        return Purpose.PRESS, ""
    for hit in sentence.of(*_PURPOSES):
        return _PURPOSES[hit.group], ""
    body = named_in(reading, passage, sentence)
    return (Purpose.OTHER_BODY, body) if body else (Purpose.PUBLIC, "")


def _said_by_body(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether it is the body that calls, or a number that is asked for."""
    for other in sentence.of("phone.body", "phone.asks"):
        gap = other.start - hit.end if other.start >= hit.end else hit.start - other.end
        if gap < _BESIDE and not passage.text[min(hit.end, other.end) : max(hit.start, other.start)].strip(
            " "
        ).startswith((",", ";")):
            return True
    return False


def _sentence_at(passage: Passage, position: int) -> Sentence | None:
    return next((sentence for sentence in passage.sentences if sentence.start <= position < sentence.end), None)
