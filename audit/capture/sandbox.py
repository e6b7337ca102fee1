"""Chromium's sandbox: how the browser is started so that it stands, and the proof that it does.

Root hands the browser to an unprivileged user, because Chromium refuses to build its sandbox for root; the environment
is cleared, so that no secret of ours reaches a process that reads strangers' pages.
"""

import contextlib
import os
import shlex
import shutil
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from audit import machine
from audit.process_identity import started

_PREFIX = "loket-browser-"
_SECCOMP_FILTER = "2"
_STRANGERS_PATH = "/usr/local/bin:/usr/bin:/bin"

MEND = (
    "Chromium cannot build its sandbox here. On Ubuntu: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in Docker: "
    "`--security-opt seccomp=chrome.json` or `--cap-add SYS_ADMIN`. `loket doctor` tells more. To go on without, at your own "
    "risk and printed in the report: `--unsafe-no-sandbox`."
)


class SandboxUnavailable(Exception):  # noqa: N818 - it names the state, as the command line prints it
    """The system does not let Chromium build its sandbox; the message says how to mend it."""


class Den:
    """A folder of the browser's own, with the script that starts it there and everything that must be ended with it.

    The script is what Playwright starts: it notes its process id, clears the environment, drops root's rights, and asks
    the kernel to end the browser when the process that started it dies, however that happens.
    """

    def __init__(self, browser: str, *, driver: str = "") -> None:
        """`browser` is the path of a Chromium; `driver`, where given, of the program that the script starts in its place.

        A driver starts the browser itself, by `browser_script`, and makes its profile in the den.

        Raises:
            SandboxUnavailable: root would start it, and the unprivileged user cannot: the message says why.

        """
        self._browser = _binary(browser)
        self._driver = driver
        if machine.is_root():
            for program in filter(None, (self._browser, driver)):
                _check_reach(program)

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix=swept_prefix()))
        self._folder.chmod(0o711)
        self._home = self._folder / "home"
        self._home.mkdir(mode=0o700)
        if machine.is_root():
            os.chown(self._home, machine.NOBODY, machine.NOBODY)
        self._pid_file = self._folder / "pid"
        self.script = self._written("start", self._script())
        browser = shlex.join([*_dying_with_parent(), self._browser])
        self.browser_script = self._written("browser", f'#!/bin/sh\nexec {browser} "$@"\n')
        return self

    def _written(self, name: str, script: str) -> Path:
        path = self._folder / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
        return path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _script(self) -> str:
        home = str(self._home)
        environment = [f"PATH={_STRANGERS_PATH}", "LANG=C.UTF-8", f"HOME={home}", f"TMPDIR={home}"]
        rights = [f"--reuid={machine.NOBODY}", f"--regid={machine.NOBODY}", "--clear-groups", "--inh-caps=-all"]
        command = ["env", "-i", *environment, *_dying_with_parent(*(rights if machine.is_root() else []))]
        start = shlex.join([*command, self._driver or self._browser])
        # A driver passes over this word; a sweep knows its process by it.
        profile = shlex.quote(f"--user-data-dir={home}/profile")
        return f'#!/bin/sh\necho $$ > {shlex.quote(str(self._pid_file))}\ncd {shlex.quote(home)}\nexec {start} "$@" {profile}\n'

    @property
    def _pid(self) -> int | None:
        """The browser's process id, once it was started and until it was ended."""
        try:
            return int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    @property
    def folder(self) -> Path:
        """Where files may lie that go with the browser."""
        return self._folder

    def lives(self) -> bool:
        """Whether the browser runs: it was started, and has not ended."""
        pid = self._pid
        return pid is not None and started(pid) != ""

    def kill(self) -> None:
        """End the browser and all its processes at once; one that has ended already is no error."""
        pid = self._pid
        if pid is None:
            return
        for process in (*_descendants(pid), pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)

    def stands(self) -> bool:
        """Whether a renderer of this browser runs behind a system call filter, in a process namespace of its own, not as root."""
        pid = self._pid
        if pid is None:
            return False
        renderers = [process for process in _descendants(pid) if "--type=renderer" in _command_line(process)]
        return bool(renderers) and all(_confined(process) for process in renderers)


def swept_prefix() -> str:
    """How the name of a temporary folder begins that is removed by a later Loket, should this one be killed."""
    return f"{_PREFIX}{os.getpid()}-{started(os.getpid())}-"


def _dying_with_parent(*rights: str) -> list[str]:
    """The words before a command that has the kernel end it when whoever started it dies, with these changes of rights."""
    return ["setpriv", *rights, "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def sweep_dens() -> None:
    """Remove the dens, and end the browsers in them, of processes that were killed without a chance to do it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*-*"):
        owner, tick = folder.name.removeprefix(_PREFIX).split("-")[:2]
        if not owner.isdecimal() or started(int(owner)) == tick:
            continue
        with contextlib.suppress(OSError, ValueError):
            if folder.stat().st_uid == os.geteuid():
                _end_den(folder)


def _end_den(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError, ValueError):  # killed before it had started its browser
        pid = int((folder / "pid").read_text(encoding="ascii"))
        if str(folder) in _command_line(pid):
            for process in (*_descendants(pid), pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _binary(browser: str) -> str:
    """The program behind a distribution's start script, where it is known: the script would stand between us and its end."""
    path = Path(shutil.which(browser) or browser)
    behind = Path("/usr/lib/chromium") / path.name
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(2) == b"#!" and behind.is_file():
            return str(behind)
    return str(path)


def _check_reach(browser: str) -> None:
    if shutil.which("setpriv") is None:
        raise SandboxUnavailable(
            "root needs the command `setpriv` to start an unprivileged browser: `apt-get install util-linux`."
        )
    if not machine.open_to_all(Path(browser)):
        raise SandboxUnavailable(
            f"{browser} lies where only root may read, so the unprivileged user cannot start it. Install Chromium for all users "
            "(`apt-get install chromium-headless-shell`), or run Loket as an ordinary user."
        )


def _descendants(pid: int) -> list[int]:
    """The processes below this one, deepest first, from a single pass over /proc; empty where there is none."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found: list[int] = []
    level = [pid]
    while level:
        level = [child for parent in level for child in children.get(parent, ())]
        found[:0] = level
    return found


def _command_line(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _confined(pid: int) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    own_processes = len(status.get("NSpid", "").split()) > 1
    return status.get("Seccomp") == _SECCOMP_FILTER and own_processes and status.get("Uid", "0").split()[0] != "0"
