"""The guard's book in the ledger: who was contacted for a site, and who was refused."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from audit.store import schema
from audit.store.store import Store
from rules.model.contact import Contact, Refusal
from rules.model.failure import FailureKind
from rules.model.record import Record


class Book(Record, frozen=True):
    """Everything that the guard noted about one site in one run."""

    contacts: tuple[Contact, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def with_more(self, contacts: Sequence[Contact], refusals: Sequence[Refusal]) -> "Book":
        """What both this book and a later one say: counts are added up."""
        known = {contact.host: contact for contact in self.contacts}
        for new in contacts:
            old = known.get(new.host, Contact(new.host))
            sums = (old.requests + new.requests, old.sent + new.sent, old.received + new.received)
            known[new.host] = Contact(new.host, *sums)
        refused = {(refusal.host, refusal.kind, refusal.detail): refusal.times for refusal in self.refusals}
        for refusal in refusals:
            key = (refusal.host, refusal.kind, refusal.detail)
            refused[key] = refused.get(key, 0) + refusal.times
        return Book(tuple(known.values()), tuple(Refusal(*key, times) for key, times in refused.items()))


def record(store: Store, run_id: str, site: str, book: Book) -> None:
    """Write a site's book down, in the place of what stood there: `book` holds that too."""
    key = {"run_id": run_id, "site": site}
    contacts = [
        {**key, "host": entry.host, "position": place, "requests": entry.requests}
        | {"sent": entry.sent, "received": entry.received}
        for place, entry in enumerate(book.contacts)
    ]
    refusals = [
        {**key, "host": entry.host, "kind": entry.kind.value, "detail": entry.detail}
        | {"position": place, "times": entry.times}
        for place, entry in enumerate(book.refusals)
    ]
    with store.writing() as connection:
        if contacts:
            into = insert(schema.contact)
            counts = {name: into.excluded[name] for name in ("requests", "sent", "received")}
            connection.execute(into.on_conflict_do_update(["run_id", "site", "host"], set_=counts), contacts)
        if refusals:
            into = insert(schema.refusal)
            which = ["run_id", "site", "host", "kind", "detail"]
            connection.execute(into.on_conflict_do_update(which, set_={"times": into.excluded["times"]}), refusals)


def of_site(store: Store, run_id: str, site: str) -> Book:
    """The book of a site in a run; an empty one when nothing was visited."""
    contact, refusal = schema.contact, schema.refusal
    asked = select(contact).where(contact.c.run_id == run_id, contact.c.site == site).order_by(contact.c.position)
    blocked = select(refusal).where(refusal.c.run_id == run_id, refusal.c.site == site).order_by(refusal.c.position)
    with store.reading() as connection:
        contacts = tuple(Contact(row.host, row.requests, row.sent, row.received) for row in connection.execute(asked))
        refusals = tuple(
            Refusal(row.host, FailureKind(row.kind), row.detail, row.times) for row in connection.execute(blocked)
        )
    return Book(contacts, refusals)
