import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from audit.stages.crawl_process import crawl_round
from rules.model.failure import FailureKind
from spiders.order import CrawlEvent, CrawlOrder, Seed


class NeverDone(BaseHTTPRequestHandler):
    """A home page, and a page that never comes."""

    never = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/never":
            self.never.wait(30)
        body = b'<title>Home</title><a href="/never">wait</a>'
        self.send_response(200 if self.path != "/sitemap.xml" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def serving() -> Iterator[str]:
    NeverDone.never.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), NeverDone)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        NeverDone.never.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def place() -> Iterator[str]:
    with serving() as place:
        yield place


def order(place: str, **changed: Any) -> CrawlOrder:
    usual: dict[str, Any] = {
        "seeds": (Seed(f"http://{place}/"),),
        "scope": (f"{place}/",),
        "user_agent": "Loket/0",
        "proxy": "",
        "delay": 0,
    }
    return CrawlOrder(**usual | changed)


def crawlers(parent: int) -> list[int]:
    """The crawling processes that a process has."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"spiders.process" in command and int(stat.rpartition(")")[2].split()[1]) == parent:
                found.append(int(folder.name))
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(process: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while alive(process):
        assert time.monotonic() < deadline, "the crawling process was left behind"
        time.sleep(0.05)


def test_a_round_that_is_closed_early_leaves_no_process_behind(place: str) -> None:
    with closing(crawl_round(order(place))) as events:
        first = next(events)
        assert first.page is not None
        [child] = crawlers(os.getpid())
        began = time.monotonic()
    assert time.monotonic() - began < 4
    assert not alive(child)


def test_an_exception_on_our_side_ends_the_crawl(place: str) -> None:
    with pytest.raises(KeyboardInterrupt), closing(crawl_round(order(place))) as events:  # noqa: PT012
        next(events)
        [child] = crawlers(os.getpid())
        raise KeyboardInterrupt
    assert not alive(child)


def test_a_crawl_that_is_killed_ends_with_an_error(place: str) -> None:
    events = crawl_round(order(place))
    assert next(events).page is not None
    os.kill(crawlers(os.getpid())[0], signal.SIGKILL)
    assert list(events) == [CrawlEvent(reason="error: the crawling process was ended by SIGKILL")]


def test_a_crawl_that_cannot_start_says_its_last_words(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nprintf 'first\\nModule \\033[31mlost\\033[0m\\n\\n' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    assert list(crawl_round(order(place))) == [CrawlEvent(reason="error: Module  [31mlost [0m")]


def test_a_crawl_that_ends_without_a_word_is_told(place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text('#!/bin/sh\necho \'{"page": {"ur\'\nexit 3\n')
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    assert list(crawl_round(order(place))) == [
        CrawlEvent(reason="error: the crawling process ended without a word (exit code 3)")
    ]


def test_a_folder_called_spiders_where_the_user_stands_is_not_run(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "__init__.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    with closing(crawl_round(order(place))) as events:
        assert next(events).page is not None


def test_the_crawl_ends_when_we_are_killed(place: str) -> None:
    program = """
        import sys, msgspec
        from audit.stages.crawl_process import crawl_round
        from spiders.order import CrawlOrder
        for event in crawl_round(msgspec.json.decode(sys.argv[1], type=CrawlOrder)):
            print("told", flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), msgspec.json.encode(order(place)).decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as auditor:
        assert auditor.stdout
        assert auditor.stdout.readline() == b"told\n"
        [child] = crawlers(auditor.pid)
        auditor.kill()
    wait_until_gone(child, 4)


def test_the_guard_lets_the_crawl_reach_what_is_allowed_and_names_what_is_not(place: str) -> None:
    seeds = [
        Seed(f"http://{place}/"),
        *(
            Seed(url, "service")
            for url in (
                "http://127.0.0.2/",
                "https://127.0.0.2/",
                "http://no-such-host.invalid/",
                "https://no-such-host.invalid/",
                "http://127.0.0.1:9/",
            )
        ),
    ]
    scope = (place, "127.0.0.2", "no-such-host.invalid", "127.0.0.1:9")
    with Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        events = list(crawl_round(order(place, seeds=tuple(seeds), scope=scope, proxy=guard.address, max_depth=0)))
    failures = {event.page.url: event.page.failure.kind for event in events if event.page and event.page.failure}
    assert events[-1].reason == "finished"
    assert {event.page.url for event in events if event.page and not event.page.failure} == {f"http://{place}/"}
    assert {url: kind for url, kind in failures.items() if kind is not FailureKind.BUDGET} == {
        "http://127.0.0.2/": FailureKind.PRIVATE_ADDRESS,
        "https://127.0.0.2/": FailureKind.PRIVATE_ADDRESS,
        "http://no-such-host.invalid/": FailureKind.DNS,
        "https://no-such-host.invalid/": FailureKind.DNS,
        "http://127.0.0.1:9/": FailureKind.REFUSED,
    }
