"""What passes through the guard: how much may, how much did, and what was refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rules.model.contact import Contact, Refusal
from rules.model.failure import Failure, FailureKind
from rules.model.record import Record

GUARD_HEADER = "X-Loket-Guard"
"""The header in which the guard's own answers name the kind of failure."""

_MOST_KEPT = 10_000  # hosts and refusals; a page that makes names up shall not fill the memory


class GuardLimits(Record, frozen=True):
    """How much of anything the guard lets pass; times in seconds, both directions of a connection counted together.

    `idle_seconds` is without a byte; `exchange_seconds` is for one request outside tunnels, however slowly it drips, and
    `tunnel_seconds` for one tunnel; `bytes_per_connection` is for one request with its answer, or for one tunnel;
    `connections` are open at once. A guard serves one site: `bytes_per_site` and `seconds_per_site` are for all hosts
    that its pages ask something of.
    """

    connect_seconds: float = 10.0
    resolve_seconds: float = 10.0
    head_seconds: float = 15.0
    idle_seconds: float = 60.0
    exchange_seconds: float = 300.0
    tunnel_seconds: float = 7_200.0
    bytes_per_connection: int = 200_000_000
    bytes_per_host: int = 4_000_000_000
    bytes_per_site: int = 10_000_000_000
    seconds_per_site: float = 172_800.0
    connections: int = 512


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

    @property
    def bytes(self) -> int:
        return self.sent + self.received


class Traffic:
    """The book that the guard keeps of one site; written in its thread, read from any."""

    def __init__(self, limits: GuardLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._began = clock()
        self._whole = _Count()
        self._counts: dict[str, _Count] = {}
        self._refused: dict[tuple[str, Failure], int] = {}

    def begin(self, place: str) -> "Meter":
        """The meter of one request or tunnel to this place, which counts as contacted from here on.

        Raises:
            BlockedError: the host or the site has had all the bytes or the time that it may have.

        """
        if self._clock() - self._began > self._limits.seconds_per_site:
            raise BlockedError(FailureKind.BUDGET, f"more than {self._limits.seconds_per_site:g} s for one site")
        count = self._counts.get(place)
        if count is None:
            count = _Count()
            if len(self._counts) < _MOST_KEPT:
                self._counts[place] = count
        meter = Meter(count, self._whole, self._limits)
        meter.sent(0)
        count.requests += 1
        return meter

    def blocked(self, place: str, failure: Failure) -> None:
        """Note what was refused or failed at this place."""
        times = self._refused.get((place, failure))
        if times or len(self._refused) < _MOST_KEPT:
            self._refused[(place, failure)] = (times or 0) + 1

    def contacted(self) -> tuple[Contact, ...]:
        """What each place (host, and port when it is not 80 or 443) was asked, in the order of first contact."""
        counts = self._counts.copy()
        return tuple(Contact(place, count.requests, count.sent, count.received) for place, count in counts.items())

    def refused(self) -> tuple[Refusal, ...]:
        """What was refused or failed: each place and reason once, in order, with how often."""
        refused = self._refused.copy()
        return tuple(Refusal(place, failure.kind, failure.detail, times) for (place, failure), times in refused.items())


@dataclass(slots=True)
class Meter:
    """Counts the bytes of one request or tunnel, and stops it at its limits."""

    _count: _Count
    _whole: _Count
    _limits: GuardLimits
    _passed: int = 0

    def sent(self, size: int) -> None:
        """Count bytes that go to the host.

        Raises:
            BlockedError: that is more than may pass.

        """
        self._count.sent += size
        self._whole.sent += size
        self._check(size)

    def received(self, size: int) -> None:
        """Count bytes that come from the host.

        Raises:
            BlockedError: that is more than may pass.

        """
        self._count.received += size
        self._whole.received += size
        self._check(size)

    def _check(self, size: int) -> None:
        self._passed += size
        limits = self._limits
        for passed, most, where in (
            (self._passed, limits.bytes_per_connection, "on one connection"),
            (self._count.bytes, limits.bytes_per_host, "from one host"),
            (self._whole.bytes, limits.bytes_per_site, "for one site"),
        ):
            if passed > most:
                raise BlockedError(FailureKind.TOO_LARGE, f"more than {most} bytes {where}")


def place_name(host: str, port: int) -> str:
    """A host as the book names it: with its port when that is not one of the web's own."""
    return host if port in {80, 443} else f"{host}:{port}"
