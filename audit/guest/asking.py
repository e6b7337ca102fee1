"""One request of our own through the guard: for robots.txt, and for documents. It ends within its time, or says why not."""

import http.client
import re
import ssl
import time
import zlib
from collections.abc import Callable
from urllib.parse import urlsplit

from audit.guest.traffic import GUARD_HEADER
from rules.model.failure import Failure, FailureKind
from rules.model.record import Record

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The answers that name another address."""

_PIECE = 65_536
_GUARDS_WORDS = re.compile(r"Tunnel connection failed: \d+ (?P<kind>[a-z_]+)")
_REFUSALS = {
    FailureKind.DNS: "no such host",
    FailureKind.REFUSED: "the connection was refused",
    FailureKind.TIMEOUT: "no answer in time",
    FailureKind.PRIVATE_ADDRESS: "the host has a private address",
}
_TUNNEL_PORT = {"http": 80, "https": 443}
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class Asking(Record, frozen=True):
    """How to ask: `proxy` is the guard, `http://127.0.0.1:PORT`; `timeout` in seconds; beyond `max_bytes` nothing is read."""

    proxy: str
    user_agent: str
    timeout: float
    max_bytes: int
    accept: str = "*/*"


class Answer(Record, frozen=True):
    """A site's own answer. `whole` says that no limit of ours cut the body, `broken_off` that the site sent less than it said."""

    status: int
    location: str = ""
    content_type: str = ""
    encoding: str = ""
    body: bytes = b""
    whole: bool = True
    broken_off: bool = False


class UnreachableError(Exception):
    """No answer of the site's own, with the reason."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


def ask(
    url: str,
    asking: Asking,
    context: ssl.SSLContext,
    until: float,
    opened: Callable[[http.client.HTTPConnection], None] = lambda _: None,
) -> Answer:
    """One GET, done at the monotonic time `until`; `opened` is told of the connection, so that another thread can end it.

    Raises:
        UnreachableError: no answer came that is the site's own.

    """
    left = until - time.monotonic()
    if left <= 0:
        raise UnreachableError(FailureKind.TIMEOUT, f"no whole answer within {asking.timeout:g} s")
    connection, target = _connection(url, asking.proxy, context, left)
    opened(connection)
    headers = {"User-Agent": asking.user_agent, "Accept": asking.accept, "Accept-Encoding": "identity"}
    try:
        connection.request("GET", target, headers={**headers, "Connection": "close"})
        return _read(connection, asking, until)
    except ssl.SSLError as error:
        raise UnreachableError(FailureKind.TLS, _tls_words(error)) from error
    except TimeoutError as error:
        raise UnreachableError(FailureKind.TIMEOUT, f"no whole answer within {asking.timeout:g} s") from error
    except http.client.HTTPException as error:
        raise UnreachableError(FailureKind.HTTP_ERROR, f"no proper answer ({type(error).__name__})") from error
    except OSError as error:
        raise _told_by_guard(str(error)) from error
    finally:
        connection.close()


def unpacked(answer: Answer, max_bytes: int) -> bytes:
    """The body without compression, which was not asked for but comes now and then; at most `max_bytes` of it."""
    if answer.encoding.lower() not in _PACKED:
        return answer.body
    try:
        return zlib.decompressobj(wbits=47).decompress(answer.body, max_bytes)
    except zlib.error:
        return answer.body


def _connection(
    url: str, proxy: str, context: ssl.SSLContext, seconds: float
) -> tuple[http.client.HTTPConnection, str]:
    """A connection through the guard, and what to ask for on it: the whole URL, or inside a tunnel the path."""
    guard = urlsplit(proxy)
    parts = urlsplit(url)
    if parts.scheme == "http":
        return http.client.HTTPConnection(guard.hostname or "", guard.port, timeout=seconds), url
    tunnel = http.client.HTTPSConnection(guard.hostname or "", guard.port, timeout=seconds, context=context)
    tunnel.set_tunnel(parts.hostname or "", parts.port or _TUNNEL_PORT[parts.scheme])
    return tunnel, f"{parts.path}?{parts.query}" if parts.query else parts.path


def _read(connection: http.client.HTTPConnection, asking: Asking, until: float) -> Answer:
    response = connection.getresponse()
    told = response.getheader(GUARD_HEADER)
    if told and not isinstance(connection, http.client.HTTPSConnection):
        words = response.read(1000).decode(errors="replace").strip()
        raise UnreachableError(_kind(told), words)
    body = bytearray()
    while len(body) <= asking.max_bytes and (piece := response.read1(_PIECE)):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    whole = len(body) <= asking.max_bytes
    return Answer(
        response.status,
        response.getheader("Location", ""),
        response.getheader("Content-Type", ""),
        response.getheader("Content-Encoding", ""),
        bytes(body[: asking.max_bytes]),
        whole=whole,
        broken_off=whole and bool(response.length),  # what `http.client` still waits for
    )


def _told_by_guard(words: str) -> UnreachableError:
    """The reason that the guard put into the status line of a refused tunnel; anything else is a broken connection."""
    found = _GUARDS_WORDS.search(words)
    if found is None:
        return UnreachableError(FailureKind.REFUSED, words)
    kind = _kind(found["kind"])
    return UnreachableError(kind, _REFUSALS.get(kind, words))


def _kind(text: str) -> FailureKind:
    return FailureKind(text) if text in set(FailureKind) else FailureKind.REFUSED


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {error.verify_message}"
    return f"no secure connection ({error.reason or type(error).__name__})"
