from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.cli.progress import Quiet
from audit.config import Settings
from audit.dispatch.run import begin_or_resume, work_through
from audit.store import jobs, runs
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.portfolio import Agency, Portfolio, Site

BROKEN = Failure(FailureKind.CRASHED, "the crawl broke off")
SITE = Site(id="www", name="Site", start="https://a.example/", scope=("a.example/",))
PORTFOLIO = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(SITE,)),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


def judged_again(store: Store, *, stage: str, state: str, failure: Failure | None) -> tuple[jobs.Job, bool]:
    """The job after `loket judge`, and whether its run has come to its end."""
    run = begin_or_resume(store, PORTFOLIO, Settings()).run
    [job] = jobs.of_run(store, run.info.id)
    jobs.advance(store, job, stage=stage, number=1)
    jobs.leave(store, job, state=state, failure=failure)
    work_through(store, run, Quiet(), ("judge",))
    [after] = jobs.of_run(store, run.info.id)
    return after, bool(runs.get(store, run.info.id).info.finished_at)


@pytest.mark.parametrize(
    ("stage", "state", "failure", "stands", "ended"),
    [
        ("done", "failed", BROKEN, ("done", "failed", BROKEN), True),
        ("done", "done", None, ("done", "done", None), True),
        ("judge", "waiting", None, ("done", "done", None), True),
        ("capture", "waiting", None, ("capture", "waiting", None), False),
        ("crawl", "running", None, ("crawl", "waiting", None), False),
    ],
)
def test_judging_ends_what_was_captured_and_forgets_no_failure(
    store: Store, stage: str, state: str, failure: Failure | None, stands: tuple[object, ...], *, ended: bool
) -> None:
    job, finished = judged_again(store, stage=stage, state=state, failure=failure)
    assert (job.stage, job.state, job.failure) == stands
    assert finished is ended


def test_the_end_of_a_run_keeps_its_time_when_it_is_judged_again(store: Store) -> None:
    run = begin_or_resume(store, PORTFOLIO, Settings()).run
    runs.finish(store, run.info.id, "2026-11-23T02:14:07Z")
    work_through(store, runs.get(store, run.info.id), Quiet(), ("judge",))
    assert runs.get(store, run.info.id).info.finished_at == "2026-11-23T02:14:07Z"
