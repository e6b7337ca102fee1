"""Processes of our own for work that keeps a core busy, one a core."""

import ctypes
import gc
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

from audit import machine

_PR_SET_PDEATHSIG = 1
_RECORDS = 10_000  # made between two looks at the newest of them; Python's own number is 700


def begun() -> ProcessPoolExecutor:
    """As many processes as there are cores. They leave Ctrl-C to the one that begins them, and end when it does."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(machine.cores(), mp_context=context, initializer=begin_one)


def ended(pool: ProcessPoolExecutor) -> None:
    """End them at once, whatever they are at: at the end they wait for work; earlier, somebody asked to stop."""
    for process in multiprocessing.active_children():
        process.kill()
    pool.shutdown(cancel_futures=True)


def collect_rarely() -> None:
    """Look for cycles less often: a page makes ten thousand records that live on, and a fifth of the time went into that."""
    gc.set_threshold(_RECORDS)


def begin_one() -> None:
    """What such a process does first."""
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
