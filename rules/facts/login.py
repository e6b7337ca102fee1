"""Login: places where a person has to prove who they are before going on, with the means where it is named."""

import re
from collections.abc import Iterator

from rules.facts.passage import Passage, Reading
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind, Polarity

# Hosts and words in addresses of the means of identification (DOMAIN.md C4), by the name that people know.
_MEANS = (
    ("DigiD", re.compile(r"digid", re.IGNORECASE)),
    ("eHerkenning", re.compile(r"eherkenning", re.IGNORECASE)),
    ("itsme", re.compile(r"\bitsme\b|csam\.be", re.IGNORECASE)),
    ("FranceConnect", re.compile(r"franceconnect", re.IGNORECASE)),
    ("BundID", re.compile(r"bund-?id|id\.bund\.de", re.IGNORECASE)),
    ("ELSTER", re.compile(r"elster", re.IGNORECASE)),
    ("ID Austria", re.compile(r"id[- ]austria", re.IGNORECASE)),
    ("GOV.UK One Login", re.compile(r"one ?login|signin\.account\.gov\.uk|government gateway", re.IGNORECASE)),
    ("Login.gov", re.compile(r"login\.gov", re.IGNORECASE)),
    ("ID.me", re.compile(r"\bid\.me\b", re.IGNORECASE)),
    ("GCKey", re.compile(r"gckey|clégc", re.IGNORECASE)),
    ("eIDAS", re.compile(r"eidas", re.IGNORECASE)),
)


def find(reading: Reading) -> Iterator[Mention]:
    """Statements that one must log in, links and buttons that log in, and password fields."""
    for passage in reading.saying("online.login", "online.login_need"):
        yield from _needs(reading, passage)
    for index, block in enumerate(reading.outline.blocks):
        if block.field is not None and block.field.kind == "password":
            yield Mention(
                kind=MentionKind.LOGIN, quote=block.field.label or "password", deciding=("password",), landmark=block.landmark,
                headings=block.headings, shown=block.shown, block=index, selector=block.selector, attributes={"way": "password"},
            )  # fmt: skip


def _needs(reading: Reading, passage: Passage) -> Iterator[Mention]:
    for sentence in passage.sentences:
        needed = max(sentence.of("online.login_need"), key=lambda hit: hit.end - hit.start, default=None)
        if needed is not None:
            held = stance(reading, passage, sentence, needed)
            if held is not None:
                yield passage.mention(
                    MentionKind.LOGIN,
                    needed.start,
                    needed.end,
                    polarity=held,
                    attributes=_attributes(passage, "statement"),
                )
            continue
        word = next(sentence.of("online.login"), None)
        if word is not None and (
            passage.block.links or passage.block.tag == "button" or passage.block.role == "button"
        ):
            yield passage.mention(
                MentionKind.LOGIN,
                word.start,
                word.end,
                polarity=Polarity.AFFIRMED,
                attributes=_attributes(passage, "link"),
            )


def _attributes(passage: Passage, way: str) -> dict[str, str]:
    found = means_in(" ".join([passage.text, *(link.href for link in passage.block.links)]))
    return {"way": way, "means": found} if found else {"way": way}


def means_in(text: str) -> str:
    """The means of identification that a text or an address names, "" for none."""
    return ", ".join(name for name, pattern in _MEANS if pattern.search(text))
