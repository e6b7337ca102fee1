"""Is logging in the only step that the service's page leaves to a person?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION, findings, has_open_form, has_other_way, own_statements
from rules.channels.statement import Statement
from rules.model.failure import FailureKind
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind, Polarity
from rules.model.view import ServiceView, SiteView
from rules.registry import Rule

_ID = "login_required"
_ROLE = "Service owner"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service."""
    return findings(view, _ID, _stands, _ROLE)


def _stands(service: ServiceView) -> tuple[Statement, ...] | None:
    """A login page in the service's place, or words that one must log in and no other way on the page."""
    logins = tuple(
        said for said in own_statements(service, MentionKind.LOGIN) if said.mention.polarity is Polarity.AFFIRMED
    )
    if any(page.failure is not None and page.failure.kind is FailureKind.LOGIN for page in service.pages):
        return logins
    if not logins or has_other_way(service) or has_open_form(service):
        return None
    return logins


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="Logging in is the only next step",
    applies_to=(SubjectKind.SERVICE,),
    judge=judge,
    role=_ROLE,
)
