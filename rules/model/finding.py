"""A finding: what one rule concluded about one subject, with the evidence that holds it up."""

import hashlib
from enum import StrEnum

from rules.model.outline import Shown
from rules.model.record import Record


class Outcome(StrEnum):
    """EARL's outcomes; "passed" is worded "no problem found", never "compliant"."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


class Mode(StrEnum):
    """EARL's test modes."""

    AUTOMATIC = "automatic"
    SEMI_AUTO = "semiAuto"
    MANUAL = "manual"


class Channel(StrEnum):
    """The three ways to get a service without the internet."""

    PHONE = "phone"
    COUNTER = "counter"
    PAPER = "paper"


class Verdict(StrEnum):
    """What we say about one channel of one service or site."""

    OFFERED = "offered"
    PARTLY = "partly"
    NOT_OFFERED = "not_offered"
    NOT_VERIFIABLE = "not_verifiable"
    CONTRADICTED = "contradicted"


class SubjectKind(StrEnum):
    """What a finding is about."""

    PAGE = "page"
    SERVICE = "service"
    SITE = "site"
    CHAIN = "chain"


class Subject(Record, frozen=True):
    """What a finding is about. `id` is a page's URL, a service's id, a site's id or a chain's id."""

    kind: SubjectKind
    site: str
    id: str


class Evidence(Record, frozen=True):
    """What stood on a page and decided the finding, so that an agency can look for itself.

    For a channel: `quote` with its `deciding` words, language, place. For an element: `html`, `selector`, `summary`, `box`.
    `page` is always the URL; `artifact` the SHA-256 of the stored outline or axe result; `taken_at` when it was read.
    """

    page: str
    quote: str = ""
    deciding: tuple[str, ...] = ()
    lang: str = ""
    landmark: str = ""
    headings: tuple[str, ...] = ()
    shown: Shown = Shown.NOW
    selector: str = ""
    html: str = ""
    summary: str = ""
    box: tuple[float, float, float, float] | None = None
    attributes: dict[str, str] = {}
    artifact: str = ""
    taken_at: str = ""


class Finding(Record, frozen=True):
    """What one rule concluded about one subject.

    `key` names the sentence in the rule's word file and `params` fills it; `missing` lists what a partly offered channel
    lacks, `reason` why it is not verifiable. `role` is the ARRM role, or our own role, that can usually mend it.
    `count` is how many places on the page were found (evidence may hold fewer).
    `level` is how binding this finding is where its rule alone does not say: mandatory (WCAG 2.1 A and AA, which
    EN 301 549 V3.2.1 repeats), recommended (new in WCAG 2.2), informational (AAA, good practice).
    """

    rule: str
    rule_version: str
    subject: Subject
    outcome: Outcome
    mode: Mode = Mode.AUTOMATIC
    key: str = ""
    params: dict[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    wcag: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    impact: str = ""
    role: str = ""
    channel: Channel | None = None
    verdict: Verdict | None = None
    missing: tuple[str, ...] = ()
    reason: str = ""
    count: int = 0
    level: str = ""


def fingerprint(rule: str, html: str) -> str:
    """A short name for "this rule on this markup", the same on every page of a site: 16 hexadecimal digits."""
    return hashlib.sha256(f"{rule}\n{html}".encode()).hexdigest()[:16]
