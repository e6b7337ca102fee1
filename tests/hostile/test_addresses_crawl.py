"""Neither the crawl nor robots.txt, a sitemap or a document leads to an address that was not named, even within the scope."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pikepdf
import pytest
from address_ways import LINKS, MARKUP, NAVIGATIONS, REDIRECTS, SCRIPTS, SITEMAPS
from arrivals import Arrivals
from ways_site import crawled_pages, page_of, pages, serve

from audit import machine
from audit.guest import robots
from audit.guest.addresses import AllowList
from audit.guest.asking import Asking
from audit.guest.download import Manners, download
from audit.guest.guard import Guard
from audit.stages.crawl_process import crawl_round
from rules.model.failure import FailureKind
from spiders.order import CrawlEvent, CrawlOrder, Seed

pytestmark = pytest.mark.hostile

FOLLOWED = {*LINKS, *SITEMAPS, "seed", "start of a service"} - {"page named canonical"}  # a crawl only notes that
STATUSES = tuple(f"led on by {status}" for status in REDIRECTS)


def everything_in_scope(place: str, arrivals: Arrivals) -> tuple[str, ...]:
    """A scope that holds nobody back, so that only the guard does."""
    hosts = ("127.0.0.1", "localhost")
    return (place, *(f"{host}:{port}" for port in arrivals.ports.values() for host in hosts))


def crawled(arrivals: Arrivals, *entries: str) -> tuple[list[CrawlEvent], set[str]]:
    there = {way: f"http://127.0.0.1:{port}/" for way, port in arrivals.ports.items()}
    with serve(crawled_pages(arrivals.ports)) as place, Guard(allowed=AllowList.parse([place, *entries])) as guard:
        site = f"http://{place}"
        order = CrawlOrder(
            seeds=(
                Seed(f"{site}/", "start"),
                Seed(there["seed"], "given"),
                Seed(there["start of a service"], "service"),
            ),
            scope=everything_in_scope(place, arrivals),
            user_agent="loket-test",
            proxy=guard.address,
            sitemaps=tuple(
                f"{site}{path}"
                for path in ("/sitemap.xml", "/index.xml", f"/to/302/{arrivals.ports['sitemap that is led on']}")
            ),
            robots={site: f"User-agent: *\nSitemap: {there['sitemap named by robots.txt']}\n"},
            delay=0,
            timeout=10,
        )
        events = list(crawl_round(order))
    return events, arrivals.arrived()


def test_no_way_of_the_crawl_arrives() -> None:
    with Arrivals([*LINKS, *SITEMAPS, "seed", "start of a service"]) as forbidden:
        events, arrived = crawled(forbidden)
    assert arrived == set()
    failures = [event.page.failure.kind for event in events if event.page and event.page.failure]
    assert failures.count(FailureKind.PRIVATE_ADDRESS) >= len(LINKS) - 2
    assert events[-1].reason == "finished"


def test_each_way_of_the_crawl_would_arrive_if_it_was_named() -> None:
    with Arrivals([*LINKS, *SITEMAPS, "seed", "start of a service"]) as forbidden:
        _, arrived = crawled(forbidden, "127.0.0.1", "localhost")
    assert sorted(FOLLOWED - arrived) == []


@pytest.mark.parametrize("named", [False, True])
def test_robots_txt_is_led_nowhere_that_was_not_named(*, named: bool) -> None:
    with Arrivals(STATUSES) as arrivals:
        for way in STATUSES:
            status = way.rpartition(" ")[2]
            moved = {"/robots.txt": f"{status} http://127.0.0.1:{arrivals.ports[way]}/".encode()}
            with serve(moved) as place, Guard(allowed=AllowList.parse(["127.0.0.1" if named else place])) as guard:
                asked = robots.fetch([f"http://{place}"], proxy=f"http://{guard.address}", user_agent="loket-test")
            assert (asked[f"http://{place}"].text == robots.CLOSED) is not named
        assert arrivals.arrived() == (set(STATUSES) if named else set())


@pytest.mark.parametrize("named", [False, True])
def test_a_document_is_fetched_nowhere_that_was_not_named(*, named: bool) -> None:
    async def turn(_: str) -> None:
        return

    with Arrivals([*STATUSES, "itself", "over https"]) as arrivals:
        ports = arrivals.ports
        with serve({}) as place, Guard(allowed=AllowList.parse(["127.0.0.1" if named else place])) as guard:
            manners = Manners(everything_in_scope(place, arrivals), lambda _: True, turn)
            asking = Asking(f"http://{guard.address}", "loket-test", timeout=10, max_bytes=1_000)
            led_on = [f"http://{place}/to/{way.rpartition(' ')[2]}/{ports[way]}" for way in STATUSES]
            direct = [f"http://127.0.0.1:{ports['itself']}/", f"https://127.0.0.1:{ports['over https']}/"]
            came = [asyncio.run(download(url, asking, manners)) for url in (*led_on, *direct)]
        assert arrivals.arrived() == (set(ports) if named else set())
    if not named:
        assert [each.failure.kind for each in came if each.failure] == [FailureKind.PRIVATE_ADDRESS] * len(came)


def pdf_with_links(urls: Iterable[str]) -> bytes:
    """A form that is to be sent somewhere, with links, and with an action that opens an address."""
    document = pikepdf.new()
    page = document.add_blank_page()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Contents = document.make_stream(b"BT /F 12 Tf 72 700 Td (Send this form to Box 1, Delft) Tj ET")
    actions = [pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(url)) for url in urls]
    page.Annots = pikepdf.Array(
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[70, 690, 300, 712], A=action)
        for action in actions
    )
    document.Root.OpenAction = actions[0]
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.mark.browser
def test_a_whole_run_reaches_its_site_and_nobody_else(tmp_path: Path) -> None:
    if machine.find_browser() is None:
        pytest.skip("no Chromium on this machine")
    sandbox = ["--unsafe-no-sandbox"] if machine.user_namespaces() else []
    with Arrivals([*LINKS, *SITEMAPS, *MARKUP, *SCRIPTS, *NAVIGATIONS, "link in a PDF"]) as forbidden:
        served = crawled_pages(forbidden.ports) | pages(forbidden.ports)
        served["/form.pdf"] = pdf_with_links([f"http://127.0.0.1:{forbidden.ports['link in a PDF']}/"])
        inner = "".join(f'<a href="{path}">{path}</a> ' for path in served)
        served["/contact"] = page_of("Contact", f'{inner}<a href="/form.pdf">The form</a>')
        served["/"] += b'<a href="/contact">Contact</a>'
        with serve(served) as place:
            command = [sys.executable, "-c", "from audit.cli import main; main()"]
            words = ["run", f"http://{place}/", "--allow-private", place, "--pace", "0", "--all-pages", "--no-pictures"]
            run = subprocess.run(
                [*command, *words, *sandbox], cwd=tmp_path, capture_output=True, text=True, check=False, env=clean()
            )
            made = [*command, "report", "--format", "json", "--out", "run.json"]
            assert subprocess.run(made, cwd=tmp_path, check=False, env=clean()).returncode == 0, run.stderr
        assert forbidden.arrived() == set(), run.stderr
    (site,) = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["result"]["sites"]
    assert [contact["host"] for contact in site["contacts"]] == [place]
    refused = {refusal["host"] for refusal in site["refusals"] if refusal["kind"] == "private_address"}
    assert f"127.0.0.1:{forbidden.ports['fetch']}" in refused
    assert any(page["url"].endswith("/form.pdf") and "document" in page for page in site["documents"])


def clean() -> dict[str, str]:
    """The environment without settings and proxies of this machine."""
    return {
        name: text for name, text in os.environ.items() if not name.startswith("LOKET_") and "proxy" not in name.lower()
    }
