"""One run, from its first row to its last report: each site is a job, and each job goes through the stages in turn."""

import platform
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection

from audit import clock
from audit.config import Settings
from audit.dispatch.holding import claim_now, places_of
from audit.dispatch.way_out import notes_on, way_out
from audit.dispatch.worker import Heart
from audit.guest.company import CompanyProxies
from audit.guest.user_agent import user_agent
from audit.stages.capture import capture, engine_versions
from audit.stages.crawl import CrawlBrokenError, crawl, with_robots
from audit.stages.fact_readers import FactReaders
from audit.stages.judge import judge, rules_version
from audit.stages.work import Progress, SiteWork
from audit.store import jobs, runs
from audit.store.jobs import Job
from audit.store.problem import StoreProblemError
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import RunInfo

STAGES = ("crawl", "capture", "judge")
_ENDED = frozenset({"done", "failed"})
_JUDGED = frozenset({"judge", "done"})  # the stages of a job that asks nothing more of its site


@dataclass(frozen=True)
class Resumed:
    """A run to work on, and whether an earlier start of it left work to go on with."""

    run: StoredRun
    is_new: bool


def begin_or_resume(store: Store, portfolio: Portfolio, settings: Settings, *, fresh: bool = False) -> Resumed:
    """The unfinished run of this portfolio under these settings, or a new one; its hosts are held from now on.

    Raises:
        HostBusyError: another run holds one of the hosts; nothing was begun.

    """
    digest = _digest(portfolio, settings)
    unfinished = None if fresh else runs.unfinished(store, portfolio.id, digest)
    if unfinished is not None:
        hold_hosts(store, unfinished)
        return Resumed(unfinished, is_new=False)
    return Resumed(_begin(store, portfolio, settings, digest), is_new=True)


def hold_hosts(store: Store, run: StoredRun) -> None:
    """Take every host of a run.

    Raises:
        HostBusyError: another run holds one of them; nothing was taken.

    """
    with store.writing() as connection:
        _hold(run, connection)


def work_through(
    store: Store,
    run: StoredRun,
    progress: Progress,
    stages: tuple[str, ...] = STAGES,
    company: CompanyProxies = CompanyProxies(),  # noqa: B008 - frozen
) -> None:
    """Do these stages for every site of a run, through the company's proxies; what is done already is not done again.

    Judging alone ends a run; one that goes through all stages ends with its report, which is the caller's.

    Raises:
        BusyError: somebody else works on a site.
        InterruptedRunError: somebody asked to stop; all that was done is kept.
        SandboxUnavailable: the browser's sandbox cannot stand here.

    """
    settings = msgspec.json.decode(run.settings_json, type=Settings)
    waiting = [job for job in jobs.of_run(store, run.info.id) if job.state not in _ENDED or stages != STAGES]
    if waiting:
        with FactReaders() as readers:
            _note(store, run, settings, stages, company)
            for job in waiting:
                _work_on(store, run, settings, job, _Means(progress, company, stages, readers))
    if stages != STAGES and not run.info.finished_at and _all_ended(store, run):
        runs.finish(store, run.info.id, clock.stamp(clock.now()))


def _all_ended(store: Store, run: StoredRun) -> bool:
    return all(job.state in _ENDED for job in jobs.of_run(store, run.info.id))


@dataclass(frozen=True)
class _Means:
    """What the work on a job is done with."""

    progress: Progress
    company: CompanyProxies
    stages: tuple[str, ...]
    readers: FactReaders


def _work_on(store: Store, run: StoredRun, settings: Settings, before: Job, means: _Means) -> None:
    agency, site = _site(run.portfolio, before)
    job = jobs.claim(store, before, claim_now())
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
        failure = _done(work, run, job, means)
    except BaseException:
        with suppress(StoreProblemError):  # what went wrong is what must be told
            jobs.leave(store, job, state="waiting", failure=before.failure)
        raise
    state, failure = _standing(before, means.stages, failure)
    jobs.leave(store, job, state=state, failure=failure)


def _done(work: SiteWork, run: StoredRun, job: Job, means: _Means) -> Failure | None:
    """Do the stages, with a way out where they visit anybody; how they failed, if they did."""
    if not _visits(job, means.stages):
        return _stages(work, job, means.stages)
    with way_out(work.store, run, work.site, work.settings, means.company) as (address, write_book), Heart(write_book):
        return _stages(replace(work, proxy=address, keep_book=write_book), job, means.stages)


def _visits(job: Job, stages: tuple[str, ...]) -> bool:
    """Whether anything is left to be asked of the site."""
    return stages != ("judge",) and not (stages == STAGES and job.stage in _JUDGED)


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
    if _visits(job, stages):
        work = with_robots(work)
        try:
            number = _rounds(work, job, stages)
        except CrawlBrokenError as error:
            work.progress.say(f"{work.name}: the crawl broke off: {error}")
            failure = Failure(FailureKind.CRASHED, str(error))
        else:
            if "capture" in stages:
                jobs.advance(work.store, job, stage="judge", number=number)
    if "judge" in stages:
        judge(work)
        if stages == STAGES or job.stage == "judge":
            jobs.advance(work.store, job, stage="done")
    return failure


def _rounds(work: SiteWork, job: Job, stages: tuple[str, ...]) -> int:
    """Go on with the round in which the job is, or begin the first; the number of the last one."""
    number, stage = (job.round, job.stage) if stages == STAGES else (1, stages[0])
    rounds = work.settings.rounds if stages == STAGES and not work.given else 1
    while True:
        if stage == "crawl" and "crawl" in stages and not work.given:
            jobs.advance(work.store, job, stage="crawl", number=number)
            if not crawl(work, number) and number > 1:
                return number
        if "capture" not in stages:
            return number
        jobs.advance(work.store, job, stage="capture", number=number)
        if not capture(work) or number >= rounds:
            return number
        number, stage = number + 1, "crawl"


def _begin(store: Store, portfolio: Portfolio, settings: Settings, digest: str) -> StoredRun:
    """A new run, named by the moment of its beginning; where two begin in one second, the later one takes the next."""
    now = clock.now()
    while True:
        run = _named(now, portfolio, settings, digest)
        if runs.begin(store, run, partial(_hold, run)):
            return run
        now += timedelta(seconds=1)


def _hold(run: StoredRun, connection: Connection) -> None:
    jobs.hold(connection, run.info.id, places_of(run.portfolio), claim_now())


def _named(now: datetime, portfolio: Portfolio, settings: Settings, digest: str) -> StoredRun:
    identity = now.strftime("%Y%m%dT%H%M%SZ")
    info = RunInfo(
        id=identity,
        started_at=clock.stamp(now),
        settings_digest=digest,
        seed=settings.seed or identity,
        versions={"loket": version("loket"), "python": platform.python_version(), "rules": rules_version()},
        pace_seconds=settings.pace,
        max_pages=settings.max_pages,
        max_depth=settings.max_depth,
    )
    return StoredRun(info=info, portfolio=portfolio, settings_json=msgspec.json.encode(settings).decode())


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


def _site(portfolio: Portfolio, job: Job) -> tuple[Agency, Site]:
    return next((agency, site) for agency in portfolio.agencies for site in agency.sites if site.id == job.site)
