"""Can a person do it on paper: with a letter, or a form to print, to send or to hand in?"""

from collections.abc import Iterator, Sequence

from rules.channels.channel import VERSION, Gap, Ground, Statement, findings
from rules.model.finding import Channel, Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "paper_offered"
_ROLE = "Communication or web editor"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service and one for the site."""
    return findings(view, _ID, Channel.PAPER, MentionKind.PAPER, _lacks, _ROLE)


def _lacks(ground: Ground, statements: Sequence[Statement]) -> Gap:
    """A form that nobody says where to send, and a letter without an address, stop halfway.

    Where the form itself could not be read, the address may stand in it.
    """
    reachable = any(
        {"address", "hand_in"} & set(statement.mention.attributes)
        for statement in (*statements, *ground.general)
        if statement.offers
    )
    if reachable:
        return Gap()
    return Gap(missing=("readable_form" if ground.unread_form else "postal_address",))


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A person can do it on paper",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    channel=Channel.PAPER,
    role=_ROLE,
    level="mandatory",
)
