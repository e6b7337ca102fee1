"""`loket demo`: serve the demonstration sites on this machine and audit them."""

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit.cli.options import DEFAULT_REPORT, json_log_option, quiet_option, store_option
from rules.model.portfolio import Portfolio

if TYPE_CHECKING:
    from audit.cli.demo.sites import DemoSites

USUAL_PORT = 8711
# What fits sites on loopback that are small and misbehave on purpose: one never ends, one has a calendar without end.
SETTINGS: dict[str, Any] = {
    "pace": 0.0,
    "all_pages": True,
    "timeout": 4.0,
    "deadline": 15.0,
    "max_per_pattern": 4,
    "allow_private": ("127.0.0.1",),
}


@click.command(
    epilog="""\b
Examples:
  loket demo
  loket demo --out /tmp/report
  loket demo --serve-only

The sites belong to agencies that do not exist. Nothing leaves this machine."""
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=DEFAULT_REPORT, show_default=True, help="Where the report goes."
)
@store_option
@click.option("--serve-only", is_flag=True, help="Serve the sites until Ctrl-C, and audit nothing.")
@click.option(
    "--port-base",
    type=click.IntRange(1, 65_000),
    metavar="PORT",
    help=f"The first of the sites' ports, one after another [{USUAL_PORT}, or free ones when that is taken].",
)
@quiet_option
@json_log_option
def command(out: Path, store: Path, port_base: int | None, *, serve_only: bool, quiet: bool, json_log: bool) -> int:
    """Audit the small sites that ship with Loket: a municipality, a benefits agency, a licensing body, a collector."""
    with _sites(store / "demo", port_base) as sites:
        if serve_only:
            _wait(sites.addresses)
            return 0
        return audit(sites.portfolio, store, out, quiet=quiet, json_log=json_log)


def _sites(folder: Path, port_base: int | None) -> "AbstractContextManager[DemoSites]":
    """The sites on the ports asked for; without a wish on the usual ones, so that an interrupted run can go on."""
    from audit.cli.demo.sites import free_in_a_row, serve

    if port_base is not None and not free_in_a_row(port_base):
        raise click.UsageError(f"--port-base {port_base}: a port from there on is taken or not allowed; name another")
    return serve(folder, port_base=port_base or (USUAL_PORT if free_in_a_row(USUAL_PORT) else 0))


def audit(portfolio: Portfolio, store: Path, out: Path, *, quiet: bool, json_log: bool) -> int:
    """Audit as `loket run` does, with settings for loopback; without the sandbox where the system has none."""
    from audit.capture.pool import SandboxUnavailable
    from audit.cli import progress, summary
    from audit.dispatch import auditing
    from audit.store.store import Store

    auditing.refuse_unwritable(out)
    with Store(store) as opened, progress.chosen(quiet=quiet, json_log=json_log) as shown:
        try:
            result, main = auditing.audited(opened, portfolio, auditing.settings_from(SETTINGS, portfolio), shown, out)
        except SandboxUnavailable as error:
            shown.say(f"{error} These sites are our own, so the demonstration goes on without it.")
            unsafe = auditing.settings_from(SETTINGS | {"sandbox": False}, portfolio)
            result, main = auditing.audited(opened, portfolio, unsafe, shown, out)
    if not quiet:
        click.echo("\n".join(summary.lines(result, main)))
    return 0


def _wait(addresses: dict[str, str]) -> None:
    for site, address in addresses.items():
        click.echo(f"{site:<12}{address}/")
    click.echo("Ctrl-C ends the sites.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The sites are closed.")
