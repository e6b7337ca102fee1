"""One client's connection to the guard: its requests in turn, each checked, handed on and answered."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from audit.guest.body import copy_body
from audit.guest.destination import Destination, Destinations
from audit.guest.message import (
    HEAD_END,
    LOOSE_HEAD_END,
    MOST_HEAD,
    BadMessageError,
    Body,
    Request,
    Response,
    body_fields,
    end_to_end,
    parse_request,
    parse_response,
    values,
    written,
)
from audit.guest.target import Target, parse_target
from audit.guest.traffic import GUARD_HEADER, BlockedError, GuardLimits, Meter, Traffic
from audit.guest.tunnel import Tunnel
from audit.guest.upstream import Upstream
from audit.guest.wire import EndedError, Wire
from rules.model.failure import Failure, FailureKind

_LOG = logging.getLogger(__name__)

_GUARD_HEADER = GUARD_HEADER.lower().encode()
_POLICY = frozenset({FailureKind.PRIVATE_ADDRESS, FailureKind.OUT_OF_SCOPE, FailureKind.TOO_LARGE})
_REPEATABLE = frozenset({b"GET", b"HEAD", b"OPTIONS"})
_SWITCHING, _CONTINUE, _EARLY, _NO_CONTENT, _NOT_MODIFIED, _PROXY_PASSWORD = 101, 100, 199, 204, 304, 407
_UPGRADE = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")]


@dataclass(frozen=True, slots=True)
class Means:
    """What every conversation works with."""

    limits: GuardLimits
    destinations: Destinations
    upstream: Upstream
    traffic: Traffic


def refusal_page(failure: Failure, status: int = 0, *, keep: bool = False) -> bytes:
    """The guard's own answer, with the failure's kind in the status line (all that a client sees of a tunnel) and a header.

    `keep` leaves the connection open for the next request.
    """
    status = status or _status(failure.kind)
    text = f"Loket's guard: {failure.detail}\n".encode()
    fields = [
        (GUARD_HEADER.encode(), failure.kind.encode()),
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Length", b"%d" % len(text)),
        (b"Cache-Control", b"no-store"),
        (b"Connection", b"keep-alive" if keep else b"close"),
    ]
    return written(b"HTTP/1.1 %d %b" % (status, failure.kind.encode()), fields) + text


def _status(kind: FailureKind) -> int:
    if kind in _POLICY:
        return 403
    return 504 if kind == FailureKind.TIMEOUT else 502


class Conversation:
    """Reads one client's requests until it or the guard closes the connection."""

    def __init__(self, client: Wire, means: Means) -> None:
        self._client = client
        self._limits = means.limits
        self._destinations = means.destinations
        self._upstream = means.upstream
        self._traffic = means.traffic
        self._link: Wire | None = None  # the server's connection while an exchange is under way
        self._sending: asyncio.Task[None] | None = None  # the request's body on its way
        self._answered = False  # whether a part of the answer has gone to the client

    async def run(self) -> None:
        """Serve the client to the end."""
        try:
            while await self._next():
                self._answered = False
        except (EndedError, TimeoutError):
            _LOG.debug("a client is gone or silent")
        finally:
            self._drop()
            self._client.close()

    async def _next(self) -> bool:
        """One request; says whether another may follow."""
        try:
            request, target = await self._read()
        except BadMessageError as fault:
            malformed = Failure(FailureKind.HTTP_ERROR, f"the request cannot be handed on: {fault}")
            await self._client.send(refusal_page(malformed, 400), self._limits.head_seconds)
            return False
        try:
            if request.method == b"CONNECT":
                return await self._tunnel(target)
            async with asyncio.timeout(self._limits.exchange_seconds):
                return await self._exchange(request, target)
        except BlockedError as reason:
            return await self._fail(request, target, reason.failure)
        except TimeoutError:
            failure = Failure(FailureKind.TIMEOUT, f"{target.place} took too long to answer")
            return await self._fail(request, target, failure)

    async def _read(self) -> tuple[Request, Target]:
        await self._client.arrival(self._limits.idle_seconds)
        head = await self._client.read_until(HEAD_END, MOST_HEAD, self._limits.head_seconds)
        if head is None:
            raise BadMessageError("the head is too long")
        request = parse_request(head)
        return request, parse_target(request)

    async def _fail(self, request: Request, target: Target, failure: Failure) -> bool:
        """Tell the client, by words or, in the middle of an answer, by breaking off."""
        self._traffic.blocked(target.place, failure)
        self._drop()
        if self._answered:
            self._client.break_off()
            return False
        keep = request.keeps_open and request.body.empty and request.method != b"CONNECT"
        await self._client.send(refusal_page(failure, keep=keep), self._limits.head_seconds)
        return keep

    async def _tunnel(self, target: Target) -> bool:
        destination = await self._destinations.of(target.host, target.port, tunnel=True)
        meter = self._traffic.begin(destination.place)
        self._link = server = await self._upstream.tunnel(destination)
        self._answered = True
        await self._client.send(b"HTTP/1.1 200 Connection Established\r\n\r\n", self._limits.idle_seconds)
        await Tunnel(self._client, server, meter, self._limits).run()
        return False

    async def _exchange(self, request: Request, target: Target) -> bool:
        destination = await self._destinations.of(target.host, target.port)
        meter = self._traffic.begin(destination.place)
        if request.expects_continue:
            await self._client.send(b"HTTP/1.1 100 Continue\r\n\r\n", self._limits.idle_seconds)
        try:
            server, response = await self._ask(request, target, destination, meter)
            if response.status == _SWITCHING:
                return await self._switch(request, response, server, meter)
            keep = await self._relay(request, response, server, meter)
        except EndedError:
            raise self._broken_off(destination) from None
        except BadMessageError as fault:
            raise BlockedError(FailureKind.HTTP_ERROR, f"{destination.place} gave no proper answer: {fault}") from None
        return self._finish(destination, server, response) and keep

    def _broken_off(self, destination: Destination) -> BlockedError:
        """Why the server's connection ended too early: its own doing, unless the request's body made us end it."""
        fault = self._sending.exception() if self._sending and self._sending.done() else None
        if isinstance(fault, BlockedError):
            return fault
        if isinstance(fault, BadMessageError):
            return BlockedError(FailureKind.HTTP_ERROR, f"the request cannot be handed on: {fault}")
        words = "broke off its answer" if self._answered else "closed the connection without an answer"
        return BlockedError(FailureKind.REFUSED, f"{destination.place} {words}")

    async def _ask(
        self, request: Request, target: Target, destination: Destination, meter: Meter
    ) -> tuple[Wire, Response]:
        """Send the request and wait for the head of the answer, once more where a kept connection had just been closed."""
        head = _head(request, target, destination)
        meter.sent(len(head))
        if request.body.empty and request.method in _REPEATABLE and not request.wants_websocket:
            self._link = kept = self._upstream.kept(destination)
            if kept:
                try:
                    return kept, await self._answer(request, kept, head, meter, destination)
                except EndedError:
                    kept.abort()
        self._link = server = await self._upstream.connect(destination)
        return server, await self._answer(request, server, head, meter, destination)

    async def _answer(
        self, request: Request, server: Wire, head: bytes, meter: Meter, destination: Destination
    ) -> Response:
        await server.send(head, self._limits.idle_seconds)
        if not request.body.empty:
            self._sending = asyncio.create_task(self._send_body(request.body, server, meter))
        while True:
            raw = await server.read_until(LOOSE_HEAD_END, MOST_HEAD, self._limits.idle_seconds)
            if raw is None:
                raise BadMessageError("its head is too long")
            response = parse_response(raw, request.method)
            meter.received(len(raw))
            if response.status == _PROXY_PASSWORD and destination.proxy:
                raise BlockedError(FailureKind.REFUSED, "the company's proxy asks for a user and a password")
            if response.status == _SWITCHING or response.status > _EARLY:
                return response
            if request.minor and response.status != _CONTINUE:  # 100 was ours to say
                self._client.hold(_status_and(response, end_to_end(response.fields)))
                await self._client.send(b"", self._limits.idle_seconds)

    async def _send_body(self, body: Body, server: Wire, meter: Meter) -> None:
        copy = partial(
            copy_body, seconds=self._limits.idle_seconds, count=meter.sent, chunked=body.chunked, strict=True
        )
        try:
            await copy(self._client, server, body)
        except (BadMessageError, BlockedError, TimeoutError):
            server.abort()  # half a request must not look like a whole one
            raise

    async def _relay(self, request: Request, response: Response, server: Wire, meter: Meter) -> bool:
        """Hand the answer on; says whether the client's connection can carry another request."""
        body = response.body
        chunked = body.chunked and request.minor == 1
        plain_end = body.until_close or (body.chunked and not chunked)
        keep = request.keeps_open and not plain_end
        fields = [field for field in end_to_end(response.fields) if field[0].lower() != _GUARD_HEADER]
        if request.method == b"HEAD" or response.status == _NOT_MODIFIED:
            fields += [(b"Content-Length", length) for length in values(response.fields, b"content-length")[:1]]
        elif response.status != _NO_CONTENT:
            fields += body_fields(Body(until_close=True) if plain_end else body)
        if not keep:
            fields.append((b"Connection", b"close"))
        self._client.hold(_status_and(response, fields))
        self._answered = True
        copy = partial(
            copy_body, seconds=self._limits.idle_seconds, count=meter.received, chunked=chunked, strict=False
        )
        await copy(server, self._client, body)
        return keep

    async def _switch(self, request: Request, response: Response, server: Wire, meter: Meter) -> bool:
        if not request.wants_websocket:
            raise BadMessageError("it changed to another protocol unasked")
        self._answered = True
        self._client.hold(_status_and(response, [*end_to_end(response.fields), *_UPGRADE]))
        await self._client.send(b"", self._limits.idle_seconds)
        await Tunnel(self._client, server, meter, self._limits).run()
        return False

    def _finish(self, destination: Destination, server: Wire, response: Response) -> bool:
        """Put the server's connection away; says whether the request was read whole, so that what follows is a new one."""
        read = self._sending is None or (self._sending.done() and self._sending.exception() is None)
        self._link = None
        if read:
            self._sending = None
        if read and response.reusable:
            self._upstream.keep(destination, server)
        else:
            server.abort()
        return read

    def _drop(self) -> None:
        """Give up what is under way."""
        if self._sending is not None:
            self._sending.cancel()
            self._sending.add_done_callback(_heard)
            self._sending = None
        if self._link is not None:
            self._link.abort()
            self._link = None


def _head(request: Request, target: Target, destination: Destination) -> bytes:
    """The head as it goes out: to the site itself, or to the company's proxy, which wants the whole URL."""
    proxy = destination.proxy
    fields = [(b"Host", target.authority), *end_to_end(request.fields), *(proxy.fields if proxy else [])]
    if request.wants_websocket:
        fields += _UPGRADE
    if not request.body.empty or values(request.fields, b"content-length"):
        fields += body_fields(request.body)
    where = target.absolute if proxy else target.path
    return written(b"%b %b HTTP/1.1" % (request.method, where), fields)


def _status_and(response: Response, fields: list[tuple[bytes, bytes]]) -> bytes:
    return written(b"HTTP/1.1 %d %b" % (response.status, response.reason), fields)


def _heard(task: asyncio.Task[None]) -> None:
    """Take note of how a dropped task ended, so that asyncio does not print it."""
    if not task.cancelled():
        task.exception()
