"""A page that did not make it beside others is looked at once more, alone."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from audit.cli.progress import Quiet
from audit.config import Settings
from audit.stages import capture as stage
from audit.stages.work import SiteWork
from audit.store import looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.look import Look
from rules.model.outline import Outline
from rules.model.page import CrawledPage
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

START = "https://a.example/"
STARVED, GONE, WELL = f"{START}starved", f"{START}gone", f"{START}well"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[SiteWork]:
    site = Site(id="a", name="A", start=START, scope=("a.example/",))
    agency = Agency(id="a", name="A", sites=(site,))
    info = RunInfo(id="20261123T021407Z", started_at="2026-11-23T02:14:07Z", settings_digest="d", seed="s")
    with Store(tmp_path / "store") as store:
        runs.begin(store, StoredRun(info, Portfolio(id="p", agencies=(agency,)), "{}"))
        pages.record(store, info.id, site.id, [CrawledPage(url=url) for url in (STARVED, GONE, WELL)])
        yield SiteWork(store, info, agency, site, Settings(pace=0, tabs=3, all_pages=True), Quiet(), "Loket/1")


def browser(rounds: list[dict[str, int]], kinds: Callable[[str, int], FailureKind | None]) -> Any:
    """Stands in for the browser: each page ends as told, and each start of it is noted with its pages and tabs."""

    async def look_at(orders: Sequence[Any], settings: Any, *, done: Callable[[Look], None], **_: Any) -> None:
        rounds.append({order.url: settings.tabs for order in orders})
        for order in orders:
            kind = kinds(order.url, len(rounds))
            failure = Failure(kind, "not done") if kind else None
            done(Look(order.url, "2026-11-23T02:15:00Z", outline=Outline(order.url), failure=failure))

    return look_at


def test_what_may_pass_is_tried_again_with_the_browser_to_itself(
    work: SiteWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[dict[str, int]] = []
    first = {STARVED: FailureKind.DEADLINE, GONE: FailureKind.HTTP_ERROR}
    monkeypatch.setattr(stage, "look_at", browser(rounds, lambda url, turn: first.get(url) if turn == 1 else None))

    stage.capture(work)

    assert rounds == [dict.fromkeys((STARVED, GONE, WELL), 3), {STARVED: 1}]
    stored = looks.of_site(work.store, work.run.id, "a")
    assert {url: look.failure for url, look in stored.items()} == {
        STARVED: None,
        GONE: Failure(FailureKind.HTTP_ERROR, "not done"),
        WELL: None,
    }


def test_what_fails_twice_is_not_tried_a_third_time(work: SiteWork, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[dict[str, int]] = []
    monkeypatch.setattr(stage, "look_at", browser(rounds, lambda *_: FailureKind.DEADLINE))

    stage.capture(work)
    stage.capture(work)

    assert [set(pages) for pages in rounds] == [{STARVED, GONE, WELL}] * 2
