"""`loket doctor --store` on stores that are whole, damaged, half-written or left by the dead."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click.testing
import pytest

from audit.cli import doctor
from audit.cli.diagnosis import Check, State
from audit.cli.store_diagnosis import examine_store
from audit.dispatch.worker import this_worker
from audit.store import jobs, judgements, looks, runs
from audit.store.jobs import Claim
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.look import Look
from rules.model.outline import Outline
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

RUN, NOW, LATER = "20261123T021407Z", "2026-11-23T02:14:07Z", "2026-11-23T02:16:07Z"
PAGE = "https://a.example/"
SITE = Site(id="www", name="Site", start=PAGE, scope=("a.example/",))
PORTFOLIO = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(SITE,)),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        runs.begin(opened, StoredRun(RunInfo(id=RUN, started_at=NOW, settings_digest="d", seed="s"), PORTFOLIO, "{}"))
        looks.record(opened, RUN, "www", Look(url=PAGE, taken_at=NOW, outline=Outline(url=PAGE, title="T")))
        judgements.record(opened, RUN, "www", (), NOW, "v1")
        runs.finish(opened, RUN, LATER)
        yield opened


def ill(store: Store) -> list[tuple[str, State, str]]:
    return [
        (check.name, check.state, check.detail) for check in examine_store(store.folder) if check.state is not State.OK
    ]


def file_of(store: Store, kind: str) -> Path:
    name = looks.of_site(store, RUN, "www")[PAGE].artifacts[kind]
    return store.folder / "blobs" / name[:2] / f"{name}.zst"


def dead_worker() -> str:
    code = "from audit.dispatch.worker import this_worker; print(this_worker())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_whole_store_has_nothing_wrong(store: Store) -> None:
    assert list(examine_store(store.folder)) == [
        Check("Ledger", State.OK, "whole, with 1 run"),
        Check("Blobs", State.OK, "2 blobs, each as it was stored"),
    ]


def test_where_there_is_no_store_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert list(examine_store(tmp_path)) == []


def test_a_damaged_blob_is_named_with_its_page_and_what_mends_it(store: Store) -> None:
    file = file_of(store, "outline")
    file.write_bytes(file.read_bytes()[:-3])
    (check,) = (check for check in examine_store(store.folder) if check.state is State.DAMAGED)
    assert check.name == "Blob"
    assert check.detail.startswith(f"blob {file.stem} is damaged: ")
    assert check.detail.endswith(f": outline of {PAGE} (site www, run {RUN})")
    assert check.mend.startswith(f"loket capture {RUN} --store {store.folder}")


def test_a_missing_blob_is_named(store: Store) -> None:
    file_of(store, "outline").unlink()
    ((name, state, detail),) = ill(store)
    assert (name, state) == ("Blob", State.DAMAGED)
    assert "is missing from" in detail


def test_orphans_and_half_written_blobs_are_named_and_harmless(store: Store) -> None:
    orphan = store.blobs.put(b"nobody's")
    half = file_of(store, "outline").with_name(f".{orphan}.zst.of-process-1")
    half.write_bytes(b"half")
    assert ill(store) == [
        ("Orphan", State.WARNING, f"{orphan} of {store.blobs.size(orphan)} bytes: no row names it"),
        ("Orphan", State.WARNING, f"{half.name} was being written when its process ended: no row names it"),
    ]


def test_orphans_are_not_looked_for_while_somebody_works(store: Store) -> None:
    store.blobs.put(b"not yet named")
    with store.writing() as connection:
        jobs.hold(connection, RUN, {"a.example:443": "www"}, Claim(this_worker(), NOW, LATER))
    assert ill(store) == []


def test_a_run_that_did_not_end_and_the_lease_of_the_dead_are_named(store: Store) -> None:
    runs.begin(store, StoredRun(RunInfo(id="2027", started_at=LATER, settings_digest="d", seed="s"), PORTFOLIO, "{}"))
    dead = dead_worker()
    with store.writing() as connection:
        jobs.hold(connection, "2027", {"a.example:443": "www"}, Claim(dead, NOW, LATER))
    assert ill(store) == [
        ("Run", State.WARNING, f"2027, begun {LATER}, did not come to its end"),
        ("Lease", State.WARNING, f"a.example:443 is held for run 2027 since {NOW} by {dead}, which is gone"),
    ]


def test_a_ledger_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"not a database, but long enough to look like one" * 10)
    ((check),) = examine_store(tmp_path)
    assert (check.name, check.state) == ("Ledger", State.DAMAGED)
    assert "file is not a database" in check.detail


def test_a_ledger_with_a_broken_index_is_damaged(store: Store) -> None:
    store.close()
    with sqlite3.connect(store.folder / "ledger.sqlite3") as ledger:
        ledger.execute("PRAGMA writable_schema = ON")
        ledger.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'sha256)', 'producer)') WHERE name = 'artifact_by_sha256'"
        )
    ledger.close()
    assert ("Ledger", State.DAMAGED) in [(name, state) for name, state, _ in ill(store)]


def test_nothing_is_changed_by_looking(store: Store) -> None:
    store.close()
    before = {path: path.read_bytes() for path in sorted(store.folder.rglob("*")) if path.is_file()}
    list(examine_store(store.folder))
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_damage_ends_in_3_and_a_scheduler_reads_why(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda **_: iter(()))
    store.blobs.put(b"an orphan alone is no reason to wake anybody")
    asked = ["--store", str(store.folder)]
    assert click.testing.CliRunner().invoke(doctor.command, asked).exit_code == 0
    os.truncate(file_of(store, "outline"), 3)
    ended = click.testing.CliRunner().invoke(doctor.command, asked)
    assert ended.exit_code == 3
    assert ended.output.splitlines()[-1] == "The store is damaged: see Blob above."
