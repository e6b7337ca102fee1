"""Runs the real command on a site, and reads from its store how every page ended and what was found on the good ones."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from good_pages import GOOD_PAGES
from hostile_page import ANY, AUDITED, NO_PAGE, STOPPED, Ending
from hostile_server import Plan

from audit.cli.exits import DONE, NOT_LOOKED_AT
from audit.store import jobs, judgements, looks, pages, runs
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.finding import Outcome, SubjectKind
from rules.model.look import AxeOutcome
from rules.model.page import CrawledPage

ANSWER = 4.0  # seconds for one answer to the crawl
LONGEST_RUN = 900.0  # seconds, on a machine that does much else
_SETTINGS = {
    "LOKET_TIMEOUT": f"{ANSWER:g}",
    "LOKET_PACE": "0",
    "LOKET_ALL_PAGES": "true",
    "LOKET_ALLOW_PRIVATE": "127.0.0.1",
    "LOKET_TABS": "3",
    "LOKET_MAX_PER_PATTERN": "12",  # more than the good pages need
    "LOKET_CONTACT_URL": "https://audit.example/",
}
_MAIN = "import sys; from audit.cli import main; main()"


@dataclass(frozen=True)
class Seen:
    """What a run has kept of one address: how the browser's look ended, else how the crawl's visit did."""

    kind: str
    partial: bool = False
    text: str = ""
    failed: frozenset[str] = frozenset()
    seconds: float = 0.0
    detail: str = ""

    def as_expected(self, ends: Ending) -> Ending:
        """The same in the words of an expectation, so that the two can be compared whole."""
        if ends.kind == ANY and self.kind != NO_PAGE:
            return ends
        read = ends.reads in self.text or (self.kind == STOPPED and not self.text)
        return Ending(
            self.kind,
            reads=ends.reads if read else self.text,
            finds=ends.finds if not ends.finds or ends.finds in self.failed else str(sorted(self.failed)),
        )


@dataclass(frozen=True)
class Audit:
    """What a run has left: how the command ended, every page by its path, the findings on the good ones."""

    code: int
    out: str
    err: str
    seen: dict[str, Seen] = field(default_factory=dict)
    good: dict[str, list[Any]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    sites: dict[str, "Audit"] = field(default_factory=dict)

    def ending(self, path: str) -> Seen:
        """How this path ended."""
        return self.seen.get(path, Seen(NO_PAGE))

    def of(self, site: str) -> "Audit":
        """What the run has left of one of its sites."""
        return self.sites[urlsplit(site).netloc]


@contextmanager
def started(
    folder: Path, *words: str, program: str = _MAIN, before: tuple[str, ...] = (), **settings: str
) -> Iterator[Any]:
    """The command under way, in a folder of its own; when the block ends, nothing of it is left."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [*before, sys.executable, "-c", program, *words],
        cwd=folder,
        env={**os.environ, **_SETTINGS, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def command(folder: Path, *words: str, **how: Any) -> Audit:
    """The command run to its end."""
    with started(folder, *words, **how) as process:
        out, err = process.communicate(timeout=LONGEST_RUN)
    return Audit(process.returncode, out, err)


def audited(folder: Path, target: str, *, deadline: float = Plan.deadline, **how: Any) -> Audit:
    """`loket run` on a target, with what its store holds afterwards; `deadline` is for one page, in seconds."""
    ended = command(folder, "run", target, "--quiet", "--deadline", f"{deadline:g}", **how)
    assert ended.code in {DONE, NOT_LOOKED_AT}, ended.err
    return stored(ended, folder / "loket-store")


def stored(ended: Audit, folder: Path) -> Audit:
    """How a command ended, with what the newest run in its store holds: its only site, or each by its host."""
    with Store.existing(folder) as store:
        [run] = runs.newest(store, 1)
        sites = {job.site: _of_site(ended, store, run, job.site) for job in jobs.of_run(store, run.info.id)}
    first = next(iter(sites.values()))
    return first if len(sites) == 1 else replace(ended, sites=sites)


def _of_site(ended: Audit, store: Store, run: StoredRun, site: str) -> Audit:
    known = frozenset(page.url for page in pages.known(store, run.info.id, site))
    return replace(ended, seen=_seen(store, run, site), good=_findings(store, run, site), known=known)


def _seen(store: Store, run: StoredRun, site: str) -> dict[str, Seen]:
    crawled = {page.url: _of_crawl(page) for page in pages.known(store, run.info.id, site)}
    captured = {url: _of_look(store, look) for url, look in looks.of_site(store, run.info.id, site).items()}
    return {_path(url): seen for url, seen in (crawled | captured).items()}


def _of_crawl(page: CrawledPage) -> Seen:
    return Seen(page.failure.kind, detail=page.failure.detail) if page.failure else Seen("only crawled")


def _of_look(store: Store, look: looks.StoredLook) -> Seen:
    outline, axe = looks.outline(store, look), looks.axe(store, look)
    return Seen(
        kind=look.failure.kind if look.failure else AUDITED,
        partial=look.partial,
        text=" | ".join(block.text for block in outline.blocks) if outline else "",
        failed=frozenset(rule.id for rule in (axe.rules if axe else ()) if rule.outcome is AxeOutcome.VIOLATIONS),
        seconds=look.seconds,
        detail=look.failure.detail if look.failure else "",
    )


def _findings(store: Store, run: StoredRun, site: str) -> dict[str, list[Any]]:
    """The findings on the good pages, whole but for what names this run or this server's port."""
    found: dict[str, list[Any]] = {path: [] for path in GOOD_PAGES}
    for finding in judgements.of_site(store, run.info.id, site) or ():
        path = _path(finding.subject.id)
        if finding.subject.kind is SubjectKind.PAGE and path in found and finding.outcome is not Outcome.INAPPLICABLE:
            evidence = tuple(msgspec.structs.replace(piece, artifact="", taken_at="") for piece in finding.evidence)
            whole = msgspec.json.encode(msgspec.structs.replace(finding, evidence=evidence)).decode()
            found[path].append(msgspec.json.decode(whole.replace(_place(finding.subject.id), "site")))
    return {path: sorted(rows, key=str) for path, rows in found.items()}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _place(url: str) -> str:
    return urlsplit(url).netloc
