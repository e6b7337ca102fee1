"""`loket schedule`: what to put into cron or systemd so that a portfolio is audited every night."""

import shlex
import shutil
import sys
from pathlib import Path

import click

from audit.cli.options import DEFAULT_REPORT, DEFAULT_STORE

_UNIT = """# loket-{name}.service, in /etc/systemd/system/
[Unit]
Description=Loket audit of {name}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={words}
ExecStopPost={tidy}
# 75: the run of the night before is still at work; 3: some targets could not be looked at
SuccessExitStatus=3 75
TimeoutStopSec=15

# loket-{name}.timer, in the same folder; then: systemctl enable --now loket-{name}.timer
[Unit]
Description=Loket audit of {name}, every night

[Timer]
OnCalendar=*-*-* {at}:00
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
"""


@click.command(
    epilog="""\b
Examples:
  loket schedule targets.toml
  loket schedule targets.toml --at 03:30 --store /srv/loket/store --out /srv/www/loket"""
)
@click.argument("target")
@click.option("--at", default="02:15", show_default=True, metavar="HH:MM", help="When it begins, in local time.")
@click.option(
    "--store", type=click.Path(path_type=Path), default=DEFAULT_STORE, show_default=True, help="Folder of all runs."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=DEFAULT_REPORT, show_default=True, help="Where the report goes."
)
def command(target: str, at: str, store: Path, out: Path) -> None:
    """Print a cron line and a systemd timer.

    They audit TARGET every night, and prune the store; nothing is installed.
    """
    from audit.targets import portfolio_of

    hour, _, minute = at.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):  # noqa: PLR2004
        raise click.UsageError(f"--at {at!r} is no time; write it like 02:15")
    portfolio = portfolio_of(target)
    place = str(Path(target).resolve()) if Path(target).exists() else target
    words = [_program(), "run", place, "--store", str(store.resolve()), "--out", str(out.resolve()), "--quiet"]
    line = shlex.join(words)
    tidy = shlex.join([_program(), "prune", "--store", str(store.resolve())])  # pictures may show people
    both = f"{line}; {tidy} > /dev/null".replace("%", chr(92) + "%")
    click.echo(f"# crontab -e\n{int(minute)} {int(hour)} * * *  {both}\n")
    folder = str(Path.cwd()).replace("%", "%%")
    unit = _UNIT.format(
        name=_name(portfolio.id),
        folder=folder,
        words=line.replace("%", "%%"),
        tidy=tidy.replace("%", "%%"),
        at=f"{int(hour):02}:{int(minute):02}",
    )
    click.echo(unit, nl=False)


def _program() -> str:
    """How this very Loket is started from anywhere."""
    started = Path(sys.argv[0])
    return str(started.resolve()) if started.name == "loket" and started.exists() else shutil.which("loket") or "loket"


def _name(portfolio: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in portfolio)
