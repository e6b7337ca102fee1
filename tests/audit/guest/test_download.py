"""A document is fetched through the guard, whole and within its limits, or not at all, and always with the reason."""

import asyncio
import gzip
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from socket import create_server, socket

import pytest
from certificate import contexts
from loopback import Script, free_port, page, read_head, says, server

from audit.guest.addresses import AllowList
from audit.guest.asking import Asking
from audit.guest.download import Download, Manners, download
from audit.guest.guard import Guard
from audit.guest.user_agent import user_agent
from rules.model.failure import FailureKind

AGENT = user_agent("https://agency.example/audit")
PDF = b"%PDF-1.7 and the rest"


async def at_once(_url: str) -> None:
    """No pace."""


def fetched(
    script: Script,
    *,
    path: str = "/form.pdf",
    scope: Callable[[str], Sequence[str]] = lambda place: [place],
    permitted: Callable[[str], bool] = lambda _: True,
    timeout: float = 10,
    max_bytes: int = 1000,
) -> Download:
    with server(script) as site, Guard(allowed=AllowList.parse([f"127.0.0.1:{site.port}"])) as guard:
        asking = Asking(f"http://{guard.address}", AGENT, timeout, max_bytes, "application/pdf")
        manners = Manners(scope(f"127.0.0.1:{site.port}/"), permitted, at_once)
        came = asyncio.run(download(f"{site.url}{path}", asking, manners))
        assert all(AGENT.encode() in head for head in site.heads)
        return came


def moved(to: Callable[[bytes], str]) -> Script:
    """A server that sends every visitor on."""

    def script(connection: socket, head: bytes) -> bool:
        answer = f"HTTP/1.1 302 Found\r\nLocation: {to(head)}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(answer.encode())
        return False

    return script


def kind(came: Download) -> FailureKind | None:
    assert came.failure is None or (came.failure.detail and not came.body)
    return came.failure.kind if came.failure else None


def test_a_document_comes_with_its_type_and_status() -> None:
    came = fetched(page(PDF, b"Content-Type: Application/PDF; charset=x\r\n"))
    assert (came.status, came.content_type, came.body, came.failure) == (200, "application/pdf", PDF, None)


def test_a_document_that_was_packed_unasked_is_unpacked() -> None:
    assert fetched(page(gzip.compress(PDF, mtime=0), b"Content-Encoding: gzip\r\n")).body == PDF


def test_a_redirect_within_the_site_is_followed_and_told() -> None:
    def script(connection: socket, head: bytes) -> object:
        if head.startswith(b"GET /new") or b"/new.pdf" in head.split(b"\r\n")[0]:
            return page(PDF)(connection, head)
        return moved(lambda _: "/new.pdf")(connection, head)

    came = fetched(script)
    assert came.body == PDF
    assert came.final_url.endswith("/new.pdf")
    assert [url.rpartition("/")[2] for url in came.redirects] == ["form.pdf"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://other.example/form.pdf", FailureKind.OUT_OF_SCOPE),
        ("/form.pdf?access_token=abc123", FailureKind.OUT_OF_SCOPE),
        ("/form.pdf", FailureKind.REDIRECT_LOOP),
        ("/closed/form.pdf", FailureKind.ROBOTS),
        ("javascript:alert(1)", FailureKind.HTTP_ERROR),
    ],
)
def test_a_redirect_to_where_we_may_not_go_is_not_followed(location: str, expected: FailureKind) -> None:
    came = fetched(moved(lambda _: location), permitted=lambda url: "/closed/" not in url)
    assert kind(came) is expected
    assert "abc123" not in repr(came)


def test_redirects_without_end_are_given_up() -> None:
    count = iter(range(1000))
    assert kind(fetched(moved(lambda _: f"/{next(count)}.pdf"))) is FailureKind.REDIRECT_LOOP


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (page(b"x" * 1001), FailureKind.TOO_LARGE),
        (page(gzip.compress(bytes(5000)), b"Content-Encoding: gzip\r\n"), FailureKind.TOO_LARGE),
        (says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), FailureKind.HTTP_ERROR),
        (says(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), FailureKind.HTTP_ERROR),
        (says(b"HTTP/1.1 204 No Content\r\n\r\n"), FailureKind.EMPTY),
        (page(b""), FailureKind.EMPTY),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + PDF), FailureKind.REFUSED),
    ],
    ids=["too large", "too large unpacked", "gone", "broken server", "no content", "no bytes", "broken off"],
)
def test_what_does_not_come_whole_is_a_failure(script: Script, expected: FailureKind) -> None:
    assert kind(fetched(script)) is expected


def test_a_site_that_drips_runs_out_of_time() -> None:
    def drip(connection: socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"%")
            time.sleep(0.05)

    began = time.monotonic()
    assert kind(fetched(drip, timeout=0.5)) is FailureKind.TIMEOUT
    assert time.monotonic() - began < 4


def test_the_guard_s_refusal_is_told_by_its_kind() -> None:
    with Guard() as guard:
        asking = Asking(f"http://{guard.address}", AGENT, 5, 1000)
        manners = Manners(["127.0.0.1:1/", "127.0.0.1/"], lambda _: True, at_once)
        plain, secure = (
            asyncio.run(download(f"{scheme}://127.0.0.1/f.pdf", asking, manners)) for scheme in ("http", "https")
        )
    assert kind(plain) is kind(secure) is FailureKind.PRIVATE_ADDRESS


@pytest.mark.parametrize("vouched_for", [True, False])
def test_a_secure_site_is_believed_only_with_a_certificate_that_somebody_vouches_for(
    tmp_path: Path, vouched_for: bool
) -> None:
    serving, trusting = contexts(tmp_path, "127.0.0.1")

    def answer(listener: socket) -> None:
        connection, _ = listener.accept()
        with suppress(OSError), serving.wrap_socket(connection, server_side=True) as wrapped:
            page(PDF)(wrapped, read_head(wrapped))

    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        with Guard(allowed=AllowList.parse([f"127.0.0.1:{port}"])) as guard:
            asking = Asking(f"http://{guard.address}", AGENT, 5, 1000)
            manners = Manners([f"127.0.0.1:{port}/"], lambda _: True, at_once)
            trust = trusting if vouched_for else None
            came = asyncio.run(download(f"https://127.0.0.1:{port}/f.pdf?v=1", asking, manners, trust=trust))
        thread.join()
    assert (kind(came), came.body) == ((None, PDF) if vouched_for else (FailureKind.TLS, b""))


def test_who_is_told_to_stop_does_not_wait_for_the_site() -> None:
    def silent(_connection: socket, _head: bytes) -> None:
        time.sleep(3)

    async def stopped(url: str, guard: Guard) -> float:
        asking = Asking(f"http://{guard.address}", AGENT, 60, 1000)
        fetching = asyncio.create_task(download(url, asking, Manners([url[7:]], lambda _: True, at_once)))
        await asyncio.sleep(0.5)
        fetching.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        return began

    with server(silent) as site, Guard(allowed=AllowList.parse([f"127.0.0.1:{site.port}"])) as guard:
        began = asyncio.run(stopped(f"{site.url}/", guard))  # ends when the thread has ended
        assert time.monotonic() - began < 1


def test_nobody_at_home_is_refused() -> None:
    port = free_port()
    with Guard(allowed=AllowList.parse([f"127.0.0.1:{port}"])) as guard:
        asking = Asking(f"http://{guard.address}", AGENT, 5, 1000)
        came = asyncio.run(
            download(f"http://127.0.0.1:{port}/", asking, Manners([f"127.0.0.1:{port}/"], lambda _: True, at_once))
        )
    assert kind(came) is FailureKind.REFUSED
