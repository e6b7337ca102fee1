"""The pool as a whole: how it ends, what it leaves behind, and the way out through the guard."""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from audit import machine
from audit.capture.order import CaptureSettings, LookOrder
from audit.capture.pool import BrowserMissing, look_at, versions
from audit.capture.sandbox import Den, SandboxUnavailable
from audit.config import SettingsError
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from rules.model.failure import FailureKind
from rules.model.look import Look

pytestmark = pytest.mark.browser


def browsers_of(pid: int) -> set[int]:
    """The processes that have this one above them, and are browsers."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            above, line = int(entry.name), (entry / "cmdline").read_bytes()
            while above not in (0, 1, pid):
                above = int((Path("/proc") / str(above) / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if above == pid and (b"--user-data-dir" in line or b"--type=" in line):
            found.add(int(entry.name))
    return found


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if b"chrom" in command_line(pid)}


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def no_turn(_: str) -> None:
    return


def run(
    urls: list[str],
    settings: CaptureSettings,
    *,
    done=None,
    started=lambda _: None,
    stop_after: float = 0.0,
    cancel_after: float = 0.0,
) -> list[Look]:
    looks: list[Look] = []

    async def main() -> None:
        stop = asyncio.Event()
        if stop_after:
            asyncio.get_running_loop().call_later(stop_after, stop.set)
        work = look_at(
            [LookOrder(url) for url in urls],
            settings,
            turn=no_turn,
            pictured=set(),
            started=started,
            done=done or looks.append,
            stop=stop,
        )
        if cancel_after:
            async with asyncio.timeout(cancel_after):
                await work
        else:
            await work

    asyncio.run(main())
    return looks


def test_asked_to_stop_it_ends_at_once_and_leaves_no_browser(site, settings):
    began = time.monotonic()

    looks = run([f"{site}/plain/1", f"{site}/silent", f"{site}/silent?2", f"{site}/plain/2"], settings, stop_after=3.0)

    assert time.monotonic() - began < 6
    assert {look.url for look in looks} <= {f"{site}/plain/1", f"{site}/plain/2"}
    assert browsers_of(os.getpid()) == set()


def test_cancelled_it_leaves_no_browser(site, settings):
    with pytest.raises(TimeoutError):
        run([f"{site}/silent"], settings, cancel_after=3.0)

    assert browsers_of(os.getpid()) == set()


def test_an_error_of_the_one_who_stores_ends_it(site, settings):
    def full(_: Look) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        run([f"{site}/plain/{number}" for number in range(5)], settings, done=full)

    assert browsers_of(os.getpid()) == set()


def test_a_look_is_stored_while_its_tab_is_at_the_next_page(site, settings):
    next_began = threading.Event()
    held_up = []

    def started(url: str) -> None:
        if url.endswith("/2"):
            next_began.set()

    def store(look: Look) -> None:
        held_up.append((look.url, next_began.wait(timeout=30)))

    run(
        [f"{site}/plain/1", f"{site}/plain/2"],
        msgspec.structs.replace(settings, tabs=1),
        done=store,
        started=started,
    )

    assert held_up == [(f"{site}/plain/1", True), (f"{site}/plain/2", True)]


def test_what_was_taken_before_it_was_asked_to_stop_is_stored_before_it_ends(site, settings):
    stored: list[str] = []

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def store(look: Look) -> None:
            loop.call_soon_threadsafe(stop.set)
            time.sleep(1)  # the stop is heard long before
            stored.append(look.url)

        await look_at(
            [LookOrder(f"{site}/plain/1"), LookOrder(f"{site}/silent")],
            msgspec.structs.replace(settings, tabs=1),
            turn=no_turn,
            pictured=set(),
            started=lambda _: None,
            done=store,
            stop=stop,
        )

    asyncio.run(main())

    assert stored == [f"{site}/plain/1"]
    assert browsers_of(os.getpid()) == set()


def test_killed_without_a_chance_it_takes_the_browser_with_it(site, settings):
    code = f"""
        import asyncio
        from audit.capture.order import CaptureSettings, LookOrder
        from audit.capture.pool import look_at

        async def turn(url):
            pass

        settings = CaptureSettings(proxy="", user_agent="loket-test", sandbox={settings.sandbox})
        asyncio.run(look_at([LookOrder({f"{site}/silent"!r})], settings,
            turn=turn, pictured=set(), started=lambda url: print(url, flush=True), done=print, stop=asyncio.Event()))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        browsers = browsers_of(child.pid)
        assert browsers
        child.send_signal(signal.SIGKILL)
        child.wait()
    until = time.monotonic() + 5
    while alive(browsers) and time.monotonic() < until:
        time.sleep(0.1)

    assert alive(browsers) == set()


def test_a_browser_that_is_killed_under_our_hands_is_replaced(site, settings):
    killed = []

    def kill(url: str) -> None:
        if not killed:
            killed.extend(browsers_of(os.getpid()))
            for pid in killed:
                with contextlib.suppress(ProcessLookupError):  # it went with its parent
                    os.kill(pid, signal.SIGKILL)

    looks = run([f"{site}/silent", f"{site}/plain/1", f"{site}/plain/2"], settings, started=kill)

    assert killed
    assert {(look.url, look.failure and look.failure.kind) for look in looks} == {
        (f"{site}/silent", FailureKind.TIMEOUT),
        (f"{site}/plain/1", None),
        (f"{site}/plain/2", None),
    }
    assert len(looks) == 3


def test_the_sandbox_stands_or_nothing_is_looked_at(site, settings, monkeypatch):
    if not settings.sandbox:
        pytest.skip("this system forbids user namespaces")
    (look,) = run([f"{site}/plain/1"], settings)
    assert look.sandboxed is True

    monkeypatch.setattr(Den, "stands", lambda _: False)
    with pytest.raises(SandboxUnavailable, match="--unsafe-no-sandbox"):
        run([f"{site}/plain/1"], settings)


def test_on_request_it_goes_on_without_a_sandbox_and_says_so(site, settings):
    (look,) = run([f"{site}/plain/1"], CaptureSettings(proxy="", user_agent="loket-test", sandbox=False))

    assert (look.sandboxed, look.failure) == (False, None)


def test_a_browser_that_is_none_is_named(settings):
    missing = CaptureSettings(proxy="", user_agent="t", browser="/no/such/chromium")

    with pytest.raises(BrowserMissing, match="/no/such/chromium"):
        run(["http://127.0.0.1/"], missing)
    with pytest.raises(BrowserMissing, match="/no/such/chromium"):
        versions(missing)
    told = versions(settings)
    assert told["engine"] == "playwright"
    assert told["browser"].split()[1][0].isdecimal()


def test_addresses_that_lead_nowhere_are_told_apart(settings, tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with UntrustedHttps(tmp_path) as untrusted:
            urls = ["http://no-such-host.invalid/", refused, untrusted, "file:///etc/passwd", "http://127.0.0.1:1/"]
            looks = run(urls, settings)

    kinds = {look.url: look.failure.kind for look in looks}
    assert kinds == dict(
        zip(
            urls,
            [FailureKind.DNS, FailureKind.REFUSED, FailureKind.TLS, FailureKind.OUT_OF_SCOPE, FailureKind.OUT_OF_SCOPE],
            strict=True,
        )
    )
    assert all(look.outline is None for look in looks)


def test_through_the_guard_nothing_private_is_reached(site, settings):
    with Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        through = CaptureSettings(proxy=guard.address, user_agent="loket-test", sandbox=settings.sandbox, deadline=9)
        urls = [
            f"{site}/good",
            f"{site}/foreign-frame",
            "http://10.1.2.3/",
            "https://10.1.2.3/",
            "https://no-such-host.invalid/",
        ]
        looks = {look.url: look for look in run(urls, through)}
        refused = {refusal.host for refusal in guard.refused()}

    assert looks[urls[0]].failure is None
    assert looks[urls[0]].response.status == 200
    assert [looks[url].failure.kind for url in urls[2:]] == [
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.DNS,
    ]
    assert [looks[url].response for url in urls[2:]] == [None, None, None]
    assert "10.1.2.3" in refused


class UntrustedHttps:
    """A server on loopback with a certificate that nobody has signed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(self._folder))
        self._server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"https://127.0.0.1:{self._server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    built = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), begin, begin.replace(year=2100)
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_channel_that_is_not_here_is_named_with_what_is(settings, monkeypatch):
    here = machine.Browser("/b/chromium", "chromium", "156.0", open_to_all=True)
    monkeypatch.setattr(machine, "browsers", lambda channel="": iter([here] if channel in {"", "chromium"} else []))

    with pytest.raises(BrowserMissing, match=r"this machine has none. On this machine: chromium 156.0 \(/b/chromium\)"):
        versions(CaptureSettings(proxy="", user_agent="t", channel="msedge"))
    with pytest.raises(SettingsError, match="unknown; there are headless-shell, chromium, chrome, msedge"):
        versions(CaptureSettings(proxy="", user_agent="t", channel="lynx"))
