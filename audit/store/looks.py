"""Looks and their artifacts: a page is done when its blobs are on disk and then its row is committed."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from audit.store import pages, schema
from audit.store.problem import BlobError
from audit.store.store import Store
from audit.store.sweep import sweep
from rules.model.document import DocumentFacts
from rules.model.failure import Failure
from rules.model.look import AxeResult, Look, Picture, Request, Response, Uncollected
from rules.model.outline import Outline
from rules.model.page import FoundLink
from rules.model.record import Record
from rules.model.run import PictureRef
from rules.redaction import redacted

Form = TypeVar("Form")
_PICTURE = "picture"


class StoredLook(Record, frozen=True):
    """A look as the ledger holds it: how it ended, and the SHA-256 of each artifact by kind."""

    url: str
    taken_at: str
    failure: Failure | None
    partial: bool
    browser: str
    seconds: float
    sandboxed: bool
    tries: int
    artifacts: dict[str, str]


def record(store: Store, run_id: str, site: str, look: Look, links: Iterable[FoundLink] = ()) -> None:
    """Store what a look gave: first the bytes, then one transaction with its rows and the `links` that only it showed.

    Secrets and persons are taken out of all of it before.

    Raises:
        StoreProblemError: the bytes or the rows could not be written; the page counts as not looked at.

    """
    look = redacted(look)
    artifacts = _artifacts(look)
    _put(store, artifacts)
    key = {"run_id": run_id, "site": site, "url": look.url}
    with store.writing() as connection:
        blobs = _put(store, artifacts)  # a sweep may have removed what no row named yet
        tries = _tries(connection, key) + 1
        table = schema.look
        values = {
            "taken_at": look.taken_at,
            "failure_json": None if look.failure is None else msgspec.json.encode(look.failure).decode(),
            "partial": look.partial,
            "browser": look.browser,
            "seconds": look.seconds,
            "sandboxed": look.sandboxed,
            "tries": tries,
        }
        statement = insert(table).values(**key, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "site", "url"], set_=values))
        artifact = schema.artifact
        replaced = connection.execute(
            delete(artifact)
            .where(artifact.c.run_id == run_id, artifact.c.site == site, artifact.c.url == look.url)
            .returning(artifact.c.sha256)
        ).scalars()
        earlier = set(replaced)
        for kind, sha256 in blobs.items():
            connection.execute(artifact.insert().values(**key, kind=kind, sha256=sha256, producer=look.browser))
        pages.write_links(connection, run_id, site, look.url, links, seen_by="browser")
    sweep(store, earlier)


def of_site(store: Store, run_id: str, site: str) -> dict[str, StoredLook]:
    """Every look at a site in a run, by URL."""
    where = (schema.artifact.c.run_id == run_id, schema.artifact.c.site == site)
    artifacts: dict[str, dict[str, str]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(schema.artifact).where(*where)):
            artifacts.setdefault(row.url, {})[row.kind] = row.sha256
        rows = connection.execute(
            select(schema.look).where(schema.look.c.run_id == run_id, schema.look.c.site == site)
        ).all()
    return {
        row.url: StoredLook(
            url=row.url,
            taken_at=row.taken_at,
            failure=None if row.failure_json is None else msgspec.json.decode(row.failure_json, type=Failure),
            partial=row.partial,
            browser=row.browser,
            seconds=row.seconds,
            sandboxed=row.sandboxed,
            tries=row.tries,
            artifacts=artifacts.get(row.url, {}),
        )
        for row in rows
    }


def outline(store: Store, look: StoredLook) -> Outline | None:
    """The outline that was taken, if one was."""
    return _read(store, look, "outline", Outline)


def axe(store: Store, look: StoredLook) -> AxeResult | None:
    """What axe said, if it ran."""
    return _read(store, look, "axe", AxeResult)


def document(store: Store, look: StoredLook) -> DocumentFacts | None:
    """What a document is made of, if this was one and it was opened."""
    return _read(store, look, "document", DocumentFacts)


def response(store: Store, look: StoredLook) -> Response | None:
    """The answer to the navigation, if there was one."""
    return _read(store, look, "response", Response)


def requests(store: Store, look: StoredLook) -> tuple[Request, ...]:
    """The requests that the page made."""
    return _read(store, look, "requests", tuple[Request, ...]) or ()


def pictures(store: Store, look: StoredLook) -> tuple[PictureRef, ...]:
    """The pictures that were taken, by the blobs that hold them."""
    return _read(store, look, "pictures", tuple[PictureRef, ...]) or ()


def uncollected(store: Store, look: StoredLook) -> tuple[Uncollected, ...]:
    """What the engine that took the look does not tell of any page."""
    return _read(store, look, "uncollected", tuple[Uncollected, ...]) or ()


def damage(store: Store, look: StoredLook) -> Failure | None:
    """Why what was stored of a look cannot be used, when a blob of it is damaged or gone; None when all is as it was."""
    try:
        for sha256 in look.artifacts.values():
            store.blobs.get(sha256)
    except BlobError as error:
        return error.failure
    return None


def _read(store: Store, look: StoredLook, kind: str, form: type[Form]) -> Form | None:
    sha256 = look.artifacts.get(kind)
    return None if sha256 is None else msgspec.json.decode(store.blobs.get(sha256), type=form)


def _artifacts(look: Look) -> dict[str, bytes]:
    """The bytes of each artifact by kind; each picture is one of its own too, so that the ledger names every blob."""
    jpegs = {f"{_PICTURE} {number}": picture.jpeg for number, picture in enumerate(look.pictures, start=1)}
    pictures = tuple(_reference(picture) for picture in look.pictures)
    parts: dict[str, object] = {
        "response": look.response,
        "outline": look.outline,
        "axe": look.axe,
        "document": look.document,
        "requests": look.requests or None,
        "pictures": pictures or None,
        "uncollected": look.uncollected or None,
    }
    return {kind: msgspec.json.encode(part) for kind, part in parts.items() if part is not None} | jpegs


def _put(store: Store, artifacts: dict[str, bytes]) -> dict[str, str]:
    """Names by kind."""
    return {
        kind: store.blobs.put(data, compress=not kind.startswith(f"{_PICTURE} ")) for kind, data in artifacts.items()
    }


def _reference(picture: Picture) -> PictureRef:
    marks = {mark.fingerprint: mark.box for mark in picture.marks}
    sha256 = hashlib.sha256(picture.jpeg).hexdigest()
    return PictureRef(sha256=sha256, kind=picture.kind, box=picture.box, marks=marks)


def _tries(connection: Connection, key: dict[str, str]) -> int:
    table = schema.look
    query = select(table.c.tries).where(
        table.c.run_id == key["run_id"], table.c.site == key["site"], table.c.url == key["url"]
    )
    return connection.execute(query).scalar() or 0
