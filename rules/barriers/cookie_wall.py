"""Does a request for consent stand where the page should be?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION
from rules.barriers.ground import Conclusion, Ground, findings, passed, untested
from rules.model.failure import FailureKind
from rules.model.finding import Finding, Outcome, SubjectKind
from rules.model.view import PageView, SiteView
from rules.registry import Layer, Rule

_ID = "cookie_wall"
_ROLE = "Privacy officer"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    pages = tuple({page.url: page for page in (*ground.own, *ground.general)}.values())
    walled = tuple(page for page in pages if _walled(page))
    if walled:
        return Conclusion(outcome=Outcome.FAILED, key="failed", pages=walled)
    if ground.unread:
        return untested(ground.unread)
    return passed()


def _walled(page: PageView) -> bool:
    return page.failure is not None and page.failure.kind is FailureKind.CONSENT_WALL


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A cookie wall stands before the page",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    needs=(Layer.TEXT,),
    role=_ROLE,
)
