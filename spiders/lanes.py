"""Visits that wait for their turn, in the order in which they are worth making, and how many may still be made."""

import heapq
from collections.abc import Iterator

from rules.model.record import Record


class Visit(Record, frozen=True):
    """One address to be asked for, and how it was found.

    `file` says that no page is expected, so that the first byte of the answer is enough. `passed` are the addresses that
    sent us on to this one; `tries` counts how often it was asked for in vain.
    """

    url: str
    file: bool = False
    depth: int = 0
    found_on: str = ""
    source: str = "link"
    etag: str = ""
    last_modified: str = ""
    passed: tuple[str, ...] = ()
    tries: int = 0


class Lane:
    """A queue of visits, best rank first and first come first served within a rank, that lets `budget` of them start."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._waiting: dict[str, Visit] = {}
        self._heap: list[tuple[tuple[int, ...], int, str]] = []
        self._put = 0

    @property
    def open(self) -> bool:
        """Whether a visit waits and may start."""
        return self.budget > 0 and bool(self._waiting)

    def put(self, key: str, visit: Visit, rank: tuple[int, ...]) -> None:
        """Let a visit wait; one that waits under the same key already is replaced, and keeps its better place."""
        self._waiting[key] = visit
        self._put += 1
        heapq.heappush(self._heap, (rank, self._put, key))

    def get(self, key: str) -> Visit | None:
        """The visit that waits under this key."""
        return self._waiting.get(key)

    def claim(self, key: str) -> Visit | None:
        """Take a visit out of its turn, without using the budget."""
        return self._waiting.pop(key, None)

    def take(self) -> Visit | None:
        """The next visit, for which one of the budget is used; None when nothing waits or the budget is used up."""
        if self.budget <= 0:
            return None
        while self._heap:
            visit = self._waiting.pop(heapq.heappop(self._heap)[2], None)
            if visit is not None:
                self.budget -= 1
                return visit
        return None

    def rest(self) -> Iterator[tuple[str, Visit]]:
        """What still waits, in order, with its keys."""
        seen: set[str] = set()
        for _, _, key in sorted(self._heap):
            if key in self._waiting and key not in seen:
                seen.add(key)
                yield key, self._waiting[key]
