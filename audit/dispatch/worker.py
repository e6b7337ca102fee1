"""Who works: a name for this process that tells whether it still lives, and a heart that keeps its leases."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from audit.process_identity import started
from audit.store.problem import StoreProblemError

_RENEW_SECONDS = 20.0
LEASE_SECONDS = 120


def this_worker() -> str:
    """Names this process: machine, process id and when it started, so that a later process with the same id is another."""
    return f"machine {socket.gethostname()}, process {os.getpid()}, started at tick {started(os.getpid())}"


def is_dead(worker: str) -> bool:
    """Whether a worker of this machine is gone; of another machine it cannot be known, so it is not."""
    machine, _, rest = worker.removeprefix("machine ").partition(", process ")
    pid, _, tick = rest.partition(", started at tick ")
    return machine == socket.gethostname() and pid.isdecimal() and started(int(pid)) != tick


def process_of(worker: str) -> int:
    """The process id of a worker of this machine."""
    return int(worker.partition(", process ")[2].partition(",")[0])


class Heart:
    """Calls `beat` at intervals from a thread of its own while the work lasts."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_RENEW_SECONDS):
            with suppress(StoreProblemError):  # a ledger that is busy now is asked again long before the lease runs out
                self._beat()
