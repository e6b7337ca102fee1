"""Who asks Loket to stop, in whatever stage it is, is obeyed; what was done is kept, and the same command goes on."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_site import served, site
from loket_process import Place, alive, descendants, waited_for
from store_image import faults, images

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPTIONS = ("--pace", "0.02", "--allow-private", "127.0.0.1", "--tabs", "1", "--seed", "stop", "--no-pictures")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(site(pages=2, documents=2)) as url:
        yield url


@pytest.mark.parametrize(
    ("stage", "number"),
    [
        ("crawl", signal.SIGTERM),
        ("capture", signal.SIGINT),
        ("documents", signal.SIGTERM),
        ("judge", signal.SIGINT),
        ("report", signal.SIGTERM),
    ],
)
def test_a_run_that_is_told_to_stop_keeps_what_was_done_and_says_how_to_go_on(
    address: str, here: Place, tmp_path: Path, stage: str, number: signal.Signals
) -> None:
    words = ("run", address, *OPTIONS)
    run = here.start(*words)
    assert run.until(lambda event: event["event"] == "stage" and event["stage"] == stage), run.said
    below = descendants(run.pid)
    run.signal(number)
    assert run.end() == 130, run.said
    assert run.said[-1] == "Stopped. All that was done is kept; the same command goes on from here.\n"
    waited_for(lambda: not alive(below), f"processes are left of stage {stage}")
    assert here.left_behind() == []
    assert [fault for fault in faults(tmp_path / "loket-store") if not fault.startswith("orphaned")] == []
    again = here.start(*words)
    assert any(event["event"] == "say" and "Going on with run" in event["sentence"] for event in again.events())
    assert again.end() == 0, again.said
    (run_image,) = images(tmp_path / "loket-store")
    assert {row["state"] for row in run_image["job"]} == {"done"}
    assert (tmp_path / "report" / "index.html").is_file()
