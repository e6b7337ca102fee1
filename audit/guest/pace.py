"""How often we come: navigations on one host and port start at least so many seconds apart."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from rules.model.url import origin


class Pace:
    """Lets navigations through one at a time per host and port, first come first served.

    `seconds` is the least time between two starts, 0 for no waiting. It may be used in one event loop after another, not
    in two at once.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._last: dict[str, float] = {}
        self._queues: dict[str, asyncio.Lock] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def turn(self, url: str) -> None:
        """Wait until it is this URL's turn. Who is cancelled while waiting has used no turn."""
        if self._seconds <= 0:
            return
        place = _place(url)
        async with self._queue(place):
            while (left := self._left(place)) > 0:
                await self._sleep(left)
            self._last[place] = self._clock()

    def _left(self, place: str) -> float:
        last = self._last.get(place)
        return 0.0 if last is None else last + self._seconds - self._clock()

    def _queue(self, place: str) -> asyncio.Lock:
        """The line of this place; an asyncio lock belongs to the loop in which somebody first waited."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._queues = loop, defaultdict(asyncio.Lock)
        return self._queues[place]


def _place(url: str) -> str:
    """Host and port, written out, so that http and https on one port share a line; a broken URL is a place of its own."""
    parts = urlsplit(origin(url))
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}" if parts.hostname else url
