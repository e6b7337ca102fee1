"""What a store holds, read without changing anything: for whoever wants to know whether it is whole."""

import sqlite3
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, select

from audit.store import schema
from audit.store.jobs import HostLease
from audit.store.store import LEDGER, said_plainly
from rules.model.record import Record

WELL = ("ok",)


class Use(Record, frozen=True):
    """One row that names a blob: the kind of artifact, or `judgement`, with its page, site and run."""

    run_id: str
    site: str
    kind: str
    url: str = ""


class Inventory(Record, frozen=True):
    """What the ledger says of itself (`WELL` when it is whole), of its blobs, its unfinished runs, and who works on it.

    `unfinished` are ids of runs with the moment when they began; `workers` hold a host or a job.
    """

    integrity: tuple[str, ...] = WELL
    blobs: dict[str, tuple[Use, ...]] = {}  # noqa: RUF012 - msgspec copies it
    runs: int = 0
    unfinished: tuple[tuple[str, str], ...] = ()
    leases: tuple[HostLease, ...] = ()
    workers: frozenset[str] = frozenset()


def inventory(folder: Path) -> Inventory:
    """Everything that the ledger in this folder says.

    Raises:
        StoreBrokenError: it cannot be read at all.

    """
    engine = _reading(folder / LEDGER)
    try:
        with said_plainly(folder), engine.connect() as connection:
            return _read(connection, tuple(connection.exec_driver_sql("PRAGMA integrity_check").scalars()))
    finally:
        engine.dispose()


def _read(connection: Connection, integrity: tuple[str, ...]) -> Inventory:
    run, job, lease = schema.run, schema.job, schema.host_lease
    uses: dict[str, list[Use]] = defaultdict(list)
    for row in connection.execute(select(schema.artifact)):
        uses[row.sha256].append(Use(row.run_id, row.site, row.kind, row.url))
    for row in connection.execute(select(schema.judgement)):
        uses[row.sha256].append(Use(row.run_id, row.site, "judgement"))
    known = connection.execute(select(run.c.id, run.c.started_at, run.c.finished_at).order_by(run.c.id)).all()
    held = connection.execute(select(lease).order_by(lease.c.host)).all()
    at_work = set(connection.execute(select(job.c.worker).where(job.c.worker.is_not(None))).scalars())
    return Inventory(
        integrity=integrity,
        blobs={name: tuple(found) for name, found in uses.items()},
        runs=len(known),
        unfinished=tuple((row.id, row.started_at) for row in known if not row.finished_at),
        leases=tuple(HostLease(row.host, row.worker, row.run_id, row.site, row.since) for row in held),
        workers=frozenset(at_work | {row.worker for row in held}),
    )


def _reading(path: Path) -> Engine:
    place = f"file:{quote(str(path.absolute()))}?mode=ro"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(place, uri=True))
