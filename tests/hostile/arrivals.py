"""Ports of this machine at which nobody may arrive: each counts who connects to it, and what datagrams come."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret"
_PIECE = 65_536


class Arrivals:
    """One listening port for each name, for TCP and for UDP, on 127.0.0.1 and where possible on ::1; as a context manager."""

    def __init__(self, names: Iterable[str]) -> None:
        self._selector = selectors.DefaultSelector()
        self._stop = socket.socketpair()
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.ports: dict[str, int] = {}
        for name in names:
            self._listen(name)

    def __enter__(self) -> Self:
        self._selector.register(self._stop[1], selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, name="arrivals")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop[0].close()
        self._thread.join()
        self._selector.close()
        for listening in (*self._sockets, self._stop[1]):
            listening.close()

    def arrived(self) -> set[str]:
        """The names of the ports that somebody reached."""
        with self._lock:
            return set(self._counts)

    def _listen(self, name: str) -> None:
        tcp = socket.create_server(("127.0.0.1", 0), backlog=64)
        port = self.ports[name] = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", port))
        listening = [tcp, udp]
        with contextlib.suppress(OSError):
            listening.append(socket.create_server(("::1", port), family=socket.AF_INET6))
        for each in listening:
            each.settimeout(0)
            self._selector.register(each, selectors.EVENT_READ, name)
        self._sockets += listening

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                self._arrive(key.fileobj, key.data)  # type: ignore[arg-type]

    def _arrive(self, listening: socket.socket, name: str) -> None:
        with contextlib.suppress(OSError):
            if listening.type == socket.SOCK_DGRAM:
                listening.recv(_PIECE)
            else:
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(1)
                    self._note(name)
                    connection.recv(_PIECE)
                    connection.sendall(_ANSWER)
            self._note(name)

    def _note(self, name: str) -> None:
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + 1
