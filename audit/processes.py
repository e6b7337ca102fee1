"""Processes of our own for work that keeps a core busy, one a core."""

import ctypes
import multiprocessing
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

from audit import machine

_PR_SET_PDEATHSIG = 1


def begun() -> ProcessPoolExecutor:
    """As many processes as there are cores. They leave Ctrl-C to the one that begins them, and end when it does."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(machine.cores(), mp_context=context, initializer=_begin)


def ended(pool: ProcessPoolExecutor) -> None:
    """End them at once, whatever they are at: at the end they wait for work; earlier, somebody asked to stop."""
    for process in multiprocessing.active_children():
        process.kill()
    pool.shutdown(cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
