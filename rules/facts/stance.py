"""Whether a sentence affirms or denies what one of its phrases names.

Negation is read within the clause, in the answer to a question ("By phone? That is not possible."), in the lead-in to a
list, in the heading above, and in a table's header cell.
"""

import re

from rules.facts.passage import Passage, Reading, Sentence
from rules.lexicon.phrase import Hit
from rules.model.mention import Polarity

_CLAUSE = re.compile(r"[;:()]|\s[-\u2013\u2014]\s")
_COMMA = re.compile(r",")
_ENUMERATED = 3  # up to so many words between commas are items of a list, not a clause
_REACH = 14  # words over which a negation carries
_CONJUNCTION = re.compile(r"\b(?:en|and|und|et)\s*$")
_NEW_SUBJECT = re.compile(
    r"\b(?:en|and|und|et)\s+(?:it|they|you|we|he|she|het|ze|zij|u|je|dit|dat|es|er|sie|das|wir|il|elle|ils|vous|nous|cela)\b"
)
_CLAUSE_START = re.compile(r"(?:^|[,;:?!.]|\b(?:en|of|and|or|und|oder|et|ou))\s*(?:\w+\s+)?$")
_NOUN_PHRASE = 4  # words over which "without" reaches
_CLOSE = 2  # words between a negation and what it denies within a condition
_BEGINS = 2  # characters before an answer's first word
_SHORT_HEADING = 70
_LEAD_IN = 200
_PREPOSITIONS = frozenset({"ohne", "sans", "without", "zonder"})  # they deny what follows, never what went before
_SHUT = frozenset({"negation.closed", "negation.gone", "negation.shut"})
_APPOINTED = frozenset({"counter.appointment", "appointment.required", "appointment.says"})
_VERB = re.compile(
    r"\b(?:ist|sind|kann|konnen|wird|werden|is|are|can|may|kan|kunt|kunnen|zijn|wordt|est|sont|peut|peuvent|pouvez)\b"
)
DAYS = frozenset({"hours.weekdays", "hours.short_weekdays", "hours.days_off"})


def stance(
    reading: Reading, passage: Passage, sentence: Sentence, hit: Hit, *, only_before: bool = False
) -> Polarity | None:
    """Affirmed, denied, or None where the sentence does not ask it of anybody ("you do not need to").

    `only_before`: a negation behind the phrase is not about it ("only online, not on paper").
    """
    if _governed(passage, sentence, hit, "negation.no_need"):
        return None
    if _governed(passage, sentence, hit, "negation.past") or _opens_in_the_past(sentence, hit):
        return Polarity.DENIED
    if _in_negated_condition(passage, sentence, hit):
        return None
    if _governed(passage, sentence, hit, "negation.not", only_before) or _answered_no(reading, passage, sentence):
        return Polarity.DENIED
    if denied_from_above(passage, sentence, hit):
        return Polarity.DENIED
    return Polarity.AFFIRMED


def denied_from_above(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether the heading, the header cell or the lead-in of the list says that what follows is not possible."""
    for header in passage.block.table_headers:
        if len(header) <= _SHORT_HEADING and "negation.plain_no" in _groups(passage, header):
            return True
    heading = passage.block.headings[-1] if passage.block.headings else ""
    if heading and len(heading) <= _SHORT_HEADING and not heading.endswith("?"):
        groups = _groups(passage, heading)
        denies = "negation.heading" in groups and not groups & {"paper.upload", "online.web", "negation.condition"}
        if denies and not (groups & _SHUT and _is_left_open(sentence, hit, groups)):
            return True
    return passage.block.tag == "li" and _negative_lead_in(passage)


def _is_left_open(sentence: Sentence, hit: Hit, heading: frozenset[str]) -> bool:
    """Whether the sentence names a way that a heading such as "Town hall closed" leaves: phone, appointment, another day."""
    if heading & DAYS:
        return True
    if not hit.group.startswith("counter."):
        return "counter.place" in heading
    return bool("counter.place" in heading and sentence.groups & _APPOINTED)


def closed(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether the place or line that the phrase names is gone, or closed for now and not merely on Sundays."""
    groups = ["negation.gone"]
    if not sentence.groups & DAYS:
        groups.append("negation.closed")
    return any(_same_clause(passage, sentence, hit, other, brackets=False) for other in sentence.of(*groups))


def _groups(passage: Passage, label: str) -> frozenset[str]:
    return frozenset(hit.group for hit in passage.words.scan_label(label))


def _negative_lead_in(passage: Passage) -> bool:
    before = passage.before
    while before is not None and before.block.tag == "li" and before.block.headings == passage.block.headings:
        before = before.before
    if before is None or before.block.headings != passage.block.headings:
        return False
    text = before.text.rstrip()
    if not text.endswith(":") or len(text) > _LEAD_IN or not before.sentences:
        return False
    last = before.sentences[-1]
    return bool(last.groups & {"negation.not", "negation.closed", "negation.gone"}) and not last.groups & {
        "negation.condition", "paper.upload", "online.web",
    }  # fmt: skip


def answered_yes(reading: Reading, passage: Passage, sentence: Sentence) -> bool:
    """Whether the sentence is a question and what follows begins with yes."""
    answer = _answer(reading, passage, sentence)
    return answer is not None and any(hit.start - answer.start <= _BEGINS for hit in answer.of("negation.plain_yes"))


def _answered_no(reading: Reading, passage: Passage, sentence: Sentence) -> bool:
    answer = _answer(reading, passage, sentence)
    return answer is not None and any(hit.start - answer.start <= _BEGINS for hit in answer.of("negation.reply"))


def _answer(reading: Reading, passage: Passage, sentence: Sentence) -> Sentence | None:
    """The sentence after a question, in the same block or at the beginning of the next."""
    if not sentence.asks:
        return None
    following = [other for other in passage.sentences if other.start > sentence.start]
    if not following and len(passage.text) < _LEAD_IN:
        after = reading.after(passage)
        following = list(after.sentences[:1]) if after is not None else []
    return following[0] if following else None


def _governed(passage: Passage, sentence: Sentence, hit: Hit, group: str, only_before: bool = False) -> bool:
    return any(
        not (other.start < hit.end and hit.start < other.end)
        and not (only_before and other.start >= hit.end)
        and (not _is_preposition(passage, other) or _right_before(passage, other, hit))
        and _same_clause(passage, sentence, hit, other)
        for other in sentence.of(group)
    )


def _is_preposition(passage: Passage, negation: Hit) -> bool:
    return passage.folded[negation.start : negation.end].partition(" ")[0] in _PREPOSITIONS


def _right_before(passage: Passage, preposition: Hit, hit: Hit) -> bool:
    between = passage.folded[preposition.end : hit.start]
    return preposition.end <= hit.start and len(between.split()) <= _NOUN_PHRASE and not _VERB.search(between)


def _opens_in_the_past(sentence: Sentence, hit: Hit) -> bool:
    """Whether the sentence begins with words of the past, which hold until another time is named ("now")."""
    opening = next((past for past in sentence.of("negation.past") if past.start - sentence.start <= _BEGINS), None)
    if opening is None or hit.start < opening.end:
        return False
    return not any(opening.end <= stop.start < hit.start for stop in sentence.of("negation.break"))


def _in_negated_condition(passage: Passage, sentence: Sentence, hit: Hit) -> bool:
    """Whether the phrase is what the condition is about: "if you cannot call, use the form"."""
    return any(
        other.end <= hit.start
        and len(passage.folded[other.end : hit.start].split()) <= _CLOSE
        and not _COMMA.search(passage.folded[other.end : hit.start])
        and _conditional(passage, sentence, other)
        for other in sentence.of("negation.not")
    )


def _same_clause(passage: Passage, sentence: Sentence, hit: Hit, other: Hit, *, brackets: bool = True) -> bool:
    """Whether the other phrase reaches the hit: no clause ends between them. `brackets`: a bracket ends one."""
    first, last = (other, hit) if other.start < hit.start else (hit, other)
    between = passage.folded[first.end : last.start]
    if not brackets:
        between = between.replace("(", " ").replace(")", " ")
    if len(between.split()) > _REACH or _CLAUSE.search(between) or _NEW_SUBJECT.search(between):
        return False
    if any(first.end <= stop.start and stop.end <= last.start for stop in sentence.of("negation.break")):
        return False
    if _clause_commas(between):
        return False
    if other is last and between.rstrip().endswith(","):
        return False  # "by phone, not by post"
    if other is first:
        return not _conditional(passage, sentence, other)
    return _CONJUNCTION.search(between) is None


_LAST_OF_LIST = re.compile(r"\b(?:en|of|noch|and|or|nor|und|oder|et|ou|ni)\s*$")


def _clause_commas(between: str) -> bool:
    parts = _COMMA.split(_LAST_OF_LIST.sub("", between))
    return len(parts) > 1 and any(len(part.split()) > _ENUMERATED for part in parts[1:])


def _conditional(passage: Passage, sentence: Sentence, negation: Hit) -> bool:
    """Whether the negation stands in a condition ("if you cannot …"), which denies nothing.

    A conjunction makes one anywhere; a verb or pronoun that comes first ("kunt u niet …") only where a clause begins.
    """
    for hit in sentence.of("negation.condition", "negation.opening"):
        if hit.start > negation.start:
            break
        opens = hit.group == "negation.condition" or _CLAUSE_START.search(passage.folded[sentence.start : hit.start])
        if opens and "," not in passage.folded[hit.end : negation.start]:
            return True
    return False
