"""Ends the work when somebody asks for it, wherever it is, so that every `finally` on the way is reached."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from audit.stages.work import InterruptedRunError


@contextmanager
def interruptible() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into one exception."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise InterruptedRunError

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
