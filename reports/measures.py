"""Counts with their denominators: each measure stands alone, and nothing is ever added up across measures."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rules.model.finding import Channel, Outcome, Verdict
from rules.model.record import Record

VERDICTS = (Verdict.OFFERED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NOT_OFFERED, Verdict.NOT_VERIFIABLE)
CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.PAPER)
ENOUGH_PAGES = 0.7


class Part(Record, frozen=True):
    """One part of a measure: its word (`offered`, `failed`, `not_looked_at`, …) and how many there are."""

    word: str
    count: int


class Measure(Record, frozen=True):
    """A count of subjects, cut into parts; the first part is what a person can use."""

    name: str
    parts: tuple[Part, ...] = ()

    @property
    def good(self) -> int:
        """How many subjects are in the first part."""
        return self.parts[0].count if self.parts else 0

    @property
    def total(self) -> int:
        """How many subjects were counted: the denominator."""
        return sum(part.count for part in self.parts)

    @property
    def rest(self) -> tuple[Part, ...]:
        """The other parts that are not empty, worst first."""
        order = {Verdict.NOT_OFFERED: 0, Outcome.FAILED: 0, "barrier": 0, Verdict.CONTRADICTED: 1}
        rest = [part for part in self.parts[1:] if part.count]
        return tuple(sorted(rest, key=lambda part: order.get(part.word, 2)))

    def count(self, word: str) -> int:
        """How many subjects are in the part with this word."""
        return sum(part.count for part in self.parts if part.word == word)


class Coverage(Record, frozen=True):
    """How many of the planned pages were looked at."""

    looked_at: int
    planned: int

    @property
    def enough(self) -> bool:
        """Whether so many pages were looked at that the numbers may stand beside those of others."""
        return self.planned > 0 and self.looked_at >= ENOUGH_PAGES * self.planned


def of_verdicts(channel: Channel, verdicts: Iterable[Verdict]) -> Measure:
    """The measure of one channel, in the order in which bars are drawn."""
    return _measure(channel, VERDICTS, verdicts)


def of_barriers(states: Iterable[str]) -> Measure:
    """How many subjects show no barrier; the states are clear, judge, barrier and not_looked_at."""
    return _measure("barriers", ("clear", "judge", "barrier", "not_looked_at"), states)


def of_checks(outcomes: Iterable[Outcome]) -> Measure:
    """How many automatic checks that applied found no problem."""
    return _measure("accessibility", (Outcome.PASSED, Outcome.CANT_TELL, Outcome.FAILED), outcomes)


def of_pages(coverage: Coverage) -> Measure:
    """How many planned pages were looked at."""
    parts = (
        Part(word="looked_at", count=coverage.looked_at),
        Part(word="not_looked_at", count=coverage.planned - coverage.looked_at),
    )
    return Measure(name="pages", parts=parts)


def added(measures: Sequence[Measure]) -> Measure:
    """The same measure of several sites together."""
    counts: Counter[str] = Counter()
    for measure in measures:
        counts.update({part.word: part.count for part in measure.parts})
    return Measure(name=measures[0].name, parts=tuple(Part(word=word, count=counts[word]) for word in counts))


def _measure(name: str, order: Sequence[str], found: Iterable[str]) -> Measure:
    counts = Counter(str(word) for word in found)
    return Measure(name=str(name), parts=tuple(Part(word=str(word), count=counts[str(word)]) for word in order))
