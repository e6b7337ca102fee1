"""Turns what the crawl saw into pages with roles."""

from collections.abc import Mapping

import msgspec

from rules.model.page import CrawledPage, Page
from rules.model.portfolio import Site
from rules.roles import guess_role


def settled(site: Site, moves: Mapping[str, str]) -> Site:
    """A site with its start and its services' pages where redirects lead to, so that a page is known by one address."""
    return msgspec.structs.replace(
        site,
        start=moves.get(site.start, site.start),
        services=tuple(
            msgspec.structs.replace(service, pages=tuple(dict.fromkeys(moves.get(url, url) for url in service.pages)))
            for service in site.services
        ),
    )


def page_of(site: Site, crawled: CrawledPage) -> Page:
    """A crawled page with its role and the services that it belongs to."""
    service_pages = tuple(url for service in site.services for url in service.pages)
    role = guess_role(
        crawled.url,
        title=crawled.title,
        anchors=crawled.anchors,
        start=site.start,
        service_pages=service_pages,
        has_form=crawled.has_form,
        content_type=crawled.content_type,
    )
    return Page(
        url=crawled.url,
        role=role,
        depth=crawled.depth,
        source=crawled.source,
        title=crawled.title,
        structure=crawled.structure,
        has_form=crawled.has_form,
        failure=crawled.failure,
        anchors=crawled.anchors,
        services=tuple(service.id for service in site.services if crawled.url in service.pages),
        content_type=crawled.content_type,
    )


def planned_page(site: Site, crawled: CrawledPage | None, url: str, title: str) -> Page:
    """A planned page with its role; a title that only the browser saw helps where the crawl saw none."""
    seen = crawled or CrawledPage(url=url, source="given")
    return page_of(site, seen if seen.title else msgspec.structs.replace(seen, title=title))
