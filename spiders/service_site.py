"""The spider: asks for what the frontier hands out, reads the answers, and tells what it saw."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from http import HTTPStatus
from typing import Any, Self

from msgspec.structs import replace
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, HtmlResponse, Response
from twisted.python.failure import Failure as TwistedFailure

from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage
from rules.model.url import normalise, variant_key
from spiders import failures
from spiders.answers import as_page, file_read, head_read, page_read
from spiders.file_types import is_page_type
from spiders.frontier import Frontier
from spiders.lanes import Visit
from spiders.logins import is_login
from spiders.order import CrawlEvent, CrawlOrder, Seed
from spiders.preference import wanted_first
from spiders.reader import read_page
from spiders.robots_rules import RobotsRules
from spiders.sitemaps import MOST_BYTES, SitemapWalk, read_sitemap, usual_sitemap

_MOST_TRIES = 2
_NOFOLLOW = re.compile(r"\b(?:nofollow|none)\b", re.IGNORECASE)


class ServiceSiteSpider(Spider):
    """One round of crawling one site. `tell` gets an event for each address that ended, in the order in which they end."""

    name = "service_site"

    def __init__(self, order: CrawlOrder, tell: Callable[[CrawlEvent], None]) -> None:
        super().__init__()
        self.order = order
        self.ended = ""
        self._first_end = asyncio.Event()
        self._tell = tell
        self._robots = RobotsRules(order.robots, order.user_agent)
        self._sitemaps = SitemapWalk(order.scope)
        self.frontier = Frontier(order, permitted=self._robots.permitted, preferred=wanted_first)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy, which is told to ask us when the head of an answer is there, and when we failed ourselves."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.head_received, signals.headers_received)
        crawler.signals.connect(spider.crashed, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Offer the seeds to the frontier, and ask for the sitemaps when the first page is there.

        What the start page links to is thus known by the words of its links, not as one of many lines of a sitemap.
        """
        for seed in self.order.seeds:
            self._offer(_visit(seed), *seed.anchors)
        if self.frontier.open:
            await self._first_end.wait()
        for request in self._sitemap_requests():
            yield request

    def request(self, visit: Visit) -> Request:
        """The request for a visit. A file is asked for its first byte only: that tells its type and size."""
        headers = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
        if visit.file:
            headers |= {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
        return Request(
            visit.url,
            callback=self.answered,
            errback=self.unanswered,
            headers={name: value for name, value in headers.items() if value},
            cb_kwargs={"visit": visit},
            meta={"proxy": self._proxy},
        )

    @property
    def _proxy(self) -> str | None:
        """None says "no proxy", also where the environment names one."""
        if not self.order.proxy:
            return None
        return self.order.proxy if "://" in self.order.proxy else f"http://{self.order.proxy}"

    def head_received(self, headers: Headers, request: Request) -> None:
        """Leave the body where it is when the head says that no page is coming."""
        visit = request.cb_kwargs.get("visit")
        if visit is None or failures.GUARD_HEADER in headers:
            return
        if visit.file or not is_page_type(str(headers.get("Content-Type") or b"", "latin-1")):
            raise StopDownload(fail=False)

    def answered(self, response: Response, visit: Visit) -> Request | None:
        """An answer is there: a redirect, a refusal, a document or a page."""
        location = failures.header(response, "Location")
        if location and HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
            return self._redirected(visit, location, response.status)
        failure = failures.of_answer(response, guarded=bool(self.order.proxy) and response.url.startswith("http://"))
        if failure is not None:
            self._failed(visit, failure, response)
        elif response.status == HTTPStatus.NOT_MODIFIED:
            self._ended(visit, head_read(response, self._known(visit)))
        elif visit.file and is_page_type(failures.header(response, "Content-Type")):
            return self.request(replace(visit, file=False))
        elif page := as_page(response):
            return self._page(page, visit)
        else:
            self._ended(visit, file_read(head_read(response, self._known(visit))))
        return None

    def unanswered(self, failure: TwistedFailure) -> None:
        """No answer came."""
        assert failure.value is not None
        visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]  # Scrapy adds it
        self._failed(visit, failures.of_exception(failure.value))

    def sitemap_answered(self, response: Response) -> list[Request]:
        """A sitemap is there, or sent us on; what is no sitemap is passed over, since nobody promised one."""
        location = failures.header(response, "Location")
        if location and HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
            return [self._sitemap_request(url) for url in self._sitemaps.to_read((location,), response.url)]
        if response.status != HTTPStatus.OK:
            return []
        sitemap = read_sitemap(response.body)
        for url in self._sitemaps.pages(sitemap, response.url):
            self._offer(Visit(url, depth=1, found_on=response.url, source="sitemap"))
        return [self._sitemap_request(url) for url in self._sitemaps.to_read(sitemap.sitemaps, response.url)]

    def sitemap_unanswered(self, failure: TwistedFailure) -> None:
        """A sitemap that did not come is no loss to speak of: links lead to the pages as well."""
        self.logger.info("no sitemap: %s", failure.value)

    def crashed(self, failure: TwistedFailure, response: Response | TwistedFailure) -> None:
        """We failed on an answer: it is told as such, so that no address is lost."""
        request = getattr(response, "request", None)
        visit = request.cb_kwargs.get("visit") if request else None
        if visit is not None:
            words = failures.plain(f"{type(failure.value).__name__}: {failure.value}")
            self._failed(
                replace(visit, tries=_MOST_TRIES), Failure(FailureKind.CRASHED, f"the page could not be read: {words}")
            )

    def closed(self, reason: str) -> None:
        """Say what is left, when the crawl came to its own end."""
        self.ended = reason
        if reason == "finished":
            for page in self.frontier.leftovers():
                self._tell(CrawlEvent(page=page))

    def _sitemap_requests(self) -> list[Request]:
        named = (*self.order.sitemaps, *self._robots.sitemaps())
        starts = [seed.url for seed in self.order.seeds if seed.source == "start"]
        starts += filter(None, [self.order.resumes])
        if not starts:
            return []
        usual = [] if named else [url for url in map(usual_sitemap, starts) if self._robots.permitted(url)]
        return [self._sitemap_request(url) for url in self._sitemaps.to_read((*named, *usual))]

    def _sitemap_request(self, url: str) -> Request:
        return Request(
            url,
            callback=self.sitemap_answered,
            errback=self.sitemap_unanswered,
            meta={"proxy": self._proxy, "download_maxsize": MOST_BYTES},
        )

    def _offer(self, visit: Visit, *anchors: str) -> None:
        refused = self.frontier.offer(visit, anchors)
        if refused is not None:
            self._tell(CrawlEvent(page=refused))

    def _redirected(self, visit: Visit, location: str, status: int) -> Request | None:
        onward = self.frontier.redirected(visit, location)
        if isinstance(onward, Visit):
            return self.request(onward)
        if isinstance(onward, Failure):
            known = replace(self._known(visit), status=status, failure=onward)
            self._tell_all(CrawlEvent(page=replace(known, url=url)) for url in (*visit.passed, visit.url))
        else:
            self._tell_all(CrawlEvent(moved=(url, onward)) for url in (*visit.passed, visit.url))
        return None

    def _page(self, response: HtmlResponse, visit: Visit) -> Request | None:
        """Read a page; where it sends its visitors on at once to another page of the site, go there in its place."""
        parts = read_page(response.text, visit.url, self.order.scope)
        onward = self.frontier.redirected(visit, parts.refresh) if parts.refresh else None
        if isinstance(onward, Visit):
            return self.request(onward)
        if isinstance(onward, str):
            self._tell_all([CrawlEvent(moved=(url, onward)) for url in (*visit.passed, visit.url)])
            return None
        page = page_read(head_read(response, self._known(visit)), parts)
        self._ended(visit, page, in_place=parts.signs_in)
        if parts.follow and not _NOFOLLOW.search(failures.header(response, "X-Robots-Tag")):
            for link in page.links:
                if link.in_scope:
                    self._offer(Visit(link.url, depth=visit.depth + 1, found_on=visit.url), link.anchor)
        return None

    def _failed(self, visit: Visit, failure: Failure, response: Response | None = None) -> None:
        if visit.tries + 1 < _MOST_TRIES and failures.worth_retrying(failure, response.status if response else 0):
            self.frontier.again(visit)
            return
        known = self._known(visit)
        self._ended(visit, replace(head_read(response, known) if response else known, failure=failure))

    def _ended(self, visit: Visit, page: CrawledPage, *, in_place: bool = False) -> None:
        """Tell what a visit gave, and of the addresses that led there: `in_place` says that a sign-in page stood there."""
        events = [CrawlEvent(page=page)]
        failure = Failure(FailureKind.LOGIN, f"leads to {visit.url.partition('?')[0]}, where one signs in")
        for url in visit.passed:
            if in_place and not is_login(url) and not _same_place(url, visit.url):
                events.append(CrawlEvent(page=replace(self._known(visit), url=url, failure=failure)))
            else:
                events.append(CrawlEvent(moved=(url, visit.url)))
        self._tell_all(events)

    def _tell_all(self, events: Iterable[CrawlEvent]) -> None:
        for event in events:
            self._tell(event)
        self._first_end.set()

    def _known(self, visit: Visit) -> CrawledPage:
        return CrawledPage(
            url=visit.url,
            depth=visit.depth,
            found_on=visit.found_on,
            anchors=self.frontier.anchors(visit),
            source=visit.source,
        )


def _visit(seed: Seed) -> Visit:
    return Visit(
        normalise(seed.url) or seed.url,
        depth=seed.depth,
        found_on=seed.found_on,
        source=seed.source,
        etag=seed.etag,
        last_modified=seed.last_modified,
    )


def _same_place(url: str, other: str) -> bool:
    """Whether two addresses differ only by the scheme, `www.` or what `variant_key` evens out."""
    return _place(url) == _place(other)


def _place(url: str) -> str:
    return variant_key(url).partition("://")[2].removeprefix("www.")
