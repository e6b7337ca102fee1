"""The only way out to the network: a small forward proxy on loopback that the crawl and the browser both use.

It looks each name up once, contacts only addresses that it has checked, lets through only the web's ports and those hosts
and ports that the targets name, and caps bytes and time. One guard serves one site. It runs in a thread of its own and
sees hosts, ports and sizes; it keeps no URL.

A refusal is answered with status 403, a failure with 502 or 504, a malformed request with 400. Each carries the kind of
failure (`rules.model.failure`) in the header `X-Loket-Guard` and as the words of its status line, because a client that
asked for a tunnel is often shown nothing else. Sites cannot set that header on what passes here; inside a tunnel they
can, so it means nothing on an https answer. Certificates are checked by the clients: the guard does not look into TLS.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Self

from audit import machine
from audit.guest import admission
from audit.guest.addresses import AllowList
from audit.guest.company import CompanyProxies
from audit.guest.conversation import Conversation, Means, refusal_page
from audit.guest.destination import Destinations
from audit.guest.own_address import is_own
from audit.guest.resolver import Resolve, Resolver, system_addresses
from audit.guest.traffic import GuardLimits, Traffic
from audit.guest.upstream import Upstream
from audit.guest.wire import Wire
from rules.model.contact import Contact, Refusal
from rules.model.failure import Failure, FailureKind

__all__ = ["Guard", "GuardLimits"]

_LOG = logging.getLogger(__name__)
_LOOPBACK = "127.0.0.1"
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_GONE = Failure(
    FailureKind.REFUSED, "who has gone may not use this guard"
)  # a browser that crashed, say: it wants nothing


class Guard:
    """A running guard, as a context manager; it may be started again after it has stopped.

    `allowed` opens what is not public, and `places` (`host:port`) what is neither 80 nor 443. `company` says which proxies
    must be passed. `admitted_uids` are the users whose processes may use the guard beside our own; by default, when we are
    root, the one that the browser runs as. `resolve` looks a name up, `own` tells this machine's addresses.
    """

    def __init__(
        self,
        *,
        allowed: AllowList = AllowList(),  # noqa: B008 - frozen
        places: Collection[str] = (),
        limits: GuardLimits = GuardLimits(),  # noqa: B008 - frozen
        company: CompanyProxies = CompanyProxies(),  # noqa: B008 - frozen
        admitted_uids: Collection[int] | None = None,
        resolve: Resolve = system_addresses,
        own: Callable[[str], bool] = is_own,
    ) -> None:
        self._allowed = allowed
        self._places = frozenset(map(_place, places))
        self._limits = limits
        self._company = company
        self._admitted = _admitted(admitted_uids)
        self._resolve = resolve
        self._own = own
        self._traffic = Traffic(limits)
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._means: Means | None = None
        self._wires: dict[asyncio.Task[None], Wire] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Where the guard listens, `127.0.0.1:PORT`."""
        return f"{_LOOPBACK}:{self._port}"

    def contacted(self) -> tuple[Contact, ...]:
        """What was contacted: requests and bytes by host, with its port when that is not 80 or 443."""
        return self._traffic.contacted()

    def refused(self) -> tuple[Refusal, ...]:
        """What was refused or could not be reached: host and reason, each pair once."""
        return self._traffic.refused()

    def start(self) -> None:
        """Listen, in a new thread.

        Raises:
            OSError: no port of this machine can be had.
            RuntimeError: it runs already.

        """
        if self._thread is not None:
            raise RuntimeError("this guard runs already")
        port: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(port,), name="guard", daemon=True)
        self._thread.start()
        try:
            self._port = port.result(_START_SECONDS)
        except OSError:
            self._thread.join()
            self._thread = None
            raise

    def stop(self) -> None:
        """Stop at once, breaking off what is under way; does nothing when it does not run."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None or loop is None or stopping is None:
            return
        loop.call_soon_threadsafe(stopping.set)
        thread.join(_STOP_SECONDS)
        self._thread = self._loop = self._stopping = None

    def _run(self, port: Future[int]) -> None:
        asyncio.run(self._serve(port))

    async def _serve(self, port: Future[int]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        resolver = Resolver(self._resolve, self._limits.resolve_seconds)
        destinations = Destinations(self._allowed, self._places, resolver, self._company, self._own)
        upstream = Upstream(self._limits, resolver)
        self._means = Means(self._limits, destinations, upstream, self._traffic)
        try:
            server = await self._loop.create_server(lambda: Wire(self._opened), _LOOPBACK, 0, backlog=512)
        except OSError as error:
            port.set_exception(error)
            return
        port.set_result(int(server.sockets[0].getsockname()[1]))
        await self._stopping.wait()
        for listener in server.sockets:
            self._loop.remove_reader(listener.fileno())
        await _steps(3)  # a server that closes while it accepts loses the connection without closing it (CPython 3.11)
        server.close()
        for task, wire in self._wires.items():
            wire.abort()
            task.cancel()
        await asyncio.gather(*self._wires, return_exceptions=True)
        upstream.close()
        await _steps(1)  # lets the connections that were broken off see that they are gone

    def _opened(self, wire: Wire) -> None:
        assert self._loop is not None
        assert self._means is not None
        stranger = self._stranger(wire)
        if stranger or len(self._wires) >= self._limits.connections:
            failure = stranger or Failure(FailureKind.BUDGET, "too many connections to the guard at once")
            if failure is not _GONE:
                self._traffic.blocked("the guard", failure)
            wire.transport.write(refusal_page(failure, 403))
            wire.close()
            return
        task = self._loop.create_task(Conversation(wire, self._means).run())
        self._wires[task] = wire
        wire.gone = task.cancel  # nobody waits for the answer any more
        task.add_done_callback(self._ended)

    def _stranger(self, wire: Wire) -> Failure | None:
        """Why the process at the other end may not use the guard."""
        if not admission.can_tell():
            return None
        peer = wire.transport.get_extra_info("peername")  # None when it has gone already
        uid = admission.owner(peer, (_LOOPBACK, self._port)) if peer else None
        if uid in self._admitted:
            return None
        return _GONE if uid is None else Failure(FailureKind.REFUSED, f"a process of user {uid} may not use this guard")

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._wires[task]
        if not task.cancelled() and (fault := task.exception()):
            _LOG.error("a connection to the guard ended with a fault of ours", exc_info=fault)


async def _steps(number: int) -> None:
    """Let the event loop go round so often."""
    for _ in range(number):
        await asyncio.sleep(0)


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _admitted(uids: Collection[int] | None) -> frozenset[int]:
    own = os.getuid()
    if uids is None:
        return frozenset({own, machine.NOBODY} if own == 0 else {own})
    return frozenset({own, *uids})
