"""Can an appointment be made through the internet only?"""

from collections.abc import Iterator, Sequence

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    affirmed,
    cannot_tell,
    failed,
    findings,
    inapplicable,
    passed,
    statements,
    untested,
)
from rules.channels.statement import Statement
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "appointment_online_only"
_ROLE = "Counter or location manager"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    """The service's own words first; where it has none, those of the contact and home page, unless it has no counter."""
    own = affirmed(statements(ground.own, MentionKind.APPOINTMENT))
    general = affirmed(statements(ground.general, MentionKind.APPOINTMENT))
    if own:
        return _weighed(ground, own, [said for said in (*own, *general) if _offline(said)])
    if ground.unread:
        return untested(ground.unread)
    if _refuses_visits(ground):
        return inapplicable()
    if general:
        return _weighed(ground, general, [said for said in general if _offline(said)])
    return untested(ground.unread_general) if ground.unread_general else inapplicable()


def _weighed(ground: Ground, said: Sequence[Statement], offline: Sequence[Statement]) -> Conclusion:
    only = [one for one in said if _online_only(one)]
    if only and offline:
        return cannot_tell([*only, *offline], "pages_disagree")
    if only:
        return failed(only)
    online = [one for one in said if _ways(one) == {"online"}]
    if online and not offline:
        return cannot_tell(online, "not_said_to_be_only")
    if ground.unread:
        return untested(ground.unread)
    return passed(offline) if offline else inapplicable()


def _refuses_visits(ground: Ground) -> bool:
    return any(said.denies for said in statements(ground.own, MentionKind.COUNTER))


def _online_only(said: Statement) -> bool:
    """Words that leave no other way: "only online", or "you must book online"."""
    attributes = said.mention.attributes
    if attributes.get("appointment") == "none":
        return False
    return attributes.get("only") == "online" or (
        attributes.get("appointment") == "required" and _ways(said) == {"online"}
    )


def _offline(said: Statement) -> bool:
    """An appointment by phone, or none needed; a sentence that says "only online" names the phone to refuse it."""
    attributes = said.mention.attributes
    return attributes.get("appointment") == "none" or ("phone" in _ways(said) and attributes.get("only") != "online")


def _ways(said: Statement) -> set[str]:
    return {way for way in said.mention.attributes.get("appointment_by", "").split(",") if way}


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="Appointments can be made online only",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
