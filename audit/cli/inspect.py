"""`loket inspect`: judge saved pages by themselves, without browser or network."""

from contextlib import closing
from pathlib import Path
from textwrap import indent

import click
import msgspec

from audit.cli.exits import BAD_INPUT


class _UnreadFilesError(click.ClickException):
    """Files that were named and could not be read."""

    exit_code = BAD_INPUT


@click.command(
    epilog="""\b
Examples:
  loket inspect page.html
  loket inspect pages/*.html --format jsonl
  loket inspect brief.txt --lang nl --country NL"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", default="", help="Language of the text; read from the text itself where it is not given.")
@click.option("--country", default="", help="Country (ISO 3166-1) whose phone numbers and addresses to look for.")
@click.option("--format", "form", type=click.Choice(["json", "jsonl"]), default="json", show_default=True)
def command(files: tuple[Path, ...], lang: str, country: str, form: str) -> None:
    """Say for each saved page whether it offers phone, counter and paper, with the words that say so.

    FILES are HTML pages or plain texts (.txt). What a script would write is not there.
    """
    from audit.cli.plain_text import json_text, printable
    from audit.cli.saved_pages import answers

    _check(lang, country)
    written = unread = 0
    with closing(answers(files, lang, country)) as found:
        for answer in found:
            if answer.problem:
                click.echo(printable(f"{answer.path}: {answer.problem}"), err=True)
                unread += 1
                continue
            document = json_text(answer.found)
            click.echo(
                document.encode() if form == "jsonl" else _element(document, first=not written), nl=form == "jsonl"
            )
            written += 1
    if form == "json":
        click.echo("\n]" if written else "[]")
    if unread:
        raise _UnreadFilesError(f"{unread} of {len(files)} files could not be read")


def _element(entry: str, *, first: bool) -> str:
    """One more element of the list that is being written."""
    return f"{'[' if first else ','}\n{indent(msgspec.json.format(entry, indent=2), '  ')}"


def _check(lang: str, country: str) -> None:
    from rules.facts.country import plans
    from rules.lexicon import languages

    if lang and lang not in languages():
        raise click.UsageError(f"there are no words for {lang!r}; there are for {', '.join(languages())}")
    if country and country.upper() not in plans():
        raise click.UsageError(
            f"there is no numbering plan for {country!r}; there are for {', '.join(sorted(plans()))}"
        )
