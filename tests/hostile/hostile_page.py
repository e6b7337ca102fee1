"""What a hostile page is: where it stands, what it attacks, how it is served, and the one way in which it must end."""

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

PAGE = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head>"
    "<body><main><h1>{title}</h1>{body}</main></body></html>"
)
AUDITED = "audited"
STOPPED = "deadline"
ANY = "any ending"
NO_PAGE = "no page"  # it never became a page of the site: neither a look nor a record in the crawl

Answer = Callable[[BaseHTTPRequestHandler], None]
"""Answers one request."""


@dataclass(frozen=True)
class Ending:
    """How a page ends: `kind` is `AUDITED`, `NO_PAGE` or a kind of failure.

    `reads` are words that its outline must hold, `finds` a rule of axe that must have failed on it. A page that was
    stopped may have had no time left in which to read it; where it was read, it holds the words.
    """

    kind: str
    reads: str = ""
    finds: str = ""


@dataclass(frozen=True)
class HostilePage:
    """One page of a site that means us harm. `attacks` is one sentence that says what it goes for.

    `linked` is False for what is reached in another way than by a link on the home page. `by_webdriver` is how it ends with
    the engine webdriver, where that differs: that one has the page's own world alone, and cannot hold a page where it is.
    """

    path: str
    attacks: str
    answer: Answer
    ends: Ending
    linked: bool = True
    by_webdriver: Ending | None = None

    def ends_by(self, engine: str) -> Ending:
        """How it ends when this engine looks at it."""
        return self.by_webdriver if engine == "webdriver" and self.by_webdriver is not None else self.ends


def audited(reads: str = "", finds: str = "") -> Ending:
    """The page is read whole, whatever it tried."""
    return Ending(AUDITED, reads=reads, finds=finds)


def stopped(reads: str = "") -> Ending:
    """The page kept the browser busy until its deadline; what stood there then was read, if there was time."""
    return Ending(STOPPED, reads=reads)


def in_any_way() -> Ending:
    """It is not told from outside at which moment the page is met, so that only its time and its neighbours count."""
    return Ending(ANY)


def fails(kind: str) -> Ending:
    """Nothing of the page is read, and the reason is told."""
    return Ending(kind)


def html(title: str, body: str = "", *, head: str = "", **headers: str) -> Answer:
    """A page of our usual form around this markup."""
    return sent(PAGE.format(title=title, body=body, head=head).encode(), **headers)


def script(title: str, source: str, body: str = "") -> Answer:
    """A page whose last element is this script."""
    return html(title, f"{body}<script>{source}</script>")


def once_loaded(title: str, source: str, body: str = "") -> Answer:
    """A page that runs this script when it is loaded, so that the load event itself is let through."""
    return script(title, f"addEventListener('load', () => setTimeout(() => {{ {source} }}, 10))", body)


def sent(body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Answer:
    """An answer with this body; `_` stands for `-` in the names of headers; an empty `kind` names no type."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)

    return answer


def redirect(to: Callable[[str], str] | str, status: int = 302) -> Answer:
    """An answer that leads on, to an address or to what a function makes of the path that was asked for."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        sent(b"", status=status, Location=to if isinstance(to, str) else to(handler.path))(handler)

    return answer


def raw(pieces: Callable[[], Iterable[bytes]], pause: float = 0.0) -> Answer:
    """Bytes as they are, head and all, with a pause in seconds after each, until the reader has had enough."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with contextlib.suppress(OSError):
            for piece in pieces():
                handler.wfile.write(piece)
                if getattr(handler.server, "closing", False):
                    return
                time.sleep(pause)

    return answer


def by_browser(crawler: Answer, browser: Answer) -> Answer:
    """One answer for the crawl and another for the browser, told apart by a header that only browsers send."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (browser if "Sec-Fetch-Mode" in handler.headers or "Upgrade-Insecure-Requests" in handler.headers else crawler)(
            handler
        )

    return answer


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Never answers."""
    while not getattr(handler.server, "closing", False):
        time.sleep(0.1)
