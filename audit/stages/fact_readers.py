"""Reads facts from stored outlines in processes of their own, one a core: reading is most of what judging costs."""

import ctypes
import multiprocessing
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Self

import msgspec

from audit import machine
from audit.store.blobs import Blobs
from rules.model.mention import PageFacts
from rules.model.outline import Outline

_WORTHWHILE = 60  # pages; below that, starting the processes takes longer than they save
_AT_ONCE = 8
_PR_SET_PDEATHSIG = 1
_DECODER = msgspec.json.Decoder(PageFacts)


class FactReaders:
    """A context that starts the processes when they are first worth it, and ends them with itself."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def read(self, blobs: str, outlines: Iterable[str], country: str, body: str) -> Iterator[PageFacts | None]:
        """The facts of each outline, named by its blob, in order; None for all where processes are not worth it.

        `body` is the name of the body whose site it is.

        Raises:
            MissingBlobError: a blob is not there.
            DamagedBlobError: a blob's bytes are not what was stored.

        """
        names = list(outlines)
        if len(names) < _WORTHWHILE or machine.cores() == 1:
            yield from [None] * len(names)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                machine.cores(), mp_context=multiprocessing.get_context("spawn"), initializer=_begin
            )
        orders = [(blobs, name, country, body) for name in names]
        for found in self._pool.map(_read, orders, chunksize=_AT_ONCE):
            yield _DECODER.decode(found)


def _begin() -> None:
    """A process that leaves Ctrl-C to the one that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _read(order: tuple[str, str, str, str]) -> bytes:
    from rules.facts import read_facts

    blobs, name, country, body = order
    outline = msgspec.json.decode(Blobs(blobs).get(name), type=Outline)
    return msgspec.json.encode(read_facts(outline, country=country, body=body))
