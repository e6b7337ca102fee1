"""Tunnels and WebSockets carry bytes both ways, inside TLS and out, and end with either side."""

import http.client
import socket
import threading
import time
from pathlib import Path

import pytest
from certificate import contexts
from loopback import Client, ask, free_port, page, read_exactly, refusals_of, says, server, traffic_of

from audit.guest.addresses import AllowList
from audit.guest.guard import Guard, GuardLimits

LOOPBACK = AllowList.parse(["127.0.0.1"])
BIG = bytes(range(256)) * 8_000


def connect(client: Client, port: int) -> bytes:
    client.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (port, port))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.socket.recv(1)
    return head


def echo(connection: socket.socket, head: bytes) -> bool:
    connection.sendall(head)
    while piece := connection.recv(65536):
        connection.sendall(piece)
    return False


def test_a_tunnel_carries_bytes_both_ways_until_the_client_ends() -> None:
    with server(echo) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        assert connect(client, site.port) == b"HTTP/1.1 200 Connection Established\r\n\r\n"
        client.send(b"hello\r\n\r\n")
        assert read_exactly(client.socket, 9) == b"hello\r\n\r\n"
        sender = threading.Thread(target=client.send, args=(BIG,))
        sender.start()
        assert read_exactly(client.socket, len(BIG)) == BIG
        sender.join()
        client.socket.shutdown(socket.SHUT_WR)
        assert client.rest() == b""
        traffic = traffic_of(guard, f"127.0.0.1:{site.port}")
        assert (traffic.requests, traffic.sent, traffic.received) == (1, len(BIG) + 9, len(BIG) + 9)


def test_what_the_server_says_after_the_client_ended_still_arrives() -> None:
    def late(connection: socket.socket, head: bytes) -> bool:
        assert connection.recv(10) == b""
        connection.sendall(b"late")
        return False

    with server(late) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        connect(client, site.port)
        client.send(b"x\r\n\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.rest() == b"late"


def test_a_server_that_ends_ends_the_tunnel() -> None:
    with server(says(b"bye")) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        connect(client, site.port)
        client.send(b"x\r\n\r\n")
        assert client.rest() == b"bye"


def test_a_tunnel_in_which_nothing_moves_is_closed() -> None:
    limits = GuardLimits(idle_seconds=0.15)
    with server(echo) as site, Guard(allowed=LOOPBACK, limits=limits) as guard, Client(guard.address) as client:
        connect(client, site.port)
        begun = time.monotonic()
        assert client.rest() == b""
        assert time.monotonic() - begun < 2


def test_a_tunnel_that_carries_too_much_is_broken_off() -> None:
    limits = GuardLimits(bytes_per_connection=100_000)
    with server(says(BIG)) as site, Guard(allowed=LOOPBACK, limits=limits) as guard, Client(guard.address) as client:
        connect(client, site.port)
        client.send(b"x\r\n\r\n")
        assert len(client.rest()) <= 100_000
        assert refusals_of(guard) == [(f"127.0.0.1:{site.port}", "more than 100000 bytes on one connection")]


def test_a_reader_that_pauses_in_a_tunnel_makes_the_sender_wait() -> None:
    sent: list[int] = []

    def much(connection: socket.socket, head: bytes) -> bool:
        for _ in range(60):
            connection.sendall(b"x" * 1_000_000)
            sent.append(1)
        return False

    with server(much) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        connect(client, site.port)
        client.send(b"x\r\n\r\n")
        time.sleep(0.5)
        assert len(sent) < 40
        assert len(client.rest()) == 60_000_000


def test_https_goes_through_a_tunnel_with_the_sites_own_certificate(tmp_path: Path) -> None:
    serving, trusting = contexts(tmp_path, "127.0.0.1")

    with socket.create_server(("127.0.0.1", 0)) as listener, Guard(allowed=LOOPBACK) as guard:

        def serve() -> None:
            connection, _ = listener.accept()
            with serving.wrap_socket(connection, server_side=True) as inside:
                inside.recv(65536)
                inside.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BIG), BIG))

        thread = threading.Thread(target=serve)
        thread.start()
        host, _, port = guard.address.partition(":")
        connection = http.client.HTTPSConnection(host, int(port), context=trusting, timeout=10)
        connection.set_tunnel("127.0.0.1", listener.getsockname()[1])
        connection.request("GET", "/")
        assert connection.getresponse().read() == BIG
        connection.close()
        thread.join()


def test_a_tunnel_to_a_closed_port_says_why() -> None:
    port = free_port()
    with Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        assert connect(client, port).startswith(b"HTTP/1.1 502 refused\r\nX-Loket-Guard: refused\r\n")


@pytest.mark.parametrize("tunnelled", [True, False])
def test_a_websocket_is_opened_and_carries_frames(tunnelled: bool) -> None:
    answer = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    def websocket(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(answer + b"\x81\x02hi")
        connection.sendall(connection.recv(100))
        return False

    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
    with server(websocket) as site, Guard(allowed=LOOPBACK) as guard, Client(guard.address) as client:
        if tunnelled:
            connect(client, site.port)
            client.send(b"GET / HTTP/1.1\r\n" + upgrade)
        else:
            client.send(b"GET %b/ HTTP/1.1\r\n" % site.url.encode() + upgrade)
        assert read_exactly(client.socket, len(answer) + 4) == answer + b"\x81\x02hi"
        client.send(b"\x81\x03you")
        assert client.rest() == b"\x81\x03you"
        assert b"\r\nUpgrade: websocket\r\n" in site.heads[0]


def test_a_refused_websocket_is_an_ordinary_answer() -> None:
    with server(page(b"no")) as site, Guard(allowed=LOOPBACK) as guard:
        assert ask(guard, site.url, b"Connection: Upgrade\r\nUpgrade: websocket\r\n").body == b"no"
