"""Removes what need not be kept any longer: pictures of whole pages after a while, and old runs."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, delete, select, update

from audit.store import schema
from audit.store.problem import BlobError
from audit.store.store import Store
from audit.store.sweep import sweep
from rules.model.record import Record
from rules.model.run import PictureRef

_WHOLE_PAGE = "page"
_PICTURES = tuple[PictureRef, ...]
_OF_RUN = (
    schema.artifact,
    schema.look,
    schema.slot,
    schema.link,
    schema.page,
    schema.judgement,
    schema.contact,
    schema.refusal,
    schema.job,
)


class OldPictures(Record, frozen=True):
    """One look whose pictures of the whole page are to go: `blob` lists all of its pictures, `kept` are those that stay."""

    run_id: str
    site: str
    url: str
    blob: str
    gone: tuple[PictureRef, ...]
    kept: tuple[PictureRef, ...]


def old_pictures(store: Store, before: str) -> Iterator[OldPictures]:
    """The looks from before a moment (ISO 8601, UTC) that hold a picture of their whole page."""
    look, artifact = schema.look, schema.artifact
    same = (artifact.c.run_id == look.c.run_id, artifact.c.site == look.c.site, artifact.c.url == look.c.url)
    query = select(artifact).join(look, onclause=same[0] & same[1] & same[2])
    with store.reading() as connection:
        rows = connection.execute(query.where(artifact.c.kind == "pictures", look.c.taken_at < before)).all()
    for row in rows:
        try:
            pictures = msgspec.json.decode(store.blobs.get(row.sha256), type=_PICTURES)
        except BlobError:  # `loket doctor --store` names it; nothing of it can be read
            continue
        gone = tuple(picture for picture in pictures if picture.kind == _WHOLE_PAGE)
        kept = tuple(picture for picture in pictures if picture.kind != _WHOLE_PAGE)
        if gone:
            yield OldPictures(row.run_id, row.site, row.url, row.sha256, gone, kept)


def remove_pictures(store: Store, old: OldPictures) -> None:
    """Remove a look's pictures of the whole page; crops of what was found stay."""
    table = schema.artifact
    mine = (table.c.run_id == old.run_id, table.c.site == old.site, table.c.url == old.url)
    names = {picture.sha256 for picture in old.gone} - {picture.sha256 for picture in old.kept}
    with store.writing() as connection:
        listed = (*mine, table.c.kind == "pictures")
        if old.kept:
            blob = store.blobs.put(msgspec.json.encode(old.kept))
            connection.execute(update(table).where(*listed).values(sha256=blob))
        else:
            connection.execute(delete(table).where(*listed))
        connection.execute(delete(table).where(*mine, table.c.kind.startswith("picture "), table.c.sha256.in_(names)))
    sweep(store, {old.blob, *names})


def old_runs(store: Store, keep: int, now: str) -> tuple[str, ...]:
    """The runs older than the newest `keep` finished ones of their portfolio, but for those that are worked on at `now`."""
    run, job = schema.run, schema.job
    with store.reading() as connection:
        runs = connection.execute(
            select(run.c.id, run.c.portfolio_id, run.c.finished_at).order_by(run.c.id.desc())
        ).all()
        busy = set(connection.execute(select(job.c.run_id).where(job.c.lease_until > now)).scalars())
    finished: dict[str, int] = {}
    old: list[str] = []
    for row in runs:
        if finished.get(row.portfolio_id, 0) >= keep and row.id not in busy:
            old.append(row.id)
        elif row.finished_at:
            finished[row.portfolio_id] = finished.get(row.portfolio_id, 0) + 1
    return tuple(old)


def remove_run(store: Store, run_id: str) -> None:
    """Remove a run with everything that only it holds."""
    with store.writing() as connection:
        blobs = _blobs_of(connection, run_id)
        for table in _OF_RUN:
            connection.execute(delete(table).where(table.c.run_id == run_id))
        connection.execute(delete(schema.run).where(schema.run.c.id == run_id))
    sweep(store, blobs)


def _blobs_of(connection: Connection, run_id: str) -> set[str]:
    tables = (schema.artifact, schema.judgement)
    return {
        sha256
        for table in tables
        for sha256 in connection.execute(select(table.c.sha256).where(table.c.run_id == run_id)).scalars()
    }
