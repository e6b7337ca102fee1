"""The guard's own connections: to the addresses that were checked, or to a company's proxy; kept a while for reuse."""

import asyncio
import os

from audit.guest.company import CompanyProxy
from audit.guest.destination import Destination
from audit.guest.message import LOOSE_HEAD_END, MOST_HEAD, BadMessageError, parse_response, written
from audit.guest.resolver import Resolver
from audit.guest.traffic import BlockedError, GuardLimits
from audit.guest.wire import EndedError, Wire
from rules.model.failure import FailureKind
from rules.model.host import is_address

_MOST_IDLE = 64
_MOST_IDLE_PER_PLACE = 8
_IDLE_SECONDS = 30.0
_FIRST_TRY = 0.5  # of the time to connect, while there is another address
_OK = range(200, 300)
_GATEWAY_TIMEOUT = 504


class Upstream:
    """Opens connections for destinations and keeps those that may carry another request."""

    def __init__(self, limits: GuardLimits, resolver: Resolver) -> None:
        self._resolver = resolver
        self._limits = limits
        self._idle: dict[str, list[tuple[Wire, float]]] = {}
        self._count = 0

    def kept(self, destination: Destination) -> Wire | None:
        """A connection that was used before and still stands, or None."""
        waiting = self._idle.get(_key(destination), [])
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while waiting:
            wire, since = waiting.pop()
            self._count -= 1
            wire.gone = None
            if wire.idle and since > oldest:
                return wire
            wire.abort()
        return None

    def keep(self, destination: Destination, wire: Wire) -> None:
        """Take a connection back after an exchange that ended cleanly."""
        waiting = self._idle.setdefault(_key(destination), [])
        if not wire.idle or len(waiting) >= _MOST_IDLE_PER_PLACE or self._count >= _MOST_IDLE:
            wire.abort()
            return
        waiting.append((wire, asyncio.get_running_loop().time()))
        self._count += 1
        wire.gone = wire.abort  # the server closed it: so do we

    async def connect(self, destination: Destination) -> Wire:
        """A new connection over which to ask the destination (or the company's proxy for it) for a page.

        Raises:
            BlockedError: it cannot be reached.

        """
        proxy = destination.proxy
        if proxy is None:
            return await self._open(destination.addresses, destination.port, destination.place)
        name = f"the company's proxy {proxy.host}"
        if is_address(proxy.host):
            return await self._open((proxy.host.strip("[]"),), proxy.port, name)
        addresses = await self._resolver.addresses(proxy.host)
        if isinstance(addresses, str):
            raise BlockedError(FailureKind.DNS, f"{name}: {addresses}")
        return await self._open(addresses, proxy.port, name)

    async def tunnel(self, destination: Destination) -> Wire:
        """A new connection that ends at the destination itself, through the company's proxy where there is one.

        Raises:
            BlockedError: it cannot be reached.

        """
        wire = await self.connect(destination)
        if destination.proxy is None:
            return wire
        try:
            await self._ask_for_tunnel(wire, destination, destination.proxy)
        except BaseException:
            wire.abort()
            raise
        return wire

    def close(self) -> None:
        """Close what is kept."""
        for waiting in self._idle.values():
            for wire, _ in waiting:
                wire.abort()
        self._idle.clear()
        self._count = 0

    async def _open(self, addresses: tuple[str, ...], port: int, name: str) -> Wire:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.connect_seconds
        failure = BlockedError(FailureKind.REFUSED, f"{name} cannot be reached")
        for left, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            seconds = (until - loop.time()) * (_FIRST_TRY if left else 1)
            try:
                async with asyncio.timeout(seconds):
                    _, wire = await loop.create_connection(Wire, address, port)
            except TimeoutError:
                failure = BlockedError(
                    FailureKind.TIMEOUT, f"{name} did not answer within {self._limits.connect_seconds:g} s"
                )
            except ConnectionRefusedError:
                failure = BlockedError(FailureKind.REFUSED, f"{name} refused the connection")
            except OSError as error:
                failure = BlockedError(FailureKind.REFUSED, f"{name} cannot be reached ({_words(error)})")
            else:
                return wire
        raise failure

    async def _ask_for_tunnel(self, wire: Wire, destination: Destination, proxy: CompanyProxy) -> None:
        target = f"{destination.host}:{destination.port}".encode()
        try:
            await wire.send(
                written(b"CONNECT %b HTTP/1.1" % target, [(b"Host", target), *proxy.fields]), self._limits.idle_seconds
            )
            head = await wire.read_until(LOOSE_HEAD_END, MOST_HEAD, self._limits.idle_seconds)
            status = parse_response(head or b"", b"HEAD").status
        except TimeoutError:
            raise BlockedError(
                FailureKind.TIMEOUT, f"the company's proxy did not answer for {destination.place}"
            ) from None
        except (EndedError, BadMessageError) as error:
            raise BlockedError(FailureKind.REFUSED, f"the company's proxy gave no proper answer ({error})") from None
        if status not in _OK:
            kind = FailureKind.TIMEOUT if status == _GATEWAY_TIMEOUT else FailureKind.REFUSED
            raise BlockedError(kind, f"the company's proxy answered {status} for {destination.place}")


def _key(destination: Destination) -> str:
    return f"{destination.host}:{destination.port} {' '.join(destination.addresses)} {destination.proxy}"


def _words(error: OSError) -> str:
    """The system's own words; asyncio's repeat the address."""
    return os.strerror(error.errno) if error.errno else str(error)
