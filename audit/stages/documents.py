"""Looks at the documents of a site's sample: each is fetched through the guard and opened in a limited child process."""

import asyncio
import time
from collections.abc import Collection, Iterable
from contextlib import suppress

from audit import clock
from audit.capture.documents.contents import Limits, PdfContents
from audit.capture.documents.pdf_outline import outline_of
from audit.capture.documents.reader import read_pdf, reader_version
from audit.guest.asking import Asking
from audit.guest.download import Download, Manners, download
from audit.guest.pace import Pace
from audit.stages.work import SiteWork, run_until_told
from audit.store import looks, pages
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.look import Look, Response

_LIMITS = Limits()
_HEAD = 1_024  # a PDF begins within its first 1024 bytes (ISO 32000-1, annex H.3, note 13)


def linked_documents(store: Store, run_id: str, site: str, documents: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each page, the documents among these that it links to, by the addresses where they are now."""
    moves = pages.moves(store, run_id, site)
    wanted = frozenset(documents)
    linked = {
        source: tuple(dict.fromkeys(url for link in links if (url := moves.get(link.href, link.href)) in wanted))
        for source, links in pages.links_from(store, run_id, site).items()
    }
    return {source: targets for source, targets in linked.items() if targets}


def look_at_documents(work: SiteWork, urls: Iterable[str], pace: Pace) -> None:
    """Look at each of these PDFs, one after the other, and store each look before the next begins.

    Raises:
        InterruptedRunError: somebody asked to stop; the looks that were done are stored.

    """

    async def main(stop: asyncio.Event) -> None:
        stopped = asyncio.create_task(stop.wait())
        for url in urls:
            work.progress.page(url)
            looking = asyncio.create_task(_look(work, url, pace))
            await asyncio.wait({looking, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not looking.done():
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking
                return
            look = await looking
            work.keep_book()
            looks.record(work.store, work.run.id, work.site.id, look)
            work.progress.done()
        stopped.cancel()

    run_until_told(main)


async def _look(work: SiteWork, url: str, pace: Pace) -> Look:
    began, moment = time.monotonic(), clock.stamp(clock.now())
    closed = work.closed(url)
    if closed is not None:
        return Look(url, moment, failure=closed)
    asking = Asking(
        f"http://{work.proxy}",
        work.user_agent,
        work.settings.deadline,
        _LIMITS.bytes,
        accept="application/pdf,*/*;q=0.5",
    )
    manners = Manners(work.site.scope, lambda place: work.closed(place) is None, pace.turn)
    came = await download(url, asking, manners)
    contents = await _opened(came)
    readable = contents.failure is None
    return Look(
        url=url,
        taken_at=moment,
        response=Response(came.status, came.final_url, redirects=came.redirects, content_type=came.content_type)
        if came.status
        else None,
        outline=outline_of(contents, came.final_url) if readable else None,
        failure=contents.failure,
        browser=reader_version(),
        seconds=round(time.monotonic() - began, 3),
        document=contents.facts if readable else None,
    )


async def _opened(came: Download) -> PdfContents:
    if came.failure is not None:
        return PdfContents(failure=came.failure)
    if b"%PDF-" not in came.body[:_HEAD]:
        return PdfContents(
            failure=Failure(FailureKind.NOT_HTML, f"the answer is no PDF ({came.content_type or 'no type'})")
        )
    return await read_pdf(came.body, _LIMITS)
