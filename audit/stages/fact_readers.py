"""Reads facts from stored outlines in processes of their own, one a core: reading is most of what judging costs."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Self

import msgspec

from audit import machine, processes
from audit.store.blobs import Blobs
from audit.store.problem import BlobError
from rules.model.mention import PageFacts
from rules.model.outline import Outline

_WORTHWHILE = 60  # pages; below that, starting the processes takes longer than they save
_AT_ONCE = 8
_DEATHS = 3
_DECODER = msgspec.json.Decoder(PageFacts | None)

_Order = tuple[str, str, str, str]


class FactReaders:
    """A context that starts the processes when they are first worth it, and ends them with itself.

    When one of them dies, which the system does to processes when memory is short, all are started again and go on with
    what was not read; after three deaths without an answer between, the rest is left to the caller.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            processes.ended(self._pool)

    def read(self, blobs: str, outlines: Iterable[str], country: str, body: str) -> Iterator[PageFacts | None]:
        """The facts of each outline, named by its blob, in order; None where a process is not worth it or had no answer.

        Reading begins at once, not when the first is asked for. `body` is the name of the body whose site it is. A blob
        that is damaged or gone gives None.
        """
        orders = [(blobs, name, country, body) for name in outlines]
        if len(orders) < _WORTHWHILE or machine.cores() == 1:
            return iter([None] * len(orders))
        return self._read(orders, self._begun(orders))

    def _read(self, orders: Sequence[_Order], answers: Iterator[bytes] | None) -> Iterator[PageFacts | None]:
        place = in_vain = 0
        while in_vain < _DEATHS:
            in_vain += 1
            try:
                for found in answers or ():
                    yield _DECODER.decode(found)
                    place, in_vain = place + 1, 0
            except BrokenProcessPool:
                self._pool = None
            if place == len(orders):
                return
            answers = self._begun(orders[place:])
        yield from [None] * (len(orders) - place)

    def _begun(self, orders: Sequence[_Order]) -> Iterator[bytes] | None:
        """The answers to these orders, on which processes are at work from now on; None where one of them is dead already."""
        try:
            return self._running().map(_read, orders, chunksize=_AT_ONCE)
        except BrokenProcessPool:
            self._pool = None
            return None

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = processes.begun()
        return self._pool


def _read(order: _Order) -> bytes:
    from rules.facts import read_facts

    blobs, name, country, body = order
    try:
        outline = msgspec.json.decode(Blobs(blobs).get(name), type=Outline)
    except BlobError:
        return b"null"
    return msgspec.json.encode(read_facts(outline, country=country, body=body))
