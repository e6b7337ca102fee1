"""Does a form of the service refuse whoever has no mobile phone?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION
from rules.barriers.ground import findings
from rules.barriers.required_field import conclude
from rules.model.finding import Finding, SubjectKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "mobile_required"
_ROLE = "Service owner"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, lambda ground: conclude(ground, "mobile", doubtful="phone"))


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A mobile number is required",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
