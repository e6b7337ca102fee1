"""The best statements as evidence: first what decides, from the place that decides, with all that belongs to it."""

from collections.abc import Iterable, Mapping

from rules.channels.statement import Key, Statement, words_of
from rules.model.finding import Evidence
from rules.model.mention import MentionKind, Polarity
from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.record import Record

MOST_EVIDENCE = 6
_TELLING = frozenset({"number", "address", "hours", "form"})
_FAR = 99  # clicks: no way is known
_ROLES = {PageRole.CONTACT: 0, PageRole.HOME: 1}
_OTHER_ROLE = 2


class Place(Record, frozen=True):
    """How far the pages are from home and from the subject's own pages, and how well each statement names the subject."""

    from_home: Mapping[str, int] = {}
    from_own: Mapping[str, int] = {}
    naming: Mapping[Key, int] = {}


def evidence_of(statements: Iterable[Statement], place: Place | None = None) -> tuple[Evidence, ...]:
    """The statements as evidence, best first, each number and each quote once, at most six."""
    known = place or Place()
    ranked = sorted(statements, key=lambda said: _rank(said, known))
    found: dict[str, Evidence] = {}
    answered = {said.place for said in ranked if said.mention.kind is MentionKind.PHONE and said.finds}
    for said in ranked:
        if not (_only_says_call(said) and said.place in answered):
            found.setdefault(said.mention.attributes.get("number") or said.mention.quote, _evidence(said, known))
    return tuple(found.values())[:MOST_EVIDENCE]


def _only_says_call(statement: Statement) -> bool:
    """Whether it says no more than that one can call, which adds nothing beside the number of its section."""
    mention = statement.mention
    return mention.kind is MentionKind.PHONE and mention.polarity is Polarity.AFFIRMED and not statement.finds


def _rank(statement: Statement, place: Place) -> tuple[int, ...]:
    """Lowest first: names the subject, is for no other matter, serves everybody, has a number or address, near to home."""
    mention, url = statement.mention, statement.page.url
    telling = len(_TELLING & mention.attributes.keys()) + bool(mention.value)
    return (
        -place.naming.get(statement.key, 0),
        1 if statement.matter else 0,
        0 if statement.finds else 1 if telling else 2,
        -_generality(statement),
        _ROLES.get(statement.page.role, _OTHER_ROLE),
        place.from_home.get(url, _FAR),
        -telling,
    )


def _generality(statement: Statement) -> int:
    """2: it says that it is for all questions; 1: it is the line or place for questions; 0: neither."""
    mention = statement.mention
    if "label" in mention.attributes:
        return 0
    words = words_of(mention.lang)
    groups = {hit.group for text in (mention.quote, *mention.headings[-1:]) for hit in words.scan_label(text)}
    return 2 if "contact.serves_all" in groups else int("contact.enquiries" in groups)


def _evidence(statement: Statement, place: Place) -> Evidence:
    mention, page = statement.mention, statement.page
    attributes = dict(mention.attributes)
    if mention.value:
        attributes.setdefault("value", mention.value)
    if mention.owner:
        attributes["owner"] = mention.owner
    if mention.source == "pdf":
        attributes["source"] = mention.source
    if page.url in place.from_home:
        attributes["clicks"] = str(place.from_home[page.url])
    if page.url in place.from_own:
        attributes["clicks_from_service"] = str(place.from_own[page.url])
    if mention.shown is Shown.ON_DEMAND:
        attributes["one_click_away"] = "yes"
    return Evidence(
        page=page.url,
        quote=mention.quote,
        deciding=mention.deciding,
        lang=mention.lang,
        landmark=mention.landmark,
        headings=mention.headings,
        shown=mention.shown,
        selector=mention.selector,
        attributes=attributes,
        artifact=page.outline_artifact,
        taken_at=page.taken_at,
    )
