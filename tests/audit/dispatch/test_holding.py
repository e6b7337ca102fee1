import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.capture import sandbox
from audit.config import Settings
from audit.dispatch.holding import claim_now, holding, places_of, recover
from audit.dispatch.run import begin_or_resume
from audit.dispatch.worker import process_of, this_worker
from audit.store import jobs, runs
from audit.store.jobs import Claim, HostBusyError
from audit.store.store import Store
from rules.model.portfolio import Agency, Portfolio, Site

SITE = Site(id="www", name="Site", start="https://a.example/", scope=("a.example/",))
PORTFOLIO = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(SITE,)),))
LATER = "2999-01-01T00:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


def dead_worker() -> str:
    code = "from audit.dispatch.worker import this_worker; print(this_worker())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def held_by(store: Store, worker: str) -> str:
    """A run that this worker holds, whoever it is; the run's id."""
    run = begin_or_resume(store, PORTFOLIO, Settings()).run
    jobs.release(store, this_worker())
    (job,) = jobs.of_run(store, run.info.id)
    with store.writing() as connection:
        jobs.hold(connection, run.info.id, places_of(PORTFOLIO), Claim(worker, run.info.started_at, LATER))
    jobs.claim(store, job, Claim(worker, run.info.started_at, LATER))
    return run.info.id


def test_what_the_dead_held_and_left_half_done_is_cleared_away(store: Store) -> None:
    dead = dead_worker()
    run_id = held_by(store, dead)
    orphan = store.blobs.put(b"no row names it yet")
    half = store.folder / "blobs" / orphan[:2] / f".{orphan}.zst.of-process-{process_of(dead)}"
    half.write_bytes(b"half")
    recover(store)
    assert list(store.blobs.names()) == []
    assert list(store.blobs.unfinished()) == []
    assert (jobs.leases(store), jobs.workers(store)) == ((), {})
    assert [job.state for job in jobs.of_run(store, run_id)] == ["waiting"]


def test_what_the_living_hold_is_left_alone(store: Store) -> None:
    held_by(store, "machine elsewhere, process 1, started at tick 1")
    orphan = store.blobs.put(b"its row is about to be written")
    recover(store)
    assert list(store.blobs.names()) == [orphan]
    assert list(jobs.workers(store)) == ["machine elsewhere, process 1, started at tick 1"]


def test_a_run_whose_hosts_somebody_holds_does_not_begin_and_is_not_gone_on_with(store: Store) -> None:
    run_id = held_by(store, "machine elsewhere, process 1, started at tick 1")
    for fresh in (False, True):
        with pytest.raises(HostBusyError, match=rf"a\.example:443 is visited by run {run_id} .*, machine elsewhere"):
            begin_or_resume(store, PORTFOLIO, Settings(), fresh=fresh)
    assert [run.info.id for run in runs.newest(store, 5)] == [run_id]


def test_two_runs_that_begin_in_one_second_have_names_of_their_own(store: Store) -> None:
    begun = [begin_or_resume(store, PORTFOLIO, Settings(), fresh=True).run.info.id for _ in range(3)]
    assert len(set(begun)) == 3
    assert [run.info.id for run in runs.newest(store, 5)] == sorted(begun, reverse=True)


@pytest.mark.parametrize("ends", [True, False])
def test_what_is_held_is_given_back_however_the_work_ends(store: Store, *, ends: bool) -> None:
    def work() -> None:
        with holding(store), store.writing() as connection:
            jobs.hold(connection, run_id, {"a.example:443": "www"}, claim_now())
            if not ends:
                raise ValueError("it went wrong")

    run_id = begin_or_resume(store, PORTFOLIO, Settings()).run.info.id
    if ends:
        work()
    else:
        with pytest.raises(ValueError, match="it went wrong"):
            work()
    assert jobs.leases(store) == ()


def test_the_dens_of_dead_processes_are_removed_and_those_of_the_living_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.tempfile, "gettempdir", lambda: str(tmp_path))
    pid, _, tick = this_worker().partition(", process ")[2].partition(", started at tick ")
    dens = [tmp_path / f"loket-browser-{name}-x" for name in (f"{pid}-{tick}", f"{pid}-1", "4194305-7")]
    for den in dens:
        (den / "home").mkdir(parents=True)
    (dens[1] / "pid").write_text(pid)  # the number of a process that is no browser of this den
    sandbox.sweep_dens()
    assert [den.exists() for den in dens] == [True, False, False]
