"""The WebDriver engine: what it reads as the other does, what it cannot see, and how it ends when something hangs or dies."""

import asyncio
import contextlib
import http.server
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hostile_site
import msgspec
import pytest
from selenium.common.exceptions import InvalidSessionIdException, TimeoutException, WebDriverException

from audit import machine
from audit.capture.engine import webdriver
from audit.capture.engine.contract import BrowserGone, Crashed, Unreadable
from audit.capture.engine.webdriver_session import options_for
from audit.capture.engine.webdriver_tab import SessionLost, _meaning
from audit.capture.engine.webdriver_visit import _own_page
from audit.capture.pool import BrowserMissing, CaptureSettings, LookOrder, look_at, versions
from audit.config import SettingsError
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from rules.model.failure import FailureKind
from rules.model.look import Look, Uncollected

pytestmark = pytest.mark.browser

ALIKE = (
    "/good", "/foreign-frame", "/sandboxed", "/rendered", "/hollow", "/404", "/500", "/challenge", "/moved", "/needs-login",
    "/drawing.svg", "/data.xml", "/consent-wall", "/inert-frame", "/modal", "/banner", "/text",
)  # fmt: skip
BY_NATURE = {
    "/poisoned": FailureKind.MEDDLED,  # read from within the page's own world
    "/leaves-by-script": FailureKind.OUT_OF_SCOPE,  # its way on cannot be held
    "/204": FailureKind.NOT_HTML,  # nothing came, and nobody says why
    "/large": FailureKind.TOO_LARGE,  # known only when all of it is there
}
BUSY = {
    "/busy-while-parsing": "while (true) {}",
    "/busy-after-load": "addEventListener('load', () => setTimeout(() => { while (true) {} }, 50))",
    "/busy-by-turns": "const again = () => Promise.resolve().then(again); addEventListener('load', again)",
    "/asking": "addEventListener('load', () => { while (true) alert('still here?') })",
}
HANGING = (*BUSY, "/silent")


@pytest.fixture(scope="module", autouse=True)
def chromedriver() -> str:
    found = machine.find_chromedriver()
    if not found:
        pytest.skip("no chromedriver on this machine")
    return found


def reading(look: Look) -> tuple[object, ...]:
    """All that rules see of a page, but for the box of a text field, which the browsers' font settings move by a pixel."""
    blocks = [msgspec.structs.replace(block, box=None) for block in look.outline.blocks] if look.outline else None
    answer = look.response and (look.response.status, look.response.final_url, look.response.content_type)
    return look.failure and look.failure.kind, look.partial, blocks, look.axe, answer


def driven(pid: int) -> set[int]:
    """The drivers and browsers below a process."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            above, line = int(entry.name), (entry / "cmdline").read_bytes()
            while above not in (0, 1, pid):
                above = int((Path("/proc") / str(above) / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if above == pid and b"chrom" in line:
            found.add(int(entry.name))
    return found


def gone(pids: set[int]) -> bool:
    """Whether these processes end, now or soon."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        alive = set()
        for pid in pids:
            with contextlib.suppress(OSError):
                if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    alive.add(pid)
        if not alive:
            return True
        time.sleep(0.1)
    return False


def test_it_reads_pages_as_the_other_engine_does(site, looker):
    urls = [site + path for path in ALIKE]
    by_playwright = looker(urls, deadline=60, pictures=False)
    by_webdriver = looker(urls, deadline=60, pictures=False, engine="webdriver")

    different = [url for url in urls if reading(by_playwright[url]) != reading(by_webdriver[url])]
    assert different == []
    assert {look.browser.split()[0] for look in by_webdriver.values()} == {"webdriver"}


def test_what_it_cannot_see_by_its_nature_is_no_page(site, looker):
    looks = looker([site + path for path in BY_NATURE], deadline=30, max_response_bytes=2_000_000, engine="webdriver")

    assert {url.removeprefix(site): look.failure.kind for url, look in looks.items()} == BY_NATURE
    assert all(look.outline is None and look.axe is None for look in looks.values())


def test_no_worker_that_a_page_leaves_behind_answers_for_the_next(site, looker):
    first, second = f"{site}/leaves-a-worker", f"{site}/plain/1"

    looks = looker([first, second], engine="webdriver", tabs=1, deadline=60)

    assert "A worker stands" in [block.text for block in looks[first].outline.blocks]  # else the test shows nothing
    assert looks[second].failure is None
    assert "Plain page /plain/1" in [block.text for block in looks[second].outline.blocks]


def test_what_it_does_not_tell_is_named_and_left_empty(site, looker):
    (look,) = looker([f"{site}/cookies"], engine="webdriver", deadline=60).values()

    assert (look.requests, look.response.headers, look.response.redirects) == ((), {}, ())
    assert set(look.uncollected) == set(Uncollected) - {Uncollected.PICTURES}
    assert sorted(look.response.cookies) == ["scripted", "session", "track"]
    assert look.failure is None


def test_a_finding_is_pictured(site, looker):
    (look,) = looker([f"{site}/good"], engine="webdriver", deadline=60, full=True).values()

    assert [picture.kind for picture in look.pictures] == ["page"]
    assert look.pictures[0].jpeg.startswith(b"\xff\xd8")
    assert look.pictures[0].marks


def test_the_banners_own_button_is_pressed_on_request(site, looker):
    (look,) = looker([f"{site}/consent"], engine="webdriver", deadline=60, consent="reject").values()

    assert "refused" in " ".join(block.text for block in look.outline.blocks)


@pytest.fixture
def busy(monkeypatch) -> None:
    """Pages whose scripts never end."""
    for path, script in BUSY.items():
        body = hostile_site.page("Busy", f"<p>Words</p><script>{script}</script>").encode()
        monkeypatch.setitem(hostile_site.ANSWERS, path, partial(hostile_site._send, status=200, body=body))


@pytest.mark.usefixtures("busy")
def test_pages_that_hang_are_ended_and_the_next_is_read(site, looker):
    urls = [*(site + path for path in HANGING), f"{site}/good"]

    looks = looker(urls, engine="webdriver", deadline=20, pictures=False, tabs=1)

    for path in HANGING:
        assert looks[site + path].failure is not None, path
        assert looks[site + path].failure.kind in {FailureKind.TIMEOUT, FailureKind.DEADLINE, FailureKind.CRASHED}, path
    assert looks[f"{site}/good"].failure is None
    assert driven(os.getpid()) == set()


def test_the_driver_killed_under_our_hands_is_replaced(site, settings):
    killed: list[int] = []

    def kill(_: str) -> None:
        if not killed:
            killed.extend(driven(os.getpid()))
            for pid in killed:
                with contextlib.suppress(ProcessLookupError):  # it went with its parent
                    os.kill(pid, signal.SIGKILL)

    looks = run([f"{site}/plain/1", f"{site}/plain/2"], settings, started=kill, deadline=60)

    assert killed
    assert sorted((look.url, look.failure) for look in looks) == [(f"{site}/plain/1", None), (f"{site}/plain/2", None)]
    assert driven(os.getpid()) == set()


def test_killed_without_a_chance_it_takes_driver_and_browser_with_it(site, settings):
    code = f"""
        import asyncio
        from audit.capture.pool import CaptureSettings, LookOrder, look_at

        async def turn(url):
            pass

        settings = CaptureSettings(proxy="", user_agent="t", engine="webdriver", sandbox={settings.sandbox})
        asyncio.run(look_at([LookOrder({f"{site}/silent"!r})], settings,
            turn=turn, pictured=set(), started=lambda url: print(url, flush=True), done=print, stop=asyncio.Event()))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        below = driven(child.pid)
        assert len(below) > 2
        child.send_signal(signal.SIGKILL)
        child.wait()

    assert gone(below)


def test_its_browser_is_confined_like_the_other_engines(site, looker, settings):
    if not settings.sandbox:
        pytest.skip("this system forbids user namespaces")
    (look,) = looker([f"{site}/plain/1"], engine="webdriver", deadline=60).values()

    assert look.sandboxed is True


def test_through_the_guard_nothing_private_is_reached(site, looker):
    with Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        urls = [f"{site}/good", "http://10.1.2.3/", "https://10.1.2.3/", "http://no-such-host.invalid/"]
        looks = looker(urls, engine="webdriver", deadline=60, proxy=guard.address)
        refused = {refusal.host for refusal in guard.refused()}

    assert [looks[url].failure and looks[url].failure.kind for url in urls] == [
        None,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.DNS,
    ]
    assert "10.1.2.3" in refused
    assert refused <= {"10.1.2.3", "no-such-host.invalid"}  # what asks the guard for itself leaves no trace in its book


def test_without_chromedriver_it_says_what_is_missing(settings, monkeypatch):
    monkeypatch.setattr(machine, "find_chromedriver", lambda: "")

    with pytest.raises(BrowserMissing, match="apt-get install chromium-driver"):
        versions(msgspec.structs.replace(settings, engine="webdriver"))


def test_a_driver_that_does_not_start_is_named(site, settings, monkeypatch, tmp_path):
    broken = tmp_path / "chromedriver"
    broken.write_text("#!/bin/sh\necho out of order\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(machine, "find_chromedriver", lambda: str(broken))
    monkeypatch.setattr(machine, "open_to_all", lambda _: True)
    monkeypatch.setattr(machine, "is_root", lambda: False)

    with pytest.raises(BrowserMissing, match="ended at once: out of order"):
        run([f"{site}/plain/1"], settings)


@pytest.fixture
def grid(chromedriver, settings) -> Iterator[tuple[str, Callable[[], None]]]:
    """A WebDriver server that somebody else has started, and what ends it."""
    browser = machine.find_browser()
    assert browser is not None
    alone = webdriver.Chromedriver(chromedriver, browser.path, lambda: None)
    ready, ended = threading.Event(), threading.Event()
    addresses: list[str] = []

    async def serve() -> None:
        addresses.append(await alone.start())
        ready.set()
        await asyncio.to_thread(ended.wait)
        await alone.stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    yield addresses[0], alone.kill
    ended.set()
    thread.join()


def test_a_grids_browser_is_used_and_its_session_ended(site, settings, grid):
    url, _ = grid
    with Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        (look,) = run([f"{site}/good"], settings, webdriver_url=url, proxy=guard.address, deadline=60)
        contacted = {contact.host for contact in guard.contacted()}

    assert look.failure is None
    assert look.browser.startswith("webdriver chrome")
    assert look.sandboxed is False  # that of a browser elsewhere cannot be seen
    assert site.removeprefix("http://") in contacted
    assert versions(remote(settings, url))["browser"] == "chrome by WebDriver"


def test_a_grid_that_does_not_go_out_through_the_guard_is_refused(site, settings, grid):
    url, _ = grid
    with pytest.raises(BrowserMissing, match="does not go out through Loket's guard"):
        run([f"{site}/good"], settings, webdriver_url=url, proxy="127.0.0.1:9", deadline=60)


def test_a_grid_that_dies_is_told_in_plain_words(site, settings, grid):
    url, end = grid
    with pytest.raises(BrowserMissing, match="the browser does not start"):
        run([f"{site}/silent"], settings, webdriver_url=url, started=lambda _: end(), deadline=60)


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (b"<h1>Hello", SettingsError, "no WebDriver server"),
        (b'{"value": 1}', SettingsError, "no WebDriver server"),
        (b'{"value": {"ready": false, "message": "no nodes"}}', BrowserMissing, "is not ready: no nodes"),
        (b"", SettingsError, "no WebDriver server"),
    ],
)
def test_what_answers_in_place_of_a_grid_is_named(settings, answer, error, message):
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if answer else 404)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with pytest.raises(error, match=message):
        versions(remote(settings, f"http://127.0.0.1:{server.server_port}"))
    thread.join()
    server.server_close()


def test_a_grid_that_is_not_there_is_named(settings):
    with pytest.raises(SettingsError, match="nothing answers there"):
        versions(remote(settings, "http://127.0.0.1:9"))


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (TimeoutException("timeout"), TimeoutError),
        (WebDriverException("tab crashed"), Crashed),
        (InvalidSessionIdException("invalid session id"), SessionLost),
        (WebDriverException("disconnected: not connected to DevTools"), SessionLost),
        (ConnectionRefusedError("refused"), SessionLost),
        (WebDriverException("result is not a dictionary"), Unreadable),
        (WebDriverException("javascript error"), BrowserGone),
    ],
)
def test_a_drivers_failure_is_told_apart(error, meaning):
    assert type(_meaning(error)) is meaning


@pytest.mark.parametrize(
    ("url", "text", "kind"),
    [
        ("about:blank", "", FailureKind.NOT_HTML),
        ("chrome-error://chromewebdata/", "This page isn't working\nERR_TOO_MANY_REDIRECTS", FailureKind.REDIRECT_LOOP),
        ("chrome-error://chromewebdata/", "HTTP ERROR 500\nReload", FailureKind.HTTP_ERROR),
        ("chrome-error://chromewebdata/", "", FailureKind.REFUSED),
    ],
)
def test_the_browsers_own_page_is_read_for_what_went_wrong(url, text, kind):
    assert _own_page(url, text).kind is kind


@pytest.mark.parametrize("name", ["chrome", "msedge", "firefox", "safari"])
def test_every_browser_is_sent_through_the_guard(settings, name):
    asked = options_for(name, msgspec.structs.replace(settings, proxy="127.0.0.1:4321")).to_capabilities()

    assert "4321" in json.dumps(asked)
    assert asked["unhandledPromptBehavior"] == "dismiss"
    assert not asked.get("acceptInsecureCerts")


def remote(settings: CaptureSettings, url: str) -> CaptureSettings:
    return msgspec.structs.replace(settings, engine="webdriver", webdriver_url=url)


def run(urls: list[str], settings: CaptureSettings, *, started=lambda _: None, **changes: object) -> list[Look]:
    looks: list[Look] = []

    async def turn(_: str) -> None:
        return

    async def main() -> None:
        await look_at(
            [LookOrder(url) for url in urls],
            msgspec.structs.replace(settings, engine="webdriver", tabs=1, pictures=False, **changes),
            turn=turn,
            pictured=set(),
            started=started,
            done=looks.append,
            stop=asyncio.Event(),
        )

    asyncio.run(main())
    return looks
