"""Pages, what they are for, and why one was chosen to be looked at."""

from enum import StrEnum

from rules.model.failure import Failure
from rules.model.record import Record


class PageRole(StrEnum):
    """What a page is for, guessed from its address, its title and the words of the links that lead to it."""

    HOME = "home"
    CONTACT = "contact"
    SERVICE = "service"
    FORM = "form"
    LOGIN = "login"
    STATEMENT = "statement"
    HELP = "help"
    LEGAL = "legal"
    SEARCH = "search"
    SITEMAP = "sitemap"
    DOCUMENT = "document"
    OTHER = "other"


class LinkKind(StrEnum):
    """What a link leads to."""

    PAGE = "page"
    DOCUMENT = "document"
    TEL = "tel"
    MAILTO = "mailto"


class FoundLink(Record, frozen=True):
    """A link as it stands on a page: `url` is normalised for pages and documents, as written for tel and mailto."""

    url: str
    kind: LinkKind
    anchor: str = ""
    in_scope: bool = True


class CrawledPage(Record, frozen=True):
    """What the crawl saw at one normalised URL, or why it saw nothing.

    `depth` counts clicks from the start; `structure` is a digest of the page's skeleton, equal for pages of one template.
    """

    url: str
    final_url: str = ""
    depth: int = 0
    found_on: str = ""
    anchors: tuple[str, ...] = ()
    source: str = "link"  # start, service, sitemap, link, browser, given
    status: int = 0
    content_type: str = ""
    title: str = ""
    lang: str = ""
    canonical: str = ""
    etag: str = ""
    last_modified: str = ""
    size: int = 0
    structure: str = ""
    has_form: bool = False
    links: tuple[FoundLink, ...] = ()
    failure: Failure | None = None


class Page(Record, frozen=True):
    """One normalised URL of a site as the ledger knows it."""

    url: str
    role: PageRole = PageRole.OTHER
    depth: int = 0
    source: str = "link"
    title: str = ""
    structure: str = ""
    has_form: bool = False
    failure: Failure | None = None
    anchors: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    content_type: str = ""

    @property
    def is_pdf(self) -> bool:
        """Whether this is a PDF: by the type that the server names, or by the address where it names no type of text."""
        named = self.url.partition("?")[0].lower().endswith(".pdf")
        return "pdf" in self.content_type or (named and not self.content_type.startswith("text/"))


class SlotKind(StrEnum):
    """The parts of a WCAG-EM sample."""

    FIXED = "fixed"
    SERVICE = "service"
    FORM = "form"
    TEMPLATE = "template"
    RANDOM = "random"
    GIVEN = "given"
    ALL = "all"
    DOCUMENT = "document"


class SampleSlot(Record, frozen=True):
    """Why a page was chosen: the kind of slot, and its name (a page type, a service id, a template digest, a draw number).

    A document's name is the id of the service whose page links to it, else the role of the page that does.
    """

    kind: SlotKind
    name: str
    url: str = ""  # empty: nothing was found to fill the slot


class Sample(Record, frozen=True):
    """Which pages the browser looks at, each with its reason; a page may fill several slots; empty slots stay named."""

    slots: tuple[SampleSlot, ...]
    seed: str = ""

    @property
    def urls(self) -> tuple[str, ...]:
        """The chosen pages, in the order of their first slot, each once."""
        return tuple(dict.fromkeys(slot.url for slot in self.slots if slot.url))
