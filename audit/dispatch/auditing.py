"""One audit from its settings to its report: what `run`, `demo` and the single stages have in common."""

import errno
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from audit import clock
from audit.config import Settings, SettingsError, load
from audit.dispatch.browser_settings import check_browser
from audit.dispatch.holding import holding
from audit.dispatch.run import begin_or_resume, hold_hosts, work_through
from audit.dispatch.stopping import interruptible
from audit.dispatch.way_out import company_for, hosts_of
from audit.guest.addresses import AllowList, host_refusal
from audit.stages.capture import engine_versions
from audit.stages.report import report, result_of
from audit.stages.work import Progress
from audit.store import runs
from audit.store.problem import StoreProblemError
from audit.store.runs import StoredRun
from audit.store.store import Store
from reports.formats import all_formats
from reports.whole_files import MARK, ReportPlaceError
from rules.model.portfolio import Portfolio
from rules.model.run import RunResult


def settings_from(flags: Mapping[str, Any], portfolio: Portfolio) -> Settings:
    """The settings in force for this portfolio, checked against it.

    Raises:
        SettingsError: a setting that cannot be used, or that does not fit these targets.

    """
    given = dict(flags)
    file = given.pop("config", None)
    given["allow_private"] = given.get("allow_private") or None
    settings = load(given, file=file)
    check_browser(settings)
    hosts = sorted({host for agency in portfolio.agencies for site in agency.sites for host in hosts_of(site)})
    try:
        allowed = AllowList.parse(settings.allow_private)
    except ValueError as error:
        raise SettingsError(f"--allow-private: {error}") from error
    strangers = [host for host in hosts if not _is_loopback(host)]
    if settings.pace == 0 and strangers:
        raise SettingsError(f"--pace 0 is for loopback only, and {strangers[0]} is not; leave it out to wait 2 seconds")
    refused = [(host, reason) for host in hosts for reason in [_refused(host, allowed)] if reason]
    if refused:
        host, reason = refused[0]
        raise SettingsError(f"{host} is refused: {reason}. If it is yours to audit: --allow-private {host}")
    return settings


def audited(
    store: Store, portfolio: Portfolio, settings: Settings, progress: Progress, out: Path, *, fresh: bool = False
) -> tuple[RunResult, Path]:
    """A run of this portfolio, begun or gone on with, to its end: what was found, and the file of the report to open.

    A run has ended when its report is written: one that was killed while that was done writes it at its next start.

    Raises:
        SettingsError: the company's proxy or the WebDriver server cannot be used; nothing was begun.
        BrowserMissing: there is no browser; nothing was begun.

    """
    company = company_for(portfolio)
    engine_versions(settings)
    with interruptible(), holding(store):
        resumed = begin_or_resume(store, portfolio, settings, fresh=fresh)
        if not resumed.is_new:
            progress.say(f"Going on with run {resumed.run.info.id}, which did not come to its end.")
        if not settings.contact_url:
            progress.say(
                "Hint: --contact-url puts an address of yours into the user agent, so that agencies can reach you."
            )
        work_through(store, resumed.run, progress, company=company)
        return _concluded(store, resumed.run.info.id, progress, out)


def _concluded(store: Store, run_id: str, progress: Progress, out: Path) -> tuple[RunResult, Path]:
    run, ended = runs.get(store, run_id), clock.stamp(clock.now())
    progress.stage(f"run {run_id}", "report", 0)
    info = msgspec.structs.replace(run.info, finished_at=ended)
    result, main = reported(store, msgspec.structs.replace(run, info=info), "html", out)
    runs.finish(store, run_id, ended)
    return result, main


def reported(store: Store, run: StoredRun, form: str, out: Path) -> tuple[RunResult, Path]:
    """What was found, and the file to open.

    Raises:
        SettingsError: the report cannot be written there.

    """
    result = result_of(store, run)
    try:
        return result, report(result, store, all_formats()[form], out)
    except ReportPlaceError as error:
        raise SettingsError(str(error)) from error
    except OSError as error:
        place = f"cannot write the report to {out}: {error.strerror or error}"
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}:
            raise OSError(error.errno, place) from error
        raise SettingsError(place) from error


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _refused(host: str, allowed: AllowList) -> str:
    """Why a host may not be visited, as far as its spelling tells; what it resolves to is the guard's affair."""
    name, _, port = host.rpartition(":")
    return host_refusal(name, int(port), allowed)


def refuse_unwritable(out: Path) -> None:
    """See to it that a report can be written there before hours of work are done for it.

    Raises:
        SettingsError: it cannot.

    """
    place = next((parent for parent in (out, *out.absolute().parents) if parent.exists()), Path("/"))
    if out.exists() and not out.is_dir():
        raise SettingsError(f"--out {out} is a file; name a folder for the report")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        raise SettingsError(f"--out {out} holds files that are no report of Loket; name an empty or new folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise SettingsError(f"--out {out} cannot be written: no permission in {place}")


def crawled(store: Store, portfolio: Portfolio, settings: Settings, progress: Progress) -> StoredRun:
    """A run of this portfolio, begun or gone on with, of which only the crawl is done.

    Raises:
        SettingsError: the company's proxy cannot be used; nothing was begun.

    """
    company = company_for(portfolio)
    with interruptible(), holding(store):
        run = begin_or_resume(store, portfolio, settings).run
        work_through(store, run, progress, stages=("crawl",), company=company)
    return run


def captured(store: Store, run_id: str | None, progress: Progress) -> None:
    """Capture a run's pages, as far as that was not done; the newest run when none is named.

    Raises:
        SettingsError: the company's proxy cannot be used.
        StoreProblemError: there is no such run.

    """
    run = named_run(store, run_id)
    company = company_for(run.portfolio)
    with interruptible(), holding(store):
        hold_hosts(store, run)
        work_through(store, run, progress, stages=("capture",), company=company)


def judged(store: Store, run_id: str | None, progress: Progress) -> None:
    """Judge a run again, or for the first time; the newest run when none is named. Nobody is visited.

    Raises:
        StoreProblemError: there is no such run.

    """
    run = named_run(store, run_id)
    with interruptible(), holding(store):
        work_through(store, run, progress, stages=("judge",))


def named_run(store: Store, run_id: str | None) -> StoredRun:
    """The run with this id (its beginning is enough), or the newest.

    Raises:
        StoreProblemError: there is no such run.

    """
    if run_id:
        return runs.get(store, run_id)
    newest = runs.newest(store, 1)
    if not newest:
        raise StoreProblemError(f"the store {store.folder} holds no run yet; `loket run TARGET` makes one")
    return newest[0]
