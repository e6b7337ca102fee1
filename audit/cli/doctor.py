"""`loket doctor`: what is missing on this machine, and how to mend it."""

import os
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.text import Text

from audit.cli.diagnosis import Check, State, examine
from audit.cli.options import store_option

_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.MISSING: "bold red"}
_NAME_WIDTH = 13
_SOMETHING_MISSING = 3


@click.command(
    "doctor",
    epilog="""\b
Examples:
  loket doctor
  loket doctor --store /srv/loket
  loket doctor --json | jq '.[] | select(.state != "ok")'""",
)
@store_option
@click.option("--browser", metavar="PATH", default="", help="The Chromium to examine [the one that would be used].")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output, for a program to read.")
@click.pass_context
def command(context: click.Context, store: Path, browser: str, as_json: bool) -> None:
    """Say what is missing on this machine, and how to mend it.

    Each line says ok, warning or missing, and below it what to do. A warning does not keep Loket from its work.
    Nothing is changed, and no network is used. Exit code: 0 when all that is needed is here (warnings or not),
    3 when something is missing, 2 for a usage error.
    """
    checks = []
    console = Console(highlight=False, soft_wrap=True)
    for check in examine(store=store, browser=browser or os.environ.get("LOKET_BROWSER", "")):
        checks.append(check)
        if not as_json:
            _print(console, check)
    missing = [check for check in checks if check.state is State.MISSING]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(checks)).decode())
    else:
        console.print(_conclusion(missing))
    context.exit(_SOMETHING_MISSING if missing else 0)


def _print(console: Console, check: Check) -> None:
    line = Text.assemble(
        (f"{check.state.value:<8}", _COLOURS[check.state]), f"{check.name:<{_NAME_WIDTH}}", check.detail
    )
    console.print(line)
    if check.mend:
        console.print(Text(f"{'':8}{'':{_NAME_WIDTH}}-> {check.mend}"))


def _conclusion(missing: list[Check]) -> str:
    if not missing:
        return "Loket can work here."
    return f"Loket cannot work here yet: see {', '.join(check.name for check in missing)} above."
