"""How fast the crawl is beside a bare Scrapy spider that follows the same links and stores nothing.

    python tests/benchmarks/crawl_rate.py [ADDRESS]

ADDRESS is where a site on loopback begins; without one it is the 300 pages of capture_pages.py. Not collected by pytest:
figures depend on the machine. The two run in turn, three times, each in a process of its own from start to end, so that what
else the machine does falls on both; the CPU that each of their processes used for one answer depends less on that.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from capture_pages import served

from audit.stages.crawl_process import crawl_round
from spiders.order import CrawlOrder, Seed

_BARE = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    allowed_domains = [sys.argv[2]]
    custom_settings = {
        "LOG_LEVEL": "ERROR", "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "HTTPERROR_ALLOW_ALL": True,
        "COOKIES_ENABLED": False,
    }
    answers = 0

    def parse(self, response):
        Bare.answers += 1
        if isinstance(response, scrapy.http.HtmlResponse):
            for link in response.css("a::attr(href)").getall():
                address = response.urljoin(link).partition("#")[0]
                if address.startswith(sys.argv[3]):
                    yield response.follow(address)

process = AsyncCrawlerProcess()
process.crawl(Bare)
process.start()
print(Bare.answers)
"""
_RUNS = 3
_PAGES = 300


Answers = int


def bare(start: str) -> Answers:
    """What the bare spider fetches."""
    parts = urlsplit(start)
    command = [sys.executable, "-c", _BARE, start, str(parts.hostname), f"http://{parts.netloc}/"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ours(start: str) -> Answers:
    """What Loket's crawl fetches."""
    order = CrawlOrder(
        seeds=(Seed(start),),
        scope=(f"{urlsplit(start).netloc}/",),
        user_agent="Loket/0 (benchmark)",
        proxy="",
        delay=0,
        max_pages=10_000,
        max_depth=1_000,
        max_per_pattern=10_000,
    )
    return sum(event.page is not None for event in crawl_round(order))


def measured(crawl: Callable[[str], Answers], start: str) -> tuple[float, float, float]:
    """Answers, answers a second, and CPU milliseconds for one."""
    began, used = time.monotonic(), _cpu()
    answers = crawl(start)
    return answers, answers / (time.monotonic() - began), 1000 * (_cpu() - used) / answers


def _cpu() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def compare(start: str) -> None:
    """Run both in turn and print rates, CPU and their ratios, medians at the end."""
    rounds = []
    for _ in range(_RUNS):
        plain, whole = measured(bare, start), measured(ours, start)
        rounds.append((*plain, *whole, whole[1] / plain[1], whole[2] / plain[2]))
        sys.stdout.write(f"{_told(rounds[-1])}, load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.write(f"median: {_told(tuple(statistics.median(column) for column in zip(*rounds, strict=True)))}\n")


def _told(figures: tuple[float, ...]) -> str:
    answers, plain, plain_cpu, ours_too, whole, whole_cpu, rate, cpu = figures
    return (
        f"bare {answers:.0f} at {plain:.1f}/s, {plain_cpu:.1f} CPU ms each; "
        f"Loket {ours_too:.0f} at {whole:.1f}/s, {whole_cpu:.1f} CPU ms each: "
        f"{rate:.0%} of the rate, {cpu:.2f} of the CPU"
    )


def main() -> None:
    """Crawl the site that was named, or our own."""
    if len(sys.argv) > 1:
        compare(sys.argv[1])
        return
    with served(_PAGES) as (address, _):
        compare(f"{address}/")


if __name__ == "__main__":
    main()
