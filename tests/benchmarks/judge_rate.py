"""How long judging takes, of saved pages and of a store: `python tests/benchmarks/judge_rate.py [--help]`. Linux only.

**Inspecting**, on one core: CPU milliseconds from a page's bytes to its booleans, outline and facts apart, and what the start
of `loket inspect` for one file costs. Wanted: a median under 20.

**Judging** a store of so many sites with so many pages each by `loket judge`, with all channel and barrier rules: seconds, CPU
seconds, and the peak memory (PSS of all its processes) in each quarter of the time. Wanted: 10,000 pages under 60 seconds on
two cores, memory flat.

The pages are the real ones of `gov` from LOKET_DATA (else ../shared/data), and where that is absent the demonstration's. What
reading a page costs must not be hidden by what was remembered of another, so no page comes twice: seeded by its number, each
text on it gets a word of its own, and other last digits. Only in the store the header, menus and footer stay as they are, as
they do on the pages of a real site; each site is made of a few of the pages.
"""

import argparse
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from capture_meter import Measured, Meter

from audit import processes
from audit.config import Settings
from audit.store import looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.inspection import inspect
from rules.model.look import Look
from rules.model.outline import Block, Outline
from rules.model.page import CrawledPage, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import RunInfo
from rules.outline import from_html

ROOT = Path(__file__).parents[2]
LOKET = str(Path(sys.executable).parent / "loket")
NOW = "2026-11-23T02:14:07Z"
TEMPLATES = 4  # pages of which a site is made
FRAME = frozenset({"banner", "navigation", "contentinfo"})
TEXT_ENDS = re.compile(rb"(?<=[\w.])(?=</(?:a|p|li|h[1-6]|td|th|dd|dt|span|strong|div)>)")
LAST_DIGIT = re.compile(r"\d(?=\D|$)")


def sources() -> list[tuple[bytes, str]]:
    """Pages with the country that they are of."""
    data = Path(os.environ.get("LOKET_DATA", ROOT.parent / "shared" / "data")) / "gov"
    if not data.is_dir():
        return [(file.read_bytes(), "NL") for file in sorted((ROOT / "audit/cli/demo/sites").rglob("*.html"))]
    labels = [msgspec.json.decode(line) for line in (data / "labels.jsonl").read_bytes().splitlines() if line]
    return [((data / label["path"]).read_bytes(), label["country"]) for label in labels]


def word_of(number: int) -> str:
    """A word that stands on one page only."""
    return "".join(random.Random(number).choices("abcdefghiklmnoprstuvwz", k=9))


def inspecting(files: int) -> None:
    """Print what inspecting one page costs."""
    processes.collect_rarely()
    texts = sources()
    outline, facts = [], []
    for number in range(files + len(texts)):
        text, country = texts[number % len(texts)]
        text = TEXT_ENDS.sub(f" {word_of(number)} {number % 10}".encode(), text)
        began = time.process_time()
        made = from_html(text, "https://a.example/")
        between = time.process_time()
        inspect(made, country=country)
        outline.append((between - began) * 1000)
        facts.append((time.process_time() - between) * 1000)
    outline, facts = outline[len(texts) :], facts[len(texts) :]  # the first round makes matchers and reads models
    whole = sorted(map(sum, zip(outline, facts, strict=True)))
    print(
        f"inspect: {files} pages, CPU of one core: median {statistics.median(whole):.1f} ms, mean {statistics.mean(whole):.1f}, "
        f"95 % under {whole[int(len(whole) * 0.95)]:.1f} (medians: outline {statistics.median(outline):.1f}, "
        f"facts {statistics.median(facts):.1f})"
    )


def starting() -> None:
    """Print what `loket inspect` of one small page costs from start to end."""
    spent = []
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(b"<p>Call us on 0300 123 1234.</p>")
        file.flush()
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([LOKET, "inspect", file.name], check=True, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    print(f"inspect: one file from start to end, CPU {statistics.median(spent):.2f} s")


def filled(folder: Path, sites: int, count: int) -> None:
    """A store with a run of so many sites that waits to be judged."""
    made = [from_html(text, "https://a.example/") for text, _ in sources()]
    portfolio = Portfolio(id="bench", agencies=tuple(_agency(number, count) for number in range(sites)))
    with Store(folder) as store:
        info = RunInfo(id="20261123T021407Z", started_at=NOW, settings_digest="d", seed="s")
        runs.begin(store, StoredRun(info, portfolio, msgspec.json.encode(Settings()).decode()))
        for number, agency in enumerate(portfolio.agencies):
            site = agency.sites[0]
            templates = [made[(number * TEMPLATES + place) % len(made)] for place in range(TEMPLATES)]
            urls = [f"{site.start}{page}" if page else site.start for page in range(count)]
            pages.record(store, info.id, site.id, [CrawledPage(url=url, title=f"Page {url[-2:]}") for url in urls])
            slots = tuple(SampleSlot(SlotKind.ALL, "all", url) for url in urls)
            pages.set_sample(store, info.id, site.id, Sample(slots))
            for page, url in enumerate(urls):
                outline = varied(templates[page % TEMPLATES], url, number * count + page)
                looks.record(store, info.id, site.id, Look(url=url, taken_at=NOW, outline=outline))


def varied(outline: Outline, url: str, number: int) -> Outline:
    """The page at this address, of which no text outside header, menus and footer stands on another page."""
    word, digit = word_of(number), str(number % 10)
    return msgspec.structs.replace(outline, url=url, blocks=tuple(_blocks(outline, word, digit)))


def _blocks(outline: Outline, word: str, digit: str) -> Iterator[Block]:
    for block in outline.blocks:
        if block.landmark in FRAME or not block.text:
            yield block
        else:
            yield msgspec.structs.replace(block, text=f"{LAST_DIGIT.sub(digit, block.text)} {word}")


def _agency(number: int, count: int) -> Agency:
    start = f"https://site{number}.example/"
    services = tuple(Service(id=f"s{n}", name=f"Service {n}", pages=(f"{start}{n}",)) for n in range(1, min(9, count)))
    site = Site(id=f"site{number}", name="Site", start=start, scope=(f"site{number}.example/",), services=services)
    return Agency(id=f"agency{number}", name="Agency", country="NL", sites=(site,))


def judging(sites: int, count: int) -> None:
    """Print how long judging such a store takes, and its memory."""
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        filled(Path(name), sites, count)
        print(f"judge: a store of {sites} x {count} pages was made in {time.monotonic() - began:.0f} s")
        took = Meter(set()).run([LOKET, "judge", "--store", name, "--quiet"])
    number = sites * count
    print(
        f"judge: {number} pages in {took.seconds:.1f} s, {number / took.seconds:.0f} a second; CPU {took.cpu:.1f} s, "
        f"{took.cpu / number * 1000:.1f} ms a page"
    )
    print(f"judge: peak memory of all processes in each quarter: {', '.join(_quarters(took))} MB")
    print(f"others kept {took.others:.1f} of {os.cpu_count()} cores busy meanwhile; load average {took.load:.1f}")


def _quarters(took: Measured) -> Iterator[str]:
    for quarter in range(4):
        held = [size for moment, size in took.memory if quarter <= moment / took.seconds * 4 < quarter + 1]
        yield f"{max(held):.0f}" if held else "not read"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--pages", type=int, default=100, help="pages of each site")
    parser.add_argument("--files", type=int, default=500, help="saved pages that are inspected")
    arguments = parser.parse_args()
    inspecting(arguments.files)
    starting()
    judging(arguments.sites, arguments.pages)
