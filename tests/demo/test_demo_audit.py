"""The acceptance test of the whole: `loket demo` finds what an auditor finds, on every site and for every chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo_agreement import disagreements

from audit.cli.demo import demonstration
from audit.cli.demo.expectation import chain_expectations, expectations
from audit.cli.demo.routes import SiteFolder
from audit.cli.demo.sites import FOLDER, DemoSites, serve
from audit.dispatch import auditing
from audit.stages.report import result_of
from audit.store.store import Store
from rules.model.run import RunResult

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Audited:
    """One audit of the demonstration, and the sites as it left them."""

    result: RunResult
    sites: DemoSites
    report: Path


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    folder = tmp_path_factory.mktemp("audited")
    with serve(folder) as sites:
        code = demonstration.audit(sites.portfolio, folder / "store", folder / "report", quiet=True, json_log=False)
        assert code == 0
        with Store(folder / "store") as store:
            result = result_of(store, auditing.named_run(store, None))
        yield Audited(result, sites, folder / "report")


def test_the_audit_finds_what_an_auditor_finds(audited: Audited, folder: SiteFolder) -> None:
    found = next(site for site in audited.result.sites if site.site == folder.table.id)
    lines = disagreements(found, expectations(folder.folder), audited.sites.addresses[folder.table.id])
    assert not lines, "\n".join(["", *lines])


def test_a_chain_is_as_open_as_its_weakest_step(audited: Audited) -> None:
    concluded = {(finding.subject.id, finding.channel, finding.verdict) for finding in audited.result.chain_findings}
    assert concluded == {(one.chain, one.channel, one.verdict) for one in chain_expectations(FOLDER)}


def test_what_robots_txt_closes_was_never_visited(audited: Audited, folder: SiteFolder) -> None:
    server = audited.sites.servers[folder.table.id]
    robots = (folder.www / "robots.txt").read_text(encoding="utf-8")
    closed = robots.partition("Disallow: ")[2].split()[0]
    assert server.visited("/robots.txt") > 0
    assert server.visited(closed) == 0


def test_no_form_was_sent_anywhere(audited: Audited) -> None:
    assert {site: server.visited("POST ") for site, server in audited.sites.servers.items()} == dict.fromkeys(
        audited.sites.servers, 0
    )


def test_variants_of_one_page_were_looked_at_once(audited: Audited) -> None:
    urls = [page.url for site in audited.result.sites for page in site.pages]
    traces = ("utm_", "jsessionid", "PHPSESSID", "sid=", "#")
    assert [url for url in urls if any(trace in url for trace in traces)] == []
    assert len({url.rstrip("/") for url in urls}) == len(urls)


def test_the_report_stands_where_it_was_asked_for(audited: Audited) -> None:
    assert "Northmere Benefits Agency" in (audited.report / "index.html").read_text(encoding="utf-8")
