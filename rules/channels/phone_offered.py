"""Can a person reach somebody by phone about this service, or this body?"""

from collections.abc import Iterator, Sequence

from rules.channels.channel import VERSION, Gap, Ground, Statement, findings, serves_everyone
from rules.model.finding import Channel, Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "phone_offered"
_ROLE = "Customer contact centre"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service and one for the site."""
    return findings(view, _ID, Channel.PHONE, MentionKind.PHONE, _lacks, _ROLE)


def _lacks(ground: Ground, statements: Sequence[Statement]) -> Gap:
    """A line for one matter is no line for all; a general number, with no word that it serves this service, is not its own."""
    own = {statement.key for statement in ground.own}
    if any(statement.key in own for statement in statements):
        return Gap()
    if not ground.own_pages:
        return Gap(missing=("general_number",)) if all(statement.matter for statement in statements) else Gap()
    served = any(ground.names_subject(statement) or serves_everyone(statement) for statement in statements)
    return Gap() if served else Gap(missing=("own_number",))


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A person can call about the service",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    channel=Channel.PHONE,
    role=_ROLE,
    level="mandatory",
)
