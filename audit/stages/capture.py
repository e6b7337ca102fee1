"""The capture stage: draws the sample, lets the browser look at it, and stores each look before the next page counts.

After the pages come the PDFs that they link to.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence

import msgspec

from audit import clock, sampling
from audit.capture.pool import CaptureSettings, LookOrder, look_at, versions
from audit.config import Settings
from audit.guest.pace import Pace
from audit.stages.crawl import longest_delay
from audit.stages.documents import linked_documents, look_at_documents
from audit.stages.planned import page_of, settled
from audit.stages.work import SiteWork, run_until_told
from audit.store import looks, pages
from audit.store.looks import StoredLook
from rules.login_page import is_only_login
from rules.model.failure import Failure, FailureKind
from rules.model.look import Look
from rules.model.page import FoundLink, LinkKind, Page, PageRole, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Service
from rules.model.url import has_secret, in_scope, normalise, variant_key

_MOST_TRIES = 2
_LOCALES = {
    "NL": "nl-NL",
    "BE": "nl-BE",
    "DE": "de-DE",
    "AT": "de-AT",
    "FR": "fr-FR",
    "CA": "en-CA",
    "US": "en-US",
    "LU": "fr-LU",
}
_DOCUMENT_ENDINGS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".zip", ".csv")


def capture(work: SiteWork) -> bool:
    """Look at every page and document of the sample that was not looked at yet; whether links that only the browser saw wait.

    Raises:
        InterruptedRunError: somebody asked to stop; the looks that were done are stored.
        SandboxUnavailable: the browser's sandbox cannot stand on this machine.

    """
    site = settled(work.site, pages.moves(work.store, work.run.id, work.site.id))
    known = tuple(page_of(site, page) for page in pages.known(work.store, work.run.id, work.site.id))
    sample = _sample(work, known, site.services)
    pages.set_sample(work.store, work.run.id, work.site.id, sample)
    pace = Pace(max(work.settings.pace, longest_delay(work)))
    _capture_pages(work, known, [*_orders(work, sample)], pace)
    _capture_documents(work, known, site.services, pace)
    return not work.given and _links_wait(work)


def _capture_pages(work: SiteWork, known: Sequence[Page], orders: Sequence[LookOrder], pace: Pace) -> None:
    if not orders:
        return
    work.progress.stage(work.name, "capture", len(orders))
    allowed = []
    for order in orders:
        closed = work.closed(order.url)
        if closed is None:
            allowed.append(order)
        else:
            _store(work, Look(order.url, clock.stamp(clock.now()), failure=closed))
    if allowed:
        _look(work, allowed, known, pace)
        _look_again(work, allowed, known, pace)


def _look_again(work: SiteWork, orders: Sequence[LookOrder], known: Sequence[Page], pace: Pace) -> None:
    """Look once more, one by one, at pages that did not make it: another page may have taken all the machine's time."""
    done = _intact(work)
    lost = [order for order in orders if order.url in done and _may_pass(done[order.url])]
    if lost:
        work.progress.done(0, total=len(orders) + len(lost))
        _look(work, lost, known, pace, alone=True)


def _links_wait(work: SiteWork) -> bool:
    """Whether the browser saw links that nobody has visited, in this start of the run or in an earlier one."""
    known = {variant_key(page.url) for page in pages.known(work.store, work.run.id, work.site.id)}
    waiting = pages.frontier(work.store, work.run.id, work.site.id)
    return any(page.source == "browser" and variant_key(page.url) not in known for page in waiting)


def _capture_documents(work: SiteWork, known: Sequence[Page], services: Sequence[Service], pace: Pace) -> None:
    """Open the PDFs of the sample, which is drawn on now that the browser has seen the pages' links."""
    sample = Sample(slots=pages.sample(work.store, work.run.id, work.site.id), seed=work.seed)
    if not work.given:
        links = linked_documents(work.store, work.run.id, work.site.id, _documents(known))
        sample = sampling.with_documents(sample, known, services, links, most=work.settings.max_documents)
        pages.set_sample(work.store, work.run.id, work.site.id, sample)
    urls = [order.url for order in _orders(work, sample, documents=True)]
    if urls:
        work.progress.stage(work.name, "documents", len(urls))
        look_at_documents(work, urls, pace)


def _documents(known: Sequence[Page]) -> frozenset[str]:
    return frozenset(page.url for page in known if page.role is PageRole.DOCUMENT and page.is_pdf)


def _sample(work: SiteWork, known: Sequence[Page], services: Sequence[Service]) -> Sample:
    if work.given:
        return sampling.given(work.given)
    earlier = pages.sample(work.store, work.run.id, work.site.id)
    return sampling.draw(
        known,
        services,
        seed=work.seed,
        all_pages=work.settings.all_pages,
        earlier=Sample(slots=earlier) if earlier else None,
    )


def _orders(work: SiteWork, sample: Sample, *, documents: bool = False) -> Iterator[LookOrder]:
    """The pages, or the documents, still to be looked at: not yet, or ended in a way that may pass."""
    done = _intact(work)
    fixed = {slot.url for slot in sample.slots if slot.kind is SlotKind.FIXED}
    opened = {slot.url for slot in sample.slots if _is_document(slot)}
    for url in sample.urls:
        if (url in opened) is not documents:
            continue
        look = done.get(url)
        if look is None or _may_pass(look):
            yield LookOrder(url=url, full_picture=url in fixed)


def _may_pass(look: StoredLook) -> bool:
    """Whether a look ended in a way in which another one need not end."""
    return look.failure is not None and not look.failure.kind.permanent and look.tries < _MOST_TRIES


def _intact(work: SiteWork) -> dict[str, StoredLook]:
    """The looks that are stored; one whose artifacts a broken disk has damaged counts for nothing, and is taken again."""
    stored = looks.of_site(work.store, work.run.id, work.site.id)
    return {url: look for url, look in stored.items() if looks.damage(work.store, look) is None}


def _is_document(slot: SampleSlot) -> bool:
    """Whether the slot is one of a document, or names a PDF among exactly these pages."""
    return slot.kind is SlotKind.DOCUMENT or (slot.kind is SlotKind.GIVEN and Page(slot.url).is_pdf)


def _look(
    work: SiteWork, orders: Sequence[LookOrder], known: Sequence[Page], pace: Pace, *, alone: bool = False
) -> None:
    """Look at these pages, through as many tabs as the machine can feed, or `alone`, each with the browser to itself."""
    seen = {variant_key(page.url) for page in known}
    documents = _documents(known)
    seen |= {variant_key(page.url) for page in pages.frontier(work.store, work.run.id, work.site.id)}
    pictured = _pictured(work)
    service_pages = {
        slot.url for slot in pages.sample(work.store, work.run.id, work.site.id) if slot.kind is SlotKind.SERVICE
    }
    settings = _capture_settings(work.settings, work.proxy, work.user_agent, work.agency.country)

    def done(look: Look) -> None:
        new = [] if work.given else _new_links(look, work.site.scope, seen)
        _store(work, look, service_pages, [*new, *_links_to(look, documents)])

    async def main(stop: asyncio.Event) -> None:
        await look_at(
            orders,
            msgspec.structs.replace(settings, tabs=1) if alone else settings,
            turn=pace.turn,
            pictured=pictured,
            started=work.progress.page,
            done=done,
            stop=stop,
        )

    run_until_told(main)


def _store(work: SiteWork, look: Look, service_pages: Collection[str] = (), links: Collection[FoundLink] = ()) -> None:
    if look.url in service_pages and look.failure is None and look.outline is not None and is_only_login(look.outline):
        failure = Failure(FailureKind.LOGIN, "the page of the service is a login form and says nothing else")
        look = msgspec.structs.replace(look, failure=failure)
    work.keep_book()
    looks.record(work.store, work.run.id, work.site.id, look, links)
    work.progress.done()


def _pictured(work: SiteWork) -> set[str]:
    """The findings that an interrupted capture of this site has pictured already."""
    return {
        mark
        for look in _intact(work).values()
        for picture in looks.pictures(work.store, look)
        for mark in picture.marks
    }


def _new_links(look: Look, scope: Sequence[str], seen: set[str]) -> list[FoundLink]:
    """Links in scope that the crawl does not know; `seen` grows by them."""
    new = []
    for link in (link for block in (look.outline.blocks if look.outline else ()) for link in block.links):
        url = normalise(link.href, look.outline.url if look.outline else "")
        if url is None or has_secret(url) or not in_scope(url, scope) or variant_key(url) in seen:
            continue
        seen.add(variant_key(url))
        kind = LinkKind.DOCUMENT if url.partition("?")[0].lower().endswith(_DOCUMENT_ENDINGS) else LinkKind.PAGE
        new.append(FoundLink(url=url, kind=kind, anchor=link.text[:200]))
    return new


def _links_to(look: Look, documents: Collection[str]) -> Iterator[FoundLink]:
    """The links that lead to documents that the crawl knows; a script may have put them on this page."""
    for link in (link for block in (look.outline.blocks if look.outline else ()) for link in block.links):
        url = normalise(link.href, look.outline.url if look.outline else "")
        if url in documents and url is not None:
            yield FoundLink(url=url, kind=LinkKind.DOCUMENT, anchor=link.text[:200])


def engine_versions(settings: Settings) -> dict[str, str]:
    """What would look at pages under these settings: engine, browser, and what drives it, by component name.

    Raises:
        BrowserMissing: there is none.
        SettingsError: no WebDriver server answers where the settings say.

    """
    return versions(_capture_settings(settings))


def _capture_settings(settings: Settings, proxy: str = "", user_agent: str = "", country: str = "") -> CaptureSettings:
    return CaptureSettings(
        proxy=proxy if settings.guard else "",
        user_agent=user_agent,
        deadline=settings.deadline,
        tabs=settings.tabs,
        locale=settings.locale or _LOCALES.get(country, "en-GB"),
        pictures=settings.pictures,
        axe_script=settings.axe_script,
        consent=settings.consent,
        browser=settings.browser,
        channel=settings.browser_channel,
        engine=settings.engine,
        webdriver_url=settings.webdriver_url,
        sandbox=settings.sandbox,
    )
