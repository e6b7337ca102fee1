"""What the capture stage costs, against a plain loop of axe-playwright-python and against the least that can be done.

    python tests/benchmarks/capture_rate.py [--pages 100] [--rounds 3] [--browser PATH]
    python tests/benchmarks/capture_rate.py --memory [--pages 1000]

The first command looks at the same pages in three ways, in turn, so that a busy machine hurts all alike: `naive` and `floor`
(see capture_ways.py) and `loket capture` as it is used, with guard, sandbox, outline, requests, headers, pictures and store.
Each is one command from its start to its end, on the same browser. It prints the pages a second, the CPU of the whole process
tree for one page, the peak of its memory (PSS), medians, ratios and spread, how busy others kept the machine, which part of
Loket used the CPU; and it compares what was found in the top frames, as sets of (address, rule, target), and with the faults
that the pages are made with. It ends with 1 where these differ. The second looks at many pages and prints the peak of memory
in each quarter of the time. Nothing here is timed in the tests.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from capture_meter import PARTS, Measured, Meter
from capture_pages import pages, served
from capture_ways import TAGS

from audit import machine
from audit.config import Settings
from audit.store import looks as stored
from audit.store import pages as crawled
from audit.store import runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.look import AxeOutcome
from rules.model.page import CrawledPage
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

HERE = Path(__file__).parent
WAYS = ("naive", "floor", "loket")
RUN = "20261123T021407Z"
Findings = set[tuple[str, str, str]]


def crawled_store(folder: Path, urls: list[str], browser: str, *, sandbox: bool) -> None:
    """A store as the crawl leaves it, that waits for the capture of all pages."""
    place = urls[0].removeprefix("http://")
    site = Site(id="site", name="Gemeente Loket", start=urls[0], scope=(place,))
    portfolio = Portfolio(
        id="bench", agencies=(Agency(id="loket", name="Gemeente Loket", country="NL", sites=(site,)),)
    )
    settings = Settings(
        pace=0, all_pages=True, allow_private=(place.rstrip("/"),), browser=browser, sandbox=sandbox, max_documents=0
    )
    info = RunInfo(id=RUN, started_at="2026-11-23T02:14:07Z", settings_digest="bench", seed="bench")
    with Store(folder) as store:
        runs.begin(store, StoredRun(info, portfolio, msgspec.json.encode(settings).decode()))
        crawled.record(store, RUN, "site", [CrawledPage(url=url, title=url[-4:]) for url in urls])


def found_by_loket(folder: Path) -> Findings:
    """What failed in the top frames, of the rules that the other ways ask for.

    Raises:
        SystemExit: pages were lost.

    """
    found: Findings = set()
    with Store(folder) as store:
        for url, look in stored.of_site(store, RUN, "site").items():
            result = stored.axe(store, look)
            if look.failure is not None or result is None:
                raise SystemExit(f"{url} was lost: {look.failure}")
            found |= {
                (url, rule.id, node.target[0])
                for rule in result.rules
                if rule.outcome is AxeOutcome.VIOLATIONS and set(rule.tags) & set(TAGS)
                for node in rule.nodes
                if node.frame == 0 and len(node.target) == 1
            }
    return found


class Bench:
    """One site, one browser, and a folder to work in."""

    def __init__(self, folder: Path, address: str, count: int, browser: machine.Browser, meter: Meter) -> None:
        self._folder = folder
        self._browser = browser
        self._meter = meter
        self.made = pages(count)
        self.urls = [address + page.path for page in self.made]
        (folder / "addresses").write_text("\n".join(self.urls), encoding="utf-8")
        self.sandbox = not machine.user_namespaces()
        crawled_store(folder / "crawled", self.urls, browser.path, sandbox=self.sandbox)

    def look(self, way: str) -> tuple[Measured, Findings]:
        """Look at all pages in this way."""
        out = self._folder / way
        if way == "loket":
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(self._folder / "crawled", out)
            start = "from audit.cli import main; main()"
            measured = self._meter.run([sys.executable, "-c", start, "capture", "--store", str(out), "--quiet"])
            return measured, found_by_loket(out)
        script = str(HERE / "capture_ways.py")
        measured = self._meter.run(
            [sys.executable, script, way, self._browser.path, str(self._folder / "addresses"), str(out)]
        )
        return measured, {(url, rule, target) for url, rule, target in json.loads(out.read_text(encoding="utf-8"))}

    def missing_faults(self, found: Findings) -> list[str]:
        """The faults that the pages were made with and that are not among the findings."""
        counts = Counter((url, rule) for url, rule, _ in found)
        return [
            f"{url} {rule}: {counts[url, rule]} of {count}"
            for url, page in zip(self.urls, self.made, strict=True)
            for rule, count in page.faults.items()
            if counts[url, rule] < count
        ]


def compare(bench: Bench, rounds: int) -> int:
    """Print what the ways cost, round by round and in the median; 1 where they found different things."""
    count, different = len(bench.urls), 0
    told: dict[str, list[Measured]] = {way: [] for way in WAYS}
    for number in range(rounds):
        found: dict[str, Findings] = {}
        for way in WAYS:
            measured, found[way] = bench.look(way)
            told[way].append(measured)
            print(
                f"round {number + 1} {way:5}: {count / measured.seconds:6.2f} pages/s {1000 * measured.cpu / count:6.0f} CPU ms "
                f"a page {measured.peak:6.0f} MB; others used {measured.others:.2f} cores, load {measured.load:.1f}",
                flush=True,
            )
        for way in WAYS[1:]:
            more, less = found[way] - found["naive"], found["naive"] - found[way]
            different += len(more) + len(less)
            for name, ones in (("more", more), ("less", less)):
                print(*(f"  {way} found {name}: {one}" for one in sorted(ones)[:5]), sep="\n", end="\n" if ones else "")
        missing = bench.missing_faults(found["naive"])
        different += len(missing)
        print(*(f"  planted and not found: {line}" for line in missing[:5]), sep="\n", end="\n" if missing else "")
        print(f"  findings: {', '.join(f'{way} {len(found[way])}' for way in WAYS)}")
    summary(told, count)
    return 1 if different else 0


def summary(told: dict[str, list[Measured]], count: int) -> None:
    """Print medians with their spread, the ratios of each round's figures, and who used Loket's CPU."""
    figures = {
        "pages/s": lambda one: count / one.seconds,
        "CPU ms a page": lambda one: 1000 * one.cpu / count,
        "peak PSS, MB": lambda one: one.peak,
    }
    print()
    for name, figure in figures.items():
        values = {way: [figure(one) for one in told[way]] for way in WAYS}
        shown = "  ".join(f"{way} {_spread(values[way])}" for way in WAYS)
        ratios = "  ".join(
            f"x {way} {_spread([ours / theirs for ours, theirs in zip(values['loket'], values[way], strict=True)], 2)}"
            for way in WAYS[:2]
        )
        print(f"{name:14} {shown}   loket {ratios}")
    parts: Counter[str] = Counter()
    for one in told["loket"]:
        parts += one.parts
    cpu = sum(one.cpu for one in told["loket"])
    shares = ", ".join(f"{part} {parts[part] / cpu:.0%}" for part in PARTS)
    print(f"Loket's CPU: {shares}, seen too late {1 - sum(parts.values()) / cpu:.0%}")


def _spread(values: list[float], digits: int = 1) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def memory(bench: Bench) -> int:
    """Print the peak of memory in each quarter of a long capture; 1 where it has grown by more than 15 %."""
    measured, _ = bench.look("loket")
    quarters: list[float] = [0.0] * 4
    for moment, size in measured.memory:
        place = min(3, int(4 * moment / measured.seconds))
        quarters[place] = max(quarters[place], size)
    growth, count = quarters[3] / quarters[1], len(bench.urls)
    peaks = ", ".join(f"{size:.0f}" for size in quarters)
    print(f"{count} pages in {measured.seconds:.0f} s, {1000 * measured.cpu / count:.0f} CPU ms a page")
    print(f"peak PSS in each quarter: {peaks} MB; the last is {growth:.2f} of the second")
    return 1 if growth > 1.15 else 0


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=0, help="how many pages [100; 1000 with --memory]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--browser", default="")
    parser.add_argument("--memory", action="store_true", help="one long capture, for its memory")
    arguments = parser.parse_args()
    browser = machine.find_browser(arguments.browser)
    if browser is None:
        raise SystemExit("no Chromium on this machine")
    count = arguments.pages or (1000 if arguments.memory else 100)
    with tempfile.TemporaryDirectory() as folder, served(count) as (address, server):
        bench = Bench(Path(folder), address, count, browser, Meter({server}))
        print(
            f"{browser.product} {browser.version}, {machine.cores()} of {os.cpu_count()} cores, {count} pages, "
            f"sandbox {'on' if bench.sandbox else 'off'}, load {os.getloadavg()[0]:.1f}"
        )
        return memory(bench) if arguments.memory else compare(bench, arguments.rounds)


if __name__ == "__main__":
    raise SystemExit(main())
