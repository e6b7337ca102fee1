"""Jobs and leases: one site is worked on by one worker at a time, and a dead worker's work is taken again."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, select, update
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
    """Who wants to work, from when until when; leases of the `dead` workers do not count."""

    worker: str
    now: str
    until: str
    dead: tuple[str, ...] = ()


class HostBusyError(Exception):
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


def claim(store: Store, job: Job, hosts: tuple[str, ...], by: Claim) -> Job:
    """Take a job and the hosts that it visits; leases that ran out or whose worker is dead do not count.

    Raises:
        HostBusyError: a host is visited by somebody else; nothing was taken.

    """
    with store.writing() as connection:
        for host in hosts:
            _take_host(connection, host, job, by)
        table = schema.job
        row = connection.execute(
            update(table)
            .where(table.c.run_id == job.run_id, table.c.site == job.site)
            .values(state="running", worker=by.worker, lease_until=by.until, tries=table.c.tries + 1)
            .returning(*table.c)
        ).one()
        return _job(row)


def leases_on(store: Store, hosts: tuple[str, ...], now: str) -> tuple[HostLease, ...]:
    """The leases on these hosts that have not run out."""
    table = schema.host_lease
    with store.reading() as connection:
        rows = connection.execute(select(table).where(table.c.host.in_(hosts), table.c.lease_until > now)).all()
    return tuple(_host_lease(row) for row in rows)


def renew(store: Store, job: Job, worker: str, until: str) -> None:
    """Hold a job and its hosts a while longer."""
    with store.writing() as connection:
        connection.execute(
            update(schema.job)
            .where(schema.job.c.run_id == job.run_id, schema.job.c.site == job.site, schema.job.c.worker == worker)
            .values(lease_until=until)
        )
        connection.execute(
            update(schema.host_lease).where(schema.host_lease.c.worker == worker).values(lease_until=until)
        )


def advance(store: Store, job: Job, *, stage: str, number: int) -> None:
    """Write down that a job goes on with this stage of this round."""
    with store.writing() as connection:
        connection.execute(
            update(schema.job)
            .where(schema.job.c.run_id == job.run_id, schema.job.c.site == job.site)
            .values(stage=stage, round=number)
        )


def leave(store: Store, job: Job, worker: str, *, state: str, failure: Failure | None = None) -> None:
    """Give a job back, with how it stands (waiting, done or failed), and its hosts with it."""
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
        connection.execute(
            delete(schema.host_lease).where(schema.host_lease.c.worker == worker, schema.host_lease.c.site == job.site)
        )


def _take_host(connection: Connection, host: str, job: Job, by: Claim) -> None:
    table = schema.host_lease
    holder = connection.execute(select(table).where(table.c.host == host)).one_or_none()
    if holder is not None and holder.worker not in {by.worker, *by.dead} and holder.lease_until > by.now:
        raise HostBusyError(_host_lease(holder))
    values = {"worker": by.worker, "run_id": job.run_id, "site": job.site, "since": by.now, "lease_until": by.until}
    connection.execute(
        insert(table).values(host=host, **values).on_conflict_do_update(index_elements=["host"], set_=values)
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
