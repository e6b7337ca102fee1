"""The crawl stage: asks robots.txt, lets Scrapy visit, and writes down what it saw as it comes."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import msgspec

from audit.guest import robots as robots_txt
from audit.stages.crawl_process import crawl_round
from audit.stages.work import SiteWork
from audit.store import pages
from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage
from rules.model.url import origin
from spiders.file_types import is_file
from spiders.order import CrawlEvent, CrawlOrder, Seed

_WRITE_EVERY_SECONDS = 0.5
_WRITE_EVERY_PAGES = 50
_NOT_MODIFIED = 304
_DEATHS = 3
_UNASKED = frozenset({FailureKind.BUDGET, FailureKind.ROBOTS, FailureKind.OUT_OF_SCOPE})


class CrawlBrokenError(Exception):
    """The crawl ended before it was done, and not because somebody stopped it."""


def with_robots(work: SiteWork) -> SiteWork:
    """The work, with the robots.txt of every origin in scope; what is to be said of the start's is said."""
    start = origin(work.site.start)
    hosts = {entry.partition("/")[0] for entry in work.site.scope}
    schemes = {host: (start.partition("://")[0],) if ":" in host else ("http", "https") for host in hosts}
    origins = {start} | {f"{scheme}://{host}" for host in hosts for scheme in schemes[host]}
    origins |= {origin(url) for url in (*_service_pages(work), *work.given)}
    answers = robots_txt.fetch(sorted(origins), proxy=f"http://{work.proxy}", user_agent=work.user_agent)
    if start in answers and answers[start].note:
        work.progress.say(f"robots.txt of {start}: {answers[start].note}")
    return replace(
        work,
        robots={place: answer.text for place, answer in answers.items() if answer.text},
        unread={place: answer.failure for place, answer in answers.items() if answer.failure},
    )


def crawl(work: SiteWork, number: int) -> bool:
    """One round of crawling: pages, links and documents into the ledger; says whether anything was left to visit.

    Round 1 begins at the start page, the services' pages and the sitemaps, or goes on where an interrupted crawl stopped;
    later rounds visit what only the browser saw. A crawling process that dies is followed by another, which goes on from
    the ledger, until three in a row have died without a new page.

    Raises:
        CrawlBrokenError: the crawling process died.

    """
    order = _order(work, number)
    if not order.seeds and not order.resumes:
        return False
    work.progress.stage(work.name, "crawl", len(order.seeds))
    in_vain = 0
    while True:
        known = len(order.visited)
        with closing(crawl_round(order)) as events:
            reason = _write_down(work, events)
        if not reason.startswith("error"):
            return True
        order = _order(work, number)
        in_vain = 0 if len(order.visited) > known else in_vain + 1
        if in_vain == _DEATHS:
            raise CrawlBrokenError(reason)


def _order(work: SiteWork, number: int) -> CrawlOrder:
    """What is left to crawl, as the ledger has it now."""
    known = pages.known(work.store, work.run.id, work.site.id)
    moves = pages.moves(work.store, work.run.id, work.site.id)
    visited = (*(page.url for page in known), *moves)
    fetched = Counter(is_file(page.url) for page in known if not _passed_over(page))
    return CrawlOrder(
        seeds=_seeds(work, frozenset(visited)),
        scope=work.site.scope,
        user_agent=work.user_agent,
        proxy=work.proxy,
        visited=visited,
        sitemaps=work.site.sitemaps if number == 1 else (),
        resumes=work.site.start if number == 1 and work.site.start in visited else "",
        robots=dict(work.robots),
        delay=max(work.settings.pace, longest_delay(work)),
        max_pages=work.settings.max_pages,
        fetched_pages=fetched[False],
        fetched_files=fetched[True],
        max_depth=work.settings.max_depth,
        max_per_pattern=work.settings.max_per_pattern,
        timeout=work.settings.timeout,
    )


def _seeds(work: SiteWork, visited: frozenset[str]) -> tuple[Seed, ...]:
    validators = pages.validators(work.store, work.site.id, work.run.id)
    first = [Seed(work.site.start, "start", 0), *(Seed(url, "service", 1) for url in _service_pages(work))]
    left = [
        Seed(page.url, page.source, page.depth, page.found_on, page.anchors)
        for page in pages.frontier(work.store, work.run.id, work.site.id)
    ]
    unique = {seed.url: seed for seed in reversed([*first, *left]) if seed.url not in visited}
    return tuple(
        msgspec.structs.replace(seed, etag=etag, last_modified=changed)
        for seed in reversed(unique.values())
        for etag, changed in [validators.get(seed.url, ("", ""))]
    )


def _service_pages(work: SiteWork) -> tuple[str, ...]:
    return tuple(url for service in work.site.services for url in service.pages)


def longest_delay(work: SiteWork) -> float:
    """The longest wait, in seconds, that an origin of the site asks for in its robots.txt."""
    return max((robots_txt.crawl_delay(work.robots, place, work.user_agent) for place in work.robots), default=0.0)


def _passed_over(page: CrawledPage) -> bool:
    """Whether a page is known and was never asked for."""
    return page.failure is not None and page.failure.kind in _UNASKED and not page.status


def _write_down(work: SiteWork, events: Iterator[CrawlEvent]) -> str:
    """What the crawl tells, into the ledger as it comes; the reason why the crawl ended."""
    waiting: list[CrawledPage] = []
    moved: list[tuple[str, str]] = []
    written_at = time.monotonic()
    reason = ""

    def write() -> None:
        if waiting or moved:
            work.keep_book()
            pages.record(work.store, work.run.id, work.site.id, waiting, moved)
        waiting.clear()
        moved.clear()

    try:
        for event in events:
            reason = event.reason
            if event.moved is not None:
                moved.append(event.moved)
            if event.page is not None:
                waiting.append(_whole(work, event.page))
                work.progress.page(event.page.url)
                work.progress.done()
            if len(waiting) >= _WRITE_EVERY_PAGES or time.monotonic() - written_at > _WRITE_EVERY_SECONDS:
                write()
                written_at = time.monotonic()
    finally:
        write()
    return reason


def _whole(work: SiteWork, page: CrawledPage) -> CrawledPage:
    """A page that did not change since an earlier run, with what that run saw on it; a closed one with the true reason."""
    if page.failure is not None and page.failure.kind is FailureKind.ROBOTS:
        return msgspec.structs.replace(page, failure=work.closed(page.url) or page.failure)
    if page.status != _NOT_MODIFIED:
        return page
    earlier = pages.seen_earlier(work.store, work.site.id, page.url, work.run.id)
    if earlier is None:
        return msgspec.structs.replace(page, failure=Failure(FailureKind.EMPTY, "304, and no earlier copy"))
    seen, links = earlier
    return msgspec.structs.replace(
        seen, links=links, depth=page.depth, source=page.source, found_on=page.found_on, anchors=page.anchors
    )
