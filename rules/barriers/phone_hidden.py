"""Is there a number on the site that people do not find where they look?"""

from collections.abc import Iterator, Sequence

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    cannot_tell,
    failed,
    findings,
    in_content,
    inapplicable,
    numbers,
    passed,
    statements,
    untested,
)
from rules.channels.statement import SITE_LANDMARKS, Statement, serves_everyone
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.page import PageRole
from rules.model.view import SiteView
from rules.paths import HOME
from rules.registry import Rule

_ID = "phone_hidden"
_ROLE = "Communication or web editor"
_TO_CONTACT = 2  # clicks that the contact page may be away from the service or from home
_TO_NUMBER = 1  # clicks that a number elsewhere may be away from the service


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    everywhere = numbers(view.pages)
    return findings(view, _ID, _ROLE, lambda ground: _conclude(ground, everywhere))


def _conclude(ground: Ground, everywhere: Sequence[Statement]) -> Conclusion:
    own = ground.own if ground.service is not None else ()
    if numbers(own):
        return passed()
    if any(said.denies for said in in_content(statements(own, MentionKind.PHONE))):
        return inapplicable()  # the service itself says that it is not done by phone: `phone_offered` says so
    near = [said for said in everywhere if said.page.role is PageRole.HOME or said.mention.landmark in SITE_LANDMARKS]
    if near:
        return passed(near)
    on_contact = [said for said in everywhere if said.page.role is PageRole.CONTACT]
    if on_contact:
        return _far_contact(ground, on_contact)
    elsewhere = [said for said in everywhere if said.page.role not in {PageRole.SERVICE, PageRole.HOME}]
    unread = ground.unread or ground.unread_general
    if not elsewhere or _site_refuses_calls(ground, elsewhere):
        return untested(unread) if unread else inapplicable()
    return _elsewhere(ground, elsewhere, unread)


def _site_refuses_calls(ground: Ground, elsewhere: Sequence[Statement]) -> bool:
    """Whether the contact page says that nobody can call, and no number elsewhere says that it is for everybody."""
    refused = any(said.denies for said in in_content(statements(ground.general, MentionKind.PHONE)))
    return refused and not any(_for_all(said) for said in elsewhere)


def _for_all(said: Statement) -> bool:
    return (said.page.role is PageRole.HELP and not said.matter) or serves_everyone(said)


def _far_contact(ground: Ground, said: list[Statement]) -> Conclusion:
    """A number on the contact page is hidden where that page is; that it is far is certain only if every way was walked."""
    if any(_clicks(ground, one) <= _TO_CONTACT for one in said):
        return passed(said)
    if ground.unread or ground.unread_general:
        return untested(ground.unread or ground.unread_general)
    return cannot_tell(said, "contact_page_far", **_counted(ground, said))


def _elsewhere(ground: Ground, said: list[Statement], unread: str) -> Conclusion:
    """A number for everybody on a page that is no contact page; a number that may be for another matter proves nothing."""
    for_all = [one for one in said if _for_all(one)]
    if any(_clicks(ground, one) <= _TO_NUMBER for one in for_all):
        return passed(for_all)
    if unread:
        return untested(unread)
    if for_all:
        counted = _counted(ground, for_all)
        return failed(for_all, "failed" if counted else "failed_unlinked", **counted)
    return cannot_tell(said, "for_another_matter")


def _clicks(ground: Ground, said: Statement) -> float:
    """The fewest clicks from the subject, or from home, to the page of the number."""
    starts = (ground.subject.id, HOME) if ground.service is not None else (HOME,)
    return min(ground.view.clicks.get(start, {}).get(said.page.url, float("inf")) for start in starts)


def _counted(ground: Ground, said: Sequence[Statement]) -> dict[str, str]:
    fewest = min(_clicks(ground, one) for one in said)
    return {"clicks": str(int(fewest))} if fewest != float("inf") else {}


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="The phone number is hidden",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
