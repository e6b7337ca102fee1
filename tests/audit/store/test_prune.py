"""What need not be kept goes, with its bytes; everything else stays whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from audit.cli.prune import command
from audit.store import contacts, judgements, looks, pages, prune, runs, schema
from audit.store.contacts import Book
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.contact import Contact
from rules.model.look import Look, Mark, Picture
from rules.model.page import CrawledPage
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

SITE = Site(id="www", name="Site", start="https://a.example/", scope=("a.example/",))
URL = "https://a.example/"
OLD, RECENT = "2026-10-01T00:00:00Z", "2026-11-20T00:00:00Z"
WHOLE = Picture("page", b"whole", (0, 0, 100, 900))
CROP = Picture("finding", b"crop", (0, 0, 10, 10), (Mark("f", (1, 1, 2, 2)),))
BEFORE = "2026-11-01T00:00:00Z"


def begin(store: Store, run: str, *, portfolio: str = "p", finished: bool = True) -> None:
    info = RunInfo(id=run, started_at=OLD, settings_digest="d", seed="s")
    runs.begin(
        store, StoredRun(info, Portfolio(id=portfolio, agencies=(Agency(id="a", name="A", sites=(SITE,)),)), "{}")
    )
    if finished:
        runs.finish(store, run, OLD)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


def pictures_of(store: Store, run: str, url: str = URL) -> list[str]:
    return [picture.kind for picture in looks.pictures(store, looks.of_site(store, run, "www")[url])]


def bytes_held(store: Store) -> set[bytes]:
    return {store.blobs.get(name) for name in store.blobs.names()}


def named(store: Store) -> set[str]:
    with store.reading() as connection:
        return {
            name
            for table in (schema.artifact, schema.judgement)
            for name in connection.execute(select(table.c.sha256)).scalars()
        }


def test_pictures_of_whole_pages_go_after_a_while_and_crops_stay(store: Store) -> None:
    begin(store, "1")
    looks.record(store, "1", "www", Look(URL, OLD, pictures=(WHOLE, CROP)))
    looks.record(store, "1", "www", Look(f"{URL}only", OLD, pictures=(Picture("page", b"only", (0, 0, 1, 1)),)))
    looks.record(store, "1", "www", Look(f"{URL}new", RECENT, pictures=(Picture("page", b"new", (0, 0, 1, 1)),)))
    for old in prune.old_pictures(store, BEFORE):
        prune.remove_pictures(store, old)
    assert pictures_of(store, "1") == ["finding"]
    assert pictures_of(store, "1", f"{URL}only") == []
    assert pictures_of(store, "1", f"{URL}new") == ["page"]
    assert {b"crop", b"new"} <= bytes_held(store)
    assert {b"whole", b"only"}.isdisjoint(bytes_held(store))
    assert set(store.blobs.names()) == named(store)
    assert looks.damage(store, looks.of_site(store, "1", "www")[URL]) is None
    assert list(prune.old_pictures(store, BEFORE)) == []


def test_a_picture_that_a_later_run_holds_too_stays_for_it(store: Store) -> None:
    for run, moment in (("1", OLD), ("2", RECENT)):
        begin(store, run)
        looks.record(store, run, "www", Look(URL, moment, pictures=(WHOLE,)))
    for old in prune.old_pictures(store, BEFORE):
        prune.remove_pictures(store, old)
    assert (pictures_of(store, "1"), pictures_of(store, "2")) == ([], ["page"])
    assert b"whole" in bytes_held(store)


def test_old_runs_are_those_beyond_the_newest_finished_ones_of_their_portfolio(store: Store) -> None:
    for run in ("1", "3", "5"):
        begin(store, run)
    begin(store, "2", finished=False)
    begin(store, "6", finished=False)
    begin(store, "4", portfolio="other")
    assert prune.old_runs(store, 2, OLD) == ("2", "1")
    assert prune.old_runs(store, 1, OLD) == ("3", "2", "1")
    assert prune.old_runs(store, 9, OLD) == ()


def test_a_run_goes_with_all_that_only_it_holds(store: Store) -> None:
    for run, shared in (("1", b"first"), ("2", b"second")):
        begin(store, run)
        pages.record(store, run, "www", [CrawledPage(URL)])
        looks.record(store, run, "www", Look(URL, OLD, pictures=(CROP, Picture("page", shared, (0, 0, 1, 1)))))
        judgements.record(store, run, "www", (), OLD, run)
        contacts.record(store, run, "www", Book((Contact("a.example", 1),)))
    prune.remove_run(store, "1")
    with store.reading() as connection:
        for table in schema.metadata.sorted_tables:
            if "run_id" in table.c and table is not schema.host_lease:
                assert set(connection.execute(select(table.c.run_id)).scalars()) <= {"2"}, table.name
    assert [run.info.id for run in runs.newest(store, 9)] == ["2"]
    assert b"first" not in bytes_held(store)
    assert {b"crop", b"second"} <= bytes_held(store)
    assert set(store.blobs.names()) == named(store)


def test_the_command_says_what_goes_and_a_dry_run_removes_nothing(store: Store) -> None:
    for run in ("1", "2"):
        begin(store, run)
    looks.record(store, "2", "www", Look(URL, OLD, pictures=(WHOLE,)))
    words = ["--store", str(store.folder), "--keep", "1"]
    dry = CliRunner().invoke(command, [*words, "--dry-run"])
    assert dry.output == "Would remove 1 picture of whole pages and 1 run.\n  run 1\n"
    assert pictures_of(store, "2") == ["page"]
    done = CliRunner().invoke(command, words)
    assert done.output == "Removed 1 picture of whole pages and 1 run.\n  run 1\n"
    assert pictures_of(store, "2") == []
    assert CliRunner().invoke(command, words).output == "Removed 0 pictures of whole pages and 0 runs.\n"
