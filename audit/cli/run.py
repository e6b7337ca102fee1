"""`loket run`: crawl, capture, judge and report."""

from pathlib import Path
from typing import Any

import click

from audit.cli.options import DEFAULT_REPORT, json_log_option, quiet_option, setting_options, store_option


@click.command(
    epilog="""\b
Examples:
  loket run https://www.agency.example
  loket run targets.toml --store audits --out public
  loket run --pages urls.txt --no-pictures
  loket run http://localhost:8000 --allow-private localhost --pace 0

After Ctrl-C, or after the machine went down, the same command goes on where it stopped."""
)
@click.argument("target", required=False)
@click.option(
    "--pages", "pages_file", type=click.Path(path_type=Path, dir_okay=False), help="Exactly these pages, a URL a line."
)
@store_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=DEFAULT_REPORT, show_default=True, help="Where the report goes."
)
@click.option("--new", "fresh", is_flag=True, help="Begin a new run, also where an unfinished one could go on.")
@click.option(
    "--fail-on",
    type=click.Choice(["none", "minor", "moderate", "serious", "critical"]),
    default="none",
    show_default=True,
    help="Exit with 1 when something at least this bad was found; a missing channel is critical.",
)
@setting_options
@quiet_option
@json_log_option
def command(
    target: str | None,
    pages_file: Path | None,
    store: Path,
    out: Path,
    *,
    fresh: bool,
    fail_on: str,
    quiet: bool,
    json_log: bool,
    **flags: Any,
) -> int:
    """Audit a site or a whole portfolio.

    TARGET is a URL, or a TOML or CSV file of agencies and sites; --pages FILE audits exactly the pages of a list.
    """
    from audit.cli import progress, summary
    from audit.dispatch import auditing
    from audit.store.store import Store
    from audit.targets import portfolio_of, portfolio_of_pages

    if (target is None) == (pages_file is None):
        raise click.UsageError("name a TARGET or --pages FILE, not both. `loket demo` shows what a report looks like")
    portfolio = portfolio_of(target) if target is not None else portfolio_of_pages(pages_file or Path())
    settings = auditing.settings_from(flags, portfolio)
    auditing.refuse_unwritable(out)
    with Store(store) as opened, progress.chosen(quiet=quiet, json_log=json_log) as shown:
        result, main = auditing.audited(opened, portfolio, settings, shown, out, fresh=fresh)
    if not quiet:
        click.echo("\n".join(summary.lines(result, main)))
    return summary.exit_code(result, fail_on)
