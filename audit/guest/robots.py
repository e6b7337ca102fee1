"""What robots.txt says: fetched once per origin through the guard, read as RFC 9309 asks, carried on as plain text.

https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1: an answer 4xx means that there are no rules; 5xx, 429 and no answer
at all mean that everything is closed for now. Comments in real files and their Crawl-delay are read as well.
"""

import re
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from protego import Protego

from audit.guest.asking import REDIRECTS, Answer, Asking, UnreachableError, ask, unpacked
from audit.guest.user_agent import PRODUCT
from rules.model.failure import Failure, FailureKind
from rules.model.record import Record
from rules.model.url import normalise, origin

CLOSED = "User-agent: *\nDisallow: /"
"""The text that stands for "nothing here may be visited"."""

_MOST_REDIRECTS = 5
_OK, _MULTIPLE, _CLIENT_ERROR, _TOO_MANY_REQUESTS, _SERVER_ERROR = 200, 300, 400, 429, 500
_AT_ONCE = 4
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|script|!--)", re.IGNORECASE)


class RobotsAnswer(Record, frozen=True):
    """What an origin answered: the rules (empty: none, visit freely), a sentence when that needs one, why it is closed."""

    text: str = ""
    note: str = ""
    failure: Failure | None = None


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
    asking = Asking(proxy, user_agent, timeout, max_bytes, accept="text/plain,*/*;q=0.5")
    context = trust or ssl.create_default_context()
    wanted = list(dict.fromkeys(origins))
    threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="robots")
    try:
        return dict(zip(wanted, threads.map(lambda place: _fetched(place, asking, context), wanted), strict=True))
    finally:  # who interrupts does not wait for answers: with the guard the threads end too
        threads.shutdown(wait=False, cancel_futures=True)


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


@lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)


def _token(user_agent: str) -> str:
    """The product token that groups are matched with: the whole header would also match a group for Mozilla."""
    return PRODUCT if PRODUCT.lower() in user_agent.lower() else user_agent


def _fetched(place: str, asking: Asking, context: ssl.SSLContext) -> RobotsAnswer:
    until = time.monotonic() + asking.timeout
    url = f"{place}/robots.txt"
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = ask(url, asking, context, until)
            following = normalise(answer.location, url) if answer.status in REDIRECTS and answer.location else None
            if following is None:
                return _judged(answer, asking.max_bytes)
            url = following
    except UnreachableError as reason:
        kind = reason.failure.kind
        return RobotsAnswer(CLOSED, f"not visited: robots.txt gave no answer ({kind}: {reason})", reason.failure)
    return RobotsAnswer(note=f"robots.txt leads on more than {_MOST_REDIRECTS} times: treated as absent")


def _judged(answer: Answer, max_bytes: int) -> RobotsAnswer:
    status = answer.status
    if status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS:
        detail = f"robots.txt answered {status}, which closes the site for robots"
        return RobotsAnswer(CLOSED, f"not visited: {detail}", Failure(FailureKind.ROBOTS, detail))
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


def _text(answer: Answer, max_bytes: int) -> str:
    """The rules in whatever encoding they are; a last line that was cut off is left out."""
    body = unpacked(answer, max_bytes)
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = body.decode("utf-16" if wide else "utf-8-sig", errors="replace").replace("\x00", "")
    return text if answer.whole else text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
