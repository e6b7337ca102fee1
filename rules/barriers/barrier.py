"""What the barrier rules share: one finding per service, from the pages of that service alone."""

from collections.abc import Callable, Iterator, Sequence

from rules.channels.evidence import evidence_of
from rules.channels.statement import SITE_LANDMARKS, Statement
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind
from rules.model.mention import MentionKind, Polarity, Purpose
from rules.model.outline import Shown
from rules.model.view import PageView, ServiceView, SiteView

VERSION = "1.0"
_CHANNELS = (MentionKind.PHONE, MentionKind.COUNTER, MentionKind.PAPER)

Stands = Callable[[ServiceView], tuple[Statement, ...] | None]


def findings(view: SiteView, rule: str, stands: Stands, role: str) -> Iterator[Finding]:
    """One finding per service: failed with what `stands` in the way, untested where a page was not read, else passed.

    `stands` gives the statements that make the barrier (a statement without a mention's quote is a page), or None.
    """
    for service in view.services:
        subject = Subject(kind=SubjectKind.SERVICE, site=view.site.id, id=service.service.id)
        statements = stands(service)
        if statements is not None:
            evidence = evidence_of(statements) or tuple(Evidence(page=page.url) for page in service.pages[:1])
            yield Finding(
                rule=rule, rule_version=VERSION, subject=subject, outcome=Outcome.FAILED, evidence=evidence,
                key="failed" if statements else "failed_login_page",
                params={"quote": evidence[0].quote if evidence else ""}, role=role, count=max(len(statements), 1),
            )  # fmt: skip
            continue
        reason = _unread(service.pages)
        yield Finding(
            rule=rule, rule_version=VERSION, subject=subject, role=role, reason=reason,
            outcome=Outcome.UNTESTED if reason else Outcome.PASSED, key="untested" if reason else "passed",
        )  # fmt: skip


def own_statements(service: ServiceView, *kinds: MentionKind) -> tuple[Statement, ...]:
    """What the service's own pages say outside banner, menu and footer, and where people can see it."""
    return tuple(
        Statement(mention=mention, page=page)
        for page in service.pages
        if page.facts is not None
        for mention in page.facts.of(*kinds)
        if mention.landmark not in SITE_LANDMARKS and mention.shown is not Shown.NEVER
    )


def has_other_way(service: ServiceView) -> bool:
    """Whether the service's pages themselves offer a way without the internet."""
    return any(
        statement.mention.polarity is Polarity.AFFIRMED and statement.mention.purpose is Purpose.PUBLIC
        for statement in own_statements(service, *_CHANNELS)
    )


def has_open_form(service: ServiceView) -> bool:
    """Whether the service's pages hold a form that can be filled in without logging in."""
    return any(
        statement.mention.attributes.get("kind") != "checkbox"
        for statement in own_statements(service, MentionKind.FORM)
    )


def _unread(pages: Sequence[PageView]) -> str:
    if not pages:
        return "no_service_page"
    for page in pages:
        if not page.read:
            return page.failure.kind.value if page.failure is not None else "partial"
    return ""
