"""Does the contact page send people to a chat and keep the phone number back?"""

from collections.abc import Iterator, Sequence

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    affirmed,
    cannot_tell,
    failed,
    findings,
    inapplicable,
    numbers,
    passed,
    statements,
    untested,
)
from rules.channels.statement import Statement
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.view import SiteView
from rules.registry import Rule
from rules.unread import why_unread

_ID = "chat_before_number"
_ROLE = "Customer contact centre"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    contact = ground.view.with_role(PageRole.CONTACT)
    unread = why_unread(contact, "no_contact_page")[0]
    if unread:
        return untested(unread)
    chats = [said for said in affirmed(statements(contact, MentionKind.CHAT)) if said.mention.shown is Shown.NOW]
    if not chats:
        return inapplicable()
    if ground.service is not None and numbers(ground.own):
        return passed()
    found = numbers(contact)
    return _kept_back(chats, found) if found else _without_number(ground, chats)


def _without_number(ground: Ground, chats: Sequence[Statement]) -> Conclusion:
    if numbers(ground.view.with_role(PageRole.HOME)):
        return cannot_tell(chats, "number_on_home_page")
    return untested(ground.unread) if ground.unread else failed(chats)


def _kept_back(chats: Sequence[Statement], found: Sequence[Statement]) -> Conclusion:
    """A number behind a click is kept back where the chat comes first; before the chat it is only folded up."""
    behind = [
        number
        for number in found
        if number.mention.shown is Shown.ON_DEMAND
        and any(chat.page.url == number.page.url and chat.mention.block < number.mention.block for chat in chats)
    ]
    return failed([*chats, *behind], "failed_on_demand") if len(behind) == len(found) else passed(found)


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A chat stands before the phone number",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
