"""`loket doctor`: what is missing on this machine or damaged in a store, and how to mend it."""

import os
from itertools import chain
from pathlib import Path

import click
import msgspec
from click.core import ParameterSource
from rich.console import Console
from rich.text import Text

from audit.cli.diagnosis import Check, State, examine
from audit.cli.options import store_option
from audit.cli.store_diagnosis import examine_store

_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.MISSING: "bold red", State.DAMAGED: "bold red"}
_NAME_WIDTH = 13
_SOMETHING_ILL = 3
_ILL = (State.MISSING, State.DAMAGED)


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
    """Say what is missing on this machine or damaged in a store, and how to mend it.

    Each line says ok, warning, missing or damaged, and below it what to do. A warning does not keep Loket from its work.
    With --store the store in that folder is examined too: the ledger, every blob against its SHA-256, blobs that no row
    names, runs that did not end, leases of processes that are gone. Nothing is changed, and no network is used. Exit
    code: 0 when all is well (warnings or not), 3 when something is missing or damaged, 2 for a usage error.
    """
    checks = []
    console = Console(highlight=False, soft_wrap=True)
    named = context.get_parameter_source("store") is ParameterSource.COMMANDLINE
    machine = examine(store=store, browser=browser or os.environ.get("LOKET_BROWSER", ""))
    for check in chain(machine, examine_store(store) if named else ()):
        checks.append(check)
        if not as_json:
            _print(console, check)
    ill = [check for check in checks if check.state in _ILL]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(checks)).decode())
    else:
        console.print(_conclusion(ill))
    context.exit(_SOMETHING_ILL if ill else 0)


def _print(console: Console, check: Check) -> None:
    line = Text.assemble(
        (f"{check.state.value:<8}", _COLOURS[check.state]), f"{check.name:<{_NAME_WIDTH}}", check.detail
    )
    console.print(line)
    if check.mend:
        console.print(Text(f"{'':8}{'':{_NAME_WIDTH}}-> {check.mend}"))


def _conclusion(ill: list[Check]) -> str:
    if not ill:
        return "Loket can work here."
    where = ", ".join(dict.fromkeys(check.name for check in ill))
    if all(check.state is State.DAMAGED for check in ill):
        return f"The store is damaged: see {where} above."
    return f"Loket cannot work here yet: see {where} above."
