"""One run, from its first row to its last report: each site is a job, and each job goes through the stages in turn."""

import platform
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from types import FrameType
from urllib.parse import urlsplit

import msgspec

from audit import clock
from audit.capture.pool import CaptureSettings, browser_version
from audit.config import Settings
from audit.dispatch.worker import LEASE_SECONDS, Heart, is_dead, this_worker
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from audit.guest.user_agent import user_agent
from audit.stages.capture import capture
from audit.stages.crawl import CrawlBrokenError, crawl, with_robots
from audit.stages.fact_readers import FactReaders
from audit.stages.judge import judge, rules_version
from audit.stages.work import InterruptedRunError, Progress, SiteWork
from audit.store import jobs, runs
from audit.store.jobs import Claim, HostBusyError, Job
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

STAGES = ("crawl", "capture", "judge")
_ENDED = frozenset({"done", "failed"})
_WEB_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Resumed:
    """A run to work on, and whether an earlier start of it left work to go on with."""

    run: StoredRun
    is_new: bool


def begin_or_resume(store: Store, portfolio: Portfolio, settings: Settings, *, fresh: bool = False) -> Resumed:
    """The unfinished run of this portfolio under these settings, or a new one.

    Raises:
        HostBusyError: another run visits one of the hosts now; nothing was begun.

    """
    digest = _digest(portfolio, settings)
    hosts = tuple(host for agency in portfolio.agencies for site in agency.sites for host in hosts_of(site))
    _refuse_busy(store, hosts)
    unfinished = None if fresh else runs.unfinished(store, portfolio.id, digest)
    if unfinished is not None:
        return Resumed(unfinished, is_new=False)
    return Resumed(_begin(store, portfolio, settings, digest), is_new=True)


def work_through(store: Store, run: StoredRun, progress: Progress, stages: tuple[str, ...] = STAGES) -> None:
    """Do these stages for every site of a run; what is done already is not done again.

    Raises:
        HostBusyError: another run visits the host of a site.
        InterruptedRunError: somebody asked to stop; all that was done is kept.
        SandboxUnavailable: the browser's sandbox cannot stand here.

    """
    settings = msgspec.json.decode(run.settings_json, type=Settings)
    allowed = AllowList.parse(settings.allow_private)
    with _interruptible(), FactReaders() as readers, Guard(allowed=allowed, ports=_ports(run.portfolio)) as guard:
        _note_browser(store, run, settings, stages)
        for job in jobs.of_run(store, run.info.id):
            if job.state not in _ENDED or stages != STAGES:
                _work_on(store, run, settings, job, _Means(progress, guard.address, stages, readers))
    if not run.info.finished_at and all(job.state in _ENDED for job in jobs.of_run(store, run.info.id)):
        runs.finish(store, run.info.id, clock.stamp(clock.now()))


def hosts_of(site: Site) -> tuple[str, ...]:
    """The hosts with ports (`host:port`, an IPv6 address in brackets) that auditing this site visits."""
    parts = urlsplit(site.start)
    port = parts.port or _WEB_PORTS[parts.scheme]
    name = parts.hostname or ""
    own = {f"[{name}]:{port}" if ":" in name else f"{name}:{port}"}
    for entry in site.scope:
        host = entry.partition("/")[0]
        own.add(host if ":" in host.rpartition("]")[2] else f"{host}:{port}")
    return tuple(sorted(own))


@dataclass(frozen=True)
class _Means:
    """What the work on a job is done with."""

    progress: Progress
    proxy: str
    stages: tuple[str, ...]
    readers: FactReaders


def _work_on(store: Store, run: StoredRun, settings: Settings, before: Job, means: _Means) -> None:
    agency, site = _site(run.portfolio, before)
    worker = this_worker()
    hosts = hosts_of(site)
    dead = tuple(lease.worker for lease in jobs.leases_on(store, hosts, _now()) if is_dead(lease.worker))
    job = jobs.claim(store, before, hosts, Claim(worker, _now(), _until(), dead))
    work = SiteWork(
        store=store,
        run=run.info,
        agency=agency,
        site=site,
        settings=settings,
        progress=means.progress,
        user_agent=user_agent(settings.contact_url),
        proxy=means.proxy,
        readers=means.readers,
        given=tuple(url for url in run.portfolio.pages if urlsplit(url).netloc == urlsplit(site.start).netloc),
    )
    try:
        with Heart(lambda: jobs.renew(store, job, worker, _until())):
            failure = _stages(work, job, means.stages)
    except BaseException:
        jobs.leave(store, job, worker, state="waiting", failure=before.failure)
        raise
    state, failure = _standing(before, means.stages, failure)
    jobs.leave(store, job, worker, state=state, failure=failure)


def _standing(before: Job, stages: tuple[str, ...], failure: Failure | None) -> tuple[str, Failure | None]:
    """How a job stands after these stages: only the crawl makes or mends a failure, and judging ends what was captured."""
    failure = failure if "crawl" in stages else before.failure
    if failure is not None:
        return "failed", failure
    judged = stages == ("judge",) and before.stage == "judge"
    return "done" if judged or stages == STAGES or before.state == "done" else "waiting", None


def _stages(work: SiteWork, job: Job, stages: tuple[str, ...]) -> Failure | None:
    """Crawl and capture in turn until the browser shows no new link, then judge; how it failed, if it did."""
    failure = None
    if stages != ("judge",):
        work = with_robots(work)
        try:
            _rounds(work, job, stages)
        except CrawlBrokenError as error:
            work.progress.say(f"{work.name}: the crawl broke off: {error}")
            failure = Failure(FailureKind.CRASHED, str(error))
    if stages == ("capture",):
        jobs.advance(work.store, job, stage="judge", number=job.round)
    if "judge" in stages:
        judge(work)
        if stages == STAGES or job.stage == "judge":
            jobs.advance(work.store, job, stage="done", number=job.round)
    return failure


def _rounds(work: SiteWork, job: Job, stages: tuple[str, ...]) -> None:
    number, stage = (job.round, job.stage) if stages == STAGES else (1, stages[0])
    rounds = work.settings.rounds if stages == STAGES and not work.given else 1
    while number <= rounds and stage in {"crawl", "capture"}:
        if stage == "crawl" and "crawl" in stages and not work.given:
            jobs.advance(work.store, job, stage="crawl", number=number)
            if not crawl(work, number) and number > 1:
                return
        if "capture" not in stages:
            return
        jobs.advance(work.store, job, stage="capture", number=number)
        if not capture(work):
            return
        number, stage = number + 1, "crawl"


def _begin(store: Store, portfolio: Portfolio, settings: Settings, digest: str) -> StoredRun:
    now = clock.now()
    identity = now.strftime("%Y%m%dT%H%M%SZ")
    while any(run.info.id == identity for run in runs.newest(store, 1)):
        now += timedelta(seconds=1)  # two runs begun in one second; the later one keeps its place after the other
        identity = now.strftime("%Y%m%dT%H%M%SZ")
    info = RunInfo(
        id=identity,
        started_at=clock.stamp(now),
        settings_digest=digest,
        seed=settings.seed or f"{identity}",
        versions={"loket": version("loket"), "python": platform.python_version(), "rules": rules_version()},
        pace_seconds=settings.pace,
        max_pages=settings.max_pages,
        max_depth=settings.max_depth,
    )
    run = StoredRun(info=info, portfolio=portfolio, settings_json=msgspec.json.encode(settings).decode())
    runs.begin(store, run)
    return run


def _digest(portfolio: Portfolio, settings: Settings) -> str:
    """Names what is audited and how: a targets file that changed begins a new run."""
    return msgspec.structs.replace(settings, seed=f"{settings.seed}/{msgspec.json.encode(portfolio).hex()}").digest


def _note_browser(store: Store, run: StoredRun, settings: Settings, stages: tuple[str, ...]) -> None:
    if "capture" not in stages:
        return
    notes = () if settings.sandbox else ("ran_without_sandbox",)
    browser = browser_version(CaptureSettings(proxy="", user_agent="", browser=settings.browser))
    versions = {"browser": browser, "playwright": version("playwright")}
    runs.note(store, run.info.id, notes, versions)


def _refuse_busy(store: Store, hosts: tuple[str, ...]) -> None:
    for lease in jobs.leases_on(store, hosts, _now()):
        if lease.worker != this_worker() and not is_dead(lease.worker):
            raise HostBusyError(lease)


def _site(portfolio: Portfolio, job: Job) -> tuple[Agency, Site]:
    return next((agency, site) for agency in portfolio.agencies for site in agency.sites if site.id == job.site)


def _ports(portfolio: Portfolio) -> frozenset[int]:
    """The ports that the targets name, which the guard lets through beside 80 and 443."""
    hosts = [host for agency in portfolio.agencies for site in agency.sites for host in hosts_of(site)]
    pages = [f"{urlsplit(url).hostname}:{urlsplit(url).port or 80}" for url in portfolio.pages]
    return frozenset(int(host.rpartition(":")[2]) for host in (*hosts, *pages))


def _now() -> str:
    return clock.stamp(clock.now())


def _until() -> str:
    return clock.stamp(clock.now() + timedelta(seconds=LEASE_SECONDS))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into one exception, wherever the work is, so that every `finally` below is reached."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise InterruptedRunError

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
