"""What is slow, endless, broken or too much ends in a named failure, and the guard itself ends when it is told to."""

import http.client
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from loopback import Client, ask, page, refusals_of, says, server

from audit.dispatch.way_out import notes_on
from audit.guest import admission
from audit.guest.addresses import AllowList
from audit.guest.company import CompanyProxies
from audit.guest.guard import Guard, GuardLimits

LOOPBACK = AllowList.parse(["127.0.0.1"])
needs_proc = pytest.mark.skipif(not admission.can_tell(), reason="this system does not say who owns a connection")


def _guard(limits: GuardLimits) -> Guard:
    return Guard(allowed=LOOPBACK, limits=limits)


def test_a_server_that_never_answers_is_a_timeout() -> None:
    limits = GuardLimits(idle_seconds=0.1)
    with server(lambda connection, _: connection.recv(1)) as site, _guard(limits) as guard:
        answer = ask(guard, site.url)
        assert (answer.status, answer.kind) == (504, "timeout")


def test_a_host_that_does_not_take_the_connection_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        full = [socket.socket() for _ in range(3)]
        for waiting in full:
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        with Guard(allowed=LOOPBACK, limits=GuardLimits(connect_seconds=0.2)) as guard:
            answer = ask(guard, f"http://127.0.0.1:{listener.getsockname()[1]}/")
            assert (answer.status, answer.kind) == (504, "timeout")
        for waiting in full:
            waiting.close()


def test_a_name_server_that_does_not_answer_is_a_dns_failure_and_holds_nothing_up() -> None:
    released = threading.Event()

    def resolve(name: str) -> list[str]:
        released.wait(10)
        return []

    with Guard(limits=GuardLimits(resolve_seconds=0.1), resolve=resolve) as guard:
        answer = ask(guard, "http://slow.example/")
        assert (answer.kind, answer.body[-33:]) == ("dns", b": no answer from the name server\n")
        begun = time.monotonic()
    assert time.monotonic() - begun < 1
    released.set()


def drips(connection: socket.socket, head: bytes) -> bool:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
    for byte in answer:
        connection.sendall(bytes([byte]))
        time.sleep(0.002)
    return True


def test_an_answer_that_drips_comes_through_byte_by_byte() -> None:
    with server(drips) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        for byte in b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode():
            client.send(bytes([byte]))
        assert client.answer().body == b"onetwo"
        assert client.get(site.url).body == b"onetwo"
        assert site.connections == 1


def test_the_first_bytes_of_a_slow_answer_do_not_wait_for_the_last() -> None:
    last = threading.Event()

    def slow(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1")
        last.wait(10)
        connection.sendall(b"2")

    with server(slow) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
        assert client.socket.recv(1000).endswith(b"\r\n\r\n1")
        last.set()
        assert client.socket.recv(1000) == b"2"


def endless(connection: socket.socket, head: bytes) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in itertools.count():
        connection.sendall(b"x" * 1000)
        time.sleep(0.005)
    return False


def test_an_answer_that_never_ends_is_broken_off() -> None:
    with server(endless) as site, Guard(allowed=LOOPBACK, limits=GuardLimits(exchange_seconds=0.3)) as guard:
        with Client(guard.address) as client, pytest.raises(ConnectionResetError):
            client.get(site.url)
        assert refusals_of(guard) == [(site.url.removeprefix("http://"), f"{site.url[7:]} took too long to answer")]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nno size\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntoo long\r\n0\r\n\r\n",
    ],
)
def test_an_answer_that_breaks_off_is_not_handed_on_as_a_whole_one(answer: bytes) -> None:
    with server(says(answer)) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
        rest = client.rest()
        assert not rest.endswith(b"0\r\n\r\n")
        assert len(guard.refused()) == 1


def test_a_body_beyond_the_limit_of_a_connection_is_cut_off() -> None:
    limits = GuardLimits(bytes_per_connection=10_000)
    with server(page(b"x" * 9_000)) as small, server(page(b"x" * 10_000)) as big, _guard(limits) as guard:
        with Client(guard.address) as client:
            assert [len(client.get(small.url).body) for _ in range(2)] == [9_000, 9_000]
        with Client(guard.address) as client, pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            client.get(big.url)
        assert refusals_of(guard) == [(f"127.0.0.1:{big.port}", "more than 10000 bytes on one connection")]


def test_a_host_that_has_had_its_bytes_gets_no_more() -> None:
    with server(page(b"x" * 4_000)) as site, Guard(allowed=LOOPBACK, limits=GuardLimits(bytes_per_host=5_000)) as guard:
        assert len(ask(guard, site.url).body) == 4_000
        with Client(guard.address) as client:
            client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
            client.rest()
        answer = ask(guard, site.url)
        assert (answer.status, answer.kind) == (403, "too_large")


def test_a_site_has_only_so_many_bytes_whatever_hosts_its_pages_ask() -> None:
    limits = GuardLimits(bytes_per_site=5_000)
    with server(page(b"x" * 4_000)) as one, server(page(b"x" * 500)) as other, _guard(limits) as guard:
        assert len(ask(guard, one.url).body) == 4_000
        assert len(ask(guard, other.url).body) == 500
        with Client(guard.address) as client:
            client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % other.url.encode())
            client.rest()
        answers = [ask(guard, site.url) for site in (one, other)]
        assert [(answer.kind, answer.body) for answer in answers] == [
            ("too_large", b"Loket's guard: more than 5000 bytes for one site\n")
        ] * 2


def test_a_site_has_only_so_much_time() -> None:
    with server(page(b"x")) as site, _guard(GuardLimits(seconds_per_site=-1)) as guard:
        answer = ask(guard, site.url)
        assert (answer.kind, answer.body) == ("budget", b"Loket's guard: more than -1 s for one site\n")
        assert site.connections == 0


def test_a_tunnel_lasts_only_so_long_however_busy_it_is() -> None:
    limits = GuardLimits(tunnel_seconds=0.2)
    with server(endless) as site, _guard(limits) as guard, Client(guard.address) as client:
        client.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n" % site.port)
        client.rest()
        assert refusals_of(guard) == [(f"127.0.0.1:{site.port}", "a connection was open for more than 0.2 s")]


def test_a_client_that_says_nothing_is_let_go() -> None:
    with Guard(limits=GuardLimits(idle_seconds=0.1)) as guard, Client(guard.address) as client:
        assert client.rest() == b""


def test_a_client_that_never_finishes_its_head_is_let_go() -> None:
    with Guard(limits=GuardLimits(head_seconds=0.1)) as guard, Client(guard.address) as client:
        client.send(b"GET http://example.nl/ HTTP/1.1\r\n")
        assert client.rest() == b""


def test_too_many_connections_at_once_are_turned_away() -> None:
    with server(page(b"x")) as site, _guard(GuardLimits(connections=1)) as guard, Client(guard.address) as first:
        assert first.get(site.url).body == b"x"
        with Client(guard.address) as second:
            assert second.rest().startswith(b"HTTP/1.1 403 budget\r\n")
        assert first.get(site.url).body == b"x"


def test_a_client_that_goes_away_takes_the_servers_connection_with_it() -> None:
    gone = threading.Event()

    def waits(connection: socket.socket, head: bytes) -> bool:
        connection.recv(1)
        gone.set()
        return False

    with server(waits) as site, Guard(allowed=LOOPBACK) as guard:
        with Client(guard.address) as client:
            client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
            while not site.heads:
                time.sleep(0.005)
        assert gone.wait(5)


def test_a_slow_reader_is_waited_for_and_the_server_with_it() -> None:
    sent: list[int] = []

    def much(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x" * 1_000_000)
            sent.append(1)
        return True

    with server(much) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
        time.sleep(0.5)
        assert len(sent) < 40  # the rest waits in front of the reader, not in the guard's memory
        assert len(client.answer().body) == 60_000_000


def test_the_guard_stops_at_once_and_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    with server(lambda connection, _: connection.recv(1)) as site:
        guard = Guard(allowed=LOOPBACK)
        guard.start()
        clients = [Client(guard.address) for _ in range(5)]
        for client in clients:
            client.send(b"GET %b/ HTTP/1.1\r\n\r\n" % site.url.encode())
        begun = time.monotonic()
        guard.stop()
        assert time.monotonic() - begun < 1
        answers = []
        for client in clients:
            with client:
                answers.append(client.rest())
        assert answers == [b""] * 5
        with pytest.raises(ConnectionRefusedError):
            Client(guard.address)
    assert set(threading.enumerate()) <= before


def test_a_guard_runs_again_after_it_stopped_and_many_run_side_by_side() -> None:
    with server(page(b"x")) as site:
        guard = Guard(allowed=LOOPBACK)
        for _ in range(3):
            with guard, Guard(allowed=LOOPBACK) as other:
                assert ask(guard, site.url).body == ask(other, site.url).body == b"x"
        guard.stop()


def test_a_running_guard_cannot_be_started_twice() -> None:
    with Guard() as guard, pytest.raises(RuntimeError, match="runs already"):
        guard.start()


@needs_proc
@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_only_processes_of_admitted_users_are_let_in() -> None:
    program = (
        "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); "
        "s.sendall(b'GET ' + sys.argv[2].encode() + b' HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n'); "
        "print(s.recv(1000).split(b'\\r\\n')[0].decode())"
    )

    def asked_by(user: int, guard: Guard, url: str) -> str:
        port = guard.address.rpartition(":")[2]
        command = [python, "-S", "-c", program, port, url]
        return subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd="/").stdout.strip()

    other, browser = 12_345, 65_534
    python = "/usr/bin/python3" if Path("/usr/bin/python3").is_file() else sys.executable
    try:
        subprocess.run([python, "-S", "-c", ""], user=other, check=True, cwd="/", capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("another user may not run this Python")
    with server(page(b"x")) as site, Guard(allowed=LOOPBACK) as guard, Guard(allowed=LOOPBACK, admitted_uids=[]) as own:
        assert asked_by(other, guard, site.url) == "HTTP/1.1 403 refused"
        assert asked_by(browser, guard, site.url) == "HTTP/1.1 200 OK"
        assert asked_by(browser, own, site.url) == "HTTP/1.1 403 refused"
        assert ("the guard", f"a process of user {other} may not use this guard") in refusals_of(guard)
        assert len(site.heads) == 1


@needs_proc
def test_the_owner_of_a_connection_is_told_from_its_ports() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        ends = client.getsockname(), listener.getsockname()
        assert admission.owner(*ends) == os.getuid()
        client.close()
        assert admission.owner(*ends) is None
        accepted.close()


@needs_proc
def test_the_owner_of_a_connection_in_ipv6_clothes_is_told_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if not socket.has_ipv6:
            pytest.skip("no IPv6 here")
        with socket.socket(socket.AF_INET6) as client:
            client.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))
            accepted, peer = listener.accept()
            assert admission.owner(peer, listener.getsockname()) == os.getuid()
            accepted.close()


def test_without_proc_everybody_is_let_in_and_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "can_tell", lambda: False)
    monkeypatch.setattr(admission, "owner", lambda *_: None)
    with server(page(b"x")) as site, Guard(allowed=LOOPBACK) as guard:
        assert ask(guard, site.url).body == b"x"
    assert notes_on(CompanyProxies()) == ("guard_open_to_machine",)
