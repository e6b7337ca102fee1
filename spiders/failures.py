"""The one place where what goes wrong in a crawl becomes a `Failure`: answers of servers, of the guard, of the network."""

import re
import zlib
from collections.abc import Iterator
from http import HTTPStatus

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from rules.model.failure import Failure, FailureKind
from spiders.challenge import challenge

GUARD_HEADER = "X-Loket-Guard"
_LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_EMPTY = frozenset({204, 205, 416})  # the last: a file without a first byte
_BUSY = frozenset({429, 502, 503, 504})
_TUNNEL = re.compile(r"'status': (?P<status>\d+), 'reason': b(?P<quote>['\"])(?P<reason>.*)(?P=quote)")
_TUNNEL_STATUS = {403: FailureKind.PRIVATE_ADDRESS, 504: FailureKind.TIMEOUT}


def of_answer(response: Response, *, guarded: bool) -> Failure | None:
    """Why an answer is no page: the guard's refusal, a test for robots, or an error status; None when it may be one.

    `guarded` says that the guard could have given this answer. Inside https it cannot, and its header is a site's joke.
    """
    refusal = header(response, GUARD_HEADER) if guarded else ""
    if refusal:
        return Failure(
            _kind(refusal) or FailureKind.REFUSED, plain(response.text if isinstance(response, TextResponse) else "")
        )
    html = response.text if isinstance(response, TextResponse) else ""
    who = challenge(
        response.status, {str(name, "latin-1").lower(): header(response, name) for name in response.headers}, html
    )
    if who:
        return Failure(FailureKind.CHALLENGE, f"{who} asks whether we are a human (status {response.status})")
    if response.status in _EMPTY:
        return Failure(FailureKind.EMPTY, status_words(response.status))
    if response.status == HTTPStatus.OK and not response.body and "download_stopped" not in response.flags:
        return Failure(FailureKind.EMPTY, "the answer has no content")
    if response.status >= HTTPStatus.MULTIPLE_CHOICES and response.status != HTTPStatus.NOT_MODIFIED:
        return Failure(FailureKind.HTTP_ERROR, status_words(response.status))
    return None


def of_exception(error: BaseException) -> Failure:
    """Why there was no answer at all."""
    if isinstance(error, TunnelError):
        return _of_tunnel(str(error))
    for cause in _causes(error):
        for kinds, kind, words in _MEANINGS:
            if isinstance(cause, kinds):
                return Failure(kind, words or plain(str(cause)))
    return Failure(FailureKind.CRASHED, plain(f"{type(error).__name__}: {error}"))


def worth_retrying(failure: Failure, status: int = 0) -> bool:
    """Whether the same request may well succeed a little later."""
    return not failure.kind.permanent or (failure.kind is FailureKind.HTTP_ERROR and status in _BUSY)


def status_words(status: int) -> str:
    """A status with its name, as people know it."""
    known = {member.value: member.phrase for member in HTTPStatus}
    return f"{status} {known[status]}" if status in known else str(status)


def header(response: Response, name: str | bytes) -> str:
    """A header of an answer as text; empty when it is missing."""
    return str(response.headers.get(name) or b"", "latin-1").strip()


def plain(text: str) -> str:
    """Text of others, fit for one line: without control characters, not longer than it need be."""
    return _CONTROL.sub(" ", text).strip()[:_LONGEST]


def _of_tunnel(message: str) -> Failure:
    """What the guard answered to CONNECT. Scrapy keeps the status line only, so the guard says the kind there too."""
    found = _TUNNEL.search(message)
    if found is None:
        return Failure(FailureKind.REFUSED, "the connection could not be made")
    reason = found["reason"]
    named = next((kind for kind in FailureKind if kind.value in reason.split()), None)
    kind = named or _TUNNEL_STATUS.get(int(found["status"]), FailureKind.REFUSED)
    return Failure(kind, plain(f"the connection was refused: {found['status']} {reason}"))


def _kind(word: str) -> FailureKind | None:
    return next((kind for kind in FailureKind if kind.value == word), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception, what it was raised from, and what Twisted packed into it, innermost last; each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if cause.__cause__:
            waiting.append(cause.__cause__)
        waiting.extend(reason.value for reason in getattr(cause, "reasons", ()) if hasattr(reason, "value"))


_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], FailureKind, str], ...] = (
    ((CannotResolveHostError,), FailureKind.DNS, "no such host"),
    ((DownloadTimeoutError,), FailureKind.TIMEOUT, "no answer in time"),
    ((DownloadConnectionRefusedError,), FailureKind.REFUSED, "the connection was refused"),
    ((DownloadCancelledError, IgnoreRequest), FailureKind.TOO_LARGE, "the answer is larger than the limit"),
    ((VerificationError,), FailureKind.TLS, "the certificate is for another host"),
    ((SSL.Error,), FailureKind.TLS, ""),
    ((ResponseDataLossError,), FailureKind.REFUSED, "the answer broke off"),
    ((ConnectionDone, ConnectionLost), FailureKind.REFUSED, "the connection was closed without an answer"),
    ((ConnectError,), FailureKind.REFUSED, "no connection could be made"),
    ((EOFError, zlib.error, OSError), FailureKind.HTTP_ERROR, "the answer could not be unpacked"),
)
