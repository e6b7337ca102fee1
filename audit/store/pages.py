"""What the crawl and the browser know of a site: pages, links, and the sample; the ledger is the frontier."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, delete, func, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from audit.store import schema
from audit.store.store import Store
from rules.model.outline import Link
from rules.model.page import CrawledPage, FoundLink, LinkKind, Sample, SampleSlot, SlotKind
from rules.redaction import redacted, redacted_text

_MOVED = "moved"


def record(
    store: Store, run_id: str, site: str, pages: Iterable[CrawledPage] = (), moves: Iterable[tuple[str, str]] = ()
) -> None:
    """Write down pages as the crawl saw them, each with its links; a page seen again replaces what was known.

    `moves` are redirects: each address that was asked for, and the page that it led to. Secrets and persons are taken
    out of all of it before.
    """
    clean = [redacted(page) for page in pages]
    with store.writing() as connection:
        for page in clean:
            _record_page(connection, run_id, site, page)
            write_links(connection, run_id, site, page.url, page.links, seen_by="crawl")
        for url, leads_to in moves:
            _record_page(connection, run_id, site, CrawledPage(url=url, final_url=leads_to, source=_MOVED))


def moves(store: Store, run_id: str, site: str) -> dict[str, str]:
    """Where each redirecting address leads to at last."""
    leads = {page.url: page.final_url for page in _all(store, run_id, site) if page.source == _MOVED}
    return {url: _end(url, leads) for url in leads}


def known(store: Store, run_id: str, site: str) -> tuple[CrawledPage, ...]:
    """Every page that was visited or given up, without its links, in the order of first sight; anchors from all links."""
    with store.reading() as connection:
        words = _anchors(connection, run_id, site)
    pages = [page for page in _all(store, run_id, site) if page.source != _MOVED]
    return tuple(_with_anchors(page, words.get(page.url, ())) for page in pages)


def frontier(store: Store, run_id: str, site: str) -> tuple[CrawledPage, ...]:
    """Pages that links in scope lead to and that nobody has visited, with their depth in clicks and where they stand."""
    table = schema.link
    query = (
        select(table.c.source, table.c.target, table.c.anchor, table.c.seen_by)
        .where(table.c.run_id == run_id, table.c.site == site, table.c.in_scope.is_(True))
        .where(table.c.kind.in_([LinkKind.PAGE, LinkKind.DOCUMENT]))
        .order_by(
            literal_column("link.rowid")
        )  # as they stand on their page, so that a crawl goes on in the order it had
    )
    visited = {page.url: (place, page.depth) for place, page in enumerate(_all(store, run_id, site))}
    with store.reading() as connection:
        rows = [row for row in connection.execute(query) if row.target not in visited]
    found: dict[str, CrawledPage] = {}
    rows.sort(key=lambda row: visited.get(row.source, (len(visited), 0))[0])  # in the order of first sight
    for row in rows:
        depth = visited.get(row.source, (0, 0))[1] + 1
        earlier = found.get(row.target)
        anchors = tuple(dict.fromkeys((*(earlier.anchors if earlier else ()), *filter(None, [row.anchor]))))
        if earlier is not None and earlier.depth <= depth:
            found[row.target] = msgspec.structs.replace(earlier, anchors=anchors)
        else:
            source = "browser" if row.seen_by == "browser" else "link"
            found[row.target] = CrawledPage(
                url=row.target, depth=depth, found_on=row.source, anchors=anchors, source=source
            )
    return tuple(found.values())


def validators(store: Store, site: str, before_run: str) -> dict[str, tuple[str, str]]:
    """ETag and Last-Modified of each page of a site as an earlier run saw them last."""
    table = schema.page
    query = (
        select(table.c.url, table.c.etag, table.c.last_modified, func.max(table.c.run_id))
        .where(table.c.site == site, table.c.run_id < before_run, (table.c.etag != "") | (table.c.last_modified != ""))
        .group_by(table.c.url)
    )
    with store.reading() as connection:
        return {row.url: (row.etag, row.last_modified) for row in connection.execute(query)}


def seen_earlier(
    store: Store, site: str, url: str, before_run: str
) -> tuple[CrawledPage, tuple[FoundLink, ...]] | None:
    """A page and its links as the newest earlier run saw it whole: what a 304 answer stands for."""
    table = schema.page
    query = (
        select(table.c.run_id, table.c.page_json)
        .where(table.c.site == site, table.c.url == url, table.c.run_id < before_run)
        .order_by(table.c.run_id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        page = msgspec.json.decode(row.page_json, type=CrawledPage)
        if page.source == _MOVED:
            return None
        links = schema.link
        found = connection.execute(
            select(links).where(links.c.run_id == row.run_id, links.c.site == site, links.c.source == url)
        )
        return page, tuple(
            FoundLink(url=link.target, kind=LinkKind(link.kind), anchor=link.anchor, in_scope=link.in_scope)
            for link in found
            if link.seen_by == "crawl"
        )


def link_sources(store: Store, run_id: str, site: str, targets: Iterable[str]) -> dict[str, str]:
    """For each target, one page that links to it."""
    table = schema.link
    wanted = set(targets)
    query = select(table.c.target, func.min(table.c.source)).where(table.c.run_id == run_id, table.c.site == site)
    with store.reading() as connection:
        return {
            target: source for target, source in connection.execute(query.group_by(table.c.target)) if target in wanted
        }


def links_from(store: Store, run_id: str, site: str) -> dict[str, tuple[Link, ...]]:
    """The links in scope of every page, by the page they stand on."""
    table = schema.link
    query = select(table.c.source, table.c.target, table.c.anchor).where(
        table.c.run_id == run_id, table.c.site == site, table.c.in_scope.is_(True)
    )
    found: dict[str, list[Link]] = defaultdict(list)
    with store.reading() as connection:
        for row in connection.execute(query):
            found[row.source].append(Link(text=row.anchor, href=row.target))
    return {source: tuple(links) for source, links in found.items()}


def set_sample(store: Store, run_id: str, site: str, sample: Sample) -> None:
    """Write down the sample; a later round extends it."""
    table = schema.slot
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.run_id == run_id, table.c.site == site))
        for position, slot in enumerate(sample.slots):
            connection.execute(
                table.insert().values(
                    run_id=run_id, site=site, position=position, kind=slot.kind, name=slot.name, url=slot.url
                )
            )


def sample(store: Store, run_id: str, site: str) -> tuple[SampleSlot, ...]:
    """The slots of the sample, in order; none before it was drawn."""
    table = schema.slot
    query = select(table).where(table.c.run_id == run_id, table.c.site == site).order_by(table.c.position)
    with store.reading() as connection:
        return tuple(
            SampleSlot(kind=SlotKind(row.kind), name=row.name, url=row.url) for row in connection.execute(query)
        )


def _all(store: Store, run_id: str, site: str) -> list[CrawledPage]:
    table = schema.page
    query = select(table.c.page_json).where(table.c.run_id == run_id, table.c.site == site).order_by(table.c.position)
    with store.reading() as connection:
        return [msgspec.json.decode(row.page_json, type=CrawledPage) for row in connection.execute(query)]


def _end(url: str, leads: dict[str, str]) -> str:
    """The last address of a row of redirects; a circle ends where it begins."""
    passed = {url}
    while (following := leads.get(url)) is not None and following not in passed:
        passed.add(following)
        url = following
    return url


def _record_page(connection: Connection, run_id: str, site: str, page: CrawledPage) -> None:
    table = schema.page
    position = connection.execute(
        select(func.count()).select_from(table).where(table.c.run_id == run_id, table.c.site == site)
    ).scalar_one()
    values = {
        "page_json": msgspec.json.encode(msgspec.structs.replace(page, links=())).decode(),
        "etag": page.etag,
        "last_modified": page.last_modified,
    }
    statement = insert(table).values(run_id=run_id, site=site, url=page.url, position=position, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "site", "url"], set_=values))


def write_links(
    connection: Connection, run_id: str, site: str, source: str, links: Iterable[FoundLink], *, seen_by: str
) -> None:
    """Write down the links of a page that the crawl or the browser saw; one that is known already stays as it was."""
    rows = [
        {
            "run_id": run_id,
            "site": site,
            "source": source,
            "target": found.url,
            "kind": found.kind,
            "anchor": redacted_text(found.anchor),
            "in_scope": found.in_scope,
            "seen_by": seen_by,
        }
        for found in links
    ]
    if rows:
        connection.execute(insert(schema.link).on_conflict_do_nothing(), rows)


def _anchors(connection: Connection, run_id: str, site: str) -> dict[str, tuple[str, ...]]:
    table = schema.link
    query = (
        select(table.c.target, table.c.anchor)
        .where(table.c.run_id == run_id, table.c.site == site, table.c.anchor != "")
        .distinct()
    )
    words: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        words[row.target].append(row.anchor)
    return {target: tuple(sorted(set(texts))) for target, texts in words.items()}


def _with_anchors(page: CrawledPage, anchors: tuple[str, ...]) -> CrawledPage:
    return msgspec.structs.replace(page, anchors=tuple(dict.fromkeys((*page.anchors, *anchors)))[:20])
