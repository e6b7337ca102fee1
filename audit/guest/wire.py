"""One TCP connection as the guard needs it: what has come in, what goes out, and never more of either than fits.

asyncio's own streams do the same, but cannot be asked whether something lies unread, which decides whether a connection
may be used again, and cannot be handed over to a tunnel.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from typing import cast

_FULL = 262_144  # bytes that may lie unread before the sender is made to wait

_LINGER_SECONDS = 5.0
_RESET = struct.pack("ii", 1, 0)  # linger, for no time
_LONGEST_ENDING = 4  # an empty line with both of its CRLFs


class EndedError(ConnectionError):
    """The other side closed the connection."""


class Wire(asyncio.Protocol):
    """A connection; `opened` is called when it stands, `gone` (to be set) when the other side closes it."""

    def __init__(self, opened: Callable[["Wire"], None] | None = None) -> None:
        self._opened = opened
        self.gone: Callable[[], object] | None = None
        self.sink: Callable[[bytes], None] | None = None  # set: bytes go there and are not kept
        self.full: Callable[[], None] | None = None  # told when sending must pause
        self.room: Callable[[], None] | None = None  # told when it may go on
        self.ended = False
        self.broken = False  # whether it ended with an error, so that what came in may not be all
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._held = b""
        self._reading: asyncio.Future[None] | None = None
        self._sending: asyncio.Future[None] | None = None
        self._paused_reading = False
        self._must_wait = False
        self._lost = False
        self._lingering: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio: the connection stands."""
        self.transport = cast("asyncio.Transport", transport)
        if self._opened:
            self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio: bytes came in."""
        if self.sink:
            self.sink(data)
            return
        self._unread += data
        if len(self._unread) >= _FULL:
            self.pause()
        _wake(self._reading)

    def eof_received(self) -> bool:
        """Called by asyncio: the other side sends no more. The other direction stays open until somebody closes it."""
        self.ended = True
        _wake(self._reading)
        if self.gone:
            self.gone()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio: nothing can be sent any more either."""
        self._lost = True
        self.broken = exc is not None
        self._must_wait = False
        if self._lingering:
            self._lingering.cancel()
        _wake(self._sending)
        self.eof_received()

    def pause_writing(self) -> None:
        """Called by asyncio: more waits to go out than fits."""
        self._must_wait = True
        if self.full:
            self.full()

    def resume_writing(self) -> None:
        """Called by asyncio: there is room again."""
        self._must_wait = False
        _wake(self._sending)
        if self.room:
            self.room()

    @property
    def idle(self) -> bool:
        """Whether the connection stands and nothing lies unread, so that it can carry a new exchange."""
        return not (self.ended or self._lost or self._unread)

    @property
    def lost(self) -> bool:
        """Whether the connection is gone in both directions."""
        return self._lost

    def pause(self) -> None:
        """Make the sender wait."""
        if not self._paused_reading and not self._lost:
            self._paused_reading = True
            self.transport.pause_reading()

    def resume(self) -> None:
        """Let the sender go on."""
        if self._paused_reading and not self._lost:
            self._paused_reading = False
            self.transport.resume_reading()

    def take(self, most: int = _FULL) -> bytes:
        """What has come in, without waiting."""
        if most >= len(self._unread):
            piece = bytes(self._unread)
            self._unread.clear()
        else:
            piece = bytes(self._unread[:most])
            del self._unread[:most]
        if len(self._unread) < _FULL:
            self.resume()
        return piece

    async def read(self, most: int, seconds: float) -> bytes:
        """At least one byte, at most so many.

        Raises:
            EndedError: no more will come.
            TimeoutError: nothing came for so many seconds.

        """
        await self.arrival(seconds)
        return self.take(most)

    async def arrival(self, seconds: float) -> None:
        """Wait until something lies unread.

        Raises:
            EndedError: nothing more will come.
            TimeoutError: nothing came for so many seconds.

        """
        if not self._unread:
            await self._more(seconds)

    async def read_until(self, ending: re.Pattern[bytes], limit: int, seconds: float) -> bytes | None:
        """Everything before the ending (of at most 4 bytes), which is taken too; None when it is not within `limit` bytes.

        Raises:
            EndedError: no more will come.
            TimeoutError: it did not come whole within so many seconds.

        """
        until = self._loop.time() + seconds
        searched = 0
        while (found := _span(ending, self._unread, searched)) is None:
            if len(self._unread) > limit + _LONGEST_ENDING - 1:  # a part of the ending may have come
                return None
            searched = max(0, len(self._unread) - _LONGEST_ENDING + 1)
            await self._more(until - self._loop.time())
        start, end = found
        return self.take(end)[:start] if start <= limit else None

    async def _more(self, seconds: float) -> None:
        if self.ended:
            raise EndedError("the connection was closed")
        before = len(self._unread)
        while len(self._unread) == before:
            self._reading = self._loop.create_future()
            await _within(self._reading, seconds)
            if self.ended and len(self._unread) == before:
                raise EndedError("the connection was closed")

    def hold(self, data: bytes) -> None:
        """Keep these bytes to go out in one packet with the next ones."""
        self._held += data

    async def send(self, data: bytes, seconds: float) -> None:
        """Send what is held and this, waiting while the other side does not read.

        Raises:
            EndedError: the connection is gone.
            TimeoutError: the other side read nothing for so many seconds.

        """
        if self._lost:
            raise EndedError("the connection was closed")
        if self._held or data:
            self.transport.write(self._held + data if self._held else data)
            self._held = b""
        while self._must_wait:
            self._sending = self._loop.create_future()
            await _within(self._sending, seconds)
        if self._lost:
            raise EndedError("the connection was closed")

    def close(self) -> None:
        """Close after what was sent has gone out, which gets a few seconds."""
        self.gone = None
        if not self._lost:
            self.transport.close()
            self._lingering = self._loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def abort(self) -> None:
        """Close at once, whatever has not gone out."""
        self.gone = None
        self.transport.abort()

    def break_off(self) -> None:
        """Close at once with a reset, so that the other side cannot take what it has for all there is."""
        if not self._lost:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.abort()


def _span(ending: re.Pattern[bytes], data: bytearray, start: int) -> tuple[int, int] | None:
    """Where the ending stands. The match itself must not outlive this: a bytearray that it looks at cannot change."""
    found = ending.search(data, start)
    return found.span() if found else None


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


async def _within(future: asyncio.Future[None], seconds: float) -> None:
    timer = asyncio.get_running_loop().call_later(max(seconds, 0), _expire, future)
    try:
        await future
    finally:
        timer.cancel()


def _expire(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())
