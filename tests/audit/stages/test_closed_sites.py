import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from audit.cli.progress import Quiet
from audit.config import Settings
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from audit.stages.capture import capture
from audit.stages.crawl import crawl, with_robots
from audit.stages.judge import site_view
from audit.stages.work import SiteWork
from audit.store import looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.look import AxeResult, Look
from rules.model.page import Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo


class _Robots(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"User-agent: *\nDisallow: /\n")

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@contextmanager
def _closed_site(status: int) -> Iterator[int]:
    handler = type("Handler", (_Robots,), {"status": status})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _work_on(start: str, port: int, folder: Path) -> Iterator[SiteWork]:
    host = start.split("/")[2]
    site = Site(id="www", name="Site", start=start, scope=(f"{host}/",))
    agency = Agency(id="a", name="A", sites=(site,))
    info = RunInfo(id="20261123T021407Z", started_at="2026-11-23T02:14:07Z", settings_digest="d", seed="s")
    with Store(folder) as store, Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        runs.begin(store, StoredRun(info, Portfolio(id="p", agencies=(agency,)), "{}"))
        yield SiteWork(store, info, agency, site, Settings(pace=0), Quiet(), "Loket/1", proxy=guard.address)


@pytest.mark.parametrize(
    ("place", "status", "kind", "words"),
    [
        ("http://127.0.0.1:{port}/", 200, FailureKind.ROBOTS, "robots.txt closes this address"),
        ("http://127.0.0.1:{port}/", 500, FailureKind.ROBOTS, "robots.txt answered 500"),
        ("http://127.0.0.1:{port}/", 0, FailureKind.REFUSED, "refused the connection"),
        ("https://127.0.0.1:{port}/", 0, FailureKind.REFUSED, "the connection was refused"),
        ("http://no-such-host.invalid/", 0, FailureKind.DNS, "no-such-host.invalid"),
        ("https://no-such-host.invalid/", 0, FailureKind.DNS, "no such host"),
    ],
)
def test_a_site_that_cannot_be_visited_is_planned_and_the_reason_is_the_true_one(
    tmp_path: Path, place: str, status: int, kind: FailureKind, words: str
) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(_closed_site(status)) if status else _free_port()
        start = place.format(port=port)
        work = with_robots(stack.enter_context(_work_on(start, port, tmp_path / "store")))
        crawl(work, 1)
        capture(work)
        [page] = pages.known(work.store, work.run.id, "www")
        look = looks.of_site(work.store, work.run.id, "www")[start]
    assert page.failure is not None
    assert look.failure == page.failure
    assert page.failure.kind is kind
    assert words in page.failure.detail


@pytest.mark.parametrize(
    ("kind", "judged"),
    [(FailureKind.HTTP_ERROR, False), (FailureKind.CHALLENGE, False), (FailureKind.DEADLINE, True)],
)
def test_the_faults_of_an_error_message_are_not_those_of_the_page(
    tmp_path: Path, kind: FailureKind, *, judged: bool
) -> None:
    start = "http://127.0.0.1:1/"
    with _work_on(start, 1, tmp_path / "store") as work:
        pages.set_sample(work.store, work.run.id, "www", Sample((SampleSlot(SlotKind.FIXED, "home", start),)))
        look = Look(start, "2026-11-23T02:14:07Z", failure=Failure(kind), axe=AxeResult(version="4.12.1"), partial=True)
        looks.record(work.store, work.run.id, "www", look)
        [view] = site_view(work).pages
    assert (view.axe is not None) is judged
