import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<header><nav><a href="/">Home</a> <a href="/contact">Contact</a></nav></header>
<main><h1>{title}</h1>{body}</main></body></html>"""


@dataclass
class SmallSite:
    """A site on loopback: what it serves, how long it takes for it, and what was asked of it."""

    pages: dict[str, str]
    delay: float = 0.0
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


class _Handler(http.server.BaseHTTPRequestHandler):
    site: SmallSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = self.site
        site.asked.append(self.path)
        time.sleep(site.delay)
        found = site.pages.get(self.path)
        body = (found or "<title>Not found</title><p>There is nothing here.").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@pytest.fixture
def small_site() -> Iterator[SmallSite]:
    yield from _served()


@pytest.fixture
def other_site() -> Iterator[SmallSite]:
    yield from _served()


def _served() -> Iterator[SmallSite]:
    links = "".join(f'<li><a href="/p{number}">Page {number}</a>' for number in range(8))
    pages = {
        "/": PAGE.format(title="Agency", body=f"<p>Welcome to the agency.</p><ul>{links}</ul>"),
        "/contact": PAGE.format(title="Contact", body="<p>Call us on 0300 123 1234, Monday to Friday, 9am to 5pm.</p>"),
    }
    pages |= {
        f"/p{number}": PAGE.format(title=f"<b>Page {number}", body='<p>Text.</p><img src="/x.png">')
        for number in range(8)
    }
    site = SmallSite(pages)
    handler = type("Handler", (_Handler,), {"site": site})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


Started = subprocess.Popen[str]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts the command as a user would, in an empty folder, and leaves nothing behind."""
    begun: list[Started] = []

    def started(*words: str) -> Started:
        program = "import sys; from audit.cli import main; main()"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LOKET_")}
        process = subprocess.Popen(
            [sys.executable, "-c", program, *words],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield started
    for process in begun:
        process.kill()
        process.communicate()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def loket(start: Callable[..., Started]) -> Callable[..., Ended]:
    """Runs the command to its end."""

    def ended(*words: str) -> Ended:
        process = start(*words)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    return ended
