"""Lets the frontier decide what Scrapy asks for next, instead of a queue of Scrapy's own."""

from collections import deque
from typing import Self

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from spiders.service_site import ServiceSiteSpider


class FrontierScheduler(BaseScheduler):
    """Hands out what the spider asked for at once (sitemaps, redirects), then what the frontier hands out.

    Nothing is turned into a request before its turn, so that a page's place may still change while it waits.
    """

    def __init__(self, spider: ServiceSiteSpider) -> None:
        self._spider = spider
        self._at_once: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy when the crawl begins."""
        assert isinstance(crawler.spider, ServiceSiteSpider)
        return cls(crawler.spider)

    def has_pending_requests(self) -> bool:
        """Whether anything may still be asked for."""
        return bool(self._at_once) or self._spider.frontier.open

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that the spider made itself."""
        self._at_once.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request; None when there is none at this moment."""
        if self._at_once:
            return self._at_once.popleft()
        visit = self._spider.frontier.take()
        return None if visit is None else self._spider.request(visit)
