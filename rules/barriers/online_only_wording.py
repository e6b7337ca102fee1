"""Does the service's page say that there is no other way than the internet?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION, findings, own_statements
from rules.channels.statement import Statement
from rules.facts.online_only import is_whole_service
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import ServiceView, SiteView
from rules.registry import Rule

_ID = "online_only_wording"
_ROLE = "Service owner"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service."""
    return findings(view, _ID, _stands, _ROLE)


def _stands(service: ServiceView) -> tuple[Statement, ...] | None:
    """Words of exclusivity about the service itself. "Only through the app" is the barrier `app_required`, not this one."""
    said = tuple(said for said in own_statements(service, MentionKind.ONLINE_ONLY) if is_whole_service(said.mention))
    return said or None


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="The page says that it is online only",
    applies_to=(SubjectKind.SERVICE,),
    judge=judge,
    role=_ROLE,
)
