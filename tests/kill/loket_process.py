"""Starts the command as a user would, listens to how far it is, kills it, and looks for what it left behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AT_A_WRITE = Path(__file__).parent / "killed_at_a_write.py"
SECONDS = 120.0


class Place:
    """A folder to run in, with a folder for temporary files that the unprivileged browser can reach too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = Path(tempfile.mkdtemp(prefix="loket-kill-"))
        self.temporary.chmod(0o711)
        self._begun: list[subprocess.Popen[str]] = []

    def start(self, *words: str, dies_at_write: int = 0) -> "Started":
        """The command, under way; it kills itself at a write to the store when one is named."""
        program = ["-c", "from audit.cli import main; main()"]
        if dies_at_write:
            program = [str(AT_A_WRITE), str(dies_at_write)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LOKET_")}
        process = subprocess.Popen(
            [sys.executable, *program, *words, "--json-log"],
            cwd=self.folder,
            env=environment | {"TMPDIR": str(self.temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._begun.append(process)
        return Started(process)

    def leave(self) -> None:
        """End what a test that failed left running, and remove the temporary files."""
        for process in self._begun:
            process.kill()
            process.communicate()
        shutil.rmtree(self.temporary, ignore_errors=True)

    def left_behind(self) -> list[str]:
        """Temporary files and halves of reports."""
        return sorted(path.name for path in (*self.temporary.iterdir(), *self.folder.glob(".*")))


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    made = Place(folder)
    try:
        yield made
    finally:
        made.leave()


class Started:
    """One start of the command; `stage` is the newest that it told of."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid
        self.stage = "beginning"
        self.said: list[str] = []

    def events(self) -> Iterator[dict[str, Any]]:
        """What it tells, as it comes."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                self.said.append(line)
                continue
            self.stage = event["stage"] or self.stage
            yield event

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> bool:
        """Listen until it tells what is wanted; False when it ended before."""
        return any(wanted(event) for event in self.events())

    def kill(self) -> None:
        """End it without a chance to do anything about it, and wait until everything that it started is gone."""
        below = descendants(self.pid)
        self._process.send_signal(signal.SIGKILL)
        self.end()
        waited_for(lambda: not alive(below), f"processes are left of stage {self.stage}")

    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Ask it to stop."""
        self._process.send_signal(number)

    def end(self) -> int:
        """Listen to the end; its exit code."""
        for _ in self.events():
            pass
        return self._process.wait(SECONDS)


def waited_for(condition: Callable[[], object], complaint: str, seconds: float = SECONDS) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, complaint
        time.sleep(0.02)


def descendants(pid: int) -> dict[int, str]:
    """Every process below one, by its id, with its command line."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(status.read_text().rpartition(")")[2].split()[1]), []).append(
                int(status.parent.name)
            )
        except (FileNotFoundError, ProcessLookupError):
            continue
    found: dict[int, str] = {}
    level = [pid]
    while level:
        level = [child for parent in level for child in parents.get(parent, ())]
        found |= {child: command_line(child) for child in level}
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pids: dict[int, str]) -> set[int]:
    """Those that still run: a process that ended and was not waited for has no command line, nor has a new one theirs."""
    return {pid for pid, words in pids.items() if words and command_line(pid) == words}
