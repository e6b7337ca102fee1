"""Two connections that have become one: bytes go over in both directions as they come, and nobody reads them."""

import asyncio

from audit.guest.traffic import BlockedError, GuardLimits, Meter
from audit.guest.wire import Wire
from rules.model.failure import FailureKind


class Tunnel:
    """Joins a client and a server until both have ended, one is gone, nothing moves, or bytes or time are up."""

    def __init__(self, client: Wire, server: Wire, meter: Meter, limits: GuardLimits) -> None:
        self._client = client
        self._server = server
        self._meter = meter
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._began = self._moved = self._loop.time()
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._blocked: BlockedError | None = None

    async def run(self) -> None:
        """Carry bytes until it ends; both connections are closed then.

        Raises:
            BlockedError: more passed than may, or it lasted longer.

        """
        try:
            self._join(self._client, self._server, outward=True)
            self._join(self._server, self._client, outward=False)
            while not self._done.done() and (left := self._until - self._loop.time()) > 0:
                await asyncio.wait([self._done], timeout=left)
            if not self._done.done() and self._until == self._began + self._limits.tunnel_seconds:
                most = self._limits.tunnel_seconds
                self._blocked = BlockedError(FailureKind.TIMEOUT, f"a connection was open for more than {most:g} s")
        finally:
            self._part()
        if self._blocked:
            raise self._blocked

    @property
    def _until(self) -> float:
        """When it ends unless something moves, and at the latest."""
        return min(self._moved + self._limits.idle_seconds, self._began + self._limits.tunnel_seconds)

    def _join(self, source: Wire, target: Wire, *, outward: bool) -> None:
        def forward(data: bytes) -> None:
            self._moved = self._loop.time()
            try:
                if outward:
                    self._meter.sent(len(data))
                else:
                    self._meter.received(len(data))
            except BlockedError as reason:
                self._blocked = self._blocked or reason
                self._finish()
                return
            if not target.lost:
                target.transport.write(data)

        source.sink = forward
        target.full, target.room = source.pause, source.resume
        source.gone = lambda: self._ended(source, target)
        while early := source.take():
            forward(early)
        if source.ended:
            self._ended(source, target)

    def _ended(self, source: Wire, target: Wire) -> None:
        """One side sends no more: tell the other side so, which may still have something to say."""
        if source.lost or target.ended:
            self._finish()
        elif target.transport.can_write_eof() and not target.transport.is_closing():
            target.transport.write_eof()

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _part(self) -> None:
        for wire in (self._client, self._server):
            wire.full = wire.room = None
            wire.sink = _drop
            if self._blocked:
                wire.break_off()
            else:
                wire.close()


def _drop(data: bytes) -> None:  # noqa: ARG001 - what comes after the end goes nowhere
    return
