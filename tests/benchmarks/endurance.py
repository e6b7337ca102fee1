"""Many captures in one run, with hostile pages among them: what is left behind, whether memory grows, how browsers are confined.

    python tests/benchmarks/endurance.py [--pages 2000] [--hostile 20] [--browser PATH] [--uid N]

It serves a site on loopback, lets `loket run --pages` look at that many of its pages, every so many of them hostile, and
prints: how pages ended; the peak and the median of the process tree's memory (PSS) in each quarter of the time in which
browsers ran; what /proc/PID/status said of the renderers (user, Seccomp, how many process namespaces deep); and which
processes are left. It ends with 1 where a process was left, a renderer was not confined, or the last quarter's median is more
than a quarter above the first's. As root, `--uid` runs Loket as that user instead, whom this Python, or the one that
`--python` names, and the checkout must be open to.
"""

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "hostile"), str(HERE)]

from audited_site import Audit, stored  # noqa: E402 - found in the folder that was just named
from capture_meter import memory_of, tree  # noqa: E402
from good_pages import GOOD_PAGES  # noqa: E402
from hostile_page import HostilePage  # noqa: E402
from hostile_server import Plan, served  # noqa: E402

FAMILIES = ("scripts", "dialogs", "restless", "leaving", "tampering", "weight")
DEADLINE = 6.0
EVERY = 1.0
MOST_GROWTH = 1.25
_ENDING = 5.0  # seconds in which what was killed may vanish


class Watch:
    """Looks at a process and all below it, once a second, from a thread of its own."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.memory: list[float] = []
        self.seen: set[tuple[int, str]] = set()
        self.renderers: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        confined: dict[tuple[int, str], str] = {}
        while not self._over.wait(EVERY):
            processes = [self._root, *tree(self._root, set())]
            renderers = [pid for pid in processes if "--type=renderer" in _command(pid)]
            confined |= {(pid, _born(pid)): status for pid in renderers if (status := _confinement(pid))}
            self.seen |= {(pid, _born(pid)) for pid in processes}
            if renderers:
                self.memory.append(sum(map(memory_of, processes)))
            self.renderers = Counter(confined.values())

    def left(self) -> list[int]:
        """Processes that were seen and still live, after the seconds that dying takes."""
        until = time.monotonic() + _ENDING
        while (living := [pid for pid, born in self.seen if born and _born(pid) == born]) and time.monotonic() < until:
            time.sleep(0.1)
        return living


def _born(pid: int) -> str:
    """The kernel's start time of a process, which tells it from a later one of the same number; empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _confinement(pid: int) -> str:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    depth = len(status.get("NSpid", "").split())
    return f"Uid {status.get('Uid', '?').split()[0]}, Seccomp {status.get('Seccomp', '?')}, {depth} process namespaces"


def _urls(url: str, hostile: tuple[HostilePage, ...], count: int, every: int) -> Iterator[str]:
    """So many addresses of good pages, every so many one of a hostile page; a query makes each another page."""
    good, bad = itertools.cycle(GOOD_PAGES), itertools.cycle(page.path for page in hostile)
    for number in range(count):
        path = next(bad) if number % every == every - 1 else next(good)
        yield f"{url.rstrip('/')}{path}{'&' if '?' in path else '?'}n={number}"


def _plan() -> Plan:
    plans = [import_module(f"families.{name}").PLAN for name in FAMILIES]
    more = {path: answer for plan in plans for path, answer in plan.more.items()}
    prefixes = {prefix: answer for plan in plans for prefix, answer in plan.prefixes.items()}
    return Plan(pages=tuple(page for plan in plans for page in plan.pages), more=more, prefixes=prefixes)


def _as_user(uid: int, folder: Path) -> list[str]:
    """What begins a command that another user is to run, in a home of his own."""
    if not uid:
        return []
    os.chown(folder, uid, uid)
    home = [
        "env",
        f"HOME={folder}",
        f"PATH={os.environ.get('PATH', '')}",
        f"PYTHONPATH={os.environ.get('PYTHONPATH', '')}",
    ]
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *home]


def main() -> int:
    """Run, watch and tell; 1 where something was left, unconfined or growing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--hostile", type=int, default=20, help="every so many pages one is hostile")
    parser.add_argument("--browser", default="")
    parser.add_argument("--uid", type=int, default=0)
    parser.add_argument("--python", default=sys.executable, help="the Python that runs Loket")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="loket-endurance-"))
    plan = _plan()
    try:
        with served(plan) as site:
            (folder / "urls.txt").write_text("\n".join(_urls(site.url, plan.pages, given.pages, given.hostile)))
            options = ["--pace", "0", "--allow-private", "127.0.0.1", "--deadline", f"{DEADLINE:g}", "--quiet"]
            options += ["--browser", given.browser] if given.browser else []
            words = [given.python, "-c", "from audit.cli import main; main()", "run", "--pages", "urls.txt", *options]
            began = time.monotonic()
            with subprocess.Popen([*_as_user(given.uid, folder), *words], cwd=folder) as run, Watch(run.pid) as watch:
                code = run.wait()
            seconds = time.monotonic() - began
        return _tell(folder, watch, code, seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(folder: Path, watch: Watch, code: int, seconds: float) -> int:
    ended = Counter(seen.kind for seen in stored(Audit(code, "", ""), folder / "loket-store").seen.values())
    print(f"{ended.total()} pages in {seconds:.0f} s, exit code {code}: {dict(ended)}")
    size = max(1, len(watch.memory) // 4)
    quarters = [part for part in (watch.memory[start : start + size] for start in range(0, 4 * size, size)) if part]
    for number, part in enumerate(quarters, start=1):
        print(f"memory, quarter {number}: median {statistics.median(part):.0f} MB, peak {max(part):.0f} MB")
    for status, count in watch.renderers.items():
        print(f"renderers: {count} with {status}")
    left = watch.left()
    print(f"processes left: {left or 'none'}")
    grew = statistics.median(quarters[-1]) > MOST_GROWTH * statistics.median(quarters[0])
    open_ones = [status for status in watch.renderers if "Seccomp 2" not in status or "Uid 0," in status]
    return int(bool(left or grew or open_ones or not watch.renderers))


if __name__ == "__main__":
    sys.exit(main())
