import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import pytest
from crawled_site import Answer, LoopbackSite

from spiders.order import CrawlEvent, CrawlOrder

Order = Callable[..., CrawlOrder]


@pytest.fixture
def slow_site(site: LoopbackSite) -> Iterator[LoopbackSite]:
    """A home page, and a page that never comes."""
    never = threading.Event()
    site.pages["/"] = Answer('<title>Home</title><a href="/never">wait</a>')
    site.pages["/never"] = Answer("<p>too late", wait=never)
    yield site
    never.set()


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "spiders.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


def ask(child: subprocess.Popen[bytes], order: CrawlOrder) -> None:
    assert child.stdin
    child.stdin.write(msgspec.json.encode(order) + b"\n")
    child.stdin.flush()


def told(child: subprocess.Popen[bytes]) -> CrawlEvent:
    assert child.stdout
    return msgspec.json.decode(child.stdout.readline(), type=CrawlEvent)


def wait_until_asked(site: LoopbackSite, path: str) -> None:
    deadline = time.monotonic() + 20
    while path not in site.paths():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT, None], ids=["sigterm", "sigint", "input closed"])
def test_it_ends_within_three_seconds_and_says_so(
    way: signal.Signals | None, slow_site: LoopbackSite, order_for: Order, child: subprocess.Popen[bytes]
) -> None:
    ask(child, order_for(timeout=30))
    home = told(child).page
    assert home is not None
    assert home.title == "Home"
    wait_until_asked(slow_site, "/never")
    began = time.monotonic()
    if way is None:
        assert child.stdin
        child.stdin.close()
    else:
        child.send_signal(way)
    assert told(child) == CrawlEvent(reason="interrupted")
    assert child.wait(3) == 0
    assert time.monotonic() - began < 3


def test_it_ends_when_nobody_reads_what_it_tells(
    slow_site: LoopbackSite, order_for: Order, child: subprocess.Popen[bytes]
) -> None:
    assert child.stdout
    child.stdout.close()
    ask(child, order_for())
    assert child.wait(20) == 1


def test_an_order_that_cannot_be_read_is_said_and_nothing_starts(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin
    child.stdin.write(b'{"seeds": 3}\n')
    child.stdin.flush()
    assert told(child).reason == "error: the order could not be read: Expected `array`, got `int` - at `$.seeds`"
    assert child.wait(20) == 2


def test_events_come_as_they_happen_and_the_log_is_quiet(
    site: LoopbackSite, order_for: Order, child: subprocess.Popen[bytes]
) -> None:
    site.pages["/"] = Answer("<title>Home</title><p>words")
    ask(child, order_for())
    assert [event.page.title if event.page else event.reason for event in (told(child), told(child))] == [
        "Home",
        "finished",
    ]
    assert child.wait(20) == 0
    assert child.stderr
    assert child.stderr.read() == b""


def test_proxies_that_the_environment_names_are_passed_over(
    site: LoopbackSite, order_for: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    site.pages["/"] = Answer("<title>Home</title><p>words")
    done = subprocess.Popen([sys.executable, "-m", "spiders.process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with done:
        ask(done, order_for())
        assert told(done).page is not None
        assert told(done).reason == "finished"
    assert os.environ["http_proxy"]
