"""What a rule may look at: one page, one service or one site, as the artifacts show it."""

from rules.model.document import DocumentFacts
from rules.model.failure import Failure
from rules.model.look import AxeResult, Request, Response, Uncollected
from rules.model.mention import PageFacts
from rules.model.outline import Outline
from rules.model.page import PageRole
from rules.model.portfolio import Chain, Service, Site
from rules.model.record import Record


class PageView(Record, frozen=True):
    """One page as judged: its artifacts (None where missing), its facts, and why it could not be read.

    What the browser's engine does not tell of any page is named in `uncollected`: there, empty means unknown.
    """

    url: str
    role: PageRole
    outline: Outline | None = None
    axe: AxeResult | None = None
    response: Response | None = None
    requests: tuple[Request, ...] = ()
    facts: PageFacts | None = None
    failure: Failure | None = None
    partial: bool = False
    taken_at: str = ""
    outline_artifact: str = ""
    axe_artifact: str = ""
    document: DocumentFacts | None = None  # of a page whose role is document
    uncollected: tuple[Uncollected, ...] = ()

    @property
    def read(self) -> bool:
        """Whether the page was rendered and read whole, so that absence on it means something."""
        return self.outline is not None and self.failure is None and not self.partial and not self.outline.truncated


class ServiceView(Record, frozen=True):
    """One service with its own pages, and the documents among the site's pages that these link to."""

    service: Service
    pages: tuple[PageView, ...]
    documents: tuple[PageView, ...] = ()


class SiteView(Record, frozen=True):
    """One site: all pages that were planned, looked at or not, and its services; `country` is ISO 3166-1.

    `clicks` says from how many clicks each page (by URL) can be reached: from the home page under "", from a service's
    pages under its id. Pages that no link leads to are left out; the judgement fills it in.
    """

    site: Site
    country: str
    pages: tuple[PageView, ...]
    services: tuple[ServiceView, ...] = ()
    clicks: dict[str, dict[str, int]] = {}

    def with_role(self, *roles: PageRole) -> tuple[PageView, ...]:
        """The pages of these roles, in sample order."""
        return tuple(page for page in self.pages if page.role in roles)


class ChainView(Record, frozen=True):
    """A chain and where its steps lie: findings of the steps are handed to the rule beside it."""

    chain: Chain
