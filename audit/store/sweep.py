"""Removes blobs that no row names: what a killed process left behind, and what a later look or judgement replaced.

Whoever writes a row that names a blob sees to it, inside that transaction, that the blob is there. So a blob that no row
names while the ledger is held for writing is nobody's, whatever other processes are at work on the store.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, select

from audit.store import schema
from audit.store.store import Store

_AT_ONCE = 500  # SQLite takes so many values in one statement, whatever its version


def sweep(store: Store, blobs: Iterable[str]) -> None:
    """Remove those of these blobs that no row names."""
    left = iter(blobs)
    while names := tuple(islice(left, _AT_ONCE)):
        with store.writing() as connection:
            for name in unnamed(connection, names):
                store.blobs.remove(name)


def sweep_after(store: Store, process: int, since: datetime) -> None:
    """Remove what a process that was ended, and began its work at `since`, left half-done."""
    sweep(store, store.blobs.written_since(since))
    for path in store.blobs.unfinished():
        if path.name.endswith(f"-{process}"):
            with suppress(FileNotFoundError):
                path.unlink()


def unnamed(connection: Connection, blobs: Iterable[str]) -> Iterator[str]:
    """Those of these blobs, 500 at most, that no row names."""
    names = tuple(blobs)
    named: set[str] = set()
    for table in (schema.artifact, schema.judgement):
        named |= set(connection.execute(select(table.c.sha256).where(table.c.sha256.in_(names))).scalars())
    return (name for name in names if name not in named)
