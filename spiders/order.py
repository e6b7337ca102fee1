"""What the crawl is told, and what it tells: plain values, so that it knows neither the store nor the clock of a run."""

from rules.model.page import CrawledPage
from rules.model.record import Record


class Seed(Record, frozen=True):
    """A URL to begin with: where it comes from (start, service, sitemap, link, browser) and its depth in clicks.

    `etag` and `last_modified` are validators of an earlier answer, sent as a conditional request.
    """

    url: str
    source: str = "start"
    depth: int = 0
    found_on: str = ""
    anchors: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""


class CrawlOrder(Record, frozen=True):
    r"""One round of crawling one site.

    `scope` as in `Site.scope` (never empty here). `visited` are normalised URLs that need no visit. `robots` maps an origin
    (`https://host:port`) to the text of its robots.txt; an origin that is absent may be visited freely, the text
    `User-agent: *\nDisallow: /` closes it. `delay` is in seconds, the larger of our pace and Crawl-delay. `proxy` is the guard.
    `sitemaps` are URLs of sitemaps to read, beside those that robots.txt names; they are read with the start page. Where an
    interrupted crawl goes on after that page, `resumes` is its URL, so that they are read all the same. `fetched_pages` and
    `fetched_files` are how much of `max_pages`, which is for either kind, earlier crawls of this site have used.
    """

    seeds: tuple[Seed, ...]
    scope: tuple[str, ...]
    user_agent: str
    proxy: str
    visited: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    robots: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    delay: float = 2.0
    resumes: str = ""
    max_pages: int = 500
    fetched_pages: int = 0
    fetched_files: int = 0
    max_depth: int = 5
    max_per_pattern: int = 60
    max_bytes: int = 5_000_000
    timeout: float = 30.0


class CrawlEvent(Record, frozen=True):
    """One line of the crawl's output: a page (or a failure to get one), an address that moved, or the end with its reason.

    `reason` is empty for a page; at the end it is `finished`, `page_budget`, `interrupted`, or `error: …`.
    `moved` is an address, and the one that it redirects to: it is no page of its own, and needs no visit again. Its page
    comes, or came, under the other address, which may have moved in its turn.
    """

    page: CrawledPage | None = None
    reason: str = ""
    moved: tuple[str, str] | None = None
