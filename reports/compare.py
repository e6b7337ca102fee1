"""What changed between two runs, and whether they may be compared at all."""

from collections.abc import Iterable
from enum import StrEnum

from reports.states import SiteStates, State, Thing, ThingKind, states_of
from rules.model.finding import Outcome, Verdict
from rules.model.portfolio import Portfolio
from rules.model.record import Record
from rules.model.run import RunInfo, RunResult

OUT_OF_SAMPLE = "out_of_sample"
PERSON_MUST_JUDGE = "person_must_judge"
WEAKEST_FIRST = (Verdict.NOT_OFFERED, Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.OFFERED)
FINE = frozenset({Outcome.PASSED, Outcome.INAPPLICABLE})


class Movement(StrEnum):
    """Which way a thing went. A thing that can no longer be verified is never called worse."""

    NEW = "new"
    FIXED = "fixed"
    UNCHANGED = "unchanged"
    LOST = "no_longer_verifiable"
    REGAINED = "verifiable_again"
    WAITING = "waiting"


class Change(Record, frozen=True):
    """One thing in both runs. For a rule on pages, all pages of the site with the same movement stand together."""

    movement: Movement
    kind: ThingKind
    site: str
    subject: str
    rule: str
    name: str
    before: str
    after: str
    reason: str = ""
    pages: tuple[str, ...] = ()
    places_before: int = 0
    places_after: int = 0


class Difference(Record, frozen=True):
    """A part in which the runs differ: a component's name, `settings`, `sites`, `services` or `pages`."""

    part: str
    old: str
    new: str


class Comparability(StrEnum):
    """Whether two runs can be compared: yes, with care (something differs), or no (they share no site)."""

    YES = "yes"
    WITH_CARE = "with_care"
    NO = "no"


class Comparison(Record, frozen=True):
    """Two runs side by side.

    A change waits for a second run when it rests on a page that was read only in part, or when it undoes what the run
    before had changed: one of the two may be an accident. Rules whose version differs are not compared.
    """

    old: RunInfo
    new: RunInfo
    comparability: Comparability
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    rules_left_out: tuple[str, ...] = ()
    pages_in_both: int = 0
    pages_in_one: int = 0

    def of(self, movement: Movement) -> tuple[Change, ...]:
        """The changes that went one way."""
        return tuple(change for change in self.changes if change.movement == movement)

    def within(self, sites: Iterable[str]) -> tuple[Change, ...]:
        """The changes of these sites."""
        wanted = set(sites)
        return tuple(change for change in self.changes if change.site in wanted)

    @property
    def new_problems(self) -> tuple[Change, ...]:
        """What got worse."""
        return self.of(Movement.NEW)

    @property
    def fixed(self) -> tuple[Change, ...]:
        """What got better."""
        return self.of(Movement.FIXED)

    @property
    def unchanged(self) -> tuple[Change, ...]:
        """What stayed as it was."""
        return self.of(Movement.UNCHANGED)

    @property
    def no_longer_verifiable(self) -> tuple[Change, ...]:
        """What the older run knew, and the newer does not."""
        return self.of(Movement.LOST)

    @property
    def waiting(self) -> tuple[Change, ...]:
        """What one more run must confirm."""
        return self.of(Movement.WAITING)


def compare(old: RunResult, new: RunResult) -> Comparison:
    """Compare the newer run with the older, on the sites, subjects, pages and rule versions that both know."""
    olds, news = _states(old), _states(new)
    earlier = _states(old.previous) if old.previous else {}
    shared = sorted(olds.keys() & news.keys())
    left_out = {rule for site in shared for rule in _versions_differ(olds[site], news[site])}
    changes: list[Change] = []
    for site in shared:
        changes += _site_changes(site, olds[site], news[site], earlier.get(site), left_out)
    both = sum(len(olds[site].pages.keys() & news[site].pages.keys()) for site in shared)
    either = sum(len(olds[site].pages.keys() | news[site].pages.keys()) for site in shared)
    differences = _differences(old, new)
    return Comparison(
        old=old.run,
        new=new.run,
        comparability=_comparability(shared, differences),
        differences=differences,
        changes=tuple(changes),
        rules_left_out=tuple(sorted(left_out)),
        pages_in_both=both,
        pages_in_one=either - both,
    )


def _states(result: RunResult) -> dict[str, SiteStates]:
    return {site.site: states_of(site) for site in result.sites}


def _versions_differ(old: SiteStates, new: SiteStates) -> set[str]:
    versions = {thing.rule: state.rule_version for thing, state in old.states.items()}
    return {
        thing.rule
        for thing, state in new.states.items()
        if versions.get(thing.rule, state.rule_version) != state.rule_version
    }


def _site_changes(
    site: str, old: SiteStates, new: SiteStates, earlier: SiteStates | None, left_out: set[str]
) -> list[Change]:
    found: dict[tuple[Movement, ThingKind, str, str], Change] = {}
    things = {**dict.fromkeys(old.states), **dict.fromkeys(new.states)}
    for thing in things:
        before, after = old.of(thing), new.of(thing)
        if thing.rule in left_out or before is None:
            continue
        movement = _movement(thing, before, after)
        if movement is None:
            continue
        if movement in {Movement.NEW, Movement.FIXED} and _shaky(thing, after, earlier):
            movement = Movement.WAITING
        key = (movement, thing.kind, thing.name, "" if thing.kind is ThingKind.RULE else thing.subject.id)
        change = _change(site, thing, movement, before, after)
        found[key] = _joined(found[key], change) if key in found else change
    return sorted(found.values(), key=lambda change: (list(ThingKind).index(change.kind), change.subject, change.name))


def _movement(thing: Thing, before: State, after: State | None) -> Movement | None:
    if thing.kind is ThingKind.CHANNEL:
        return _of_verdicts(Verdict(before.word), Verdict(after.word)) if after else None
    return _of_outcomes(Outcome(before.word), Outcome(after.word) if after else Outcome.UNTESTED)


def _of_verdicts(before: Verdict, after: Verdict) -> Movement:
    if before is after:
        return Movement.UNCHANGED
    if after is Verdict.NOT_VERIFIABLE:
        return Movement.LOST
    if before is Verdict.NOT_VERIFIABLE:
        return Movement.REGAINED
    return Movement.NEW if WEAKEST_FIRST.index(after) < WEAKEST_FIRST.index(before) else Movement.FIXED


def _of_outcomes(before: Outcome, after: Outcome) -> Movement | None:
    if before is Outcome.FAILED:
        if after is Outcome.FAILED:
            return Movement.UNCHANGED
        return Movement.FIXED if after in FINE else Movement.LOST
    if after is not Outcome.FAILED:
        return None
    return Movement.NEW if before in FINE else Movement.REGAINED


def _shaky(thing: Thing, after: State | None, earlier: SiteStates | None) -> bool:
    if after is not None and after.partial:
        return True
    before_that = earlier.of(thing) if earlier else None
    return before_that is not None and after is not None and before_that.word == after.word


def _change(site: str, thing: Thing, movement: Movement, before: State, after: State | None) -> Change:
    on_pages = thing.kind is ThingKind.RULE
    return Change(
        movement=movement,
        kind=thing.kind,
        site=site,
        subject="" if on_pages else thing.subject.id,
        rule=thing.rule,
        name=thing.name,
        before=before.word,
        after=after.word if after else Outcome.UNTESTED,
        reason=_reason(after) if movement is Movement.LOST else "",
        pages=(thing.subject.id,) if on_pages else (),
        places_before=before.places if before.word == Outcome.FAILED else 0,
        places_after=after.places if after and after.word == Outcome.FAILED else 0,
    )


def _reason(after: State | None) -> str:
    if after is None:
        return OUT_OF_SAMPLE
    return PERSON_MUST_JUDGE if after.word == Outcome.CANT_TELL else after.reason


def _joined(first: Change, second: Change) -> Change:
    return Change(
        movement=first.movement,
        kind=first.kind,
        site=first.site,
        subject=first.subject,
        rule=first.rule,
        name=first.name,
        before=first.before,
        after=first.after,
        reason=first.reason or second.reason,
        pages=(*first.pages, *second.pages),
        places_before=first.places_before + second.places_before,
        places_after=first.places_after + second.places_after,
    )


def _differences(old: RunResult, new: RunResult) -> tuple[Difference, ...]:
    parts = [
        (name, old.run.versions.get(name, ""), new.run.versions.get(name, ""))
        for name in sorted({*old.run.versions, *new.run.versions})
    ]
    parts.append(("settings", old.run.settings_digest, new.run.settings_digest))
    found = [Difference(part=part, old=before, new=after) for part, before, after in parts if before != after]
    return (*found, *_scopes(old.portfolio, new.portfolio))


def _scopes(old: Portfolio, new: Portfolio) -> list[Difference]:
    """How many sites and services only one of the runs names."""
    found = []
    for part, before, after in (
        ("sites", _site_ids(old), _site_ids(new)),
        ("services", _service_ids(old), _service_ids(new)),
    ):
        if before != after:
            found.append(Difference(part=part, old=str(len(before - after)), new=str(len(after - before))))
    return found


def _site_ids(portfolio: Portfolio) -> set[str]:
    return {site.id for agency in portfolio.agencies for site in agency.sites}


def _service_ids(portfolio: Portfolio) -> set[str]:
    return {
        f"{site.id} {service.id}" for agency in portfolio.agencies for site in agency.sites for service in site.services
    }


def _comparability(shared: list[str], differences: tuple[Difference, ...]) -> Comparability:
    if not shared:
        return Comparability.NO
    return Comparability.WITH_CARE if differences else Comparability.YES
