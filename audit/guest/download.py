"""Fetches one document through the guard: whole and within its limits, or not at all."""

import asyncio
import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence

from audit.guest.asking import REDIRECTS, Answer, Asking, UnreachableError, ask, unpacked
from rules.model.failure import Failure, FailureKind
from rules.model.record import Record
from rules.model.url import has_secret, in_scope, normalise

_MOST_REDIRECTS = 5
_FIRST_ERROR = 400
_NO_CONTENT = frozenset({204, 205})


class Download(Record, frozen=True):
    """What came: the bytes, or why there are none. `final_url` and `redirects` say where from."""

    final_url: str
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    redirects: tuple[str, ...] = ()
    failure: Failure | None = None


class Manners(Record, frozen=True):
    """What is kept to on the way: the site's scope, who is `permitted` by robots.txt, and `turn`, which keeps the pace."""

    scope: Sequence[str]
    permitted: Callable[[str], bool]
    turn: Callable[[str], Awaitable[None]]


async def download(url: str, asking: Asking, manners: Manners, *, trust: ssl.SSLContext | None = None) -> Download:
    """Fetch `url`, following redirects within the scope. Ends at once when it is cancelled; never raises for what a site does.

    `trust` holds the certificates to believe, the system's when None.
    """
    context = trust or ssl.create_default_context()
    passed: list[str] = []
    until = time.monotonic() + asking.timeout
    while True:
        began = time.monotonic()
        await manners.turn(url)
        until += time.monotonic() - began  # waiting our turn is no time of the site's
        try:
            answer = await _asked(url, asking, context, until)
        except UnreachableError as error:
            return Download(url, redirects=tuple(passed), failure=error.failure)
        following = normalise(answer.location, url) if answer.status in REDIRECTS and answer.location else None
        if following is None:
            return _ended(url, answer, asking, tuple(passed))
        passed.append(url)
        if failure := _barred(answer.location, following, passed, manners):
            return Download(url, answer.status, redirects=tuple(passed), failure=failure)
        url = following


def _barred(location: str, following: str, passed: Sequence[str], manners: Manners) -> Failure | None:
    """Why a redirect is not followed."""
    if has_secret(location) or not in_scope(following, manners.scope):
        return Failure(FailureKind.OUT_OF_SCOPE, "the document is moved to a place outside the site")
    if following in passed or len(passed) > _MOST_REDIRECTS:
        return Failure(
            FailureKind.REDIRECT_LOOP, f"the address leads on more than {_MOST_REDIRECTS} times, or to itself"
        )
    if not manners.permitted(following):
        return Failure(FailureKind.ROBOTS, "robots.txt closes the place that the document is moved to")
    return None


def _ended(url: str, answer: Answer, asking: Asking, redirects: tuple[str, ...]) -> Download:
    """What the last answer stands for."""
    body = unpacked(answer, asking.max_bytes + 1)
    failure = _failure(answer, body, asking)
    return Download(
        final_url=url,
        status=answer.status,
        content_type=answer.content_type.partition(";")[0].strip().lower(),
        body=b"" if failure else body,
        redirects=redirects,
        failure=failure,
    )


def _failure(answer: Answer, body: bytes, asking: Asking) -> Failure | None:
    if answer.status >= _FIRST_ERROR or answer.status in REDIRECTS:
        return Failure(FailureKind.HTTP_ERROR, f"status {answer.status}")
    if not answer.whole or len(body) > asking.max_bytes:
        return Failure(FailureKind.TOO_LARGE, f"more than {asking.max_bytes / 1e6:g} MB")
    if answer.broken_off:
        return Failure(FailureKind.REFUSED, "the site broke off before the whole document had come")
    if answer.status in _NO_CONTENT or not body:
        return Failure(FailureKind.EMPTY, f"the site answers with no content (status {answer.status})")
    return None


async def _asked(url: str, asking: Asking, context: ssl.SSLContext, until: float) -> Answer:
    """The request in a thread; when nobody waits for it any more, its connection is shut, and the thread ends."""
    lines: list[http.client.HTTPConnection] = []
    try:
        return await asyncio.to_thread(ask, url, asking, context, until, lines.append)
    except asyncio.CancelledError:
        for line in lines:
            if line.sock is not None:
                with contextlib.suppress(OSError):
                    line.sock.shutdown(socket.SHUT_RDWR)
        raise
