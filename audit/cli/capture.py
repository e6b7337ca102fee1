"""`loket capture`: one stage alone."""

from pathlib import Path

import click

from audit.cli.options import json_log_option, quiet_option, store_option


@click.command(
    epilog="""\b
Examples:
  loket capture
  loket capture 20261123T0214 --store audits"""
)
@click.argument("run", required=False)
@store_option
@quiet_option
@json_log_option
def command(run: str | None, store: Path, *, quiet: bool, json_log: bool) -> None:
    """Look at the sample's pages with the browser.

    Pages that were looked at already are left out.
    RUN is the id of a run, or how it begins; the newest run is meant where none is named.
    """
    from audit.cli import progress
    from audit.dispatch import auditing
    from audit.store.store import Store

    with Store.existing(store) as opened, progress.chosen(quiet=quiet, json_log=json_log) as shown:
        auditing.captured(opened, run, shown)
