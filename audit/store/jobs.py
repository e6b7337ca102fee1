"""Jobs and leases: one site is worked on by one worker at a time, and a dead worker's work is taken again."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from audit.store import schema
from audit.store.store import Store
from rules.model.failure import Failure
from rules.model.record import Record


class Job(Record, frozen=True):
    """One site to be audited once in a run: how far it is and how it ended."""

    run_id: str
    agency: str
    site: str
    stage: str
    round: int
    state: str
    tries: int
    failure: Failure | None = None


class HostLease(Record, frozen=True):
    """Who visits a host now, and since when."""

    host: str
    worker: str
    run_id: str
    site: str
    since: str


class Claim(Record, frozen=True):
    """Who wants to work, from when until when."""

    worker: str
    now: str
    until: str


class BusyError(Exception):
    """Somebody else works on it now; the message says who, and since when."""


class HostBusyError(BusyError):
    """Another job visits this host now."""

    def __init__(self, lease: HostLease) -> None:
        super().__init__(
            f"{lease.host} is visited by run {lease.run_id} (site {lease.site}) since {lease.since}, {lease.worker}"
        )
        self.lease = lease


def of_run(store: Store, run_id: str) -> tuple[Job, ...]:
    """All jobs of a run, in the order of its portfolio."""
    query = select(schema.job).where(schema.job.c.run_id == run_id).order_by(schema.job.c.position)
    with store.reading() as connection:
        return tuple(_job(row) for row in connection.execute(query))


def hold(connection: Connection, run_id: str, places: Mapping[str, str], by: Claim) -> None:
    """Take hosts, each with the site that it belongs to, in the transaction of the connection; leases that ran out do not count.

    Raises:
        HostBusyError: a host is held by somebody else; the transaction must not be committed.

    """
    table = schema.host_lease
    for host, site in places.items():
        holder = connection.execute(select(table).where(table.c.host == host)).one_or_none()
        others = holder is not None and holder.worker != by.worker
        if holder is not None and others and holder.lease_until > by.now:
            raise HostBusyError(_host_lease(holder))
        values = {"worker": by.worker, "run_id": run_id, "site": site, "since": by.now, "lease_until": by.until}
        connection.execute(
            insert(table).values(host=host, **values).on_conflict_do_update(index_elements=["host"], set_=values)
        )


def claim(store: Store, job: Job, by: Claim) -> Job:
    """Take a job; a lease that ran out does not count.

    Raises:
        BusyError: somebody else works on it.

    """
    table = schema.job
    whose = (table.c.run_id == job.run_id, table.c.site == job.site)
    free = table.c.worker.is_(None) | (table.c.worker == by.worker) | (table.c.lease_until <= by.now)
    with store.writing() as connection:
        row = connection.execute(
            update(table)
            .where(*whose, free)
            .values(state="running", worker=by.worker, lease_until=by.until, tries=table.c.tries + 1)
            .returning(*table.c)
        ).one_or_none()
        if row is None:
            worker = connection.execute(select(table.c.worker).where(*whose)).scalar_one()
            raise BusyError(f"site {job.site} of run {job.run_id} is being worked on by {worker}")
    return _job(row)


def workers(store: Store) -> dict[str, str]:
    """Everyone who holds a job or a host, and when the first of the runs that they work on began."""
    run = schema.run
    found: dict[str, str] = {}
    with store.reading() as connection:
        for table in (schema.job, schema.host_lease):
            held = select(table.c.worker, func.min(run.c.started_at)).join(run, run.c.id == table.c.run_id)
            for worker, since in connection.execute(held.where(table.c.worker.is_not(None)).group_by(table.c.worker)):
                found[worker] = min(since, found.get(worker, since))
    return found


def leases(store: Store) -> tuple[HostLease, ...]:
    """Every host that is held, by name."""
    table = schema.host_lease
    with store.reading() as connection:
        return tuple(_host_lease(row) for row in connection.execute(select(table).order_by(table.c.host)))


def renew(store: Store, by: Claim) -> None:
    """Hold everything that a worker holds a while longer."""
    with store.writing() as connection:
        for table in (schema.job, schema.host_lease):
            connection.execute(update(table).where(table.c.worker == by.worker).values(lease_until=by.until))


def release(store: Store, worker: str) -> None:
    """Give back everything that a worker holds; its jobs wait for another."""
    job, lease = schema.job, schema.host_lease
    with store.writing() as connection:
        connection.execute(delete(lease).where(lease.c.worker == worker))
        connection.execute(
            update(job).where(job.c.worker == worker).values(state="waiting", worker=None, lease_until=None)
        )


def advance(store: Store, job: Job, *, stage: str, number: int | None = None) -> None:
    """Write down that a job goes on with this stage, of this round where one is given."""
    values = {"stage": stage} if number is None else {"stage": stage, "round": number}
    with store.writing() as connection:
        connection.execute(
            update(schema.job).where(schema.job.c.run_id == job.run_id, schema.job.c.site == job.site).values(**values)
        )


def leave(store: Store, job: Job, *, state: str, failure: Failure | None = None) -> None:
    """Give a job back, with how it stands (waiting, done or failed); the hosts are held until all is done."""
    with store.writing() as connection:
        connection.execute(
            update(schema.job)
            .where(schema.job.c.run_id == job.run_id, schema.job.c.site == job.site)
            .values(
                state=state,
                worker=None,
                lease_until=None,
                failure_json=None if failure is None else msgspec.json.encode(failure).decode(),
            )
        )


def _host_lease(row: Row[Any]) -> HostLease:
    return HostLease(host=row.host, worker=row.worker, run_id=row.run_id, site=row.site, since=row.since)


def _job(row: Row[Any]) -> Job:
    fields = row._mapping  # noqa: SLF001 - SQLAlchemy's public name begins so
    failure = fields["failure_json"]
    return Job(
        run_id=fields["run_id"],
        agency=fields["agency"],
        site=fields["site"],
        stage=fields["stage"],
        round=fields["round"],
        state=fields["state"],
        tries=fields["tries"],
        failure=None if failure is None else msgspec.json.decode(failure, type=Failure),
    )
