"""A run that is killed again and again finds, in the end, what a run finds that nobody disturbs."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kill_site import served, site
from loket_process import Place
from store_image import faults, images

pytestmark = [pytest.mark.kill, pytest.mark.browser, pytest.mark.slow]

STAGES = ("beginning", "crawl", "capture", "documents", "judge", "report")
KILLS = {"beginning": 6, "crawl": 12, "capture": 14, "documents": 6, "judge": 6, "report": 6}
WRITES = {"beginning": 4, "crawl": 12, "capture": 18, "documents": 12, "judge": 8, "report": 8}
"""The last write to be killed at; a start that resumes makes four before it does anything new."""
COMPARED = {"compare.html", "compare.nl.html"}  # where a run came to its end in between, the next is compared with it
OPTIONS = ("--pace", "0.02", "--allow-private", "127.0.0.1", "--tabs", "1", "--seed", "kill", "--all-pages")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(site(pages=8, documents=3)) as url:
        yield url


def test_fifty_kills_over_all_stages_lose_nothing(
    address: str, here: Place, chance: random.Random, tmp_path: Path
) -> None:
    words = ("run", address, *OPTIONS)
    lengths = undisturbed(here, words)
    (expected,) = images(tmp_path / "loket-store")
    assert faults(tmp_path / "loket-store") == []
    words = (*words, "--store", "killed", "--out", "again")
    planned = [(stage, number) for stage in STAGES for number in range(KILLS[stage])]
    hit: list[str] = []
    while planned:
        stage, number = planned[0]
        died_in = killed(here, words, stage, 0.0 if number == 0 else lengths[stage], chance)
        if died_in:
            hit.append(died_in)
            planned.pop(0)
    assert len(hit) == 50
    assert set(hit) == set(STAGES)
    last = here.start(*words)
    assert last.end() == 0, last.said
    for found in images(tmp_path / "killed"):
        assert found == expected
    assert faults(tmp_path / "killed") == []
    assert here.left_behind() == []
    assert files(tmp_path / "again") - COMPARED == files(tmp_path / "report")


def undisturbed(here: Place, words: tuple[str, ...]) -> dict[str, float]:
    """Let a run come to its end; how many seconds each of its stages took, the longest where it came more than once."""
    lengths = dict.fromkeys(STAGES, 0.0)
    run, stage, since = here.start(*words), STAGES[0], time.monotonic()
    for event in run.events():
        if event["event"] == "stage":
            lengths[stage] = max(lengths[stage], time.monotonic() - since)
            stage, since = event["stage"], time.monotonic()
    assert run.end() == 0, run.said
    lengths[stage] = time.monotonic() - since
    assert here.left_behind() == []
    return lengths


def killed(here: Place, words: tuple[str, ...], stage: str, most: float, chance: random.Random) -> str:
    """Start, and kill in this stage or a later one, `most` seconds after it began or at a write; the stage in which it died.

    Empty when the run came to its end before: the next start begins another.
    """
    if most and chance.random() < 0.4:
        run = here.start(*words, dies_at_write=chance.randint(1, WRITES[stage]))
        code = run.end()
        assert code in {0, -9}, run.said
        return run.stage if code else ""
    run = here.start(*words)
    if stage != STAGES[0] and not run.until(lambda event: _reached(event, stage)):
        assert run.end() == 0, run.said
        return ""
    time.sleep(chance.uniform(0, 0.8 * most))
    run.kill()
    return run.stage


def _reached(event: dict[str, Any], stage: str) -> bool:
    return event["event"] == "stage" and STAGES.index(event["stage"]) >= STAGES.index(stage)


def files(report: Path) -> set[str]:
    return {str(path.relative_to(report)) for path in report.rglob("*") if path.is_file()}
