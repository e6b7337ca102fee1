"""Reads facts from stored outlines in processes of their own, one a core: reading is most of what judging costs."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Self

import msgspec

from audit import machine
from audit.store.blobs import Blobs
from audit.store.problem import BlobError
from audit.workers import Workers, WorkersDiedError
from rules.model.mention import PageFacts
from rules.model.outline import Outline

_WORTHWHILE = 60  # pages; below that, starting the processes takes longer than they save
_AT_ONCE = 8
_DECODER = msgspec.json.Decoder(PageFacts | None)
_OUTLINES = msgspec.json.Decoder(Outline)
_opened = cache(Blobs)


class FactReaders:
    """A context that starts the processes when they are first worth it, and ends them with itself.

    When one of them dies, which the system does to processes when memory is short, another goes on with what it had not
    read; after three deaths without an answer between, the rest is left to the caller.
    """

    def __init__(self) -> None:
        self._workers = Workers(_read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.end()

    def read(self, blobs: str, outlines: Iterable[str], country: str, body: str) -> Iterator[PageFacts | None]:
        """The facts of each outline, named by its blob, in order; None where a process is not worth it or had no answer.

        Reading begins at once, not when the first is asked for. `body` is the name of the body whose site it is. A blob
        that is damaged or gone gives None.
        """
        orders = [(blobs, name, country, body) for name in outlines]
        if len(orders) < _WORTHWHILE or machine.cores() == 1:
            return iter([None] * len(orders))
        return _decoded(self._workers.answers(orders, _AT_ONCE), len(orders))


def _decoded(answers: Iterator[bytes], count: int) -> Iterator[PageFacts | None]:
    left = count
    with suppress(WorkersDiedError):
        for found in answers:
            left -= 1
            yield _DECODER.decode(found)
    yield from [None] * left


def _read(order: tuple[str, str, str, str]) -> bytes:
    from rules.facts import read_facts

    blobs, name, country, body = order
    try:
        outline = _OUTLINES.decode(_opened(blobs).get(name))
    except BlobError:
        return b"null"
    return msgspec.json.encode(read_facts(outline, country=country, body=body))
