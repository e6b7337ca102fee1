"""Runs one command and measures its whole process tree: CPU seconds, of whom, and peak memory. Linux only.

A browser that root hands to another user, and processes whose parent dies first, are counted too: the command runs in a
control group of its own, where the kernel counts exactly, and where none may be made the walk through /proc has to do. To
see orphans this process asks to be their parent, PR_SET_CHILD_SUBREAPER. Who used the CPU is read from /proc a few times a
second; what a process used after the last reading is nobody's.
"""

import contextlib
import ctypes
import itertools
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_SUBREAPER = 36  # <linux/prctl.h>
_EVERY = 0.25
_MEMORY_EVERY = 3  # readings; summing up the pages of a browser is work
_TICKS = os.sysconf("SC_CLK_TCK")
_ORPHANS = 10.0
_SIGNS = {
    b"--type=renderer": "renderer",
    b"--type=gpu": "gpu",
    b"--type=utility": "network",
    b"--type=": "browser",
    b"chrom": "browser",
    b"run-driver": "driver",
}

PARTS = ("renderer", "browser", "network", "gpu", "driver", "python", "threads")


@dataclass(frozen=True)
class Measured:
    """What one command took. Seconds, CPU seconds, MB of PSS.

    `parts` are CPU seconds by who used them, `memory` the readings with their moment, `others` how many cores everybody else
    kept busy meanwhile, and `load` the load average at the end.
    """

    seconds: float
    cpu: float
    parts: Counter[str]
    memory: tuple[tuple[float, float], ...]
    others: float
    load: float

    @property
    def peak(self) -> float:
        """The most memory that was seen at one moment."""
        return max((size for _, size in self.memory), default=0.0)


class Meter:
    """Measures commands one after the other; `ours` are children of this process that belong to no command."""

    def __init__(self, ours: set[int]) -> None:
        self._ours = ours
        if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "this system knows no subreaper")

    def run(self, command: list[str]) -> Measured:
        """Run it to its end.

        Raises:
            SystemExit: it failed.

        """
        busy, began = _machine_busy(), time.monotonic()
        threads: dict[tuple[int, int], tuple[str, float]] = {}
        memory: list[tuple[float, float]] = []
        over = threading.Event()

        def watch() -> None:
            for reading in itertools.count():
                processes = list(tree(os.getpid(), self._ours))
                for pid in processes:
                    threads.update(_used(pid))
                if reading % _MEMORY_EVERY == 0:
                    memory.append((time.monotonic() - began, sum(map(memory_of, processes))))
                if over.wait(_EVERY):
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        with _Group() as group, subprocess.Popen(group.joined(command), stdout=subprocess.DEVNULL) as process:
            code = process.wait()
            seconds = time.monotonic() - began
            over.set()
            watcher.join()
            self._reap()
            if code:
                raise SystemExit(f"{' '.join(command)} ended with {code}")
            parts: Counter[str] = Counter()
            for part, spent in threads.values():
                parts[part] += spent
            cpu = group.cpu() or sum(parts.values())
        others = max(0.0, _machine_busy() - busy - cpu) / seconds
        return Measured(seconds, cpu, parts, tuple(memory), others, os.getloadavg()[0])

    def _reap(self) -> None:
        """Wait for what the command left behind; killed processes take a moment to end."""
        until = time.monotonic() + _ORPHANS
        while time.monotonic() < until:
            left = set(_children().get(os.getpid(), ())) - self._ours
            if not left:
                return
            for pid in left:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
        raise SystemExit(f"the command left processes behind: {left}")


class _Group:
    """A control group of this command's own, in version 1 or 2 of the kernel's interface, or none where that is not allowed."""

    def __enter__(self) -> Self:
        self._folder: Path | None = None
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            number, names, path = line.split(":", 2)
            root = Path("/sys/fs/cgroup", "cpuacct" if number != "0" else "")
            if number != "0" and "cpuacct" not in names.split(","):
                continue
            folder = root / path.lstrip("/") / f"loket-benchmark-{os.getpid()}"
            with contextlib.suppress(OSError):
                folder.mkdir()
                self._folder = folder
                break
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.rmdir()

    def joined(self, command: list[str]) -> list[str]:
        """The command as one that begins by entering the group."""
        if self._folder is None:
            return command
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self._folder / "cgroup.procs"), *command]

    def cpu(self) -> float:
        """CPU seconds that were used in the group, 0 where there is none."""
        if self._folder is None:
            return 0.0
        with contextlib.suppress(OSError):
            return int((self._folder / "cpuacct.usage").read_text(encoding="ascii")) / 1e9
        with contextlib.suppress(OSError):
            lines = (self._folder / "cpu.stat").read_text(encoding="ascii").splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("usage_usec")) / 1e6
        return 0.0


def _machine_busy() -> float:
    """CPU seconds that were used on this machine by anybody."""
    fields = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _wait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / _TICKS


def _stat(path: Path) -> list[str]:
    """The fields of a process or thread after its name: state, parent, ... `[]` when it is gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(entry / "stat")):
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def tree(root: int, left_out: set[int]) -> Iterator[int]:
    """All processes below one, but for those that are left out and what is below them."""
    children = _children()
    level = [root]
    while level:
        level = [child for parent in level for child in children.get(parent, ()) if child not in left_out]
        yield from level


def memory_of(pid: int) -> float:
    """A process's memory in MB, with pages that processes share shared out."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def _used(pid: int) -> Iterator[tuple[tuple[int, int], tuple[str, float]]]:
    """What a process has used so far, Python's threads one by one, and to whom that counts."""
    try:
        part = _part(Path(f"/proc/{pid}/cmdline").read_bytes())
        tasks = [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()] if part == "python" else []
    except OSError:
        return
    if not part:
        return
    for task in tasks:
        if fields := _stat(Path(f"/proc/{pid}/task/{task}/stat")):
            yield (pid, task), ("python" if task == pid else "threads", _seconds(fields))
    if not tasks and (fields := _stat(Path(f"/proc/{pid}/stat"))):
        yield (pid, 0), (part, _seconds(fields))


def _seconds(fields: list[str]) -> float:
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _part(command: bytes) -> str:
    """Whose process this is, "" for one that has ended; `_used` tells Python's main thread from its others."""
    return next((part for sign, part in _SIGNS.items() if sign in command), "python" if command else "")
