"""Numbers the evidence of one agency (E1, E2, …), so that a reply can say which words it is about."""

from collections.abc import Iterable

from rules.model.finding import Evidence, Finding
from rules.model.record import Record

SHOWN_AT_MOST = 5


class Exhibit(Record, frozen=True):
    """One numbered piece of evidence; `evidence` is None when nothing was read, and the finding's reason stands instead."""

    number: int
    evidence: Evidence | None = None

    @property
    def anchor(self) -> str:
        """The exhibit's place on its page."""
        return f"e{self.number}"


class Exhibits(Record, frozen=True):
    """The evidence of one finding: what is printed, and how many more pieces the data files hold."""

    shown: tuple[Exhibit, ...] = ()
    more: int = 0

    @property
    def first(self) -> Exhibit | None:
        """The exhibit that a verdict links to."""
        return self.shown[0] if self.shown else None


class ExhibitBook:
    """Gives out the numbers of one agency; the same words on the same page keep one number in all findings."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}

    def enter(self, finding: Finding) -> Exhibits:
        """The exhibits of a finding, numbered in the order in which findings are entered."""
        if not finding.evidence:
            return Exhibits(shown=(Exhibit(number=self._number(_absence(finding))),))
        pieces = _different(finding.evidence)
        shown = tuple(Exhibit(number=self._number(_words(piece)), evidence=piece) for piece in pieces[:SHOWN_AT_MOST])
        return Exhibits(shown=shown, more=len(pieces) - len(shown))

    def _number(self, key: tuple[object, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)


def _different(evidence: Iterable[Evidence]) -> list[Evidence]:
    found: dict[tuple[object, ...], Evidence] = {}
    for piece in evidence:
        found.setdefault(_words(piece), piece)
    return list(found.values())


def _words(evidence: Evidence) -> tuple[object, ...]:
    return (evidence.page, evidence.quote, evidence.deciding, evidence.selector, evidence.html)


def _absence(finding: Finding) -> tuple[object, ...]:
    return (finding.subject.kind, finding.subject.site, finding.subject.id, finding.reason, finding.outcome)
