"""`loket prune`: remove pictures of whole pages after a while, and old runs."""

from datetime import timedelta
from pathlib import Path

import click

from audit.cli.options import store_option

_DAYS = 30


@click.command(
    epilog="""\b
Examples:
  loket prune
  loket prune --keep 12 --store audits
  loket prune --days 7 --dry-run

Run it every night after the audit: pictures of whole pages may show people, and are kept for a month at most."""
)
@store_option
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=_DAYS,
    show_default=True,
    metavar="N",
    help="How long pictures of whole pages are kept; the crops of what was found stay.",
)
@click.option(
    "--keep", type=click.IntRange(min=1), metavar="N", help="Keep the newest N finished runs of each portfolio [all]."
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
def command(store: Path, days: int, keep: int | None, *, dry_run: bool) -> None:
    """Remove what need not be kept any longer."""
    from audit import clock
    from audit.store import prune
    from audit.store.store import Store

    now = clock.now()
    with Store.existing(store) as opened:
        runs = prune.old_runs(opened, keep, clock.stamp(now)) if keep else ()
        for run in () if dry_run else runs:
            prune.remove_run(opened, run)
        pictures = 0
        for old in prune.old_pictures(opened, clock.stamp(now - timedelta(days=days))):
            pictures += len(old.gone)
            if not dry_run:
                prune.remove_pictures(opened, old)
    would = "Would remove" if dry_run else "Removed"
    click.echo(f"{would} {_counted(pictures, 'picture')} of whole pages and {_counted(len(runs), 'run')}.")
    for run in runs:
        click.echo(f"  run {run}")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
