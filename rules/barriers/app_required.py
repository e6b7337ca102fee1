"""Does the service ask for an app, with no other way beside it?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION, findings, has_open_form, has_other_way, own_statements
from rules.channels.statement import Statement
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind, Polarity
from rules.model.view import ServiceView, SiteView
from rules.registry import Rule

_ID = "app_required"
_ROLE = "Service owner"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service."""
    return findings(view, _ID, _stands, _ROLE)


def _stands(service: ServiceView) -> tuple[Statement, ...] | None:
    """Words that say "only through the app", or links to the app stores where nothing else leads on."""
    apps = tuple(
        said for said in own_statements(service, MentionKind.APP) if said.mention.polarity is Polarity.AFFIRMED
    )
    only = tuple(said for said in apps if "only" in said.mention.attributes)
    if only:
        return only
    stores = tuple(said for said in apps if "store" in said.mention.attributes)
    other = has_other_way(service) or has_open_form(service) or own_statements(service, MentionKind.LOGIN)
    return stores if stores and not other else None


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="An app is the only way",
    applies_to=(SubjectKind.SERVICE,),
    judge=judge,
    role=_ROLE,
)
