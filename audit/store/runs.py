"""Runs in the ledger: begun, resumed, finished, found again."""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, desc, insert, select, update

from audit.store import schema
from audit.store.problem import StoreProblemError
from audit.store.store import Store
from rules.model.portfolio import Portfolio
from rules.model.record import Record
from rules.model.run import RunInfo


class StoredRun(Record, frozen=True):
    """A run as the ledger holds it: what the report says of it, whom it audits, and its settings as JSON."""

    info: RunInfo
    portfolio: Portfolio
    settings_json: str


def begin(store: Store, run: StoredRun, claim: Callable[[Connection], None] = lambda _: None) -> bool:
    """Write down a run that begins now; its sites become jobs that wait. False, and nothing done, when its id is taken.

    `claim` is called in the same transaction; what it raises leaves no run behind.
    """
    info = run.info
    sites = [(agency.id, site.id) for agency in run.portfolio.agencies for site in agency.sites]
    with store.writing() as connection:
        if connection.execute(select(schema.run.c.id).where(schema.run.c.id == info.id)).first():
            return False
        claim(connection)
        connection.execute(
            insert(schema.run).values(
                id=info.id,
                portfolio_id=run.portfolio.id,
                portfolio_json=_json(run.portfolio),
                settings_json=run.settings_json,
                settings_digest=info.settings_digest,
                seed=info.seed,
                versions_json=_json(info.versions),
                notes_json=_json(info.notes),
                started_at=info.started_at,
            )
        )
        for position, (agency, site) in enumerate(sites):
            connection.execute(
                insert(schema.job).values(
                    run_id=info.id,
                    site=site,
                    agency=agency,
                    position=position,
                    stage="crawl",
                    round=1,
                    state="waiting",
                    tries=0,
                )
            )
    return True


def note(store: Store, run_id: str, sentences: tuple[str, ...], versions: dict[str, str]) -> None:
    """Add sentences and versions that the report must print."""
    with store.writing() as connection:
        row = connection.execute(select(schema.run).where(schema.run.c.id == run_id)).one()
        notes = tuple(dict.fromkeys((*msgspec.json.decode(row.notes_json, type=tuple[str, ...]), *sentences)))
        known = msgspec.json.decode(row.versions_json, type=dict[str, str])
        connection.execute(
            update(schema.run)
            .where(schema.run.c.id == run_id)
            .values(notes_json=_json(notes), versions_json=_json(known | versions))
        )


def finish(store: Store, run_id: str, finished_at: str) -> None:
    """Write down that all jobs of a run have ended."""
    with store.writing() as connection:
        connection.execute(update(schema.run).where(schema.run.c.id == run_id).values(finished_at=finished_at))


def unfinished(store: Store, portfolio_id: str, settings_digest: str) -> StoredRun | None:
    """The newest run of this portfolio under the same settings that did not come to its end."""
    table = schema.run
    query = (
        select(table)
        .where(table.c.portfolio_id == portfolio_id, table.c.settings_digest == settings_digest)
        .order_by(desc(table.c.id))
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None or row.finished_at else _run(row)


def get(store: Store, run_id: str) -> StoredRun:
    """The run with this id, or whose id begins so.

    Raises:
        StoreProblemError: there is none, or more than one.

    """
    with store.reading() as connection:
        rows = connection.execute(select(schema.run).where(schema.run.c.id.startswith(run_id, autoescape=True))).all()
    if len(rows) != 1:
        known = ", ".join(run.info.id for run in newest(store, 5)) or "none"
        how = "no run" if not rows else f"{len(rows)} runs"
        raise StoreProblemError(f"{how} whose id begins with {run_id!r} in {store.folder}; the newest are: {known}")
    return _run(rows[0])


def newest(
    store: Store, most: int, *, portfolio_id: str = "", before: str = "", finished: bool = False
) -> tuple[StoredRun, ...]:
    """The newest runs, newest first; of one portfolio, before one run, or only finished ones, when asked."""
    table = schema.run
    query = select(table).order_by(desc(table.c.id)).limit(most)
    if portfolio_id:
        query = query.where(table.c.portfolio_id == portfolio_id)
    if before:
        query = query.where(table.c.id < before)
    if finished:
        query = query.where(table.c.finished_at.is_not(None))
    with store.reading() as connection:
        return tuple(_run(row) for row in connection.execute(query))


def _run(row: object) -> StoredRun:
    fields = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name begins so
    settings = msgspec.json.decode(fields["settings_json"], type=dict[str, object])
    info = RunInfo(
        id=fields["id"],
        started_at=fields["started_at"],
        finished_at=fields["finished_at"] or "",
        settings_digest=fields["settings_digest"],
        seed=fields["seed"],
        versions=msgspec.json.decode(fields["versions_json"], type=dict[str, str]),
        notes=msgspec.json.decode(fields["notes_json"], type=tuple[str, ...]),
        pace_seconds=float(str(settings.get("pace", 0.0))),
        max_pages=int(str(settings.get("max_pages", 0))),
        max_depth=int(str(settings.get("max_depth", 0))),
    )
    portfolio = msgspec.json.decode(fields["portfolio_json"], type=Portfolio)
    return StoredRun(info=info, portfolio=portfolio, settings_json=fields["settings_json"])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
