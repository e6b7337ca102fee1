"""A run whose browser, driver or helping process is killed under its hands finds what it finds when nobody disturbs it."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kill_site import served, site
from loket_process import Place, Started, descendants, waited_for
from store_image import faults, image

pytestmark = [pytest.mark.kill, pytest.mark.browser, pytest.mark.slow]

KILLS = 20
OPTIONS = ("--pace", "0.02", "--allow-private", "127.0.0.1", "--tabs", "1", "--seed", "kill")


def is_browser(words: str) -> bool:
    return "--remote-debugging-pipe" in words and "--type=" not in words and "node" not in words


def is_driver(words: str) -> bool:
    return "run-driver" in words


def is_crawl(words: str) -> bool:
    return "spiders.process" in words


def is_pdf_reader(words: str) -> bool:
    return "pdf_child" in words


def is_worker(words: str) -> bool:
    return "multiprocessing" in words and "spawn_main" in words


@pytest.mark.parametrize("kind", [is_browser, is_driver])
def test_twenty_kills_of_the_browser_or_its_driver_lose_no_page(
    here: Place, chance: random.Random, tmp_path: Path, kind: Callable[[str], bool]
) -> None:
    with served(site(pages=KILLS + 2, documents=0)) as address:
        words = ("run", address, *OPTIONS, "--all-pages", "--no-pictures")
        compare(here, tmp_path, words, lambda run: kills_at_pages(run, "capture", kind, chance))


def test_twenty_kills_of_the_crawl_lose_no_page(here: Place, chance: random.Random, tmp_path: Path) -> None:
    with served(site(pages=2 * KILLS + 2, documents=0)) as address:
        words = ("crawl", address, *OPTIONS)
        compare(here, tmp_path, words, lambda run: kills_at_pages(run, "crawl", is_crawl, chance, every=2))


def test_twenty_kills_of_what_opens_pdfs_lose_no_document(here: Place, chance: random.Random, tmp_path: Path) -> None:
    with served(site(pages=0, documents=KILLS + 2)) as address:
        urls = [f"{address}form{number}.pdf" for number in range(KILLS + 2)]
        (tmp_path / "urls.txt").write_text("\n".join(urls))
        words = ("run", "--pages", "urls.txt", *OPTIONS)
        compare(here, tmp_path, words, lambda run: kills_at_pages(run, "documents", is_pdf_reader, chance))


def compare(here: Place, folder: Path, words: tuple[str, ...], disturb: Callable[[Started], int]) -> None:
    """Run twice, the second time disturbed; both must end well, alike, and leave nothing behind."""
    first = here.start(*words)
    code = first.end()
    second = here.start(*words, "--store", "killed")
    assert disturb(second) == KILLS
    assert second.end() == code, second.said
    assert image(folder / "killed") == image(folder / "loket-store")
    assert faults(folder / "killed") == []
    assert here.left_behind() == []


def kills_at_pages(
    run: Started, stage: str, kind: Callable[[str], bool], chance: random.Random, *, every: int = 1
) -> int:
    """Kill a process of this kind at a random moment of each page of a stage, and no page twice; how often it was killed."""
    seen: set[str] = set()
    kills = 0
    for event in run.events():
        if kills == KILLS or event["event"] != "page" or event["stage"] != stage or event["url"] in seen:
            continue
        seen.add(event["url"])
        if len(seen) % every == 0:
            kills += killed(run.pid, kind, chance.uniform(0, 0.15))
    return kills


def killed(parent: int, kind: Callable[[str], bool], after: float) -> bool:
    """Kill the newest process of a kind below the parent some seconds after it is there."""

    def there() -> list[int]:
        return [pid for pid, words in descendants(parent).items() if kind(words)]

    waited_for(there, f"no process is there that {kind.__name__}")
    time.sleep(after)
    pids = there()
    for pid in pids[-1:]:
        os.kill(pid, signal.SIGKILL)
    return bool(pids)
