"""Processes that each answer through a pipe of their own, so that one that is killed in the middle of an answer is noticed.

In the standard library's pool all answers go through one pipe, whose writing end every process holds: one that is killed
while it writes a long answer leaves the reader waiting for the rest of it for ever.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from audit import machine, processes

_DEATHS = 3

_Part = tuple[int, Sequence[Any]]


class WorkersDiedError(Exception):
    """Three processes in a row have died without an answer between."""


class Workers:
    """As many processes as there are cores, begun when they are first needed; one that dies is followed by another."""

    def __init__(self, function: Callable[[Any], bytes]) -> None:
        """`function` answers one order; both must be such that they can be sent to another process."""
        self._function = function
        self._workers: list[_Worker] = []
        self._left = 0

    def answers(self, orders: Sequence[Any], at_once: int) -> Iterator[bytes]:
        """The answers to these orders, in order; the processes are at work from now on, `at_once` orders at a time each.

        Raises:
            WorkersDiedError: for what was not answered nobody can be found.

        """
        if self._left:
            self.end()  # they are still at what nobody wants any more
        self._left = len(orders)
        starts = range(0, len(orders), at_once)
        parts = deque(enumerate(orders[start : start + at_once] for start in starts))
        told: SimpleQueue[_Told] = SimpleQueue()
        while len(self._workers) < machine.cores():
            self._workers.append(_Worker(self._function))
        for worker in self._workers:
            worker.work(parts, told)
        return self._in_order(len(starts), parts, told)

    def end(self) -> None:
        """End the processes at once, whatever they are at."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._left = 0

    def _in_order(self, count: int, parts: deque[_Part], told: "SimpleQueue[_Told]") -> Iterator[bytes]:
        answered: dict[int, list[bytes]] = {}
        deaths = 0
        for number in range(count):
            while number not in answered:
                worker, part, answers = told.get()
                deaths = deaths + 1 if answers is None else 0
                if answers is not None:
                    answered[part[0]] = answers
                elif deaths == _DEATHS:
                    raise WorkersDiedError
                else:
                    parts.appendleft(part)
                    self._replace(worker).work(parts, told)
            for answer in answered.pop(number):
                self._left -= 1
                yield answer

    def _replace(self, worker: "_Worker") -> "_Worker":
        """Another process in the place of a dead one; the thread of this call begins it, whose end would end it too."""
        worker.end()
        self._workers[self._workers.index(worker)] = new = _Worker(self._function)
        return new


class _Worker:
    """One process, and the thread that hands it orders and hears its answers."""

    def __init__(self, function: Callable[[Any], bytes]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, processes.begin_one, function), daemon=True)
        self._process.start()
        theirs.close()  # theirs alone, so that it closes when they die
        self._thread: Thread | None = None

    def work(self, parts: deque[_Part], told: "SimpleQueue[_Told]") -> None:
        """Take one part after another until none is left, and tell what came of each."""
        if self._thread is not None:
            self._thread.join()  # it found no part left, or it would not be asked again
        self._thread = Thread(target=self._converse, args=(parts, told), name="worker", daemon=True)
        self._thread.start()

    def _converse(self, parts: deque[_Part], told: "SimpleQueue[_Told]") -> None:
        while parts:
            try:
                part = parts.popleft()
            except IndexError:  # another took the last one just now
                return
            try:
                self._pipe.send(part[1])
                answers = self._pipe.recv()
            except (EOFError, OSError):
                told.put((self, part, None))
                return
            told.put((self, part, answers))

    def end(self) -> None:
        """End the process and the thread; one that is dead already is no error."""
        self._process.kill()
        self._process.join()
        if self._thread is not None:
            self._thread.join()
        self._pipe.close()


_Told = tuple[_Worker, _Part, list[bytes] | None]
"""Who had which part, and the answers to it; None when he died."""


def _serve(pipe: Connection, begin: Callable[[], None], function: Callable[[Any], bytes]) -> None:
    """What a process does: answer until nobody asks any more."""
    begin()
    while True:
        try:
            orders = pipe.recv()
        except EOFError:
            return
        pipe.send([function(order) for order in orders])
