"""Runs one round of crawling in a process of its own, and leaves none behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

import spiders
from spiders.order import CrawlEvent, CrawlOrder

_GRACE_SECONDS = 3.0
_TAIL = 4_000
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def crawl_round(order: CrawlOrder) -> Generator[CrawlEvent, None, None]:
    """Crawl as ordered; yields what the crawl tells, at the end the event with its reason.

    The crawling process ends with this iterator, also when that is closed early or when this process dies: its input is
    a pipe that only we hold. Should it die itself, the last event says so: its reason begins with `error: `.
    """
    with tempfile.TemporaryFile() as errors, _crawling(errors) as child:
        reason = ""
        for event in _told(child, order):
            reason = event.reason
            yield event
        with suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE_SECONDS)
        if not reason:
            yield CrawlEvent(reason=f"error: {_last_words(errors) or _way_to_end(child.returncode)}")


@contextmanager
def _crawling(errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A crawling process in a group of its own, so that Ctrl-C in the terminal reaches us alone, and we end it."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "spiders.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=os.environ | {"PYTHONPATH": _import_path()},
        process_group=0,
    )
    try:
        yield child
    finally:
        _end(child)


def _import_path() -> str:
    """The child runs the code that we run, and never what happens to be called `spiders` where the user stands."""
    home = str(Path(spiders.__file__).parents[1])
    return os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))


def _told(child: subprocess.Popen[bytes], order: CrawlOrder) -> Iterator[CrawlEvent]:
    """What the child tells, up to its last event or its death."""
    assert child.stdin
    assert child.stdout
    with suppress(BrokenPipeError):  # it died at once; its exit says why
        child.stdin.write(msgspec.json.encode(order) + b"\n")
        child.stdin.flush()
    decoder = msgspec.json.Decoder(CrawlEvent)
    for line in child.stdout:
        try:
            event = decoder.decode(line)
        except msgspec.MsgspecError:
            return  # cut off in the middle of a line
        yield event
        if event.reason:
            return


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin
    assert child.stdout
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
    with suppress(BrokenPipeError):
        child.stdin.close()
    child.stdout.close()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _last_words(errors: IO[bytes]) -> str:
    """The last line that the child wrote, fit for a report."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL))
    lines = [_CONTROL.sub(" ", line).strip() for line in errors.read().decode(errors="replace").splitlines()]
    return next((line[:_LONGEST] for line in reversed(lines) if line), "")


def _way_to_end(code: int | None) -> str:
    if code is None:
        return "the crawling process closed its output and went on"
    if code < 0:
        return f"the crawling process was ended by {signal.Signals(-code).name}"
    return f"the crawling process ended without a word (exit code {code})"
