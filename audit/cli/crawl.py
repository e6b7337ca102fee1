"""`loket crawl`: one stage alone."""

from pathlib import Path
from typing import Any

import click

from audit.cli.options import json_log_option, quiet_option, setting_options, store_option


@click.command(
    epilog="""\b
Examples:
  loket crawl https://www.agency.example --max-pages 200
  loket crawl targets.toml --store audits, then: loket capture --store audits"""
)
@click.argument("target")
@store_option
@setting_options
@quiet_option
@json_log_option
def command(target: str, store: Path, *, quiet: bool, json_log: bool, **flags: Any) -> None:
    """Find the pages, links and documents of TARGET.

    TARGET is a URL, or a TOML or CSV file of agencies and sites. An unfinished run of it goes on; else a new one begins.
    """
    from audit.cli import progress
    from audit.dispatch import auditing
    from audit.store.store import Store
    from audit.targets import portfolio_of

    portfolio = portfolio_of(target)
    settings = auditing.settings_from(flags, portfolio)
    with Store(store) as opened, progress.chosen(quiet=quiet, json_log=json_log) as shown:
        run = auditing.crawled(opened, portfolio, settings, shown)
    if not quiet:
        click.echo(f"Run {run.info.id} in {store}; next: loket capture --store {store}")
