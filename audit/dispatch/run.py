"""One run, from its first row to its last report: each site is a job, and each job goes through the stages in turn."""

import platform
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version
from types import FrameType
from urllib.parse import urlsplit

import msgspec

from audit import clock
from audit.config import Settings
from audit.dispatch.way_out import hosts_of, notes_on, way_out
from audit.dispatch.worker import LEASE_SECONDS, Heart, is_dead, this_worker
from audit.guest.company import CompanyProxies
from audit.guest.user_agent import user_agent
from audit.stages.capture import capture, engine_versions
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


def work_through(
    store: Store,
    run: StoredRun,
    progress: Progress,
    stages: tuple[str, ...] = STAGES,
    company: CompanyProxies = CompanyProxies(),  # noqa: B008 - frozen
) -> None:
    """Do these stages for every site of a run, through the company's proxies; what is done already is not done again.

    Raises:
        HostBusyError: another run visits the host of a site.
        InterruptedRunError: somebody asked to stop; all that was done is kept.
        SandboxUnavailable: the browser's sandbox cannot stand here.

    """
    settings = msgspec.json.decode(run.settings_json, type=Settings)
    with _interruptible(), FactReaders() as readers:
        _note(store, run, settings, stages, company)
        for job in jobs.of_run(store, run.info.id):
            if job.state not in _ENDED or stages != STAGES:
                _work_on(store, run, settings, job, _Means(progress, company, stages, readers))
    if not run.info.finished_at and all(job.state in _ENDED for job in jobs.of_run(store, run.info.id)):
        runs.finish(store, run.info.id, clock.stamp(clock.now()))


@dataclass(frozen=True)
class _Means:
    """What the work on a job is done with."""

    progress: Progress
    company: CompanyProxies
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
        readers=means.readers,
        given=tuple(url for url in run.portfolio.pages if urlsplit(url).netloc == urlsplit(site.start).netloc),
    )
    try:
        failure = _under_lease(work, run, job, worker, means)
    except BaseException:
        jobs.leave(store, job, worker, state="waiting", failure=before.failure)
        raise
    state, failure = _standing(before, means.stages, failure)
    jobs.leave(store, job, worker, state=state, failure=failure)


def _under_lease(work: SiteWork, run: StoredRun, job: Job, worker: str, means: _Means) -> Failure | None:
    """Do the stages while the lease is kept, with a way out where they visit anybody."""
    if means.stages == ("judge",):
        with Heart(lambda: jobs.renew(work.store, job, worker, _until())):
            return _stages(work, job, means.stages)
    with way_out(work.store, run, work.site, work.settings, means.company) as (address, write_book):

        def beat() -> None:
            jobs.renew(work.store, job, worker, _until())
            write_book()

        with Heart(beat):
            return _stages(replace(work, proxy=address), job, means.stages)


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


def _note(store: Store, run: StoredRun, settings: Settings, stages: tuple[str, ...], company: CompanyProxies) -> None:
    """Write down what the report must say of the browser and of the way out."""
    if stages == ("judge",):
        return
    notes, versions = notes_on(company), {}
    if "capture" in stages:
        notes += () if settings.sandbox else ("ran_without_sandbox",)
        notes += () if settings.guard else ("ran_without_guard",)
        notes += ("browser_elsewhere",) if settings.webdriver_url else ()
        versions = engine_versions(settings)
    runs.note(store, run.info.id, notes, versions)


def _refuse_busy(store: Store, hosts: tuple[str, ...]) -> None:
    for lease in jobs.leases_on(store, hosts, _now()):
        if lease.worker != this_worker() and not is_dead(lease.worker):
            raise HostBusyError(lease)


def _site(portfolio: Portfolio, job: Job) -> tuple[Agency, Site]:
    return next((agency, site) for agency in portfolio.agencies for site in agency.sites if site.id == job.site)


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
