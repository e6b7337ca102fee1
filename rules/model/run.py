"""One audit of a portfolio: what a report needs to say who measured what, when and how."""

from rules.model.contact import Contact, Refusal
from rules.model.document import DocumentFacts
from rules.model.failure import Failure
from rules.model.finding import Finding
from rules.model.look import Uncollected
from rules.model.page import PageRole, SampleSlot
from rules.model.portfolio import Portfolio
from rules.model.record import Record


class RunInfo(Record, frozen=True):
    """A run: `id` is its UTC start time (20261123T021407Z); times are ISO 8601 UTC; `versions` by component name."""

    id: str
    started_at: str
    finished_at: str = ""
    settings_digest: str = ""
    seed: str = ""
    versions: dict[str, str] = {}
    notes: tuple[str, ...] = ()  # sentences that must stand in the report, such as "ran without the sandbox"
    pace_seconds: float = 0.0
    max_pages: int = 0
    max_depth: int = 0


class PageResult(Record, frozen=True):
    """One planned page: why it was planned, whether it was looked at, and what names its pictures in the blob store.

    For a document, `document` holds what it is made of. `uncollected` is what the browser's engine does not tell of any page.
    """

    url: str
    role: PageRole
    title: str = ""
    lang: str = ""
    slots: tuple[SampleSlot, ...] = ()
    looked_at: bool = False
    failure: Failure | None = None
    partial: bool = False
    taken_at: str = ""
    browser: str = ""
    pictures: tuple["PictureRef", ...] = ()
    third_parties: tuple[str, ...] = ()
    document: DocumentFacts | None = None
    uncollected: tuple[Uncollected, ...] = ()


class PictureRef(Record, frozen=True):
    """A stored picture: its blob, what it shows, and the findings marked in it (fingerprint and box in page pixels)."""

    sha256: str
    kind: str
    box: tuple[float, float, float, float]
    marks: dict[str, tuple[float, float, float, float]] = {}


class CrawlSummary(Record, frozen=True):
    """What the crawl knows of a site: pages by how they ended, documents, dead links (target, page it stands on, reason)."""

    pages_known: int = 0
    documents: tuple[str, ...] = ()
    dead_links: tuple[tuple[str, str, str], ...] = ()
    skipped: dict[str, int] = {}  # failure kind -> number of pages not fetched and not planned


class SiteResult(Record, frozen=True):
    """Everything that was found about one site in one run; `failure` when the site could not be looked at at all.

    `documents` were opened because pages of the sample link to them; they are not counted among the pages. `contacts` are
    the hosts that were asked for something, `refusals` those that pages wanted to reach and did not.
    """

    agency: str
    site: str
    pages: tuple[PageResult, ...] = ()
    empty_slots: tuple[SampleSlot, ...] = ()
    findings: tuple[Finding, ...] = ()
    crawl: CrawlSummary = CrawlSummary()
    failure: Failure | None = None
    state: str = "done"
    documents: tuple[PageResult, ...] = ()
    contacts: tuple[Contact, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class RunResult(Record, frozen=True):
    """All that a report is made of: nothing in a report comes from anywhere else, but for the pictures' bytes."""

    run: RunInfo
    portfolio: Portfolio
    sites: tuple[SiteResult, ...] = ()
    chain_findings: tuple[Finding, ...] = ()
    previous: "RunResult | None" = None
