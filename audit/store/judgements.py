"""Judgements: all findings about one site in one run, kept as one blob."""

from typing import Any

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.dialects.sqlite import insert

from audit.store import schema
from audit.store.store import Store
from audit.store.sweep import sweep
from rules.model.finding import Finding

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Finding, ...])


def record(
    store: Store, run_id: str, site: str, findings: tuple[Finding, ...], judged_at: str, rules_version: str
) -> None:
    """Store the findings about a site; an earlier judgement of the same run is replaced."""
    data = _ENCODER.encode(findings)
    values = {"sha256": store.blobs.put(data), "judged_at": judged_at, "rules_version": rules_version}
    statement = insert(schema.judgement).values(run_id=run_id, site=site, **values)
    with store.writing() as connection:
        store.blobs.put(data)  # a sweep may have removed what no row named yet
        earlier = connection.execute(_of(run_id, site)).scalars().all()
        connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "site"], set_=values))
    sweep(store, earlier)


def of_site(store: Store, run_id: str, site: str) -> tuple[Finding, ...] | None:
    """The findings about a site, or None when it was not judged.

    Raises:
        MissingBlobError: the findings are gone; judging anew writes them again.
        DamagedBlobError: they are not what was stored; judging anew writes them again.

    """
    with store.reading() as connection:
        sha256 = connection.execute(_of(run_id, site)).scalar()
    return None if sha256 is None else _DECODER.decode(store.blobs.get(sha256))


def _of(run_id: str, site: str) -> Select[Any]:
    table = schema.judgement
    return select(table.c.sha256).where(table.c.run_id == run_id, table.c.site == site)
