"""A site's documents are looked at once each, with the manners that its pages are looked at with, and are kept."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import audit
from audit.cli.progress import Quiet
from audit.config import Settings
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from audit.guest.pace import Pace
from audit.stages.capture import capture
from audit.stages.documents import linked_documents, look_at_documents
from audit.stages.judge import site_view
from audit.stages.work import InterruptedRunError, SiteWork
from audit.store import looks, pages, runs
from audit.store.looks import StoredLook
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.document import DocumentFacts
from rules.model.failure import FailureKind
from rules.model.page import CrawledPage, FoundLink, LinkKind, PageRole, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import RunInfo

FORM = (Path(audit.__file__).parent / "cli/demo/sites/waterrijk/www/formulieren/verhuizing.pdf").read_bytes()
AGENT = "Loket/0 (test)"


@dataclass
class DocumentSite:
    """A server of documents: what it was asked, and until when it keeps its visitors of /slow.pdf waiting."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    open_again: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serving() -> Iterator[DocumentSite]:
    site = DocumentSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            if self.path == "/slow.pdf":
                site.open_again.wait(600)
            if self.path == "/moved.pdf":
                self.answer(302, b"", Location="/form.pdf")
            elif self.path == "/page.pdf":
                self.answer(200, b"<p>Not here any more</p>", **{"Content-Type": "text/html"})
            elif self.path == "/gone.pdf":
                self.answer(404, b"gone")
            else:
                self.answer(200, FORM, **{"Content-Type": "application/pdf"})

        def answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.open_again.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def documents() -> Iterator[DocumentSite]:
    with serving() as site:
        yield site


@pytest.fixture
def work(tmp_path: Path, documents: DocumentSite) -> Iterator[SiteWork]:
    place = f"127.0.0.1:{documents.port}"
    service = Service(id="moving", name="Moving", pages=(documents.url("/moving"),))
    site = Site(id="www", name="Site", start=documents.url("/"), scope=(f"{place}/",), services=(service,))
    agency = Agency(id="a", name="A", country="NL", sites=(site,))
    info = RunInfo(id="20261123T021407Z", started_at="2026-11-23T02:14:07Z", settings_digest="d", seed="s")
    with Store(tmp_path / "store") as store, Guard(allowed=AllowList.parse([place])) as guard:
        runs.begin(store, StoredRun(info, Portfolio(id="p", agencies=(agency,)), "{}"))
        progress = Quiet()
        yield SiteWork(
            store,
            info,
            agency,
            site,
            Settings(deadline=5),
            progress,
            AGENT,
            proxy=guard.address,
            robots={documents.url(""): "User-agent: *\nDisallow: /closed"},
        )


def looked_at(work: SiteWork, *urls: str, pace: float = 0) -> list[StoredLook]:
    look_at_documents(work, urls, Pace(pace))
    found = looks.of_site(work.store, work.run.id, work.site.id)
    return [found[url] for url in urls]


def test_a_document_is_kept_with_its_outline_and_what_it_is_made_of(work: SiteWork, documents: DocumentSite) -> None:
    [look] = looked_at(work, documents.url("/form.pdf"))
    outline, response = looks.outline(work.store, look), looks.response(work.store, look)
    assert (look.failure, look.browser.split()[0]) == (None, "pdf")
    assert outline is not None
    assert "Postbus 20, 1799 AA Waterrijk" in outline.blocks[1].text
    assert looks.document(work.store, look) == DocumentFacts(
        pages=1, title="Verhuizing doorgeven", display_title=True, lang="nl", form=True
    )
    assert response is not None
    assert (response.status, response.content_type) == (200, "application/pdf")


def test_a_document_that_moved_is_known_by_where_it_was_and_says_where_it_is(
    work: SiteWork, documents: DocumentSite
) -> None:
    [look] = looked_at(work, documents.url("/moved.pdf"))
    response = looks.response(work.store, look)
    assert response is not None
    assert (response.final_url, response.redirects) == (documents.url("/form.pdf"), (documents.url("/moved.pdf"),))


def test_what_is_no_pdf_is_a_failure_and_is_not_opened(work: SiteWork, documents: DocumentSite) -> None:
    page, gone = looked_at(work, documents.url("/page.pdf"), documents.url("/gone.pdf"))
    assert page.failure is not None
    assert (page.failure.kind, page.failure.detail) == (FailureKind.NOT_HTML, "the answer is no PDF (text/html)")
    assert gone.failure is not None
    assert gone.failure.kind is FailureKind.HTTP_ERROR
    assert "outline" not in {**page.artifacts, **gone.artifacts}


def test_what_robots_txt_closes_is_never_asked_for(work: SiteWork, documents: DocumentSite) -> None:
    [look] = looked_at(work, documents.url("/closed/form.pdf"))
    assert look.failure is not None
    assert look.failure.kind is FailureKind.ROBOTS
    assert documents.asked == []


def test_two_documents_are_asked_for_at_the_site_s_pace(work: SiteWork, documents: DocumentSite) -> None:
    began = time.monotonic()
    looked_at(work, documents.url("/a.pdf"), documents.url("/b.pdf"), pace=2)
    assert time.monotonic() - began > 2
    assert documents.asked == ["/a.pdf", "/b.pdf"]


def test_who_interrupts_does_not_wait_for_the_site_and_keeps_what_was_done(
    work: SiteWork, documents: DocumentSite
) -> None:
    begun = threading.Event()

    def interrupt() -> None:
        while "/slow.pdf" not in documents.asked and not begun.wait(0.02):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(InterruptedRunError):  # the site keeps its visitor for ten minutes, which nobody waits for
        looked_at(work, documents.url("/form.pdf"), documents.url("/slow.pdf"))
    begun.set()
    thread.join()
    assert list(looks.of_site(work.store, work.run.id, work.site.id)) == [documents.url("/form.pdf")]


def test_a_pdf_among_given_pages_is_opened_without_a_browser_and_only_once(
    work: SiteWork, documents: DocumentSite
) -> None:
    url = documents.url("/form.pdf")
    given = replace(work, given=(url,), settings=Settings(pace=0))
    assert (capture(given), capture(given)) == (0, 0)
    look = looks.of_site(work.store, work.run.id, work.site.id)[url]
    assert (look.failure, look.tries, documents.asked) == (None, 1, ["/form.pdf"])


def test_a_service_is_judged_with_the_documents_that_its_pages_link_to_wherever_they_moved(
    work: SiteWork, documents: DocumentSite
) -> None:
    own, form, other = (documents.url(path) for path in ("/moving", "/form.pdf", "/other.pdf"))
    links = (FoundLink(documents.url("/old.pdf"), LinkKind.DOCUMENT, "Form"), FoundLink(own, LinkKind.PAGE))
    crawled = [
        CrawledPage(url=own, links=links),
        CrawledPage(url=form, content_type="application/pdf"),
        CrawledPage(url=other, content_type="application/pdf"),
    ]
    pages.record(work.store, work.run.id, work.site.id, crawled, [(documents.url("/old.pdf"), form)])
    slots = (
        SampleSlot(SlotKind.SERVICE, "moving", own),
        SampleSlot(SlotKind.DOCUMENT, "moving", form),
        SampleSlot(SlotKind.DOCUMENT, "contact", other),
    )
    pages.set_sample(work.store, work.run.id, work.site.id, Sample(slots))
    looked_at(work, form, other)
    view = site_view(work)
    assert linked_documents(work.store, work.run.id, work.site.id, {form, other}) == {own: (form,)}
    assert [page.url for page in view.with_role(PageRole.DOCUMENT)] == [form, other]
    [service] = view.services
    assert [(page.url, page.read, page.document and page.document.form) for page in service.documents] == [
        (form, True, True)
    ]
