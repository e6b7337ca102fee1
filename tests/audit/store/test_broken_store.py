"""A store whose disk is full, whose folder is gone or whose bytes are damaged: said plainly, and never taken for whole."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from audit.stages.report import result_of
from audit.store import jobs, judgements, looks, pages, runs
from audit.store.problem import StoreBrokenError
from audit.store.runs import StoredRun
from audit.store.store import Store
from audit.store.sweep import sweep
from rules.model.failure import Failure, FailureKind
from rules.model.look import Look, Picture
from rules.model.outline import Outline
from rules.model.page import CrawledPage, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo, SiteResult

RUN, NOW, PAGE = "20261123T021407Z", "2026-11-23T02:14:07Z", "https://a.example/"
SITE = Site(id="www", name="Site", start=PAGE, scope=("a.example/",))
PORTFOLIO = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(SITE,)),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        runs.begin(opened, StoredRun(RunInfo(id=RUN, started_at=NOW, settings_digest="d", seed="s"), PORTFOLIO, "{}"))
        yield opened


def look(title: str, **more: object) -> Look:
    return Look(url=PAGE, taken_at=NOW, outline=Outline(url=PAGE, title=title), **more)  # type: ignore[arg-type]


def test_a_store_that_was_removed_takes_no_row_and_no_byte(store: Store) -> None:
    shutil.rmtree(store.folder)
    with pytest.raises(StoreBrokenError, match="was removed or replaced while it was in use"):
        jobs.release(store, "anybody")
    with pytest.raises(StoreBrokenError, match="cannot write to the store: No such file or directory"):
        store.blobs.put(b"bytes")
    assert not store.folder.exists()


def test_a_store_in_whose_place_another_was_put_takes_no_row(store: Store) -> None:
    shutil.move(store.folder, store.folder.with_name("moved"))
    with Store(store.folder) as other:
        with pytest.raises(StoreBrokenError, match="was removed or replaced"):
            jobs.release(store, "anybody")
        assert runs.newest(other, 1) == ()


def test_a_ledger_that_finds_no_room_says_so_and_keeps_what_it_had(store: Store) -> None:
    @event.listens_for(store.engine, "begin")
    def full(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    many = [CrawledPage(url=f"{PAGE}{number}", title="x" * 1000) for number in range(100)]
    with pytest.raises(StoreBrokenError, match="database or disk is full"):
        pages.record(store, RUN, "www", many)
    assert pages.known(store, RUN, "www") == ()


def test_a_look_that_is_taken_again_leaves_no_blob_of_the_first(store: Store) -> None:
    picture = Picture(kind="page", jpeg=b"\xff\xd8", box=(0, 0, 9, 9))
    looks.record(store, RUN, "www", look("first", pictures=(picture,)))
    looks.record(store, RUN, "www", look("second"))
    (stored,) = looks.of_site(store, RUN, "www").values()
    assert set(store.blobs.names()) == set(stored.artifacts.values())


def test_a_judgement_that_is_made_anew_leaves_no_blob_of_the_first(store: Store) -> None:
    looks.record(store, RUN, "www", look("page"))
    before = set(store.blobs.names())
    judgements.record(store, RUN, "www", (), NOW, "v1")
    judgements.record(store, RUN, "www", (), NOW, "v2")
    assert len(set(store.blobs.names()) - before) == 1


def test_a_sweep_removes_what_no_row_names_and_nothing_else(store: Store) -> None:
    looks.record(store, RUN, "www", look("page"))
    kept = set(store.blobs.names())
    store.blobs.put(b"nobody's")
    sweep(store, list(store.blobs.names()))
    assert set(store.blobs.names()) == kept


def test_a_blob_that_was_swept_before_its_row_was_written_is_there_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.engine.connect():
        put, swept = store.blobs.put, []

        def put_and_lose(data: bytes, *, compress: bool = True) -> str:
            name = put(data, compress=compress)
            if not swept:
                swept.append(name)
                store.blobs.remove(name)
            return name

        monkeypatch.setattr(store.blobs, "put", put_and_lose)
        looks.record(store, RUN, "www", look("page"))
    (stored,) = looks.of_site(store, RUN, "www").values()
    assert swept
    assert looks.damage(store, stored) is None


def test_blobs_are_told_by_when_they_were_written(store: Store) -> None:
    name = store.blobs.put(b"now")
    now = datetime.now(UTC)  # noqa: TID251 - compared with the file system's clock
    assert list(store.blobs.written_since(now - timedelta(hours=1))) == [name]
    assert list(store.blobs.written_since(now + timedelta(hours=1))) == []


def reported(store: Store) -> SiteResult:
    (site,) = result_of(store, runs.get(store, RUN)).sites
    return site


def test_what_is_damaged_is_a_page_that_was_not_looked_at_and_no_crash(store: Store) -> None:
    pages.set_sample(store, RUN, "www", Sample(slots=(SampleSlot(SlotKind.FIXED, "home", PAGE),)))
    looks.record(store, RUN, "www", look("Home"))
    assert [page.looked_at for page in reported(store).pages] == [True]
    (stored,) = looks.of_site(store, RUN, "www").values()
    name = stored.artifacts["outline"]
    (store.folder / "blobs" / name[:2] / f"{name}.zst").write_bytes(b"no zstd")
    (page,) = reported(store).pages
    assert (page.looked_at, page.failure) == (False, Failure(FailureKind.DAMAGED, "what was stored of it is damaged"))


def test_a_judgement_that_is_gone_is_a_site_of_which_nothing_can_be_said(store: Store) -> None:
    judgements.record(store, RUN, "www", (), NOW, "v1")
    for name in list(store.blobs.names()):
        store.blobs.remove(name)
    site = reported(store)
    assert (site.findings, site.failure) == ((), Failure(FailureKind.DAMAGED, "what was stored of it is gone"))
