"""Servers on loopback that say exactly what a test wants, and a client that asks byte by byte."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from audit.guest.guard import Guard
from rules.model.contact import Contact

Script = Callable[[socket.socket, bytes], object]
"""What a server does with a connection, given the head of the first request; it may read more."""


@dataclass
class Server:
    """A running server: its port, and the heads of all requests that its scripts read with `read_head`."""

    port: int
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def server(script: Script, port: int = 0) -> Iterator[Server]:
    """A server that reads a head and runs the script, for as many requests as come on one connection."""
    listener = socket.create_server(("127.0.0.1", port))
    running = Server(listener.getsockname()[1])
    open_sockets: list[socket.socket] = []
    threads = []

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while head := read_head(connection):
                running.heads.append(head)
                if script(connection, head) is False:
                    return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            running.connections += 1
            open_sockets.append(connection)
            thread = threading.Thread(target=serve, args=(connection,))
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield running
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for connection in open_sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def read_head(connection: socket.socket) -> bytes:
    """A head with its empty line; empty when the other side closed before it was whole."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        head += byte
    return head


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """So many bytes, or fewer when the other side closed."""
    data = b""
    while len(data) < size and (piece := connection.recv(size - len(data))):
        data += piece
    return data


def page(body: bytes, extra: bytes = b"") -> Script:
    """A script that answers every request with this body."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), extra, body)
    return lambda connection, _: connection.sendall(answer)


def says(answer: bytes) -> Script:
    """A script that sends these bytes and closes."""

    def script(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(answer)
        return False

    return script


class Client:
    """One connection to the guard, or to whatever listens at an address."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def get(self, url: str, extra: bytes = b"", method: bytes = b"GET", body: bytes = b"") -> "Answer":
        """Ask for a URL the way a browser asks a proxy."""
        self.send(b"%b %b HTTP/1.1\r\nHost: ignored\r\n%b\r\n%b" % (method, url.encode(), extra, body))
        return self.answer(method.decode())

    def answer(self, method: str = "GET") -> "Answer":
        """The next answer on this connection."""
        response = http.client.HTTPResponse(self.socket, method=method)
        try:
            response.begin()
            body = response.read()
            return Answer(response.status, response.reason, dict(response.getheaders()), body)
        finally:
            response.close()

    def rest(self) -> bytes:
        """Everything until the other side closes."""
        data = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while piece := self.socket.recv(65536):
                data += piece
        return bytes(data)


@dataclass
class Answer:
    """What came back."""

    status: int
    reason: str
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The kind of failure that the guard named; empty for a site's own answer."""
        return self.headers.get("X-Loket-Guard", "")


def ask(guard: Guard, url: str, extra: bytes = b"", method: bytes = b"GET", body: bytes = b"") -> Answer:
    """One request on a connection of its own."""
    with Client(guard.address) as client:
        return client.get(url, extra, method, body)


def traffic_of(guard: Guard, host: str) -> Contact:
    """What the guard's book says of one host."""
    return next(contact for contact in guard.contacted() if contact.host == host)


def refusals_of(guard: Guard) -> list[tuple[str, str]]:
    """Host and reason of everything that the guard refused or could not reach."""
    return [(refusal.host, refusal.detail) for refusal in guard.refused()]


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
