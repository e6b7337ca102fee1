"""The judge stage: artifacts from the store, findings into it; no browser, no network."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from audit import clock, processes
from audit.stages.documents import linked_documents
from audit.stages.planned import planned_page, settled
from audit.stages.work import SiteWork
from audit.store import judgements, looks, pages, runs
from audit.store.looks import StoredLook
from audit.store.problem import BlobError
from audit.store.store import Store
from rules.judgement import judge as judge_view
from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage, Page, PageRole
from rules.model.portfolio import Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.registry import all_rules


def rules_version() -> str:
    """A short name of the rules in force: their ids and versions."""
    return hashlib.sha256(msgspec.json.encode([(rule.id, rule.version) for rule in all_rules()])).hexdigest()[:12]


def judge(work: SiteWork) -> None:
    """Judge one site anew from what was captured."""
    processes.collect_rarely()
    captured = looks.of_site(work.store, work.run.id, work.site.id)
    outlines = {url: look.artifacts["outline"] for url, look in captured.items() if "outline" in look.artifacts}
    work.progress.stage(work.name, "judge", len(outlines))
    reading = work.readers.read(work.store.blobs.url, outlines.values(), work.agency.country, work.site.name)
    view = site_view(work)  # while the facts are being read
    facts = {}
    for url, found in zip(outlines, reading, strict=True):
        if found is not None:
            facts[url] = found
        work.progress.done()
    findings = judge_view(view, facts)
    versions = {page.axe.version for page in view.pages if page.axe is not None}
    runs.note(work.store, work.run.id, (), {"axe-core": ", ".join(sorted(versions))} if versions else {})
    judgements.record(work.store, work.run.id, work.site.id, findings, clock.stamp(clock.now()), rules_version())


def site_view(work: SiteWork) -> SiteView:
    """What the rules may look at: every planned page with its artifacts. Facts are still to be read."""
    site = settled(work.site, pages.moves(work.store, work.run.id, work.site.id))
    known = {page.url: page for page in pages.known(work.store, work.run.id, work.site.id)}
    captured = looks.of_site(work.store, work.run.id, work.site.id)
    urls = dict.fromkeys(slot.url for slot in pages.sample(work.store, work.run.id, work.site.id) if slot.url)
    views = {url: _page_view(work.store, site, known.get(url), url, captured.get(url)) for url in urls}
    linked = linked_documents(work.store, work.run.id, work.site.id, _documents(views.values()))
    services = tuple(
        ServiceView(
            service=service,
            pages=tuple(views[url] for url in service.pages if url in views),
            documents=tuple(views[url] for url in dict.fromkeys(_from(service.pages, linked))),
        )
        for service in site.services
    )
    return SiteView(site=site, country=work.agency.country, pages=tuple(views.values()), services=services)


def _documents(views: Iterable[PageView]) -> frozenset[str]:
    return frozenset(view.url for view in views if view.role is PageRole.DOCUMENT)


def _from(service_pages: Iterable[str], linked: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (document for page in service_pages for document in linked.get(page, ()))


def _page_view(store: Store, site: Site, crawled: CrawledPage | None, url: str, look: StoredLook | None) -> PageView:
    if look is None:
        failure = crawled.failure if crawled is not None else None
        return PageView(url=url, role=planned_page(site, crawled, url, "").role, failure=failure)
    try:
        return _looked_at(store, site, crawled, look)
    except BlobError as error:
        role = planned_page(site, crawled, url, "").role
        return PageView(url=url, role=role, failure=error.failure, taken_at=look.taken_at)


def _looked_at(store: Store, site: Site, crawled: CrawledPage | None, look: StoredLook) -> PageView:
    url = look.url
    outline = looks.outline(store, look)
    page = planned_page(site, crawled, url, outline.title if outline else "")
    return PageView(
        url=url,
        role=_role(page, look.failure),
        outline=outline,
        axe=None if _is_substitute(look.failure) else looks.axe(store, look),
        response=looks.response(store, look),
        requests=looks.requests(store, look),
        failure=look.failure,
        partial=look.partial,
        taken_at=look.taken_at,
        outline_artifact=look.artifacts.get("outline", ""),
        axe_artifact=look.artifacts.get("axe", ""),
        document=looks.document(store, look),
        uncollected=looks.uncollected(store, look),
    )


def _is_substitute(failure: Failure | None) -> bool:
    """Whether an error message or a test for robots stood in place of the page: its faults are not the page's."""
    return failure is not None and failure.kind in {FailureKind.HTTP_ERROR, FailureKind.CHALLENGE}


def _role(page: Page, failure: Failure | None) -> PageRole:
    return PageRole.LOGIN if failure is not None and failure.kind is FailureKind.LOGIN else page.role
