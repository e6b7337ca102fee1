"""`loket inspect`: judge saved pages by themselves, without browser or network."""

import sys
from html import escape
from pathlib import Path
from typing import TextIO

import click
import msgspec

from audit.cli.exits import BAD_INPUT
from rules.inspection import Inspection
from rules.model.record import Record

_MOST_BYTES = 50_000_000


class InspectedFile(Record, frozen=True):
    """One line of the output: the file as it was given, and what was found on it."""

    path: str
    lang: str
    phone: bool
    counter: bool
    paper: bool
    digital_only: bool
    mentions: tuple[dict[str, object], ...]


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
    _check(lang, country)
    unread = 0
    found = []
    for file in files:
        try:
            entry = _inspected(file, lang, country)
        except OSError as problem:
            click.echo(f"{file}: {problem.strerror or problem}", err=True)
            unread += 1
            continue
        if form == "jsonl":
            _write(sys.stdout, entry)
        else:
            found.append(entry)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    if unread:
        raise _UnreadFilesError(f"{unread} of {len(files)} files could not be read")


def _check(lang: str, country: str) -> None:
    from rules.facts.country import plans
    from rules.lexicon import languages

    if lang and lang not in languages():
        raise click.UsageError(f"there are no words for {lang!r}; there are for {', '.join(languages())}")
    if country and country.upper() not in plans():
        raise click.UsageError(
            f"there is no numbering plan for {country!r}; there are for {', '.join(sorted(plans()))}"
        )


def _inspected(file: Path, lang: str, country: str) -> InspectedFile:
    from rules.inspection import inspect
    from rules.outline import from_html

    if file.stat().st_size > _MOST_BYTES:
        raise OSError(0, f"larger than {_MOST_BYTES // 1_000_000} MB")
    content = file.read_bytes()
    page = _paragraphs(content) if file.suffix.lower() == ".txt" else content
    outline = from_html(page, "")
    return _line(file, inspect(outline, country, lang))


def _paragraphs(text: bytes) -> str:
    """A plain text as HTML: an empty line ends a paragraph."""
    parts = text.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n\n")
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts)


def _line(file: Path, found: Inspection) -> InspectedFile:
    return InspectedFile(
        path=str(file),
        lang=found.lang,
        phone=found.phone,
        counter=found.counter,
        paper=found.paper,
        digital_only=found.digital_only,
        mentions=tuple(msgspec.to_builtins(mention) for mention in found.mentions),
    )


def _write(stream: TextIO, entry: InspectedFile) -> None:
    stream.write(msgspec.json.encode(entry).decode() + "\n")
    stream.flush()
