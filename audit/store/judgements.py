"""Judgements: all findings about one site in one run, kept as one blob."""

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from audit.store import schema
from audit.store.store import Store
from rules.model.finding import Finding

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Finding, ...])


def record(
    store: Store, run_id: str, site: str, findings: tuple[Finding, ...], judged_at: str, rules_version: str
) -> None:
    """Store the findings about a site; an earlier judgement of the same run is replaced."""
    values = {
        "sha256": store.blobs.put(_ENCODER.encode(findings)),
        "judged_at": judged_at,
        "rules_version": rules_version,
    }
    statement = insert(schema.judgement).values(run_id=run_id, site=site, **values)
    with store.writing() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "site"], set_=values))


def of_site(store: Store, run_id: str, site: str) -> tuple[Finding, ...] | None:
    """The findings about a site, or None when it was not judged."""
    table = schema.judgement
    with store.reading() as connection:
        sha256 = connection.execute(
            select(table.c.sha256).where(table.c.run_id == run_id, table.c.site == site)
        ).scalar()
    return None if sha256 is None else _DECODER.decode(store.blobs.get(sha256))
