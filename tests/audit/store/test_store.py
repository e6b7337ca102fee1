import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from audit.store import jobs, judgements, looks, pages, runs
from audit.store.blobs import Blobs
from audit.store.jobs import BusyError, Claim, HostBusyError
from audit.store.problem import DamagedBlobError, MissingBlobError, StoreProblemError
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Finding, Outcome, Subject, SubjectKind
from rules.model.look import AxeResult, Look, Mark, Picture
from rules.model.outline import Outline
from rules.model.page import CrawledPage, FoundLink, LinkKind, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import PictureRef, RunInfo

RUN = "20261123T021407Z"
SITE = Site(id="www", name="Site", start="https://a.example/", scope=("a.example/",))
PORTFOLIO = Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(SITE,)),))
NOW = "2026-11-23T02:14:07Z"
LATER = "2026-11-23T02:16:07Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        runs.begin(opened, StoredRun(RunInfo(id=RUN, started_at=NOW, settings_digest="d", seed="s"), PORTFOLIO, "{}"))
        yield opened


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    (tmp_path / "blobs").mkdir()
    return Blobs(str(tmp_path / "blobs") if request.param == "folder" else f"memory://{tmp_path.name}")


@pytest.mark.parametrize("compress", [True, False])
def test_a_blob_comes_back_by_its_name(blobs: Blobs, compress: bool) -> None:
    name = blobs.put(b"bytes" * 100, compress=compress)
    assert blobs.get(name) == b"bytes" * 100
    assert list(blobs.names()) == [name]


def test_equal_bytes_are_kept_once(blobs: Blobs) -> None:
    assert blobs.put(b"same") == blobs.put(b"same")
    assert len(list(blobs.names())) == 1


def test_a_blob_that_is_not_there_is_said(blobs: Blobs) -> None:
    with pytest.raises(MissingBlobError, match="is missing from"):
        blobs.get("0" * 64)


@pytest.mark.parametrize("damage", [b"", b"other bytes", None])
def test_a_damaged_blob_is_never_handed_out(tmp_path: Path, damage: bytes | None) -> None:
    blobs = Blobs(str(tmp_path))
    name = blobs.put(b"x" * 1000, compress=damage is not None)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(b"y" * 1000 if damage is None else damage)
    with pytest.raises(DamagedBlobError, match=name):
        blobs.get(name)


def test_an_unfinished_blob_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    blobs = Blobs(str(tmp_path))
    with pytest.raises(StoreProblemError, match="No space left on device"):
        blobs.put(b"data")
    assert list(tmp_path.rglob("*.zst")) == []
    assert list(blobs.names()) == []


def test_a_folder_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreProblemError, match="there is no store"):
        Store.existing(tmp_path)


def test_a_ledger_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"not a database, but long enough to look like one" * 10)
    with pytest.raises(StoreProblemError, match="cannot be used"):
        Store(tmp_path)


def test_a_file_in_place_of_the_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblemError, match="cannot make the store"):
        Store(tmp_path / "file")


def test_opening_a_store_twice_keeps_what_is_in_it(store: Store) -> None:
    with Store(store.folder) as again:
        assert runs.get(again, RUN).portfolio == PORTFOLIO
        assert stat.S_ISREG((store.folder / "ledger.sqlite3").stat().st_mode)


def test_a_run_is_unfinished_until_it_is_finished(store: Store) -> None:
    unfinished = runs.unfinished(store, "p", "d")
    assert unfinished is not None
    assert unfinished.info.id == RUN
    assert runs.unfinished(store, "p", "other settings") is None
    runs.finish(store, RUN, LATER)
    assert runs.unfinished(store, "p", "d") is None
    assert runs.newest(store, 1, finished=True)[0].info.finished_at == LATER


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    assert runs.get(store, "20261123").info.id == RUN
    with pytest.raises(StoreProblemError, match=f"no run whose id begins with '1999'.*{RUN}"):
        runs.get(store, "1999")


def test_notes_and_versions_add_up(store: Store) -> None:
    runs.note(store, RUN, ("one",), {"browser": "156"})
    runs.note(store, RUN, ("one", "two"), {"axe": "4"})
    info = runs.get(store, RUN).info
    assert info.notes == ("one", "two")
    assert info.versions == {"browser": "156", "axe": "4"}


def taken(store: Store, worker: str, now: str = NOW, until: str = LATER) -> None:
    with store.writing() as connection:
        jobs.hold(connection, RUN, {"a.example:443": "www"}, Claim(worker, now, until))


def test_a_host_is_held_by_one_worker_at_a_time(store: Store) -> None:
    taken(store, "first")
    taken(store, "first")
    with pytest.raises(HostBusyError, match=r"a\.example:443 .* since 2026-11-23T02:14:07Z, first"):
        taken(store, "second")
    assert [lease.worker for lease in jobs.leases(store)] == ["first"]
    assert jobs.workers(store) == {"first": NOW}


def test_a_host_whose_lease_ran_out_is_taken_again(store: Store) -> None:
    taken(store, "first")
    taken(store, "second", LATER, LATER + "z")
    assert [lease.worker for lease in jobs.leases(store)] == ["second"]


def test_a_job_is_done_by_one_worker_at_a_time(store: Store) -> None:
    (job,) = jobs.of_run(store, RUN)
    claimed = jobs.claim(store, job, Claim("first", NOW, LATER))
    assert (claimed.state, claimed.tries) == ("running", 1)
    assert jobs.claim(store, job, Claim("first", NOW, LATER)).tries == 2
    with pytest.raises(BusyError, match=f"site www of run {RUN} is being worked on by first"):
        jobs.claim(store, job, Claim("second", NOW, LATER))
    assert jobs.claim(store, job, Claim("second", LATER, LATER + "z")).tries == 3


def test_a_job_that_is_left_says_how_it_ended_and_its_host_stays_held(store: Store) -> None:
    (job,) = jobs.of_run(store, RUN)
    taken(store, "first")
    jobs.claim(store, job, Claim("first", NOW, LATER))
    jobs.advance(store, job, stage="capture", number=2)
    jobs.leave(store, job, state="failed", failure=Failure(FailureKind.CRASHED, "why"))
    (left,) = jobs.of_run(store, RUN)
    assert (left.stage, left.round, left.state, left.failure) == (
        "capture",
        2,
        "failed",
        Failure(FailureKind.CRASHED, "why"),
    )
    assert [lease.worker for lease in jobs.leases(store)] == ["first"]


def test_what_a_worker_holds_is_renewed_and_given_back_together(store: Store) -> None:
    (job,) = jobs.of_run(store, RUN)
    taken(store, "first")
    jobs.claim(store, job, Claim("first", NOW, LATER))
    jobs.renew(store, Claim("first", LATER, LATER + "z"))
    with pytest.raises(BusyError):
        jobs.claim(store, job, Claim("second", LATER, LATER + "z"))
    with pytest.raises(HostBusyError):
        taken(store, "second", LATER, LATER + "z")
    jobs.release(store, "first")
    assert (jobs.leases(store), jobs.workers(store)) == ((), {})
    assert jobs.claim(store, job, Claim("second", NOW, LATER)).tries == 2


def test_a_run_whose_id_is_taken_does_not_begin(store: Store) -> None:
    assert not runs.begin(store, runs.get(store, RUN))


def test_a_run_whose_host_is_held_leaves_no_trace(store: Store) -> None:
    taken(store, "first")
    other = StoredRun(RunInfo(id="2027", started_at=NOW, settings_digest="d", seed="s"), PORTFOLIO, "{}")

    def hold(connection: Connection) -> None:
        jobs.hold(connection, "2027", {"a.example:443": "www"}, Claim("second", NOW, LATER))

    with pytest.raises(HostBusyError):
        runs.begin(store, other, hold)
    assert [run.info.id for run in runs.newest(store, 5)] == [RUN]


def page_link(url: str, anchor: str = "", kind: LinkKind = LinkKind.PAGE, *, in_scope: bool = True) -> FoundLink:
    return FoundLink(url=url, kind=kind, anchor=anchor, in_scope=in_scope)


def test_the_ledger_is_the_frontier(store: Store) -> None:
    home = CrawledPage(
        url="https://a.example/",
        links=(
            page_link("https://a.example/1", "One"),
            page_link("https://b.example/", in_scope=False),
            page_link("tel:14020", kind=LinkKind.TEL),
        ),
    )
    deep = CrawledPage(url="https://a.example/2", depth=3, links=(page_link("https://a.example/1", "Again"),))
    pages.record(store, RUN, "www", [home, deep])
    script = [page_link("https://a.example/script", "Script")]
    looks.record(store, RUN, "www", Look(url="https://a.example/2", taken_at=NOW), script)
    assert pages.frontier(store, RUN, "www") == (
        CrawledPage(url="https://a.example/1", depth=1, found_on="https://a.example/", anchors=("One", "Again")),
        CrawledPage(
            url="https://a.example/script",
            depth=4,
            found_on="https://a.example/2",
            anchors=("Script",),
            source="browser",
        ),
    )
    pages.record(store, RUN, "www", [CrawledPage(url="https://a.example/1", depth=1)])
    (_, _, one) = pages.known(store, RUN, "www")
    assert one.anchors == ("Again", "One")
    assert [page.url for page in pages.frontier(store, RUN, "www")] == ["https://a.example/script"]


def test_what_an_earlier_run_saw_stands_for_a_page_that_did_not_change(store: Store) -> None:
    page = CrawledPage(
        url="https://a.example/", etag='"1"', title="Home", links=(page_link("https://a.example/1", "One"),)
    )
    pages.record(store, RUN, "www", [page])
    assert pages.validators(store, "www", "20261124T000000Z") == {"https://a.example/": ('"1"', "")}
    assert pages.validators(store, "www", RUN) == {}
    seen = pages.seen_earlier(store, "www", "https://a.example/", "20261124T000000Z")
    assert seen is not None
    assert (seen[0].title, seen[1]) == ("Home", page.links)
    assert pages.seen_earlier(store, "www", "https://a.example/none", "20261124T000000Z") is None


def test_an_address_that_moved_is_no_page_of_its_own(store: Store) -> None:
    moves = [("https://a.example/old", "https://a.example/older"), ("https://a.example/older", "https://a.example/new")]
    loop = [("https://a.example/x", "https://a.example/y"), ("https://a.example/y", "https://a.example/x")]
    pages.record(store, RUN, "www", moves=moves + loop)
    pages.record(
        store, RUN, "www", [CrawledPage(url="https://a.example/", links=(page_link("https://a.example/old"),))]
    )
    assert [page.url for page in pages.known(store, RUN, "www")] == ["https://a.example/"]
    assert pages.frontier(store, RUN, "www") == ()
    assert pages.moves(store, RUN, "www") == {
        "https://a.example/old": "https://a.example/new",
        "https://a.example/older": "https://a.example/new",
        "https://a.example/x": "https://a.example/y",
        "https://a.example/y": "https://a.example/x",
    }


def test_a_sample_is_replaced_whole(store: Store) -> None:
    slots = (SampleSlot(SlotKind.FIXED, "home", "https://a.example/"), SampleSlot(SlotKind.FIXED, "contact"))
    pages.set_sample(store, RUN, "www", Sample(slots=slots))
    pages.set_sample(store, RUN, "www", Sample(slots=slots[:1]))
    assert pages.sample(store, RUN, "www") == slots[:1]


def look(**changes: object) -> Look:
    return Look(url="https://a.example/", taken_at=NOW, browser="Chromium 156", **changes)  # type: ignore[arg-type]


def test_a_look_comes_back_with_its_artifacts(store: Store) -> None:
    outline, axe = Outline(url="https://a.example/", title="T"), AxeResult(version="4.12.1")
    picture = Picture(kind="finding", jpeg=b"\xff\xd8", box=(0, 0, 9, 9), marks=(Mark("f00", (1, 1, 2, 2)),))
    looks.record(store, RUN, "www", look(outline=outline, axe=axe, pictures=(picture,)))
    (stored,) = looks.of_site(store, RUN, "www").values()
    assert (stored.tries, stored.failure) == (1, None)
    assert looks.outline(store, stored) == outline
    assert looks.axe(store, stored) == axe
    assert looks.response(store, stored) is None
    assert looks.requests(store, stored) == ()
    (reference,) = looks.pictures(store, stored)
    assert reference == PictureRef(reference.sha256, "finding", (0, 0, 9, 9), {"f00": (1, 1, 2, 2)})
    assert store.blobs.get(reference.sha256) == b"\xff\xd8"


def test_a_second_look_replaces_the_first_and_counts(store: Store) -> None:
    looks.record(store, RUN, "www", look(outline=Outline(url="x"), failure=Failure(FailureKind.TIMEOUT)))
    looks.record(store, RUN, "www", look(axe=AxeResult(version="4")))
    (stored,) = looks.of_site(store, RUN, "www").values()
    assert (stored.tries, stored.failure, sorted(stored.artifacts)) == (2, None, ["axe"])


def test_a_look_whose_bytes_cannot_be_written_leaves_no_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise StoreProblemError("cannot write to the store: No space left on device")

    monkeypatch.setattr(store.blobs, "put", full)
    with pytest.raises(StoreProblemError, match="No space left"):
        looks.record(store, RUN, "www", look(outline=Outline(url="x")))
    assert looks.of_site(store, RUN, "www") == {}


def test_a_judgement_is_replaced_by_a_later_one(store: Store) -> None:
    assert judgements.of_site(store, RUN, "www") is None
    finding = Finding(
        rule="r",
        rule_version="1",
        subject=Subject(SubjectKind.PAGE, "www", "https://a.example/"),
        outcome=Outcome.FAILED,
    )
    judgements.record(store, RUN, "www", (), NOW, "v1")
    judgements.record(store, RUN, "www", (finding,), LATER, "v2")
    assert judgements.of_site(store, RUN, "www") == (finding,)
