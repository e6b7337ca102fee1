"""How many requests a second pass the guard, against the same requests without it, in one run on this machine.

Run it by hand: `python tests/benchmarks/guard_throughput.py [REQUESTS]`. Each round measures both, so that a busy machine
slows both down; the median round counts. The requests go one after another on one connection, as the worst case.
"""

import asyncio
import contextlib
import http.client
import statistics
import sys
import threading
import time
from collections.abc import Iterator

from audit.guest.addresses import AllowList
from audit.guest.guard import Guard

_ROUNDS = 7
_BODIES = {"1 kB": 1_000, "1 MB": 1_000_000}


class _Page(asyncio.Protocol):
    """Answers everything with one body, in one packet where it fits, so that the server costs as little as can be."""

    def __init__(self, size: int) -> None:
        self._answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(self._answer * data.count(b"\r\n\r\n"))


@contextlib.contextmanager
def _server(size: int) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Page(size), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def _seconds(port: int, target: str, requests: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", target)
    connection.getresponse().read()
    start = time.perf_counter()
    for _ in range(requests):
        connection.request("GET", target)
        connection.getresponse().read()
    seconds = time.perf_counter() - start
    connection.close()
    return seconds / requests


def _measure(name: str, size: int, requests: int) -> None:
    with _server(size) as port, Guard(allowed=AllowList.parse([f"127.0.0.1:{port}"])) as guard:
        guard_port = int(guard.address.rpartition(":")[2])
        rounds = [
            (_seconds(port, "/", requests), _seconds(guard_port, f"http://127.0.0.1:{port}/", requests))
            for _ in range(_ROUNDS)
        ]
    direct = statistics.median(plain for plain, _ in rounds)
    guarded = statistics.median(through for _, through in rounds)
    ratio = statistics.median(through / plain for plain, through in rounds)
    cost = (guarded - direct) * 1000
    print(f"{name}: {1 / direct:.0f}/s direct, {1 / guarded:.0f}/s guarded, x {ratio:.2f}, +{cost:.2f} ms a request")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for label, body_size in _BODIES.items():
        _measure(label, body_size, max(20, wanted * 1_000 // max(body_size, 1_000)) if body_size > 1_000 else wanted)
