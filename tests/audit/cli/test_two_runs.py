"""Two starts of the command at the same time: on one site one is refused, on two sites they share a store."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audit.store import pages, runs
from audit.store.store import Store

Command = Callable[..., Any]
FAST = ("--pace", "0", "--allow-private", "127.0.0.1", "--quiet")


class HeldPages(dict[str, str]):
    """Pages that nobody gets before they are let go."""

    def __init__(self, pages: dict[str, str]) -> None:
        super().__init__(pages)
        self.let_go = threading.Event()

    def get(self, path: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.let_go.wait(120)
        return super().get(path, default)


def test_of_two_starts_on_one_site_one_is_refused_and_leaves_no_run(
    small_site: Any, start: Command, tmp_path: Path
) -> None:
    small_site.pages = HeldPages(small_site.pages)
    both = [start("crawl", small_site.url, *FAST) for _ in range(2)]
    refused = first_to_end(both)
    (other,) = (process for process in both if process is not refused)
    assert refused.returncode == 75
    _, err = refused.communicate()
    assert f"127.0.0.1:{small_site.port} is visited by run 2" in err
    assert f"process {other.pid}" in err
    small_site.pages.let_go.set()
    _, err = other.communicate(timeout=120)
    assert other.returncode == 0, err
    with Store(tmp_path / "loket-store") as store:
        (run,) = runs.newest(store, 5)
        assert len(pages.known(store, run.info.id, run.portfolio.agencies[0].sites[0].id)) == 10


def first_to_end(processes: list[Any]) -> Any:
    """The one that ends while the other waits for the site."""
    ended = threading.Event()
    for process in processes:
        threading.Thread(target=lambda process=process: (process.wait(), ended.set()), daemon=True).start()
    assert ended.wait(120), "neither was refused"
    return next(process for process in processes if process.poll() is not None)


def test_two_starts_on_two_sites_share_a_store(
    small_site: Any, other_site: Any, start: Command, tmp_path: Path
) -> None:
    sites = (small_site, other_site)
    for process in [start("crawl", site.url, *FAST) for site in sites]:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    with Store(tmp_path / "loket-store") as store:
        known = {
            run.portfolio.agencies[0].sites[0].start: len(
                pages.known(store, run.info.id, run.portfolio.agencies[0].sites[0].id)
            )
            for run in runs.newest(store, 5)
        }
    assert known == {site.url: 10 for site in sites}
