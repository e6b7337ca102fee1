"""Whom an audit of one site asked for something, and whom it did not, because that was refused. Pure."""

from rules.model.contact import Contact, Refusal
from rules.model.failure import FailureKind
from rules.model.portfolio import Site
from rules.model.record import Record
from rules.model.run import SiteResult
from rules.model.url import in_scope

_OURS = frozenset({FailureKind.PRIVATE_ADDRESS, FailureKind.OUT_OF_SCOPE, FailureKind.TOO_LARGE, FailureKind.BUDGET})
"""What Loket itself refuses; the other kinds say that the host did not answer."""

_KILO = 1_000


class ContactRow(Record, frozen=True):
    """One host that was asked; `own` when it belongs to the site, else a third party. `kilobytes` came from it, rounded up."""

    host: str
    own: bool
    requests: int
    kilobytes: int


class ContactSheet(Record, frozen=True):
    """All hosts that were asked on behalf of a site, its own first, then by requests; and what was refused."""

    rows: tuple[ContactRow, ...]
    refused: tuple[Refusal, ...]

    @property
    def third_parties(self) -> tuple[ContactRow, ...]:
        """The hosts that are not the site's own."""
        return tuple(row for row in self.rows if not row.own)


def contact_sheet(site: Site, result: SiteResult) -> ContactSheet:
    """What the guard noted of a site, laid out."""
    rows = sorted(
        (_row(site, contact) for contact in result.contacts), key=lambda row: (not row.own, -row.requests, row.host)
    )
    return ContactSheet(tuple(rows), tuple(refusal for refusal in result.refusals if refusal.kind in _OURS))


def _row(site: Site, contact: Contact) -> ContactRow:
    hosts = tuple(f"{entry.partition('/')[0]}/" for entry in site.scope) or (site.start,)
    own = any(in_scope(f"{scheme}://{contact.host}/", hosts) for scheme in ("http", "https"))
    return ContactRow(contact.host, own, contact.requests, -(-contact.received // _KILO))
