"""What an auditor finds on a demonstration site by reading it: `expected.toml`, and `chains.toml` for the chains."""

from pathlib import Path

import msgspec

from rules.model.failure import FailureKind
from rules.model.finding import Channel, Verdict
from rules.model.record import Record


class ExpectedFailure(Record, frozen=True, forbid_unknown_fields=True):
    """A rule that fails on a page, in so many places."""

    rule: str
    page: str
    count: int


class ExpectedAdvice(Record, frozen=True, forbid_unknown_fields=True):
    """A best practice that a page does not follow; no criterion asks for it."""

    rule: str
    page: str


class ExpectedVerdict(Record, frozen=True, forbid_unknown_fields=True):
    """The verdict on one channel of a service, or of the site when `service` is empty; `quote` stands in its evidence."""

    service: str
    channel: Channel
    verdict: Verdict
    missing: tuple[str, ...] = ()
    quote: str = ""


class ExpectedBarrier(Record, frozen=True, forbid_unknown_fields=True):
    """A barrier in the way of a service; `quote` stands in its evidence."""

    rule: str
    service: str
    quote: str = ""


class UnseenPage(Record, frozen=True, forbid_unknown_fields=True):
    """A page that cannot or may not be looked at, and the kinds of failure that say so rightly.

    A star at the end of `page` stands for one or more pages that begin so.
    """

    page: str
    reason: tuple[FailureKind, ...]


class Document(Record, frozen=True, forbid_unknown_fields=True):
    """A file that is recorded as a document and not looked at as a page."""

    page: str


class KnownMissed(Record, frozen=True, forbid_unknown_fields=True):
    """What a person would find and Loket does not yet; `wcag` is empty where no criterion is meant."""

    page: str
    problem: str
    wcag: tuple[str, ...]


class Expectations(Record, frozen=True, forbid_unknown_fields=True):
    """Everything that must be found on one site: nothing missing, nothing extra."""

    finding: tuple[ExpectedFailure, ...]
    verdict: tuple[ExpectedVerdict, ...]
    not_looked_at: tuple[UnseenPage, ...]
    document: tuple[Document, ...]
    known_missed: tuple[KnownMissed, ...]
    barrier: tuple[ExpectedBarrier, ...] = ()
    advice: tuple[ExpectedAdvice, ...] = ()


class ExpectedChain(Record, frozen=True, forbid_unknown_fields=True):
    """The verdict on one channel of a chain, and the site whose step decides it."""

    chain: str
    channel: Channel
    verdict: Verdict
    weakest: str


class ChainExpectations(Record, frozen=True, forbid_unknown_fields=True):
    """The verdicts on all chains of the demonstration."""

    verdict: tuple[ExpectedChain, ...]


def expectations(site_folder: Path) -> Expectations:
    """What must be found on the site in this folder.

    Raises:
        OSError: there is no `expected.toml`.
        msgspec.DecodeError: it is not TOML, or not of this form.

    """
    return msgspec.toml.decode((site_folder / "expected.toml").read_bytes(), type=Expectations)


def chain_expectations(sites_folder: Path) -> tuple[ExpectedChain, ...]:
    """What must be concluded about the chains; raises like `expectations`."""
    return msgspec.toml.decode((sites_folder / "chains.toml").read_bytes(), type=ChainExpectations).verdict
