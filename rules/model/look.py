"""One look at one page with a browser: what was gathered, or why nothing was."""

from enum import StrEnum

from rules.model.document import DocumentFacts
from rules.model.failure import Failure
from rules.model.outline import Outline
from rules.model.record import Record


class AxeOutcome(StrEnum):
    """The four lists of an axe result, under axe's own names."""

    VIOLATIONS = "violations"
    INCOMPLETE = "incomplete"
    PASSES = "passes"
    INAPPLICABLE = "inapplicable"


class Uncollected(StrEnum):
    """What an engine may be unable to tell of any page."""

    REQUESTS = "requests"  # what the page sends for, third parties among it
    HEADERS = "headers"  # the answer's headers; its status and type are told
    REDIRECTS = "redirects"  # the addresses passed through on the way
    ISOLATION = "isolation"  # our scripts stand in the page's own world, where the page's scripts can bend them
    PICTURES = "pictures"


class AxeNode(Record, frozen=True):
    """One element that a rule of axe named: CSS selectors from the outermost frame or shadow host to the element."""

    target: tuple[str, ...]
    html: str = ""
    summary: str = ""
    frame: int = 0
    box: tuple[float, float, float, float] | None = None


class AxeRule(Record, frozen=True):
    """One rule of axe on one page; nodes are kept for violations and incomplete only, `count` for all."""

    id: str
    outcome: AxeOutcome
    impact: str = ""
    tags: tuple[str, ...] = ()
    act_ids: tuple[str, ...] = ()
    help: str = ""
    help_url: str = ""
    nodes: tuple[AxeNode, ...] = ()
    count: int = 0


class AxeResult(Record, frozen=True):
    """What axe said about one page, all frames together; `unread_frames` are frames that it could not enter."""

    version: str
    rules: tuple[AxeRule, ...] = ()
    unread_frames: tuple[str, ...] = ()
    truncated: bool = False


class Request(Record, frozen=True):
    """One request that the page made: the URL without query, its type (CDP's resource type), status, bytes, and refusal."""

    url: str
    type: str = ""
    status: int = 0
    size: int = 0
    refused: str = ""


class Response(Record, frozen=True):
    """The answer to the navigation: headers without cookies' values; `redirects` are the URLs passed through."""

    status: int
    final_url: str
    headers: dict[str, str] = {}
    redirects: tuple[str, ...] = ()
    content_type: str = ""
    cookies: tuple[str, ...] = ()  # names only


class Picture(Record, frozen=True):
    """A JPEG of a part of the page. `box` is what it shows, in CSS pixels of the page.

    `marks` are the findings pictured in it: the fingerprint of rule and html, and the element's box within the page.
    """

    kind: str  # page | finding
    jpeg: bytes
    box: tuple[float, float, float, float]
    marks: tuple["Mark", ...] = ()


class Mark(Record, frozen=True):
    """An element marked in a picture; `fingerprint` is `rules.model.finding.fingerprint(rule, html)`."""

    fingerprint: str
    box: tuple[float, float, float, float]


class Look(Record, frozen=True):
    """Everything that one look at one page gave.

    A look with a failure may still carry a partial outline (`partial`), which may be judged but never proves absence.
    `browser` names engine, product and version; `seconds` is how long it took. A document is read without a browser: `browser`
    then names what read it, and `document` holds what it is made of. `uncollected` is what the browser's engine
    cannot give of any page: a field that is empty for that reason says nothing about the page.
    """

    url: str
    taken_at: str
    response: Response | None = None
    outline: Outline | None = None
    axe: AxeResult | None = None
    requests: tuple[Request, ...] = ()
    pictures: tuple[Picture, ...] = ()
    failure: Failure | None = None
    partial: bool = False
    browser: str = ""
    seconds: float = 0.0
    sandboxed: bool = True
    document: DocumentFacts | None = None
    uncollected: tuple[Uncollected, ...] = ()
