"""A run whose browser, driver or helping process is killed under its hands finds what it finds when nobody disturbs it."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from kill_site import served, site
from loket_process import Place, Started, descendants, waited_for
from store_image import faults, images

from audit import machine
from audit.config import Settings
from audit.store import jobs, looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.look import Look
from rules.model.page import CrawledPage, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo
from rules.outline import from_html

pytestmark = [pytest.mark.kill, pytest.mark.browser, pytest.mark.slow]

KILLS = 20
FACT_PAGES = 200
WORKED = (
    0.3,
    2.5,
)  # processor seconds of a reading process that is killed: while it begins, reads, or hands over an answer
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


@pytest.mark.skipif(machine.cores() == 1, reason="on one core nothing is read by another process")
def test_twenty_kills_of_what_reads_facts_change_no_finding(here: Place, chance: random.Random, tmp_path: Path) -> None:
    for name in ("loket-store", "killed"):
        fill_store(tmp_path / name)
    assert here.start("judge").end() == 0
    kills = 0
    while kills < KILLS:
        run = here.start("judge", "--store", "killed")
        kills += kills_of_workers(run, min(KILLS - kills, 5), chance)
        assert run.end() == 0, run.said
    assert images(tmp_path / "killed") == images(tmp_path / "loket-store")
    assert faults(tmp_path / "killed") == []
    assert here.left_behind() == []


def fill_store(folder: Path) -> None:
    """A run of which everything but the judgement is done; each page takes a moment to read."""
    start = "https://a.example/"
    words = "".join(
        f"<h2>Desk {desk}</h2><p>Call 0300 123 {desk:04}, Monday to Friday, 9am to 5pm.</p>" for desk in range(60)
    )
    urls = [f"{start}{number}" for number in range(FACT_PAGES)]
    portfolio = Portfolio(
        id="p",
        agencies=(
            Agency(
                id="a", name="A", country="GB", sites=(Site(id="www", name="S", start=start, scope=("a.example/",)),)
            ),
        ),
    )
    info = RunInfo(id="20261123T021407Z", started_at="2026-11-23T02:14:07Z", settings_digest="d", seed="s")
    settings = msgspec.json.encode(Settings()).decode()
    with Store(folder) as store:
        runs.begin(store, StoredRun(info, portfolio, settings))
        pages.record(store, info.id, "www", [CrawledPage(url=url, title="T") for url in urls])
        pages.set_sample(
            store, info.id, "www", Sample(slots=tuple(SampleSlot(SlotKind.ALL, "all", url) for url in urls))
        )
        for url in urls:
            outline = from_html(f"<html lang=en><title>{url}</title><main><h1>{url}</h1>{words}</main>", url)
            looks.record(store, info.id, "www", Look(url=url, taken_at=info.started_at, outline=outline))
        jobs.advance(store, jobs.of_run(store, info.id)[0], stage="judge")


def kills_of_workers(run: Started, most: int, chance: random.Random) -> int:
    """Kill those that read for one judgement, one after another, the newest when it has been at work; how often it was done."""
    assert run.until(lambda event: event["event"] == "stage" and event["stage"] == "judge")
    kills, killed_last, moment = 0, 0, chance.uniform(*WORKED)
    while kills < most and run.lives():
        workers = [pid for pid, words in descendants(run.pid).items() if is_worker(words)]
        newest = max(workers, default=0)
        if newest != killed_last and used(newest) > moment:
            os.kill(newest, signal.SIGKILL)
            kills, killed_last, moment = kills + 1, newest, chance.uniform(*WORKED)
        time.sleep(0.02)
    return kills


def used(pid: int) -> float:
    """The processor seconds that a process has used; none when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(here: Place, folder: Path, words: tuple[str, ...], disturb: Callable[[Started], int]) -> None:
    """Run twice, the second time disturbed; both must end well, alike, and leave nothing behind."""
    first = here.start(*words)
    code = first.end()
    second = here.start(*words, "--store", "killed")
    assert disturb(second) == KILLS
    assert second.end() == code, second.said
    assert images(folder / "killed") == images(folder / "loket-store")
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
