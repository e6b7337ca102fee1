"""Whom a barrier rule judges: each service of a site, or the site itself where it names none; and the pages that count.

A rule gives a conclusion for a ground; what was found stands whatever else was not read, but a page that had to be read
and was not makes everything short of a finding untested.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import field

from rules.barriers.barrier import VERSION
from rules.channels.evidence import evidence_of
from rules.channels.statement import SITE_LANDMARKS, Statement
from rules.lexicon import languages
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind
from rules.model.mention import MentionKind, Polarity, Purpose
from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.record import Record
from rules.model.view import PageView, ServiceView, SiteView
from rules.paths import Finder
from rules.unread import why_site_unread, why_unread

CHANNELS = (MentionKind.PHONE, MentionKind.COUNTER, MentionKind.PAPER)
_SPEAKS_FOR_THE_SITE = frozenset(
    {PageRole.HOME, PageRole.CONTACT, PageRole.SERVICE, PageRole.FORM, PageRole.HELP}
)  # what stands in news, on legal pages and the like is no barrier to a service


class Ground(Record, frozen=True):
    """One subject with its own pages, and the home and contact pages, which speak for everything.

    A site without named services owns those of its pages on which a service could begin.
    """

    subject: Subject
    own: tuple[PageView, ...]
    general: tuple[PageView, ...]
    view: SiteView
    service: ServiceView | None = None

    @property
    def unread(self) -> str:
        """Why the subject's own pages prove no absence: a failure's kind or a reason; empty when all were read."""
        if self.service is not None:
            return why_unread(self.own, "no_service_page")[0]
        return self.unread_general

    @property
    def unread_general(self) -> str:
        """The same for the contact and home pages."""
        contact, home = self.view.with_role(PageRole.CONTACT), self.view.with_role(PageRole.HOME)
        return why_site_unread(contact, home)[0]


class Conclusion(Record, frozen=True):
    """What a rule concludes: the outcome, the sentence that says it, and what holds it up (statements, else bare pages)."""

    outcome: Outcome
    key: str
    statements: tuple[Statement, ...] = ()
    pages: tuple[PageView, ...] = ()
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def findings(view: SiteView, rule: str, role: str, conclude: Callable[[Ground], Conclusion]) -> Iterator[Finding]:
    """One finding for each service of the site, or one for the site."""
    for ground in grounds(view):
        made = conclude(ground)
        evidence = evidence_of(made.statements) or tuple(
            Evidence(page=page.url, artifact=page.outline_artifact, taken_at=page.taken_at) for page in made.pages
        )
        shown = {"quote": evidence[0].quote, "page": evidence[0].page} if evidence else {"quote": "", "page": ""}
        yield Finding(
            rule=rule, rule_version=VERSION, subject=ground.subject, outcome=made.outcome, key=made.key,
            params={**shown, **made.params}, evidence=evidence, role=role, reason=made.reason, missing=made.missing,
            count=len(made.statements) or len(made.pages),
        )  # fmt: skip


def grounds(view: SiteView) -> Iterator[Ground]:
    """Each service of the site, or the site where it names none."""
    general = (*view.with_role(PageRole.CONTACT), *view.with_role(PageRole.HOME))
    for service in view.services:
        subject = Subject(kind=SubjectKind.SERVICE, site=view.site.id, id=service.service.id)
        yield Ground(subject=subject, own=service.pages, general=general, view=view, service=service)
    if not view.services:
        subject = Subject(kind=SubjectKind.SITE, site=view.site.id, id=view.site.id)
        yield Ground(subject=subject, own=view.with_role(*_SPEAKS_FOR_THE_SITE), general=general, view=view)


def passed(statements: Iterable[Statement] = ()) -> Conclusion:
    """No problem found."""
    return Conclusion(outcome=Outcome.PASSED, key="passed", statements=tuple(statements))


def inapplicable() -> Conclusion:
    """There is nothing that the rule could judge."""
    return Conclusion(outcome=Outcome.INAPPLICABLE, key="inapplicable")


def untested(reason: str) -> Conclusion:
    """What had to be read was not."""
    return Conclusion(outcome=Outcome.UNTESTED, key="untested", reason=reason)


def failed(statements: Iterable[Statement], key: str = "failed", **params: str) -> Conclusion:
    """The barrier stands."""
    return Conclusion(outcome=Outcome.FAILED, key=key, statements=tuple(statements), params=params)


def cannot_tell(statements: Iterable[Statement], reason: str, **params: str) -> Conclusion:
    """A person must judge, and why."""
    return Conclusion(
        outcome=Outcome.CANT_TELL,
        key=f"cannot_tell.{reason}",
        statements=tuple(statements),
        reason=reason,
        params=params,
    )


def statements(pages: Iterable[PageView], *kinds: MentionKind) -> tuple[Statement, ...]:
    """What these pages say anywhere that people can see."""
    return tuple(
        Statement(mention=mention, page=page)
        for page in pages
        if page.facts is not None
        for mention in page.facts.of(*kinds)
        if mention.shown is not Shown.NEVER
    )


def in_content(said: Iterable[Statement]) -> tuple[Statement, ...]:
    """Those outside banner, menu and footer."""
    return tuple(one for one in said if one.mention.landmark not in SITE_LANDMARKS)


def affirmed(said: Iterable[Statement]) -> tuple[Statement, ...]:
    """Those that the page affirms, of the public's concern."""
    return tuple(
        one for one in said if one.mention.polarity is Polarity.AFFIRMED and one.mention.purpose is Purpose.PUBLIC
    )


def numbers(pages: Iterable[PageView]) -> tuple[Statement, ...]:
    """The phone numbers that the public may call, wherever on these pages they can be seen."""
    return tuple(said for said in statements(pages, MentionKind.PHONE) if said.offers and said.mention.value)


def offline_ways(page: PageView) -> tuple[Statement, ...]:
    """The ways without the internet that a page offers, anywhere on it."""
    return tuple(said for said in statements((page,), *CHANNELS) if said.offers)


def pages_with_forms(ground: Ground) -> tuple[PageView, ...]:
    """The subject's own pages, those that lie below them, and forms that their content links to."""
    if ground.service is None:
        return ground.own
    others = {page.url for service in ground.view.services if service is not ground.service for page in service.pages}
    found = {page.url: page for page in ground.own}
    for page in (*_below(ground), *_linked_forms(ground)):
        if page.url not in others:
            found.setdefault(page.url, page)
    return tuple(found.values())


def _below(ground: Ground) -> Iterator[PageView]:
    """Pages whose address begins with that of one of the service's pages: steps of the same service."""
    folders = tuple(page.url.rstrip("/") + "/" for page in ground.own if page.role is not PageRole.HOME)
    for page in ground.view.pages:
        if folders and page.url.startswith(folders) and page.role not in {PageRole.LOGIN, PageRole.DOCUMENT}:
            yield page


def _linked_forms(ground: Ground) -> Iterator[PageView]:
    """Form pages one click away, where it is the content that links to them and not a menu."""
    away = ground.view.clicks.get(ground.subject.id, {})
    near = [page for page in ground.view.with_role(PageRole.FORM) if away.get(page.url) == 1]
    if not near:
        return
    finder = Finder(near)
    for page in ground.own:
        for block in page.outline.blocks if page.outline is not None else ():
            if block.landmark not in SITE_LANDMARKS and block.shown is not Shown.NEVER:
                for link in block.links:
                    led = finder.page(link.href.partition("#")[0])
                    if led is not None:
                        yield led


def why_forms_unread(pages: Sequence[PageView]) -> str:
    """Why the forms on these pages could not be judged: a page was not read, or is in a language we have no words for."""
    strange = any(
        page.facts is not None and page.facts.lang not in languages() and page.facts.of(MentionKind.FORM)
        for page in pages
    )
    return why_unread(pages)[0] or ("unknown_language" if strange else "")
