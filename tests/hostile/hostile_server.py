"""A site on loopback: ten good pages, and beside them whatever hostile pages it is given."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from good_pages import DOT, GOOD_PAGES, INNER, home
from hostile_page import Answer, HostilePage, sent

_NO_ROBOTS = sent(b"", "text/plain", 404)


@dataclass
class Site:
    """A site that is being served: its address, and every path that was asked for."""

    url: str
    port: int
    asked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What a site is made of: hostile pages, answers to further paths or to all that begin with a prefix, its robots.txt.

    `deadline` is how long one page may take in the browser, in seconds: short where a page never ends by itself, long where
    it is only heavy, so that a busy machine changes no ending.
    """

    pages: tuple[HostilePage, ...] = ()
    more: Mapping[str, Answer] = field(default_factory=dict)
    prefixes: Mapping[str, Answer] = field(default_factory=dict)
    robots: Answer = _NO_ROBOTS
    deadline: float = 30.0

    def answer(self, path: str) -> Answer:
        """What answers this path: the one that is it, else the first that it begins with, else the one without its query."""
        fixed = self._fixed()
        if path in fixed:
            return fixed[path]
        begun = next((answer for prefix, answer in self.prefixes.items() if path.startswith(prefix)), None)
        return (
            begun or fixed.get(path.partition("?")[0]) or sent(b"<!doctype html><title>Not found</title>", status=404)
        )

    def _fixed(self) -> dict[str, Answer]:
        links = [page.path for page in self.pages if page.linked]
        good = {path: sent(body.encode()) for path, body in GOOD_PAGES.items()}
        return {
            "/": sent(home(links).encode()),
            "/inner": sent(INNER.encode()),
            "/dot.png": sent(DOT, "image/png"),
            "/robots.txt": self.robots,
            **good,
            **{page.path: page.answer for page in self.pages},
            **self.more,
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    closing = False

    def handle_error(self, *_: object) -> None:
        """A client that hangs up in the middle of an answer is what these pages provoke."""


@contextlib.contextmanager
def served(
    plan: Plan, *, host: str = "127.0.0.1", port: int = 0, secured: Callable[[int], ssl.SSLContext] | None = None
) -> Iterator[Site]:
    """The site while it is served; `secured` gives the TLS context of each connection, by its number from 0 on."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"
        connections = 0

        def setup(self) -> None:
            if secured is not None:
                number, Handler.connections = Handler.connections, Handler.connections + 1
                self.request = secured(number).wrap_socket(self.request, server_side=True)
            super().setup()

        def do_GET(self) -> None:
            site.asked.append(self.path)
            with contextlib.suppress(OSError):
                plan.answer(self.path)(self)

        def log_message(self, *_: object) -> None:
            """The tests' output stays clean."""

    server = _Server((host, port), Handler)
    place = f"{host}:{server.server_address[1]}"
    site = Site(f"{'https' if secured else 'http'}://{place}/", server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.closing = True
        server.shutdown()
        thread.join()
        server.server_close()
