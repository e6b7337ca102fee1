"""Saved pages judged by themselves: each in turn, and on all cores where there are many."""

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from html import escape
from pathlib import Path

import msgspec

from audit import machine, processes
from rules.inspection import inspect
from rules.model.mention import Mention
from rules.model.record import Record
from rules.outline import from_html

_MOST_BYTES = 50_000_000
_BEGINNING = 8_000  # bytes in which a file that is no text shows that it is none
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # the marks of UTF-16 and UTF-32, whose text holds zero bytes
_WORTHWHILE = 100  # files; below that, starting processes takes longer than they save
_AT_ONCE = 8  # files that a process is given
_AHEAD = 4  # times that for each process wait to be written, and no more


class InspectedFile(Record, frozen=True):
    """What is said of one file: its path as it was given, and what was found on it."""

    path: str
    lang: str
    phone: bool
    counter: bool
    paper: bool
    digital_only: bool
    mentions: tuple[Mention, ...]


class Answer(Record, frozen=True):
    """What came of one file: an `InspectedFile` as JSON, or why it could not be read."""

    path: str
    found: bytes = b""
    problem: str = ""


class _NoPageError(Exception):
    """A file that can be read and holds no page."""


def answers(files: Sequence[Path], lang: str, country: str) -> Generator[Answer]:
    """One answer for each file, in order, each as soon as it is there. Close it when not all of them are wanted."""
    processes.collect_rarely()
    if len(files) < _WORTHWHILE or machine.cores() == 1:
        yield from (_answer(file, lang, country) for file in files)
        return
    pool = processes.begun()
    try:
        yield from _in_processes(pool, files, lang, country)
    finally:
        processes.ended(pool)


def _in_processes(pool: ProcessPoolExecutor, files: Sequence[Path], lang: str, country: str) -> Iterator[Answer]:
    """The first files are looked at here, while the processes come up and begin with the others."""
    parts = [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]
    waiting: deque[tuple[Sequence[Path], Future[list[Answer]] | None]] = deque([(parts[0], None)])
    for part in parts[1:]:
        waiting.append((part, _given(pool, part, lang, country)))
        if len(waiting) > _AHEAD * machine.cores():
            yield from _taken(*waiting.popleft(), lang, country)
    while waiting:
        yield from _taken(*waiting.popleft(), lang, country)


def _given(pool: ProcessPoolExecutor, files: Sequence[Path], lang: str, country: str) -> Future[list[Answer]] | None:
    try:
        return pool.submit(_all_answers, files, lang, country)
    except BrokenProcessPool:  # the system ends processes when memory is short
        return None


def _taken(files: Sequence[Path], future: Future[list[Answer]] | None, lang: str, country: str) -> Iterator[Answer]:
    """What a process answered; where it died, the files are looked at here."""
    if future is not None:
        try:
            yield from future.result()
        except BrokenProcessPool:
            pass
        else:
            return
    yield from (_answer(file, lang, country) for file in files)


def _all_answers(files: Sequence[Path], lang: str, country: str) -> list[Answer]:
    return [_answer(file, lang, country) for file in files]


def _answer(file: Path, lang: str, country: str) -> Answer:
    path = os.fsencode(file).decode("utf-8", "replace")  # a name may be no text
    try:
        content = _content(file)
    except IsADirectoryError:
        return Answer(path, problem=f"is a folder; name the pages in it, such as {path}/*.html")
    except OSError as problem:
        return Answer(path, problem=problem.strerror or str(problem))
    except _NoPageError as problem:
        return Answer(path, problem=str(problem))
    page = _paragraphs(content) if file.suffix.lower() == ".txt" else content
    found = inspect(from_html(page, ""), country, lang)
    entry = InspectedFile(
        path=path,
        lang=found.lang,
        phone=found.phone,
        counter=found.counter,
        paper=found.paper,
        digital_only=found.digital_only,
        mentions=found.mentions,
    )
    return Answer(path, msgspec.json.encode(entry))


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:  # not by its size: a pipe and a device have none
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise _NoPageError(f"larger than {_MOST_BYTES // 1_000_000} MB")
    if content.startswith(b"%PDF-"):
        raise _NoPageError("is a PDF; what is read here are HTML pages and plain texts")
    if b"\0" in content[:_BEGINNING] and not content.startswith(_WIDE):
        raise _NoPageError("is neither an HTML page nor a plain text")
    return content


def _paragraphs(text: bytes) -> str:
    """A plain text as HTML: an empty line ends a paragraph."""
    parts = text.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n\n")
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts)
