"""Paper: postal addresses, post boxes, "by post" and "in writing", and forms to print, to send or to hand in."""

import re
from collections.abc import Iterator

from rules.facts.address import find_address
from rules.facts.line_owner import named_in
from rules.facts.passage import Passage, Reading, Sentence
from rules.facts.stance import stance
from rules.facts.statements import statements
from rules.lexicon.phrase import Hit, fold
from rules.model.mention import Mention, MentionKind, Polarity, Purpose
from rules.model.outline import Link

_SPEAKS = frozenset(
    {"paper.says", "paper.box", "paper.write_to", "paper.denies", "paper.on_request", "paper.send", "paper.send_it"}
)
_ELECTRONIC = frozenset({"online.electronic", "paper.upload", "paper.form_not", "online.web", "online.login"})
_MADE_UP = frozenset({"paper.send", "paper.send_it", "paper.on_request"})  # such words together say it, none alone
_DOCUMENT = re.compile(r"[^?#]*\.(?:pdf|docx?|odt|rtf)(?=[?#]|$)", re.IGNORECASE)
_BOX_NUMBER = re.compile(r"^\W{0,8}(?:n[°o.]\s*)?\d[\d ]{0,8}")
_BESIDE = 14
_EITHER = re.compile(r"\b(?:of|or|oder|ou)\s+(?:\S+\s+){0,4}$")  # "online, or by …"
_OR = re.compile(r"^\W{0,3}(?:of|ou|or|oder)\b[^,;:()]{0,40}$", re.IGNORECASE)
_EXAMPLE_WITHIN = 60
_SENT_WITHIN = 80  # characters between "we send you" and "by post"
_ADDRESS_WITHIN = 160  # characters behind "write to" in which the address stands
_LABELLED = 220


def find(reading: Reading) -> Iterator[Mention]:
    """Every paper mention, in document order, at most one per sentence and one per linked form."""
    for passage in reading.passages:
        if passage.block.field is not None:
            continue
        said = list(_statements(reading, passage))
        yield from said
        yield from _linked_forms(reading, passage)
        if not said and not passage.said.is_silent:
            found = list(_labelled_address(reading, passage))
            yield from found or _pointer(passage)


def _statements(reading: Reading, passage: Passage) -> Iterator[Mention]:
    if passage.groups.isdisjoint(_SPEAKS) or passage.bare_label:
        return
    for said in statements(reading, passage, "paper", lambda sentence: _saying(reading, passage, sentence)):
        purpose, owner = _purpose(reading, passage, said.sentence)
        attributes = {**_attributes(reading, passage, said.sentence), **said.attributes}
        if said.polarity is Polarity.DENIED:
            if said.hit.group in _MADE_UP or _sent_by_body(said.sentence, said.hit):
                continue  # that the body sends no letters says nothing of ours to it
            if _denies_online(reading, passage, said.sentence):
                attributes["online"] = "no"
        if said.hit.group == "paper.on_request":
            attributes["on_request"] = "yes"
        yield passage.mention(
            MentionKind.PAPER,
            said.hit.start,
            said.hit.end,
            polarity=said.polarity,
            purpose=purpose,
            owner=owner,
            attributes=attributes,
        )


def _purpose(reading: Reading, passage: Passage, sentence: Sentence) -> tuple[Purpose, str]:
    """Whom a letter reaches: a press desk, another body ("write to your insurer"), or one that the service is of.

    A form for another agency is a way to that agency's service, so unlike its number it counts.
    """
    if "number.press" in passage.heading_groups:
        return Purpose.PRESS, ""
    owner = named_in(reading, passage, sentence)
    if "paper.on_request" in sentence.groups:
        return Purpose.PUBLIC, ""
    named = [hit for hit in sentence.of("number.other_body") if not _within(hit, sentence.of("paper.recipient"))]
    return (Purpose.OTHER_BODY, owner) if owner and named else (Purpose.PUBLIC, "")


def _within(hit: Hit, others: Iterator[Hit]) -> bool:
    return any(other.start <= hit.start and hit.end <= other.end for other in others)


def _denies_online(reading: Reading, passage: Passage, sentence: Sentence) -> bool:
    """Whether the sentence says of the internet too that it is no way ("neither by post nor online")."""
    return any(
        stance(reading, passage, sentence, hit, only_before=True) is Polarity.DENIED
        for hit in sentence.of("online.web")
        if "online.only" not in sentence.groups
    )


def _saying(reading: Reading, passage: Passage, sentence: Sentence) -> Hit | None:
    looked_up = list(sentence.of("paper.lookup"))
    says = [
        hit
        for hit in sentence.of("paper.says")
        if not _sent_by_body(sentence, hit)
        and not _example(sentence, hit)
        and not any(other.start <= hit.start and hit.end <= other.end for other in looked_up)
        and not _told_by_the_way(passage, sentence, hit)
        and not _sends_by_internet(sentence, hit)
    ]
    if says:
        return max(says, key=lambda hit: (_plain(sentence, hit), hit.end - hit.start))
    on_request = next(sentence.of("paper.on_request"), None)
    if on_request is not None and not _electronic(passage, sentence, on_request):
        return on_request
    for hit in sentence.of("paper.box"):
        if not _example(sentence, hit) and _BOX_NUMBER.match(passage.text[hit.end : sentence.end]):
            return hit
    for hit in sentence.of("paper.write_to", "paper.send"):
        if hit.group == "paper.send" and _sent_by_body(sentence, hit):
            continue
        found = find_address(passage.text[hit.end : hit.end + _ADDRESS_WITHIN], reading.countries)
        if found is not None and "@" not in passage.text[hit.end : hit.end + found[0]]:
            return hit
    return _sends_paper(passage, sentence)


def _sends_paper(passage: Passage, sentence: Sentence) -> Hit | None:
    """A verb of sending and what is sent on paper: a form, a copy, something signed; not through the internet."""
    if "paper.thing" in sentence.groups:
        hit = next((hit for hit in sentence.of("paper.send") if not _sent_by_body(sentence, hit)), None)
    elif _speaks_of_form(passage, sentence):
        hit = next(sentence.of("paper.send_it"), None)
    else:
        return None
    if hit is None or "paper.lookup" in sentence.groups or _electronic(passage, sentence, hit):
        return None
    return hit


def _speaks_of_form(passage: Passage, sentence: Sentence) -> bool:
    """Whether "it" is a form on paper: the sentence before, or the block before in a list of steps, names one."""
    before = [other for other in passage.sentences if other.start < sentence.start][-1:]
    if not before and passage.before is not None and passage.block.tag == "li" and passage.before.block.tag == "li":
        before = list(passage.before.sentences[-1:])
    return any("paper.form_list" in other.groups and not other.groups & _ELECTRONIC for other in before)


def _electronic(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether the sentence speaks of the internet, other than in a condition ("if you cannot apply online, …")."""
    if "@" in sentence.text:
        return True
    conditions = list(sentence.of("negation.condition", "negation.opening"))
    for other in sentence.of(*_ELECTRONIC):
        between = passage.folded[other.end : hit.start]
        conditional = "," in between and any(condition.end <= other.start for condition in conditions)
        if not conditional and not _EITHER.search(between):
            return True
    return False


def _plain(sentence: Sentence, hit: Hit) -> bool:
    """Whether no "not" stands within the phrase, so that one beside it can be heard ("send no documents by post")."""
    return not any(hit.start < other.start and other.end < hit.end for other in sentence.of("negation.not"))


def _sends_by_internet(sentence: Sentence, hit: Hit) -> bool:
    """Whether the phrase is of sending something, and through the internet ("send us a message on the portal")."""
    sends = any(other.start == hit.start for other in sentence.of("paper.send"))
    return sends and any(hit.start < other.start and other.end <= hit.end for other in sentence.of(*_ELECTRONIC))


def _example(sentence: Sentence, hit: Hit) -> bool:
    return any(hit.start - _EXAMPLE_WITHIN < other.end <= hit.start for other in sentence.of("number.example"))


def _told_by_the_way(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether it stands in a condition, and what then happens is that the body sends something."""
    comma = passage.text.find(",", hit.end, sentence.end)
    conditional = any(other.end <= hit.start for other in sentence.of("negation.condition"))
    return (
        conditional and comma >= 0 and any(other.start >= comma for other in sentence.of("paper.body", "paper.sender"))
    )


def _sent_by_body(sentence: Sentence, hit: Hit) -> bool:
    """Whether it is the body that sends ("u ontvangt per post"), which is no way in for the person."""
    for other in sentence.of("paper.body"):
        beside = other.start < hit.end + _BESIDE and hit.start < other.end + _BESIDE
        if beside or _OR.match(sentence.text[other.end - sentence.start : max(hit.start - sentence.start, 0)]):
            return True
    if any(form.start < hit.end for form in sentence.of("paper.form")):
        return False  # who sends a form offers one
    for other in sentence.of("paper.sender"):
        between = sentence.text[other.end - sentence.start : max(hit.start - sentence.start, 0)]
        if other.end <= hit.start and len(between) <= _SENT_WITHIN and not set(between) & set(",;:()"):
            return True
    return False


def _linked_forms(reading: Reading, passage: Passage) -> Iterator[Mention]:
    for link in passage.block.links:
        if not _is_document(link):
            continue
        start = max(passage.text.find(link.text), 0)
        end = start + len(link.text)
        own = {hit.group for hit in passage.hits if start <= hit.start < end}
        if own & {"paper.form_not", "paper.reading", "number.press"} or not (
            "paper.form" in own or _among_forms(passage, own) or _is_page_s_form(reading, link)
        ):
            continue
        yield passage.mention(
            MentionKind.PAPER, start, end, deciding=(link.text,), attributes={"form": link.href, "kind": "form"}
        )


def _among_forms(passage: Passage, own: set[str]) -> bool:
    """Whether the document stands in a column of forms, or under a heading of forms with the name of an action."""
    if any(_is_of_forms(passage, label) for label in passage.block.table_headers[:1]):
        return True
    return "paper.form_action" in own and any(_is_of_forms(passage, label) for label in passage.block.headings[-1:])


def _is_of_forms(passage: Passage, label: str) -> bool:
    groups = {hit.group for hit in passage.words.scan_label(label)}
    return "paper.form_list" in groups and "paper.form_not" not in groups


def _is_page_s_form(reading: Reading, link: Link) -> bool:
    """Whether the document bears the page's own name, and the page says "use this form"."""
    if not link.text or fold(link.text) not in fold(reading.title):
        return False
    return any("paper.this_form" in passage.groups for passage in reading.passages)


def _is_document(link: Link) -> bool:
    return _DOCUMENT.match(link.href) is not None


def _labelled_address(reading: Reading, passage: Passage) -> Iterator[Mention]:
    """An address under a label, or behind one, that says it is for post."""
    if not passage.said.has_digit or len(passage.text) > _LABELLED:
        return
    inline = "paper.address_label" in passage.groups and any(
        hit.group == "paper.address_label" and passage.text[hit.end : hit.end + 2].strip().startswith(":")
        for hit in passage.hits
    )
    if (not inline and "paper.address_label" not in passage.label_groups) or passage.bare_label:
        return
    found = find_address(passage.text, reading.countries)
    if found is not None:
        yield passage.mention(
            MentionKind.PAPER, found[0], found[1], attributes={"address": " ".join(passage.text.split())}
        )


def _pointer(passage: Passage) -> Iterator[Mention]:
    """Words that say that an address can be looked up somewhere, which is no address.

    Under a heading that says that one can write, they say so too: only where to is not told.
    """
    if "paper.lookup" not in passage.groups:
        return
    hit = next(hit for hit in passage.hits if hit.group == "paper.lookup")
    if passage.block.landmark != "navigation":
        attributes = {} if _under_paper(passage) else {"label": "yes"}
        yield passage.mention(MentionKind.PAPER, hit.start, hit.end, attributes=attributes)


def _under_paper(passage: Passage) -> bool:
    for heading in passage.block.headings[-1:]:
        hits = passage.words.scan_label(heading)
        looked_up = [hit for hit in hits if hit.group == "paper.lookup"]
        return any(
            hit.group in {"paper.says", "paper.address_label"}
            and not any(other.start <= hit.start and hit.end <= other.end for other in looked_up)
            for hit in hits
        )
    return False


def _attributes(reading: Reading, passage: Passage, sentence: Sentence) -> dict[str, str]:
    attributes: dict[str, str] = {}
    if "paper.hand_in" in sentence.groups:
        attributes["hand_in"] = "yes"
    address = find_address(passage.text, reading.countries)
    box = next(
        (hit for hit in passage.hits if hit.group == "paper.box" and _BOX_NUMBER.match(passage.text[hit.end :])), None
    )
    if address is not None or box is not None:
        start = min(
            place for place in (address[0] if address else None, box.start if box else None) if place is not None
        )
        end = max(address[1] if address else 0, _box_end(passage, box) if box else 0)
        attributes["address"] = " ".join(passage.text[start:end].split())
    return attributes


def _box_end(passage: Passage, box: Hit) -> int:
    number = _BOX_NUMBER.match(passage.text[box.end :])
    return box.end + (len(number.group().rstrip()) if number is not None else 0)
