"""The crawl as a process of its own: the one place that starts Scrapy.

`python -m spiders.process` reads a `CrawlOrder` as the first line of its input and writes a `CrawlEvent` a line. Its input
stays open as a life line: when it closes, whoever wanted the crawl is gone, and the crawl ends. SIGTERM and SIGINT end it
too. What was told until then is good in each case; the last event says how it ended.
"""

import asyncio
import os
import signal
import sys
import threading
from types import FrameType

import msgspec
from scrapy.crawler import AsyncCrawlerProcess

from spiders.failures import plain
from spiders.order import CrawlEvent, CrawlOrder
from spiders.service_site import ServiceSiteSpider
from spiders.settings import scrapy_settings

_GRACE_SECONDS = 1.5  # for requests under way: Scrapy itself would wait for them as long as their time-out
_USAGE_ERROR = 2
_INPUT, _OUTPUT, _ERRORS = 0, 1, 2


class EventLines:
    """Writes events to a file descriptor, a line each and at once; after the last event nothing more is written."""

    def __init__(self, descriptor: int) -> None:
        self._output = os.fdopen(descriptor, "wb", buffering=0)
        self._turn = threading.Lock()
        self._ended = False

    def tell(self, event: CrawlEvent) -> None:
        """Write one event. When nobody is left to read it, end: there is no reason to burden a site any longer."""
        line = memoryview(msgspec.json.encode(event) + b"\n")
        with self._turn:
            if self._ended:
                return
            self._ended = event.page is None and event.moved is None
            try:
                while line:
                    line = line[self._output.write(line) or 0 :]
            except BrokenPipeError:
                os._exit(1)


class Crawl:
    """One crawl, which a signal or the end of the life line may interrupt."""

    def __init__(self, order: CrawlOrder, lines: EventLines) -> None:
        self._lines = lines
        self._interrupted = threading.Event()
        self._stopping: asyncio.Future[None] | None = None
        self._process = AsyncCrawlerProcess(scrapy_settings(order))
        self._loop = asyncio.get_event_loop()  # the one that Scrapy made
        self._crawler = self._process.create_crawler(ServiceSiteSpider)
        self._task = self._process.crawl(self._crawler, order=order, tell=lines.tell)

    def run(self) -> None:
        """Crawl until nothing is left, or until interrupted; the last event is told in either case."""
        self._process.start(install_signal_handlers=False)
        self._lines.tell(CrawlEvent(reason=self._reason()))

    def interrupt(self) -> None:
        """Begin to end; called in whatever thread. Requests under way may come home for a moment, then it is over."""
        if self._interrupted.is_set():
            return
        self._interrupted.set()
        deadline = threading.Timer(_GRACE_SECONDS, self._leave)
        deadline.daemon = True
        deadline.start()
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._process.stop())

    def _leave(self) -> None:
        farewell = threading.Thread(target=self._lines.tell, args=(CrawlEvent(reason="interrupted"),), daemon=True)
        farewell.start()
        farewell.join(_GRACE_SECONDS / 2)  # a reader that does not read must not keep us here
        os._exit(0)

    def _reason(self) -> str:
        spider = self._crawler.spider
        if self._interrupted.is_set():
            return "interrupted"
        if self._task.done() and (error := self._task.exception()):
            return f"error: {plain(f'{type(error).__name__}: {error}')}"
        if not isinstance(spider, ServiceSiteSpider) or spider.ended != "finished":
            return "error: the crawl could not begin"
        return "page_budget" if spider.frontier.exhausted else "finished"


def main() -> int:
    """Read the order, crawl, tell; the exit code is 0 unless the order could not be read."""
    lines = EventLines(os.dup(_OUTPUT))
    os.dup2(_ERRORS, _OUTPUT)  # a stray print must not stand between the events
    try:
        order = msgspec.json.decode(sys.stdin.buffer.readline(), type=CrawlOrder)
    except msgspec.MsgspecError as error:
        lines.tell(CrawlEvent(reason=f"error: the order could not be read: {plain(str(error))}"))
        return _USAGE_ERROR
    crawl = Crawl(order, lines)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        crawl.interrupt()

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    threading.Thread(target=_watch_life_line, args=(crawl,), daemon=True).start()
    crawl.run()
    return 0


def _watch_life_line(crawl: Crawl) -> None:
    while os.read(_INPUT, 4096):
        pass
    crawl.interrupt()


if __name__ == "__main__":
    sys.exit(main())
