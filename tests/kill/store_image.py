"""What a store holds of each of its runs, without what two runs may differ in: times, tries, and the run's id.

The position of a page, a slot or a contact says which came first, and is a time too: an interrupted crawl goes on with what
is nearest to the start, which another crawl may have visited earlier.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from audit.store import runs, schema
from audit.store.store import Store
from rules.model.page import CrawledPage

_VOLATILE = {
    "run": {"id", "started_at", "finished_at"},
    "job": {"tries"},
    "page": {"position"},
    "slot": {"position"},
    "look": {"taken_at", "seconds", "tries"},
    "judgement": {"judged_at", "sha256"},
    "contact": {"position", "requests", "sent", "received"},
    "refusal": {"position", "times"},
}
_TIMES = frozenset({"taken_at", "artifact", "outline_artifact", "axe_artifact", "seconds"})


def images(folder: Path) -> list[dict[str, Any]]:
    """Every run's rows by their table, with the artifacts that they name in place of the names; the oldest run first."""
    with Store.existing(folder) as store:
        return [_image(store, run.info.id) for run in reversed(runs.newest(store, 1000))]


def _image(store: Store, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, table in schema.metadata.tables.items():
        key = table.c.id if name == "run" else table.c.run_id
        with store.reading() as connection:
            rows = [dict(row._mapping) for row in connection.execute(select(table).where(key == run_id))]
        found[name] = sorted((_stable(store, name, row) for row in rows), key=json.dumps)
    return found


def faults(folder: Path) -> list[str]:
    """Blobs that are damaged, gone or named by no row, and rows that name somebody who works."""
    with Store.existing(folder) as store:
        with store.reading() as connection:
            tables = (schema.artifact, schema.judgement)
            named = {sha for table in tables for sha in connection.execute(select(table.c.sha256)).scalars()}
            held = [row.host for row in connection.execute(select(schema.host_lease))]
            held += [row.site for row in connection.execute(select(schema.job).where(schema.job.c.worker.is_not(None)))]
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        there = set(store.blobs.names())
        for name in named & there:
            store.blobs.get(name)  # raises when it is damaged
        wrong = [f"orphaned {name}" for name in there - named] + [f"missing {name}" for name in named - there]
        wrong += [f"half-written {path.name}" for path in store.blobs.unfinished()]
        return wrong + [f"held {place}" for place in held] + ([] if whole == "ok" else [whole])


def _stable(store: Store, table: str, row: dict[str, Any]) -> dict[str, Any]:
    if table == "page":
        row["page_json"] = repr(
            msgspec.json.decode(row["page_json"], type=CrawledPage)
        )  # with what is left out in JSON
    if table == "judgement":
        row["findings"] = _without_times(json.loads(store.blobs.get(row["sha256"])))
    if table == "artifact" and not row["kind"].startswith("picture "):
        row["sha256"] = _without_times(json.loads(store.blobs.get(row["sha256"])))
    return {name: value for name, value in row.items() if name not in _VOLATILE.get(table, set()) | {"run_id"}}


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_times(inner) for name, inner in value.items() if name not in _TIMES}
    return [_without_times(inner) for inner in value] if isinstance(value, list) else value
