"""What an agency's norm profile makes of each of its services, and how many services come to each conclusion."""

from collections import Counter
from collections.abc import Iterable

from rules.model.finding import Finding, SubjectKind
from rules.model.portfolio import Agency, Service, Site
from rules.model.record import Record
from rules.norms import NormConclusion, NormProfile, NormState, conclude, norm_ids, profile

STATES = (NormState.ASKS_AND_FOUND, NormState.ASKS_AND_NOT_FOUND, NormState.CANNOT_TELL)


class NormCount(Record, frozen=True):
    """How many services (or sites that name none) have one state, and of how many."""

    state: NormState
    count: int
    total: int


def norm_of(agency: Agency) -> NormProfile | None:
    """The agency's profile; None where it names one that is no longer there."""
    return profile(agency.norm) if agency.norm in norm_ids() else None


def says_nothing(norm: NormProfile) -> bool:
    """Whether a profile neither asks for anything nor speaks of any law, as `neutral` does."""
    return not norm.asks and not norm.sources


def concluded(
    norm: NormProfile | None, site: Site, service: Service | None, findings: Iterable[Finding]
) -> NormConclusion:
    """What the profile says about one service, or about the whole site where `service` is None."""
    if norm is None:
        return NormConclusion(norm="", version="", state=NormState.ASKS_NOTHING)
    kind, subject = (SubjectKind.SERVICE, service.id) if service else (SubjectKind.SITE, site.id)
    about = (finding for finding in findings if finding.subject.kind is kind and finding.subject.id == subject)
    return conclude(norm, about)


def norm_counts(conclusions: Iterable[NormConclusion]) -> tuple[NormCount, ...]:
    """The states that occur, each with its denominator; none where nothing is asked."""
    counts = Counter(conclusion.state for conclusion in conclusions)
    total = sum(counts[state] for state in STATES)
    return tuple(NormCount(state=state, count=counts[state], total=total) for state in STATES if counts[state])
