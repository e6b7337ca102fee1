"""Shows how far the work is: a moving line on a terminal, plain lines elsewhere, JSON lines, or nothing."""

import json
import sys
import time
from typing import Self, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from audit import clock
from audit.cli.plain_text import printable

_LINE_EVERY_SECONDS = 10.0
_LONGEST_URL = 60


class Count:
    """How much of a stage is done, how fast it goes, and how long it may still take."""

    def __init__(self) -> None:
        self.site = ""
        self.stage = ""
        self.url = ""
        self.total = 0
        self.done = 0
        self._began = 0.0

    def begin(self, site: str, stage: str, total: int) -> None:
        """A stage begins."""
        self.site, self.stage, self.total, self.done, self.url = site, stage, total, 0, ""
        self._began = time.monotonic()

    def add(self, count: int, total: int | None) -> None:
        """So many more are done; a total that was too low grows."""
        self.done += count
        self.total = max(self.total if total is None else total, self.done)

    @property
    def rate(self) -> float:
        """Pages a second since the stage began."""
        elapsed = time.monotonic() - self._began
        return self.done / elapsed if elapsed > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds that the rest may take, at the rate so far."""
        return (self.total - self.done) / self.rate if self.rate else 0.0


class Quiet:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def stage(self, site: str, stage: str, total: int) -> None:
        """Not shown."""

    def page(self, url: str) -> None:
        """Not shown."""

    def done(self, count: int = 1, *, total: int | None = None) -> None:
        """Not shown."""

    def say(self, sentence: str) -> None:
        """Not shown."""


class PlainLines(Quiet):
    """A line when a stage begins and ends, and every ten seconds between."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._count = Count()
        self._said_at = 0.0

    def __exit__(self, *_: object) -> None:
        self._line()

    def stage(self, site: str, stage: str, total: int) -> None:
        """The stage before is closed with its line, this one opened with one."""
        self._line()
        self._count.begin(site, stage, total)
        self._print(f"{stage} {site}: begins" + (f", {total} pages" if total else ""))
        self._said_at = time.monotonic()

    def page(self, url: str) -> None:
        """Remembered for the next line."""
        self._count.url = url

    def done(self, count: int = 1, *, total: int | None = None) -> None:
        """A line when ten seconds have passed since the last."""
        self._count.add(count, total)
        if time.monotonic() - self._said_at > _LINE_EVERY_SECONDS:
            self._line()

    def say(self, sentence: str) -> None:
        """A line of its own."""
        self._print(sentence)

    def _line(self) -> None:
        count = self._count
        if not count.total:  # no stage has begun, or there was nothing to count in it
            return
        self._said_at = time.monotonic()
        line = f"{count.stage} {count.site}: {count.done} of {count.total}, {count.rate:.1f} a second"
        if count.done < count.total:
            line += f", about {count.left:.0f} s left, at {count.url}"
        self._print(line)

    def _print(self, line: str) -> None:
        print(printable(line), file=self._stream, flush=True)


class JsonLines(Quiet):
    """One JSON object a line for each event, for machines that read along."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._count = Count()

    def stage(self, site: str, stage: str, total: int) -> None:
        """Event `stage`."""
        self._count.begin(site, stage, total)
        self._event("stage", total=total)

    def page(self, url: str) -> None:
        """Event `page`."""
        self._event("page", url=url)

    def done(self, count: int = 1, *, total: int | None = None) -> None:
        """Event `done`."""
        self._count.add(count, total)
        self._event("done", done=self._count.done, total=self._count.total, rate=round(self._count.rate, 2))

    def say(self, sentence: str) -> None:
        """Event `say`."""
        self._event("say", sentence=sentence)

    def _event(self, event: str, **fields: object) -> None:
        head = {"at": clock.stamp(clock.now()), "event": event, "site": self._count.site, "stage": self._count.stage}
        print(json.dumps(head | fields), file=self._stream, flush=True)


class MovingLine(Quiet):
    """One line a stage on a terminal: done, total, rate, time left, and the page under way."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._count = Count()
        self._bar = Progress(
            TextColumn("{task.description:>8}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[url]}"),
            console=self._console,
        )
        self._task = self._bar.add_task("", total=None, rate="", url="", visible=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.update(self._task, url="")
        self._bar.stop()

    def stage(self, site: str, stage: str, total: int) -> None:
        """A new line begins; the one before stays."""
        self._bar.update(self._task, url="")
        self._count.begin(site, stage, total)
        self._task = self._bar.add_task(stage, total=total or None, rate="", url=escape(printable(site)))

    def page(self, url: str) -> None:
        """The page under way, shortened in the middle."""
        half = _LONGEST_URL // 2
        short = url if len(url) <= _LONGEST_URL else f"{url[:half]}…{url[-half:]}"
        self._bar.update(self._task, url=escape(printable(short)))

    def done(self, count: int = 1, *, total: int | None = None) -> None:
        """The bar grows."""
        self._count.add(count, total)
        self._bar.update(
            self._task, completed=self._count.done, total=self._count.total, rate=f"{self._count.rate:.1f}/s"
        )

    def say(self, sentence: str) -> None:
        """A line above the bars."""
        self._console.print(escape(printable(sentence)))


def chosen(*, quiet: bool, json_log: bool) -> Quiet:
    """The way of showing progress that fits the flags and the terminal."""
    if quiet:
        return Quiet()
    if json_log:
        return JsonLines()
    return MovingLine() if sys.stderr.isatty() else PlainLines()
