"""What the three channel rules share: which statements count for a service or a site, and how they add up to a verdict.

A statement on a page of the service itself outweighs what the contact page says of everything. What stands in the banner,
the menu or the footer of a page is the site's word, not the service's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rules.lexicon import Lexicon, languages, lexicon
from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.model.mention import Mention, MentionKind, Polarity, Purpose
from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.record import Record
from rules.model.url import normalise
from rules.model.view import PageView, ServiceView, SiteView

VERSION = "1.0"
_MOST_EVIDENCE = 5
_OUTCOMES = {
    Verdict.OFFERED: Outcome.PASSED,
    Verdict.PARTLY: Outcome.PASSED,
    Verdict.NOT_OFFERED: Outcome.FAILED,
    Verdict.CONTRADICTED: Outcome.CANT_TELL,
    Verdict.NOT_VERIFIABLE: Outcome.UNTESTED,
}
_SITE_LANDMARKS = frozenset({"banner", "contentinfo", "navigation"})


class Statement(Record, frozen=True):
    """A mention and the page that it stands on."""

    mention: Mention
    page: PageView

    @property
    def offers(self) -> bool:
        """Whether it is a way in for the public: affirmed, for them, and where they can see it."""
        return (
            self.mention.polarity is Polarity.AFFIRMED
            and self.mention.purpose is Purpose.PUBLIC
            and self.mention.shown is not Shown.NEVER
            and self.mention.source != "structured"
        )

    @property
    def denies(self) -> bool:
        """Whether it says that the channel is not there. One closed place or line among others denies nothing."""
        return (
            self.mention.polarity is Polarity.DENIED
            and self.mention.purpose is Purpose.PUBLIC
            and "closed" not in self.mention.attributes
        )


class Ground(Record, frozen=True):
    """All that was read about one channel for one subject.

    `own` stands on the service's pages, `general` on the contact and home page and in footers, `behind` on help pages only.
    Of paper, what a form says itself stands on the page that links to it; `unread_form` is a form that could not be read.
    """

    subject: Subject
    own: tuple[Statement, ...]
    general: tuple[Statement, ...]
    behind: tuple[Statement, ...]
    own_pages: tuple[PageView, ...]
    general_pages: tuple[PageView, ...]
    unread: str = ""  # why absence cannot be said: a failure's kind, or a reason of the rule; "" when all was read
    unread_own: str = ""
    unread_page: str = ""
    unread_form: str = ""


class Conclusion(Record, frozen=True):
    """A verdict with what holds it up."""

    verdict: Verdict
    key: str
    statements: tuple[Statement, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""


class Gap(Record, frozen=True):
    """What is missing from what is offered, and the words that show it."""

    missing: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


Lacks = Callable[[Ground, Sequence[Statement]], Gap]


def findings(
    view: SiteView, rule: str, channel: Channel, kind: MentionKind, lacks: Lacks, role: str
) -> Iterator[Finding]:
    """One finding per service and one for the site; `lacks` names what the statements that offer the channel leave out."""
    for service in view.services:
        ground = _service_ground(view, service, kind)
        yield _finding(rule, channel, ground, _of_service(ground, lacks), role)
    ground = _site_ground(view, kind)
    yield _finding(rule, channel, ground, _of_site(ground, lacks), role)


def _of_service(ground: Ground, lacks: Lacks) -> Conclusion:
    affirmed = tuple(said for said in ground.own if said.offers)
    denied = tuple(said for said in ground.own if said.denies and "weak" not in said.mention.attributes)
    if affirmed and denied:
        return _both(affirmed, denied)
    if affirmed:
        return _offered(affirmed, lacks(ground, affirmed))
    denied = denied or tuple(said for said in ground.own if said.denies)
    if denied:
        return Conclusion(verdict=Verdict.NOT_OFFERED, key="denied", statements=denied)
    if ground.unread_own:
        return Conclusion(verdict=Verdict.NOT_VERIFIABLE, key="not_verifiable", reason=ground.unread_own)
    return _of_site(ground, lacks)


def _both(affirmed: tuple[Statement, ...], denied: tuple[Statement, ...]) -> Conclusion:
    """A page that denies what another affirms contradicts it; on one page the denial narrows what is offered."""
    denying = {said.page.url for said in denied}
    if any(said.page.url not in denying for said in affirmed) or len(denying) > 1:
        return Conclusion(verdict=Verdict.CONTRADICTED, key="contradicted", statements=(*affirmed[:2], *denied))
    if any(said.mention.source == "tel_link" or said.mention.value for said in affirmed):
        return Conclusion(
            verdict=Verdict.PARTLY, key="partly", statements=(*denied, *affirmed), missing=("whole_service",)
        )
    return Conclusion(verdict=Verdict.CONTRADICTED, key="contradicted", statements=(*affirmed[:2], *denied))


def _of_site(ground: Ground, lacks: Lacks) -> Conclusion:
    affirmed = tuple(said for said in ground.general if said.offers)
    if affirmed:
        return _offered(affirmed, lacks(ground, affirmed))
    behind = tuple(said for said in ground.behind if said.offers)
    if behind:
        gap = lacks(ground, behind)
        return _offered(behind, Gap(missing=("on_contact_page", *gap.missing), statements=gap.statements))
    denied = tuple(said for said in ground.general if said.denies)
    if denied:
        return Conclusion(verdict=Verdict.NOT_OFFERED, key="denied", statements=denied)
    if ground.unread:
        return Conclusion(verdict=Verdict.NOT_VERIFIABLE, key="not_verifiable", reason=ground.unread)
    return Conclusion(verdict=Verdict.NOT_OFFERED, key="not_offered", statements=_other(ground))


def _offered(statements: tuple[Statement, ...], gap: Gap) -> Conclusion:
    if gap.missing:
        return Conclusion(
            verdict=Verdict.PARTLY, key="partly", statements=(*gap.statements, *statements), missing=gap.missing
        )
    on_demand = all(said.mention.shown is Shown.ON_DEMAND for said in statements)
    return Conclusion(
        verdict=Verdict.OFFERED, key="offered_on_demand" if on_demand else "offered", statements=statements
    )


def _other(ground: Ground) -> tuple[Statement, ...]:
    """What was found and counts for nobody: a press desk, a fax, a closed counter."""
    return tuple(said for said in (*ground.own, *ground.general) if not said.offers)[:2]


def _service_ground(view: SiteView, service: ServiceView, kind: MentionKind) -> Ground:
    subject = Subject(kind=SubjectKind.SERVICE, site=view.site.id, id=service.service.id)
    own = tuple(said for said in _statements(service.pages, kind) if said.mention.landmark not in _SITE_LANDMARKS)
    forms = _forms(service, own) if kind is MentionKind.PAPER else ()
    site = _site_ground(view, kind)
    urls = {page.url for page in service.pages}
    reason, page = _unread(service.pages, "no_service_page")
    return Ground(
        subject=subject,
        own=(*own, *_statements(forms, kind)),
        general=tuple(
            said for said in site.general if said.page.url not in urls or said.mention.landmark in _SITE_LANDMARKS
        ),
        behind=tuple(said for said in site.behind if said.page.url not in urls),
        own_pages=service.pages,
        general_pages=site.general_pages,
        unread=reason or site.unread,
        unread_own=reason,
        unread_page=page or site.unread_page,
        unread_form=next((form.url for form in forms if not form.read), ""),
    )


def _forms(service: ServiceView, own: Sequence[Statement]) -> tuple[PageView, ...]:
    """The documents of a service that are forms: they have fields, or the page that links to them calls them one."""
    called = {normalise(said.mention.attributes.get("form", ""), said.page.url) for said in own}
    return tuple(
        document
        for document in service.documents
        if document.url in called or (document.document is not None and document.document.form)
    )


def _site_ground(view: SiteView, kind: MentionKind) -> Ground:
    home, contact = view.with_role(PageRole.HOME), view.with_role(PageRole.CONTACT)
    everywhere = (*contact, *home)
    footers = tuple(
        said
        for said in _statements([page for page in view.pages if page not in everywhere], kind)
        if said.mention.landmark in _SITE_LANDMARKS
    )
    reason, page = _unread(contact, "no_contact_page")
    if not reason:
        reason, page = _unread(home, "no_home_page")
    return Ground(
        subject=Subject(kind=SubjectKind.SITE, site=view.site.id, id=view.site.id),
        own=(),
        general=(*_statements(everywhere, kind), *_distinct(footers)),
        behind=tuple(
            said
            for said in _statements(view.with_role(PageRole.HELP), kind)
            if said.mention.landmark not in _SITE_LANDMARKS
        ),
        own_pages=(),
        general_pages=everywhere,
        unread=reason,
        unread_page=page,
    )


def _statements(pages: Iterable[PageView], kind: MentionKind) -> Iterator[Statement]:
    for page in pages:
        if page.facts is not None:
            for mention in page.facts.of(kind):
                yield Statement(mention=mention, page=page)


def _distinct(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """A footer stands on every page: each of its statements once."""
    return tuple({(said.mention.quote, said.mention.polarity): said for said in reversed(list(statements))}.values())


def _unread(pages: Sequence[PageView], none: str) -> tuple[str, str]:
    """Why these pages do not prove absence, and which page it is; empty when all were read."""
    if not pages:
        return none, ""
    for page in pages:
        if not page.read:
            return (page.failure.kind.value if page.failure is not None else "partial"), page.url
    return "", ""


def serves_everyone(statement: Statement) -> bool:
    """Whether words in the same section of the page, or in one above it, say that this is for all questions."""
    outline = statement.page.outline
    if outline is None:
        return False
    words = _words(statement.mention.lang)
    path = statement.mention.headings
    return any(
        block.headings == path[: len(block.headings)]
        and block.landmark == statement.mention.landmark
        and any(hit.group == "contact.serves_all" for hit in words.scan_label(block.text))
        for block in outline.blocks
        if block.text and block.shown is not Shown.NEVER
    )


def _words(lang: str) -> Lexicon:
    """The words of a mention's language; English where a finder of fields named none."""
    return lexicon(lang if lang in languages() else "en")


def _finding(rule: str, channel: Channel, ground: Ground, conclusion: Conclusion, role: str) -> Finding:
    evidence = evidence_of(conclusion.statements)
    params = {
        "quote": evidence[0].quote if evidence else "",
        "page": evidence[0].page if evidence else ground.unread_page,
    }
    if conclusion.missing:
        params["missing"] = ", ".join(conclusion.missing)
    return Finding(
        rule=rule,
        rule_version=VERSION,
        subject=ground.subject,
        outcome=_OUTCOMES[conclusion.verdict],
        key=conclusion.key,
        params=params,
        evidence=evidence,
        role=role,
        channel=channel,
        verdict=conclusion.verdict,
        missing=conclusion.missing,
        reason=conclusion.reason,
        count=len(conclusion.statements),
    )


def evidence_of(statements: Iterable[Statement]) -> tuple[Evidence, ...]:
    """The best of the statements as evidence: those with a number, an address or hours first, each quote once."""
    ranked = sorted(statements, key=lambda said: -_weight(said))
    found: dict[str, Evidence] = {}
    for said in ranked:
        found.setdefault(said.mention.quote, _evidence(said))
    return tuple(found.values())[:_MOST_EVIDENCE]


def _weight(statement: Statement) -> int:
    """How much a statement proves: that it serves everyone, that it names a number, an address or hours."""
    mention = statement.mention
    serves = any(hit.group == "contact.serves_all" for hit in _words(mention.lang).scan_label(mention.quote))
    return 2 * serves + len({"number", "address", "hours", "form"} & set(mention.attributes)) + bool(mention.value)


def _evidence(statement: Statement) -> Evidence:
    mention, page = statement.mention, statement.page
    attributes = dict(mention.attributes)
    if mention.value:
        attributes.setdefault("value", mention.value)
    if mention.owner:
        attributes["owner"] = mention.owner
    if mention.source == "pdf":
        attributes["source"] = mention.source
    return Evidence(
        page=page.url,
        quote=mention.quote,
        deciding=mention.deciding,
        lang=mention.lang,
        landmark=mention.landmark,
        headings=mention.headings,
        shown=mention.shown,
        selector=mention.selector,
        attributes=attributes,
        artifact=page.outline_artifact,
        taken_at=page.taken_at,
    )
