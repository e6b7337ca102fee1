"""Help: somebody who helps or acts for a person, such as a library or an interpreter; it never replaces a channel."""

from collections.abc import Iterator

from rules.facts.passage import Passage, Reading, Sentence
from rules.facts.stance import stance
from rules.lexicon.phrase import Hit
from rules.model.mention import Mention, MentionKind, Polarity

KINDS = ("place", "home_visit", "callback", "proxy", "relay", "sign", "plain")
"""Where somebody helps, a visit at home, a call back, somebody who acts for you, a relay, an interpreter, plain words."""

_GROUPS = frozenset({"help.says", *(f"help.{kind}" for kind in KINDS)})
_ON_PAPER = frozenset({"paper.says", "paper.form_list", "paper.on_request"})


def find(reading: Reading) -> Iterator[Mention]:
    """Every mention of help, one per sentence: its `kind`, and of somebody who acts for a person whether on `paper` too."""
    for passage in reading.saying(*_GROUPS):
        if passage.bare_label:
            continue
        for sentence in passage.sentences:
            hit = max(sentence.of(*_GROUPS), key=_telling, default=None)
            if hit is None:
                continue
            held = stance(reading, passage, sentence, hit)
            if held is not None:
                yield _mention(passage, sentence, hit, held)


def _telling(hit: Hit) -> tuple[bool, int]:
    """What names a kind of help comes before what only says that there is some."""
    return hit.group != "help.says", hit.end - hit.start


def _mention(passage: Passage, sentence: Sentence, hit: Hit, held: Polarity) -> Mention:
    kind = hit.group.removeprefix("help.")
    attributes = {"kind": kind} if kind in KINDS else {}
    if kind == "proxy" and _on_paper(sentence, hit):
        attributes["paper"] = "yes"
    return passage.mention(MentionKind.HELP, hit.start, hit.end, polarity=held, attributes=attributes)


def _on_paper(sentence: Sentence, hit: Hit) -> bool:
    named = sentence.text[hit.start - sentence.start : hit.end - sentence.start].lower()
    return bool(sentence.groups & _ON_PAPER) or "form" in named
