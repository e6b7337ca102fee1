"""What robots.txt says: fetched once per origin through the guard, read as RFC 9309 asks, carried on as plain text.

https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1: an answer 4xx means that there are no rules; 5xx, 429 and no answer
at all mean that everything is closed for now. Comments in real files and their Crawl-delay are read as well.
"""

import http.client
import re
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from audit.guest.traffic import GUARD_HEADER
from audit.guest.user_agent import PRODUCT
from rules.model.failure import Failure, FailureKind
from rules.model.record import Record
from rules.model.url import normalise, origin

CLOSED = "User-agent: *\nDisallow: /"
"""The text that stands for "nothing here may be visited"."""

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK, _MULTIPLE, _CLIENT_ERROR, _TOO_MANY_REQUESTS, _SERVER_ERROR = 200, 300, 400, 429, 500
_AT_ONCE = 4
_PIECE = 65_536
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|script|!--)", re.IGNORECASE)
_GUARDS_WORDS = re.compile(r"Tunnel connection failed: \d+ (?P<kind>[a-z_]+)")
_TUNNEL_PORT = {"http": 80, "https": 443}


class RobotsAnswer(Record, frozen=True):
    """What an origin answered: the rules (empty: none, visit freely), a sentence when that needs one, why it is closed."""

    text: str = ""
    note: str = ""
    failure: Failure | None = None


class _Answer(Record, frozen=True):
    status: int
    location: str = ""
    content_type: str = ""
    encoding: str = ""
    body: bytes = b""
    whole: bool = True


class _UnreachableError(Exception):
    """No answer of the site's own, with the reason."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


class _Asking(Record, frozen=True):
    """How to ask: what is the same for every origin."""

    proxy: str
    user_agent: str
    timeout: float
    max_bytes: int


def fetch(
    origins: Iterable[str],
    *,
    proxy: str,
    user_agent: str,
    timeout: float = 10,
    max_bytes: int = 512_000,
    trust: ssl.SSLContext | None = None,
) -> dict[str, RobotsAnswer]:
    """Ask every origin (`https://host:port`) for its robots.txt, through the guard at `proxy` (`http://127.0.0.1:PORT`).

    `timeout` is in seconds for one origin with all its redirects; what lies beyond `max_bytes` is not read. `trust` holds
    the certificates to believe, the system's when None. Never raises for what a site does.
    """
    asking = _Asking(proxy, user_agent, timeout, max_bytes)
    context = trust or ssl.create_default_context()
    wanted = list(dict.fromkeys(origins))
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="robots") as threads:
        return dict(zip(wanted, threads.map(lambda place: _fetched(place, asking, context), wanted), strict=True))


def allowed(robots: Mapping[str, str], url: str, user_agent: str) -> bool:
    """Whether this URL may be visited; `robots` maps origins to texts, and an origin that is absent is open."""
    text = robots.get(origin(url), "")
    return not text or bool(_rules(text).can_fetch(url, _token(user_agent)))


def crawl_delay(robots: Mapping[str, str], place: str, user_agent: str) -> float:
    """The seconds between two visits that an origin asks for, by Crawl-delay or Request-rate; 0 when it asks nothing."""
    text = robots.get(place, "")
    if not text:
        return 0.0
    rules, token = _rules(text), _token(user_agent)
    rate = rules.request_rate(token)
    return max(float(rules.crawl_delay(token) or 0), rate.seconds / rate.requests if rate and rate.requests else 0.0)


def sitemaps(robots: Mapping[str, str], place: str) -> tuple[str, ...]:
    """The sitemaps that an origin's robots.txt names, normalised, each once; what is no web address is left out."""
    found = (normalise(url, f"{place}/robots.txt") for url in _rules(robots.get(place, "")).sitemaps)
    return tuple(dict.fromkeys(url for url in found if url))


@lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)


def _token(user_agent: str) -> str:
    """The product token that groups are matched with: the whole header would also match a group for Mozilla."""
    return PRODUCT if PRODUCT.lower() in user_agent.lower() else user_agent


def _fetched(place: str, asking: _Asking, context: ssl.SSLContext) -> RobotsAnswer:
    until = time.monotonic() + asking.timeout
    url = f"{place}/robots.txt"
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = _ask(url, asking, context, until)
            following = normalise(answer.location, url) if answer.status in _REDIRECTS and answer.location else None
            if following is None:
                return _judged(answer, asking.max_bytes)
            url = following
    except _UnreachableError as reason:
        kind = reason.failure.kind
        return RobotsAnswer(CLOSED, f"not visited: robots.txt gave no answer ({kind}: {reason})", reason.failure)
    return RobotsAnswer(note=f"robots.txt leads on more than {_MOST_REDIRECTS} times: treated as absent")


def _judged(answer: _Answer, max_bytes: int) -> RobotsAnswer:
    status = answer.status
    if status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS:
        detail = f"robots.txt answered {status}"
        return RobotsAnswer(CLOSED, f"not visited: {detail}", Failure(FailureKind.HTTP_ERROR, detail))
    if status >= _CLIENT_ERROR:
        return RobotsAnswer(note="" if status in {404, 410} else f"robots.txt answered {status}: treated as absent")
    if status >= _MULTIPLE:
        return RobotsAnswer(note=f"robots.txt answered {status} without saying where to: treated as absent")
    text = _text(answer, max_bytes)
    if _MARKUP.match(text) or "text/html" in answer.content_type.lower():
        return RobotsAnswer(note="a web page stands in the place of robots.txt: treated as absent")
    if not answer.whole:
        return RobotsAnswer(text, f"robots.txt is longer than {max_bytes} bytes: the rest was not read")
    return RobotsAnswer(text if text.strip() else "")


def _text(answer: _Answer, max_bytes: int) -> str:
    """The rules in whatever encoding they are; a last line that was cut off is left out."""
    body = _unpacked(answer, max_bytes)
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = body.decode("utf-16" if wide else "utf-8-sig", errors="replace").replace("\x00", "")
    return text if answer.whole else re.sub(r"[^\r\n]*\Z", "", text)


def _unpacked(answer: _Answer, max_bytes: int) -> bytes:
    """The body without compression, which was not asked for but comes now and then."""
    if answer.encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        return answer.body
    try:
        return zlib.decompressobj(wbits=47).decompress(answer.body, max_bytes)
    except zlib.error:
        return answer.body


def _ask(url: str, asking: _Asking, context: ssl.SSLContext, until: float) -> _Answer:
    """One request.

    Raises:
        _UnreachableError: no answer came that is the site's own.

    """
    left = until - time.monotonic()
    if left <= 0:
        raise _UnreachableError(FailureKind.TIMEOUT, f"no whole answer within {asking.timeout:g} s")
    connection, target = _connection(url, asking.proxy, context, left)
    headers = {"User-Agent": asking.user_agent, "Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "identity"}
    try:
        connection.request("GET", target, headers={**headers, "Connection": "close"})
        return _read(connection, asking, until)
    except ssl.SSLError as error:
        raise _UnreachableError(FailureKind.TLS, _tls_words(error)) from error
    except TimeoutError as error:
        raise _UnreachableError(FailureKind.TIMEOUT, f"no whole answer within {asking.timeout:g} s") from error
    except http.client.HTTPException as error:
        raise _UnreachableError(FailureKind.HTTP_ERROR, f"no proper answer ({type(error).__name__})") from error
    except OSError as error:
        raise _told_by_guard(str(error)) from error
    finally:
        connection.close()


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


def _read(connection: http.client.HTTPConnection, asking: _Asking, until: float) -> _Answer:
    response = connection.getresponse()
    told = response.getheader(GUARD_HEADER)
    if told and not isinstance(connection, http.client.HTTPSConnection):
        words = response.read(1000).decode(errors="replace").strip()
        raise _UnreachableError(_kind(told), words)
    body = bytearray()
    while len(body) <= asking.max_bytes and (piece := response.read1(_PIECE)):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    return _Answer(
        response.status,
        response.getheader("Location", ""),
        response.getheader("Content-Type", ""),
        response.getheader("Content-Encoding", ""),
        bytes(body[: asking.max_bytes]),
        whole=len(body) <= asking.max_bytes,
    )


def _told_by_guard(words: str) -> _UnreachableError:
    """The reason that the guard put into the status line of a refused tunnel; anything else is a broken connection."""
    found = _GUARDS_WORDS.search(words)
    return _UnreachableError(_kind(found["kind"]) if found else FailureKind.REFUSED, words)


def _kind(text: str) -> FailureKind:
    return FailureKind(text) if text in set(FailureKind) else FailureKind.REFUSED


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {error.verify_message}"
    return f"no secure connection ({error.reason or type(error).__name__})"
