"""Serves one demonstration site on loopback: files with validators, and answers that misbehave as real sites do."""

import gzip
import hashlib
import io
import socket
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from audit.cli.demo.calendar_months import month_words
from audit.cli.demo.routes import Answer, Route, SiteFolder, content_type, with_addresses

DRIP_SECONDS = 0.5
IDLE_SECONDS = 60.0
_NOT_FOUND_PAGE = "404.html"


class SiteServer(ThreadingHTTPServer):
    """One site on one port of 127.0.0.1, answering from when it is made until it is closed.

    `addresses` maps every site of the demonstration to its address; it may be filled after the server is made.
    `visits` counts requests by path and query. Port 0 takes a free one.

    Raises:
        OSError: the port is taken or may not be used.

    """

    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, site: SiteFolder, addresses: dict[str, str], *, port: int = 0) -> None:
        self.site = site
        self.addresses = addresses
        self.visits: Counter[str] = Counter()
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Visit)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name=f"demo-{site.table.id}")
        self._thread.start()

    @property
    def address(self) -> str:
        """The site's address without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def count(self, target: str) -> None:
        """Count one request."""
        with self._lock:
            self.visits[target] += 1

    def visited(self, prefix: str) -> int:
        """How many requests were made for paths that begin so."""
        with self._lock:
            return sum(times for target, times in self.visits.items() if target.startswith(prefix))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that closing the site ends it."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is over."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hung up; anything else is an error of ours and is printed."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop answering, end every connection, and wait until no thread of ours runs."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self._lock:
            open_connections = tuple(self._connections)
        for connection in open_connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        self.server_close()


class _Visit(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "LoketDemo"
    sys_version = ""
    timeout = IDLE_SECONDS
    server: SiteServer

    def do_GET(self) -> None:
        """Answer with a special answer, a file, or the site's page for what is not there."""
        self.server.count(self.path)
        target = urlsplit(self.path)
        path = target.path.partition(";")[0]
        site = self.server.site
        route = site.route(path)
        file = site.file(path)
        if route is not None:
            self._special(route, target.query)
        elif file is not None:
            self._send(self._read(file), content_type(file), validators=True)
        elif site.wants_slash(path):
            self._redirect(f"{path}/", HTTPStatus.MOVED_PERMANENTLY)
        else:
            self._page(_NOT_FOUND_PAGE, HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """Answer like GET, without the content."""
        self.do_GET()

    def do_POST(self) -> None:
        """Refuse: nobody sends forms to a demonstration, and an audit never does."""
        self.server.count(f"POST {self.path}")
        self.close_connection = True
        text = b"This demonstration takes no forms.\n"
        self._send(text, "text/plain; charset=utf-8", HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Stay silent: `visits` says what was asked for."""

    def _special(self, route: Route, query: str) -> None:
        answers: dict[Answer, Callable[[], None]] = {
            Answer.FILE: lambda: self._file(route),
            Answer.ERROR: lambda: self._page(route.file, HTTPStatus(route.status)),
            Answer.REDIRECT: lambda: self._redirect(route.to, HTTPStatus(route.status)),
            Answer.DRIP: lambda: self._drip(route),
            Answer.SILENCE: lambda: self._silence(route),
            Answer.CALENDAR: lambda: self._calendar(route, query),
            Answer.GZIP: lambda: self._send(
                gzip.compress(self._read(self._www(route.file)), mtime=0), route.content_type, validators=True
            ),
            Answer.DOWNLOAD: lambda: self._download(route),
        }
        answers[route.answer]()

    def _file(self, route: Route) -> None:
        file = self._www(route.file)
        self._send(self._read(file), route.content_type or content_type(file, route.charset), validators=True)

    def _page(self, name: str, status: HTTPStatus) -> None:
        file = self._www(name)
        self._send(self._read(file), content_type(file), status)

    def _redirect(self, to: str, status: HTTPStatus) -> None:
        text = f"Moved to {to}\n".encode()
        self._send(text, "text/plain; charset=utf-8", status, headers={"Location": to})

    def _calendar(self, route: Route, query: str) -> None:
        asked = parse_qs(query).get("maand", [""])[0]
        content = self._read(self._www(route.file))
        for name, words in month_words(asked).items():
            content = content.replace(b"{{%s}}" % name.encode(), words.encode())
        self._send(content, content_type(self._www(route.file)))

    def _download(self, route: Route) -> None:
        file = self._www(route.file)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo(file.name), self._read(file))
        name = route.path.rpartition("/")[2]
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        self._send(out.getvalue(), route.content_type, headers=disposition, validators=True)

    def _drip(self, route: Route) -> None:
        """Send the page up to `cut_at`, and then a blank every half second for as long as anyone listens."""
        content = self._read(self._www(route.file))
        self._begin(HTTPStatus.OK, content_type(self._www(route.file)), {"Transfer-Encoding": "chunked"})
        if self.command == "HEAD":
            return
        end = content.index(route.cut_at.encode()) + len(route.cut_at.encode())
        self._chunk(content[:end])
        while not self.server.stopping.wait(DRIP_SECONDS):
            self._chunk(b" ")
        self.close_connection = True

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def _silence(self, route: Route) -> None:
        """Promise a picture and never send it; ends when the client hangs up or the site closes."""
        self._begin(HTTPStatus.OK, route.content_type, {"Content-Length": "100000"})
        self.connection.settimeout(DRIP_SECONDS)
        while self.command == "GET" and not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except TimeoutError:
                continue
        self.close_connection = True

    def _www(self, name: str) -> Path:
        return self.server.site.www / name

    def _read(self, file: Path) -> bytes:
        return with_addresses(file.read_bytes(), file, self.server.addresses)

    def _send(
        self,
        content: bytes,
        media: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        headers: dict[str, str] | None = None,
        validators: bool = False,
    ) -> None:
        """Send a whole answer; with validators, say "not modified" to a client that holds it already."""
        extra = dict(headers or {})
        if validators:
            etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            extra |= {"ETag": etag, "Last-Modified": format_datetime(self.server.site.table.last_modified, usegmt=True)}
            if self._client_has(etag):
                self._begin(HTTPStatus.NOT_MODIFIED, "", extra)
                return
        self._begin(status, media, extra | {"Content-Length": str(len(content))})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, media: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        if media:
            headers = {"Content-Type": media} | headers
        for name, value in (headers | self.server.site.table.headers).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _client_has(self, etag: str) -> bool:
        """RFC 9110: If-None-Match decides alone where it is sent, else If-Modified-Since."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return parsedate_to_datetime(since) >= self.server.site.table.last_modified
        except (TypeError, ValueError):  # no date, or one without a zone
            return False
