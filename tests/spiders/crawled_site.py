"""A site on loopback whose pages a test writes down, and what a crawl of it told."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple

from rules.model.page import CrawledPage
from spiders.order import CrawlEvent


class Answer(NamedTuple):
    """What the site answers at a path."""

    body: bytes | str = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = MappingProxyType({})
    wait: threading.Event | None = None


class Asked(NamedTuple):
    """A request as the site saw it."""

    method: str
    path: str
    headers: dict[str, str]


class LoopbackSite:
    """`pages` maps a path with its query to an answer, or to a function of the request that makes one."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a crawl may hang up, and that is no error of the site
        self.place = f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
                site.asked.append(asked)
                found = site.pages.get(self.path, Answer("nothing here", 404))
                answer = found if isinstance(found, Answer) else found(asked)
                if answer.wait:
                    answer.wait.wait(30)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                headers = {"Content-Type": answer.content_type, "Content-Length": str(len(body))} | dict(answer.headers)
                for name, value in headers.items():
                    if value:
                        self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                return

        return Handler


class Crawled(NamedTuple):
    """What a crawl told."""

    events: list[CrawlEvent]

    @property
    def pages(self) -> dict[str, CrawledPage]:
        """Pages and failures by path; each address may be told once only."""
        told = [event.page for event in self.events if event.page]
        paths = [page.url.partition("://")[2].partition("/")[2] for page in told]
        assert len(paths) == len(set(paths)), "an address was told twice"
        return {f"/{path}": page for path, page in zip(paths, told, strict=True)}

    @property
    def good(self) -> set[str]:
        return {path for path, page in self.pages.items() if page.failure is None}

    @property
    def failures(self) -> dict[str, str]:
        return {path: page.failure.kind.value for path, page in self.pages.items() if page.failure}

    @property
    def moved(self) -> list[tuple[str, str]]:
        return [event.moved for event in self.events if event.moved]

    @property
    def reason(self) -> str:
        assert [bool(event.reason) for event in self.events].count(True) == 1
        return self.events[-1].reason
