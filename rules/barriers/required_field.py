"""What the rules on e-mail and mobile numbers share: a form that wants one, and whether its page leaves another way."""

from rules.barriers.ground import (
    Conclusion,
    Ground,
    cannot_tell,
    failed,
    inapplicable,
    offline_ways,
    pages_with_forms,
    passed,
    statements,
    untested,
    why_forms_unread,
)
from rules.channels.statement import SITE_LANDMARKS, Statement
from rules.model.mention import MentionKind
from rules.model.outline import Shown

_OTHER_FORMS = frozenset({"mailing", "login"})  # a form that only subscribes, or only logs in


def conclude(ground: Ground, value: str, *, doubtful: str = "") -> Conclusion:
    """The barrier stands where a field of this kind must be filled in and the page of the form names no other way.

    A field of the kind `doubtful` may be answered in a way that is no barrier (a phone that stands at home).
    """
    pages = pages_with_forms(ground)
    asked = [
        said
        for said in statements(pages, MentionKind.CONTACT_FIELD)
        if said.mention.value in {value, doubtful} and said.mention.attributes.get("alone") not in _OTHER_FORMS
    ]
    open_to_all = [said for said in asked if _leaves_another_way(said)]
    in_the_way = [said for said in asked if said not in open_to_all]
    doubts = {id(said): _doubt(said, doubtful) for said in in_the_way}
    certain = [said for said in in_the_way if not doubts[id(said)]]
    if certain:
        return failed(certain)
    if in_the_way:
        return cannot_tell(in_the_way, doubts[id(in_the_way[0])])
    unread = ground.unread or why_forms_unread(pages)
    if unread:
        return untested(unread)
    return passed(open_to_all) if statements(pages, MentionKind.FORM) else inapplicable()


def _leaves_another_way(said: Statement) -> bool:
    """Whether the form lets a person choose, or the page's content names a phone, a counter or an address."""
    ways = offline_ways(said.page)
    return said.mention.attributes.get("choice") == "yes" or any(
        way.mention.landmark not in SITE_LANDMARKS for way in ways
    )


def _doubt(said: Statement, doubtful: str) -> str:
    if said.mention.value == doubtful:
        return "landline_may_do"
    if said.mention.attributes.get("alone") == "yes":
        return "asks_nothing_else"
    if said.mention.shown is not Shown.NOW:
        return "shown_on_demand"
    return "way_in_footer" if offline_ways(said.page) else ""
