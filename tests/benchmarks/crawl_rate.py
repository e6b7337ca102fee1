"""How fast the crawl is beside a bare Scrapy spider that follows the same links and stores nothing.

    python tests/benchmarks/crawl_rate.py http://127.0.0.1:8801/scenarioA/en.html

Not collected by pytest: figures depend on the machine. Each of the two runs three times in a process of its own.
"""

import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

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


def bare(start: str) -> float:
    """Answers a second of the bare spider."""
    parts = urlsplit(start)
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", _BARE, start, str(parts.hostname), f"http://{parts.netloc}/"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return int(told) / (time.monotonic() - began)


def ours(start: str) -> float:
    """Answers a second of Loket's crawl."""
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
    began = time.monotonic()
    answers = sum(event.page is not None for event in crawl_round(order))
    return answers / (time.monotonic() - began)


def main() -> None:
    """Run both in turn, so that what else the machine does falls on both."""
    rates = [(bare(sys.argv[1]), ours(sys.argv[1])) for _ in range(_RUNS)]
    plain, whole = (statistics.median(column) for column in zip(*rates, strict=True))
    sys.stdout.write(f"bare {plain:.1f}/s, Loket {whole:.1f}/s: {whole / plain:.0%}\n")


if __name__ == "__main__":
    main()
