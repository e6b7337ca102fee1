"""`loket compare`: what is new, fixed and unchanged between two runs."""

from pathlib import Path

import click
import msgspec

from audit.cli.options import store_option

_SHOWN = 25


@click.command(
    epilog="""\b
Examples:
  loket compare 20261122T0215 20261123T0215
  loket compare 20261122T0215 20261123T0215 --store audits --json"""
)
@click.argument("old")
@click.argument("new")
@store_option
@click.option("--json", "as_json", is_flag=True, help="All of it, as JSON.")
def command(old: str, new: str, store: Path, *, as_json: bool) -> None:
    """Say what changed between two runs.

    What is new, fixed and unchanged in run NEW against run OLD; the beginning of an id is enough.
    """
    from audit.cli.plain_text import json_text, printable
    from audit.stages.report import result_of
    from audit.store import runs
    from audit.store.store import Store
    from reports.compare import Change, Comparability, Movement, compare

    with Store.existing(store) as opened:
        results = [result_of(opened, runs.get(opened, run), earlier=0) for run in (old, new)]
    comparison = compare(*results)
    if as_json:
        click.echo(json_text(msgspec.json.format(msgspec.json.encode(comparison))))
        return

    def line(change: Change) -> str:
        where = f" on {len(change.pages)} pages" if change.pages else ""
        return printable(
            f"  {change.site}: {change.name or change.subject}, {change.rule}{where}: {change.before} → {change.after}"
        )

    click.echo(f"Run {comparison.new.id} against run {comparison.old.id}")
    if comparison.comparability is not Comparability.YES:
        click.echo(f"Can they be compared? {comparison.comparability.value.replace('_', ' ')}")
    for difference in comparison.differences:
        click.echo(printable(f"  differs in {difference.part}: {difference.old} → {difference.new}"))
    for movement in Movement:
        changes = comparison.of(movement)
        click.echo(f"{movement.value.replace('_', ' ')}: {len(changes)}")
        if movement is not Movement.UNCHANGED:
            for change in changes[:_SHOWN]:
                click.echo(line(change))
            if len(changes) > _SHOWN:
                click.echo(f"  and {len(changes) - _SHOWN} more; --json has them all")
