"""`loket report`: what a run found, in one of the formats."""

from pathlib import Path

import click

from audit.cli.options import DEFAULT_REPORT, quiet_option, store_option


@click.command(
    epilog="""\b
Examples:
  loket report
  loket report --format jsonl --out findings.jsonl
  loket report 20261123T0214 --store audits --format csv --out findings.csv"""
)
@click.argument("run", required=False)
@store_option
@click.option(
    "--format", "form", default="html", show_default=True, help="One of the names that `loket list formats` prints."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder (html) or file to write [report, or report.FORMAT]."
)
@quiet_option
def command(run: str | None, store: Path, form: str, out: Path | None, *, quiet: bool) -> None:
    """Write what a run found. RUN is the id of a run, or how it begins; the newest run where none is named."""
    from audit.cli import summary
    from audit.dispatch import auditing
    from audit.dispatch.stopping import interruptible
    from audit.store.store import Store
    from reports.formats import all_formats

    formats = all_formats()
    if form not in formats:
        raise click.UsageError(f"there is no format {form!r}; known are {', '.join(sorted(formats))}")
    with Store.existing(store) as opened, interruptible():
        target = out or (DEFAULT_REPORT if form == "html" else DEFAULT_REPORT.with_suffix(f".{form}"))
        stored = auditing.named_run(opened, run)
        result, main = auditing.reported(opened, stored, form, target)
    if not stored.info.finished_at:
        click.echo(f"Run {stored.info.id} did not come to its end; the report holds what was done so far.", err=True)
    if not quiet:
        click.echo("\n".join(summary.lines(result, main)))
