"""Can a person go somewhere and be helped there in person?"""

from collections.abc import Iterator, Sequence

from rules.channels.channel import VERSION, Gap, Ground, Statement, findings
from rules.model.finding import Channel, Finding, SubjectKind
from rules.model.mention import MentionKind, Polarity
from rules.model.view import PageView, SiteView
from rules.registry import Rule

_ID = "counter_offered"
_ROLE = "Counter or location manager"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service and one for the site."""
    return findings(view, _ID, Channel.COUNTER, MentionKind.COUNTER, _lacks, _ROLE)


def _lacks(ground: Ground, statements: Sequence[Statement]) -> Gap:
    """Help in person needs a place; a visit arranged through the internet only is closed to those who have none."""
    if not any(_has_place(statement) for statement in (*statements, *ground.general) if statement.offers):
        return Gap(missing=("place",))
    pages = tuple({statement.page.url: statement.page for statement in statements}.values())
    said = _appointments(pages) or _appointments(ground.general_pages)
    ways = {
        way for statement in said for way in statement.mention.attributes.get("appointment_by", "").split(",") if way
    }
    walk_in = any(statement.mention.attributes.get("appointment") == "none" for statement in said)
    if ways != {"online"} or walk_in:
        return Gap()
    online = tuple(statement for statement in said if "appointment_by" in statement.mention.attributes)
    return Gap(missing=("appointment_offline",), statements=online)


def _has_place(statement: Statement) -> bool:
    """Whether a statement names, or gives the address or the hours of, somewhere to go."""
    attributes = statement.mention.attributes
    return bool({"address", "hours"} & attributes.keys()) or attributes.get("where") != "unsaid"


def _appointments(pages: Sequence[PageView]) -> tuple[Statement, ...]:
    """What these pages say of how an appointment is made, or that none is needed."""
    return tuple(
        Statement(mention=mention, page=page)
        for page in pages
        if page.facts is not None
        for mention in page.facts.of(MentionKind.APPOINTMENT)
        if mention.polarity is Polarity.AFFIRMED
        and (mention.attributes.get("appointment") == "none" or "appointment_by" in mention.attributes)
    )


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A person can come to a counter for the service",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    channel=Channel.COUNTER,
    role=_ROLE,
    level="mandatory",
)
