import multiprocessing
import os
from pathlib import Path

import msgspec
import pytest

from audit.stages import fact_readers
from audit.stages.fact_readers import FactReaders
from audit.store.blobs import Blobs
from rules.facts import read_facts
from rules.outline import from_html


def _die() -> None:
    os._exit(1)


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Blobs, list[str]]:
    blobs = Blobs(str(tmp_path))
    texts = [f"<html lang=en><main><h1>Page {n}</h1><p>Call us on 0300 123 12{n:02}.</p></main>" for n in range(12)]
    return blobs, [
        blobs.put(msgspec.json.encode(from_html(text, f"https://a.example/{n}"))) for n, text in enumerate(texts)
    ]


def test_a_few_pages_are_left_to_the_one_who_judges(stored: tuple[Blobs, list[str]]) -> None:
    blobs, names = stored
    with FactReaders() as readers:
        assert list(readers.read(blobs.url, names, "GB", "Agency")) == [None] * 12


def test_many_pages_are_read_in_order_and_as_they_would_be_here(
    stored: tuple[Blobs, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, names = stored
    monkeypatch.setattr(fact_readers, "_WORTHWHILE", 10)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    here = [fact_readers._read((blobs.url, name, "GB", "Agency")) for name in names]
    with FactReaders() as readers:
        found = list(readers.read(blobs.url, names, "GB", "Agency"))
        assert list(readers.read(blobs.url, names, "GB", "Agency")) == found
    assert [msgspec.json.encode(facts) for facts in found] == here
    assert found[3] is not None
    assert found[3].mentions[0].value == "+443001231203"
    assert found[3] == read_facts(
        from_html("<html lang=en><main><h1>Page 3</h1><p>Call us on 0300 123 1203.</p></main>", "https://a.example/3"),
        country="GB",
        body="Agency",
    )


def test_reading_begins_before_the_first_facts_are_asked_for(
    stored: tuple[Blobs, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, names = stored
    monkeypatch.setattr(fact_readers, "_WORTHWHILE", 10)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    with FactReaders() as readers:
        readers.read(blobs.url, names, "GB", "Agency")
        assert len(multiprocessing.active_children()) == 2


def test_a_blob_that_is_gone_has_no_facts(stored: tuple[Blobs, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    blobs, names = stored
    monkeypatch.setattr(fact_readers, "_WORTHWHILE", 10)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    with FactReaders() as readers:
        assert [facts is None for facts in readers.read(blobs.url, [*names, "0" * 64], "GB", "A")] == [False] * 12 + [
            True
        ]


def test_processes_that_are_killed_are_followed_by_others(
    stored: tuple[Blobs, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, names = stored
    monkeypatch.setattr(fact_readers, "_WORTHWHILE", 10)
    monkeypatch.setattr(fact_readers, "_AT_ONCE", 1)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    with FactReaders() as readers:
        undisturbed = list(readers.read(blobs.url, names, "GB", "Agency"))
        found = []
        for facts in readers.read(blobs.url, names, "GB", "Agency"):
            found.append(facts)
            if len(found) in {2, 7}:
                for process in multiprocessing.active_children():
                    process.kill()
                    process.join()
    assert [msgspec.json.encode(facts) for facts in found] == [msgspec.json.encode(facts) for facts in undisturbed]
    assert multiprocessing.active_children() == []


def test_processes_that_die_again_and_again_leave_the_reading_to_the_one_who_judges(
    stored: tuple[Blobs, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, names = stored
    monkeypatch.setattr(fact_readers, "_WORTHWHILE", 10)
    monkeypatch.setattr("audit.processes.begin_one", _die)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    with FactReaders() as readers:
        assert list(readers.read(blobs.url, names, "GB", "Agency")) == [None] * 12
