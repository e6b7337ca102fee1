"""What passes through the guard: how much may, how much did, and what was refused."""

from dataclasses import dataclass

from rules.model.failure import Failure, FailureKind
from rules.model.record import Record

GUARD_HEADER = "X-Loket-Guard"
"""The header in which the guard's own answers name the kind of failure."""

_MOST_KEPT = 10_000  # hosts and refusals; a page that makes names up shall not fill the memory


class GuardLimits(Record, frozen=True):
    """How much of anything the guard lets pass; times in seconds, both directions of a connection counted together.

    `idle_seconds` is without a byte; `exchange_seconds` is for one request outside tunnels, however slowly it drips;
    `bytes_per_connection` is for one request with its answer, or for one tunnel; `connections` are open at once.
    """

    connect_seconds: float = 10.0
    resolve_seconds: float = 10.0
    head_seconds: float = 15.0
    idle_seconds: float = 60.0
    exchange_seconds: float = 300.0
    bytes_per_connection: int = 200_000_000
    bytes_per_host: int = 4_000_000_000
    connections: int = 512


class HostTraffic(Record, frozen=True):
    """What one host was asked: requests (a tunnel counts as one), bytes sent to it and received from it."""

    requests: int = 0
    sent: int = 0
    received: int = 0


class BlockedError(Exception):
    """Something that the guard did not let through, or could not get, with the reason as a value."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


@dataclass(slots=True)
class _Count:
    requests: int = 0
    sent: int = 0
    received: int = 0


class Traffic:
    """The book that the guard keeps; written in its thread, read from any."""

    def __init__(self, limits: GuardLimits) -> None:
        self._limits = limits
        self._counts: dict[str, _Count] = {}
        self._refused: dict[tuple[str, str], Failure] = {}
        self._last: dict[str, Failure] = {}

    def begin(self, place: str) -> "Meter":
        """The meter of one request or tunnel to this place, which counts as contacted from here on.

        Raises:
            BlockedError: the host has had all the bytes that one host may have.

        """
        count = self._counts.get(place)
        if count is None:
            count = _Count()
            if len(self._counts) < _MOST_KEPT:
                self._counts[place] = count
        meter = Meter(count, self._limits)
        meter.sent(0)
        count.requests += 1
        return meter

    def blocked(self, place: str, failure: Failure) -> None:
        """Note what was refused or failed at this place."""
        if len(self._refused) < _MOST_KEPT:
            self._refused[(place, failure.detail)] = failure
            self._last[place] = failure

    def reached(self, place: str) -> None:
        """Note that this place answered, so that an earlier failure there is past."""
        self._last.pop(place, None)

    def contacted(self) -> dict[str, HostTraffic]:
        """What each place (host, and port when it is not 80 or 443) was asked."""
        counts = self._counts.copy()
        return {place: HostTraffic(count.requests, count.sent, count.received) for place, count in counts.items()}

    def refused(self) -> list[tuple[str, str]]:
        """What was refused or failed: place and reason, each pair once, in order."""
        return list(self._refused.copy())

    def last_failure(self, place: str) -> Failure | None:
        """How the newest attempt at this place failed; None when it did not."""
        return self._last.get(place)


@dataclass(slots=True)
class Meter:
    """Counts the bytes of one request or tunnel, and stops it at its limits."""

    _count: _Count
    _limits: GuardLimits
    _passed: int = 0

    def sent(self, size: int) -> None:
        """Count bytes that go to the host.

        Raises:
            BlockedError: that is more than may pass.

        """
        self._count.sent += size
        self._check(size)

    def received(self, size: int) -> None:
        """Count bytes that come from the host.

        Raises:
            BlockedError: that is more than may pass.

        """
        self._count.received += size
        self._check(size)

    def _check(self, size: int) -> None:
        self._passed += size
        if self._passed > self._limits.bytes_per_connection:
            most = self._limits.bytes_per_connection
            raise BlockedError(FailureKind.TOO_LARGE, f"more than {most} bytes on one connection")
        if self._count.sent + self._count.received > self._limits.bytes_per_host:
            raise BlockedError(FailureKind.TOO_LARGE, f"more than {self._limits.bytes_per_host} bytes from one host")


def place_name(host: str, port: int) -> str:
    """A host as the book names it: with its port when that is not one of the web's own."""
    return host if port in {80, 443} else f"{host}:{port}"
