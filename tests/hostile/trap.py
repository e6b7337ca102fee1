"""A server at a private address that nobody may reach: it counts who knocks."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

PRIVATE = "127.0.0.2"


@dataclass
class Trap:
    """Where the server listens, and how many connections it had."""

    port: int
    knocks: int = 0

    @property
    def url(self) -> str:
        return f"http://{PRIVATE}:{self.port}/"


@contextlib.contextmanager
def listening(port: int = 0) -> Iterator[Trap]:
    """The trap, on a port or on any that is free."""
    listener = socket.create_server((PRIVATE, port))
    trap = Trap(listener.getsockname()[1])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                trap.knocks += 1
                connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield trap
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
