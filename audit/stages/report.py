"""The report stage: everything that was found about a run, put together for the report formats."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from audit.stages.planned import planned_page, settled
from audit.store import contacts, jobs, judgements, looks, pages, runs
from audit.store.jobs import Job
from audit.store.looks import StoredLook
from audit.store.problem import BlobError
from audit.store.runs import StoredRun
from audit.store.store import Store
from reports.formats import ReportFormat
from rules.judgement import judge_chain
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Finding
from rules.model.outline import Outline
from rules.model.page import CrawledPage, PageRole, SampleSlot, SlotKind
from rules.model.portfolio import Site
from rules.model.run import CrawlSummary, PageResult, RunResult, SiteResult
from rules.model.url import in_scope

_MOST_DEAD_LINKS = 2_000
_DEAD = frozenset({FailureKind.HTTP_ERROR, FailureKind.DNS, FailureKind.REDIRECT_LOOP, FailureKind.REFUSED})


def report(result: RunResult, store: Store, form: ReportFormat, out: Path) -> Path:
    """Write one format of a report; the file to open is returned."""

    def picture(sha256: str) -> bytes | None:
        try:
            return store.blobs.get(sha256)
        except BlobError:
            return None  # pruned or damaged: the report says that the picture is gone

    return form.write(result, out, picture)


def result_of(store: Store, run: StoredRun, *, earlier: int = 2) -> RunResult:
    """A run as reports need it, with so many finished runs of the same portfolio before it.

    The one before tells what changed; the one before that tells whether a change only undoes the last.
    """
    sites = {site.id: site for agency in run.portfolio.agencies for site in agency.sites}
    results = tuple(_site_result(store, job, sites[job.site]) for job in jobs.of_run(store, run.info.id))
    findings = {result.site: result.findings for result in results}
    chains = tuple(finding for chain in run.portfolio.chains for finding in judge_chain(chain, findings))
    previous = _previous(store, run, earlier - 1) if earlier else None
    return RunResult(run=run.info, portfolio=run.portfolio, sites=results, chain_findings=chains, previous=previous)


def _previous(store: Store, run: StoredRun, earlier: int) -> RunResult | None:
    for before in runs.newest(store, 1, portfolio_id=run.portfolio.id, before=run.info.id, finished=True):
        return result_of(store, before, earlier=earlier)
    return None


def _site_result(store: Store, job: Job, site: Site) -> SiteResult:
    site = settled(site, pages.moves(store, job.run_id, site.id))
    known = pages.known(store, job.run_id, site.id)
    slots = pages.sample(store, job.run_id, site.id)
    captured = looks.of_site(store, job.run_id, site.id)
    by_url = {page.url: page for page in known}
    planned = dict.fromkeys(slot.url for slot in slots if slot.url)
    findings, lost = _findings(store, job)
    results = [
        _page_result(store, site, by_url.get(url), captured.get(url), tuple(slot for slot in slots if slot.url == url))
        for url in planned
    ]
    book = contacts.of_site(store, job.run_id, site.id)
    return SiteResult(
        agency=job.agency,
        site=site.id,
        pages=tuple(result for result in results if not _is_document(result)),
        empty_slots=tuple(slot for slot in slots if not slot.url),
        findings=findings,
        crawl=_crawl_summary(store, job.run_id, site, known, planned),
        failure=job.failure or lost,
        state=job.state,
        documents=tuple(result for result in results if _is_document(result)),
        contacts=book.contacts,
        refusals=book.refusals,
    )


def _findings(store: Store, job: Job) -> tuple[tuple[Finding, ...], Failure | None]:
    """What was found about a site, and why it cannot be told where its judgement is damaged."""
    try:
        return judgements.of_site(store, job.run_id, job.site) or (), None
    except BlobError as error:
        return (), error.failure


def _is_document(result: PageResult) -> bool:
    return any(slot.kind is SlotKind.DOCUMENT for slot in result.slots)


def _page_result(
    store: Store, site: Site, crawled: CrawledPage | None, look: StoredLook | None, slots: tuple[SampleSlot, ...]
) -> PageResult:
    url = slots[0].url
    if look is None:
        failure = crawled.failure if crawled is not None else None
        page = planned_page(site, crawled, url, "")
        return PageResult(url=url, role=page.role, title=page.title, slots=slots, failure=failure)
    try:
        return _looked_at(store, site, crawled, look, slots)
    except BlobError as error:
        page = planned_page(site, crawled, url, "")
        return PageResult(url=url, role=page.role, title=page.title, slots=slots, failure=error.failure)


def _looked_at(
    store: Store, site: Site, crawled: CrawledPage | None, look: StoredLook, slots: tuple[SampleSlot, ...]
) -> PageResult:
    url = look.url
    outline = looks.outline(store, look)
    page = planned_page(site, crawled, url, outline.title if outline else "")
    login = look.failure is not None and look.failure.kind is FailureKind.LOGIN
    return PageResult(
        url=url,
        role=PageRole.LOGIN if login else page.role,
        title=outline.title if outline and outline.title else page.title,
        lang=outline.lang if outline else "",
        slots=slots,
        looked_at=look.failure is None,
        failure=look.failure,
        partial=look.partial,
        taken_at=look.taken_at,
        browser=look.browser,
        pictures=looks.pictures(store, look),
        third_parties=_third_parties(store, site, look, outline),
        document=looks.document(store, look),
        uncollected=looks.uncollected(store, look),
    )


def _third_parties(store: Store, site: Site, look: StoredLook, outline: Outline | None) -> tuple[str, ...]:
    """Hosts outside the site's scope that the page asked something of."""
    own = {urlsplit(outline.url).hostname} if outline else set()
    hosts = {
        urlsplit(request.url).hostname or ""
        for request in looks.requests(store, look)
        if request.url.startswith("http") and not in_scope(request.url, site.scope)
    }
    return tuple(sorted(hosts - own - {""}))


def _crawl_summary(
    store: Store, run_id: str, site: Site, known: tuple[CrawledPage, ...], planned: Collection[str]
) -> CrawlSummary:
    dead = [page for page in known if page.failure is not None and page.failure.kind in _DEAD][:_MOST_DEAD_LINKS]
    sources = pages.link_sources(store, run_id, site.id, (page.url for page in dead))
    return CrawlSummary(
        pages_known=len(known),
        documents=tuple(page.url for page in known if planned_page(site, page, page.url, "").role is PageRole.DOCUMENT),
        dead_links=tuple(
            (page.url, sources.get(page.url, page.found_on), page.failure.detail or page.failure.kind.value)
            for page in dead
            if page.failure is not None
        ),
        skipped=dict(
            Counter(page.failure.kind.value for page in known if page.failure is not None and page.url not in planned)
        ),
    )
