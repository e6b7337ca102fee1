"""Does a service that begins with a login say beforehand what it costs, how long it takes and what to have at hand?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    affirmed,
    failed,
    findings,
    in_content,
    inapplicable,
    pages_with_forms,
    passed,
    statements,
    untested,
)
from rules.model.finding import Finding, Outcome, SubjectKind
from rules.model.mention import MentionKind
from rules.model.page import PageRole
from rules.model.view import SiteView
from rules.registry import Rule
from rules.unread import why_unread

_ID = "information_before_login"
_ROLE = "Communication or web editor"
_WANTED = ("cost", "term", "documents")


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    own = tuple(page for page in ground.own if page.role is PageRole.SERVICE or ground.service is not None)
    logins = affirmed(in_content(statements(own, MentionKind.LOGIN)))
    if not logins:
        return untested(ground.unread) if ground.unread else inapplicable()
    pages = pages_with_forms(ground)
    told = statements(pages, MentionKind.INFORMATION)
    missing = tuple(value for value in _WANTED if value not in {said.mention.value for said in told})
    if not missing:
        return passed(told)
    unread = ground.unread or why_unread(pages)[0]
    if unread:
        return untested(unread)
    if not told:
        return failed(logins)
    return Conclusion(
        outcome=Outcome.CANT_TELL,
        key="cannot_tell.not_all_found",
        statements=(*logins[:1], *told),
        reason="not_all_found",
        params={"missing": ", ".join(missing)},
        missing=missing,
    )


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="Nothing is said before the login",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
