"""Which statements count for a service or a site, and which pages must have been read before absence may be said.

A statement on a page of the service itself outweighs what the contact page says of everything. What stands in the banner,
the menu or the footer of a page is the site's word, not the service's. Where the contact page, or a page of the service,
names a channel in a link ("Find an address"), the page that the link leads to counts as well.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rules.channels.evidence import Place
from rules.channels.statement import Key, Sections, Statement, names_matter, words_naming, words_of
from rules.model.failure import FailureKind
from rules.model.finding import Subject, SubjectKind
from rules.model.mention import MentionKind, Polarity
from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.portfolio import Service
from rules.model.record import Record
from rules.model.url import normalise
from rules.model.view import PageView, ServiceView, SiteView
from rules.paths import HOME, Finder, visible_links
from rules.unread import why_site_unread, why_unread

_LINK_WORDS = 10  # longer links are sentences
_NAMED_BY = {
    MentionKind.PHONE: frozenset({"phone.says", "hours.phone"}),
    MentionKind.COUNTER: frozenset(
        {"counter.says", "counter.at_place", "counter.in_person", "counter.place", "counter.hours_of", "hours.opening"}
    ),
    MentionKind.PAPER: frozenset({"paper.says", "paper.lookup", "paper.address_label", "paper.box"}),
}
_ANSWERS = frozenset({"number", "address", "hours"})
_ONE_MATTER = 2  # a section with more numbers than this speaks of several matters
_GONE = re.compile(r"\b(?:404|410)\b")


class Ground(Record, frozen=True):
    """All that was read about one channel for one subject.

    `own` stands on the service's pages, `general` on the contact and home page and in footers, `behind` on help pages only.
    Of paper, what a form says itself stands on the page that links to it; `unread_form` is a form that could not be read.
    `pointers` name the channel and lead elsewhere; what stands `apart` is for another matter than the subject. `help` says
    who helps or acts for a person, which replaces no channel.
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
    pointers: tuple[Statement, ...] = ()
    apart: tuple[Statement, ...] = ()
    help: tuple[Statement, ...] = ()
    service: Service | None = None
    place: Place = Place()

    def names_subject(self, statement: Statement) -> bool:
        """Whether words beside the statement say that it is for this service."""
        return statement.key in self.place.naming


def grounds(view: SiteView, kind: MentionKind) -> Iterator[Ground]:
    """The ground of each service, then that of the site."""
    finder, sections = Finder(view.pages), Sections()
    site = _site_ground(view, kind, finder)
    for service in view.services:
        yield _service_ground(view, service, kind, site, finder, sections)
    yield site


def _site_ground(view: SiteView, kind: MentionKind, finder: Finder) -> Ground:
    home, contact = view.with_role(PageRole.HOME), _existing(view.with_role(PageRole.CONTACT))
    everywhere = (*contact, *home)
    footers = tuple(
        said for said in _statements([page for page in view.pages if page not in everywhere], kind) if said.in_frame
    )
    reason, page = why_site_unread(contact, home)
    linked = _linked_answers(finder, everywhere, kind)
    said = (*_statements(everywhere, kind), *linked, *_distinct(footers))
    return Ground(
        subject=Subject(kind=SubjectKind.SITE, site=view.site.id, id=view.site.id),
        own=(),
        general=said,
        behind=tuple(said for said in _statements(view.with_role(PageRole.HELP), kind) if not said.in_frame),
        own_pages=(),
        general_pages=everywhere,
        unread=reason,
        unread_page=page,
        pointers=tuple(statement for statement in said if "label" in statement.mention.attributes),
        help=_helping(everywhere),
        place=Place(from_home=view.clicks.get(HOME, {})),
    )


def _service_ground(
    view: SiteView, service: ServiceView, kind: MentionKind, site: Ground, finder: Finder, sections: Sections
) -> Ground:
    own = tuple(said for said in _statements(service.pages, kind) if not said.in_frame)
    forms = _forms(service, own) if kind is MentionKind.PAPER else ()
    urls = {page.url for page in service.pages}
    reason, page = why_unread(service.pages, "no_service_page")
    known = {said.key for said in site.general}
    linked = tuple(said for said in _linked_answers(finder, service.pages, kind) if said.key not in known)
    general = (*(said for said in site.general if said.page.url not in urls or said.in_frame), *linked)
    naming = _naming(general, service.service, sections)
    apart = {said.key: said for said in general if said.matter and said.key not in naming}
    apart |= {said.key: said for said in own if said.matter and not _is_about(said, service.service)}
    return Ground(
        subject=Subject(kind=SubjectKind.SERVICE, site=view.site.id, id=service.service.id),
        own=(*(said for said in own if said.key not in apart), *_statements(forms, kind)),
        general=tuple(said for said in general if said.key not in apart),
        behind=tuple(said for said in site.behind if said.page.url not in urls),
        own_pages=service.pages,
        general_pages=site.general_pages,
        unread=reason or site.unread,
        unread_own=reason,
        unread_page=page or site.unread_page,
        unread_form=next((form.url for form in forms if not form.read), ""),
        pointers=tuple(said for said in (*own, *general) if "label" in said.mention.attributes),
        apart=tuple(apart.values()),
        help=_helping(service.pages) or site.help,
        service=service.service,
        place=Place(from_home=site.place.from_home, from_own=view.clicks.get(service.service.id, {}), naming=naming),
    )


def _is_about(statement: Statement, service: Service) -> bool:
    """Whether the matter that a line is for is the service's own, by the service's name or its page's."""
    outline = statement.page.outline
    return names_matter(service.name, statement.matter) or names_matter(
        outline.title if outline else "", statement.matter
    )


def _naming(statements: Sequence[Statement], service: Service, sections: Sections) -> dict[Key, int]:
    """The statements that name the service, and how well: words that few of them share tell more.

    A section with many numbers names many matters, and which of them is whose is not known from it.
    """
    numbers = Counter(said.place for said in statements if said.mention.value)
    named = {
        said.key: (
            words_naming(said, service, sections.texts(said) if numbers[said.place] <= _ONE_MATTER else ()),
            said.place,
        )
        for said in statements
        if said.offers
    }
    shared = Counter(word for word, _ in {(word, place) for words, place in named.values() for word in words})
    return {key: sum(100 // shared[word] for word in words) + 1 for key, (words, _) in named.items() if words}


def _forms(service: ServiceView, own: Sequence[Statement]) -> tuple[PageView, ...]:
    """The documents of a service that are forms: they have fields, or the page that links to them calls them one."""
    called = {normalise(said.mention.attributes.get("form", ""), said.page.url) for said in own}
    return tuple(
        document
        for document in service.documents
        if document.url in called or (document.document is not None and document.document.form)
    )


def _linked_answers(finder: Finder, pages: Sequence[PageView], kind: MentionKind) -> tuple[Statement, ...]:
    """What stands on pages that a link names for the channel, where they give a number, an address or hours."""
    known = {page.url for page in pages}
    targets: dict[str, PageView] = {}
    for page in pages:
        for text, href in visible_links(page):
            if not _names(page, text, kind):
                continue
            target = finder.page(href)
            if target is not None and target.url not in known:
                targets[target.url] = target
    return tuple(
        said
        for said in _statements(targets.values(), kind)
        if not said.in_frame and said.offers and _ANSWERS & said.mention.attributes.keys()
    )


def _names(page: PageView, text: str, kind: MentionKind) -> bool:
    if page.facts is None or not text or len(text.split()) > _LINK_WORDS:
        return False
    return any(hit.group in _NAMED_BY[kind] for hit in words_of(page.facts.lang).scan_label(text))


def _helping(pages: Iterable[PageView]) -> tuple[Statement, ...]:
    """Who helps, those first whose kind is known: a library tells more than "need help?"."""
    found = (
        said
        for said in _statements(pages, MentionKind.HELP)
        if said.mention.polarity is Polarity.AFFIRMED and said.mention.shown is not Shown.NEVER and not said.in_frame
    )
    return tuple(sorted(found, key=lambda said: "kind" not in said.mention.attributes))


def _statements(pages: Iterable[PageView], kind: MentionKind) -> Iterator[Statement]:
    for page in pages:
        if page.facts is not None:
            for mention in page.facts.of(kind):
                yield Statement(mention=mention, page=page)


def _distinct(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """A footer stands on every page: each of its statements once."""
    return tuple({(said.mention.quote, said.mention.polarity): said for said in reversed(list(statements))}.values())


def _existing(pages: Sequence[PageView]) -> tuple[PageView, ...]:
    """Without the dead ends, unless there is nothing else: where a link finds no page there is no contact page."""
    there = tuple(page for page in pages if not _is_gone(page))
    return there or tuple(pages)


def _is_gone(page: PageView) -> bool:
    failure = page.failure
    return failure is not None and failure.kind is FailureKind.HTTP_ERROR and _GONE.search(failure.detail) is not None
