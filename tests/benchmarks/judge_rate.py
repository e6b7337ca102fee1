"""How long judging takes: `python tests/benchmarks/judge_rate.py [--sites 100] [--pages 100] [--files 500]`.

Two figures. Inspecting saved pages, one core: the median of a page from bytes to booleans. Judging a store of so many sites
with so many pages each, with all channel and barrier rules: the whole, and the peak memory of all its processes in each
quarter of the time. The pages are the demonstration's, and with LOKET_DATA (else ../shared/data) the real ones of `gov`.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import tempfile
import threading
import time
from pathlib import Path

import msgspec

from audit.cli.progress import Quiet
from audit.config import Settings
from audit.dispatch import auditing
from audit.store import looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.inspection import inspect
from rules.model.look import Look
from rules.model.page import CrawledPage, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import RunInfo
from rules.outline import from_html

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T02:14:07Z"


def sources() -> list[tuple[bytes, str]]:
    """Pages with the country that they are of."""
    data = Path(os.environ.get("LOKET_DATA", ROOT.parent / "shared" / "data")) / "gov"
    demo = [(file.read_bytes(), "NL") for file in sorted((ROOT / "audit/cli/demo/sites").rglob("*.html"))]
    if not data.is_dir():
        return demo
    labels = [msgspec.json.decode(line) for line in (data / "labels.jsonl").read_bytes().splitlines() if line]
    return [*demo, *(((data / label["path"]).read_bytes(), label["country"]) for label in labels)]


def inspecting(files: int) -> None:
    """Print the median and the 95th percentile of inspecting one page, in milliseconds of one core."""
    texts = sources()
    spent = []
    for number in range(files + 20):
        text, country = texts[number % len(texts)]
        began = time.process_time()
        inspect(from_html(text, "https://a.example/"), country=country)
        spent.append((time.process_time() - began) * 1000)
    spent = sorted(spent[20:])
    print(
        f"inspect: {files} pages, median {statistics.median(spent):.1f} ms, 95 % under {spent[int(len(spent) * 0.95)]:.1f} ms"
    )


def filled(folder: Path, sites: int, count: int) -> None:
    """A store with a run of so many sites that waits to be judged."""
    texts = sources()
    made = [from_html(text, "https://a.example/") for text, _ in texts]
    portfolio = Portfolio(id="bench", agencies=tuple(_agency(number, count) for number in range(sites)))
    with Store(folder) as store:
        info = RunInfo(id="20261123T021407Z", started_at=NOW, settings_digest="d", seed="s")
        runs.begin(store, StoredRun(info, portfolio, msgspec.json.encode(Settings()).decode()))
        for agency in portfolio.agencies:
            site = agency.sites[0]
            urls = [f"{site.start}{number}" if number else site.start for number in range(count)]
            pages.record(store, info.id, site.id, [CrawledPage(url=url, title=f"Page {url[-2:]}") for url in urls])
            pages.set_sample(
                store, info.id, site.id, Sample(tuple(SampleSlot(SlotKind.ALL, "all", url) for url in urls))
            )
            for number, url in enumerate(urls):
                outline = msgspec.structs.replace(made[(number * 7) % len(made)], url=url)
                looks.record(store, info.id, site.id, Look(url=url, taken_at=NOW, outline=outline))


def _agency(number: int, count: int) -> Agency:
    start = f"https://site{number}.example/"
    services = tuple(Service(id=f"s{n}", name=f"Service {n}", pages=(f"{start}{n}",)) for n in range(1, min(9, count)))
    site = Site(id=f"site{number}", name="Site", start=start, scope=(f"site{number}.example/",), services=services)
    return Agency(id=f"agency{number}", name="Agency", country="NL", sites=(site,))


def memory() -> int:
    """Memory of this process and its children in MB, shared pages shared out (PSS)."""
    total = 0
    for pid in [os.getpid(), *(child.pid for child in multiprocessing.active_children())]:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total // 1024


def judging(sites: int, count: int) -> None:
    """Print how long judging such a store takes, and its memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, sites, count)
        samples: list[int] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                samples.append(memory())

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.monotonic()
        with Store(folder) as store:
            auditing.stage_alone("judge", store, None, Quiet())
        took = time.monotonic() - began
        over.set()
        watcher.join()
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    quarter = max(1, len(samples) // 4)
    peaks = [max(samples[at : at + quarter]) for at in range(0, quarter * 4, quarter) if samples[at : at + quarter]]
    print(
        f"judge: {sites * count} pages in {took:.1f} s, {sites * count / took:.0f} a second; CPU {spent:.0f} s with filling"
    )
    print(f"memory of all processes, peak in each quarter: {', '.join(str(peak) for peak in peaks)} MB")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--files", type=int, default=500)
    arguments = parser.parse_args()
    inspecting(arguments.files)
    judging(arguments.sites, arguments.pages)
