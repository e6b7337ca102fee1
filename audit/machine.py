"""What this machine offers: its browser, cores, memory, and whether a browser's sandbox can stand here.

It imports nothing but the standard library, so that the launcher can run it before anything is installed:
`python -I audit/machine.py` prints the browser's path, or says that there is none and exits 1.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Product = Literal["headless-shell", "chromium", "chrome", "msedge"]

CHANNELS: tuple[Product, ...] = ("headless-shell", "chromium", "chrome", "msedge")
"""What a browser can be asked for by, the one that is preferred first."""

NOBODY = 65534
"""The unprivileged user and group that a browser runs as when Loket itself is root."""

ROOTS_BROWSERS = Path("/var/cache/ms-playwright")
"""Where the launcher keeps Playwright's browser when it is root: the unprivileged user cannot read root's home."""

_VERSION_SECONDS = 10.0
_VERSION = re.compile(r"(?:Chrom|Edge).*?(\d+(?:\.\d+){1,3})")

# Headless-shell first: the same findings for a fifth less processor time. Snap last: it can only read below its user's home.
_COMMANDS: tuple[tuple[Product, tuple[str, ...]], ...] = (
    ("headless-shell", ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")),
    ("chromium", ("chromium", "chromium-browser")),
    ("chrome", ("google-chrome-stable", "google-chrome", "chrome")),
    ("msedge", ("microsoft-edge-stable", "microsoft-edge")),
)
_PLAYWRIGHT_FILES: dict[Product, tuple[str, ...]] = {
    "headless-shell": (
        "chromium_headless_shell-*/*/headless_shell",
        "chromium_headless_shell-*/*/chrome-headless-shell",
    ),
    "chromium": ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
    "chrome": (),
    "msedge": (),
}
_FIXED_PATHS: dict[Product, tuple[str, ...]] = {
    "headless-shell": ("/usr/bin/chromium-headless-shell", "/usr/lib/chromium/chromium-headless-shell"),
    "chromium": (
        "/usr/bin/chromium",
        "/usr/lib/chromium/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "chrome": (
        "/usr/bin/google-chrome-stable",
        "/opt/google/chrome/chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "msedge": ("/opt/microsoft/msedge/msedge", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
}

_CHROMEDRIVERS = ("/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver")


@dataclass(frozen=True, slots=True)
class Browser:
    """A Chromium that answered to `--version`; `open_to_all` when every user of this machine may read and run it."""

    path: str
    product: Product
    version: str
    open_to_all: bool


def find_browser(explicit: str = "", channel: str = "") -> Browser | None:
    """The best browser of this machine, or None.

    `explicit` is a path or command that somebody asked for: then it is that one or none; `channel`, a product: then it is the
    best of that product. As root a browser that the unprivileged user cannot read (one in root's home) is taken only when
    there is no other.
    """
    if explicit:
        named = shutil.which(explicit) or explicit
        return _examined(Path(named), _product_of(named))
    closed: Browser | None = None
    for browser in browsers(channel):
        if browser.open_to_all or not is_root():
            return browser
        closed = closed or browser
    return closed


def browsers(channel: str = "") -> Iterator[Browser]:
    """The browsers of this machine that answer, the preferred ones first; of one channel only, where one is named."""
    for product, path in _candidates():
        browser = _examined(path, product) if channel in {"", product} else None
        if browser is not None:
            yield browser


def find_chromedriver() -> str:
    """The path of the program through which Selenium drives Chromium and Chrome; empty where there is none."""
    return shutil.which("chromedriver") or next((place for place in _CHROMEDRIVERS if os.access(place, os.X_OK)), "")


def _candidates() -> Iterator[tuple[Product, Path]]:
    """Existing browser files by preference, each once, snap packages at the end."""
    found: dict[Path, Product] = {}
    for product, commands in _COMMANDS:
        on_path = [Path(place) for place in map(shutil.which, commands) if place]
        fixed = [Path(place) for place in _FIXED_PATHS[product]]
        for path in (*on_path, *fixed, *_playwright_browsers(product)):
            if path.is_file():
                found.setdefault(path, product)
    for path in sorted(found, key=is_snap):
        yield found[path], path


def playwright_folders() -> tuple[Path, ...]:
    """The folders in which Playwright, or our launcher for it, may have put browsers, likeliest first."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache")
    folders = [Path(named)] if named not in {"", "0"} else []
    folders += [ROOTS_BROWSERS, Path(sys.prefix) / "browsers", cache / "ms-playwright"]
    if sys.platform == "darwin":
        folders.append(_home() / "Library" / "Caches" / "ms-playwright")
    return tuple(folders)


def _playwright_browsers(product: Product) -> Iterator[Path]:
    """Playwright's own downloads, newest revision first; a folder that may not be read holds none."""
    for folder in playwright_folders():
        try:
            paths = [path for pattern in _PLAYWRIGHT_FILES[product] for path in folder.glob(pattern)]
        except OSError:
            continue
        yield from sorted(paths, key=lambda path: _revision(path.relative_to(folder).parts[0]), reverse=True)


def _revision(folder: str) -> int:
    digits = folder.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def _home() -> Path:
    return Path(os.environ.get("HOME") or "/nonexistent")


def _product_of(path: str) -> Product:
    """The product by its file's name; what bears no known name is treated as a full Chromium."""
    name = Path(path).name.lower()
    if "headless" in name:
        return "headless-shell"
    if "edge" in name:
        return "msedge"
    return "chrome" if "google" in path.lower() or name == "chrome" else "chromium"


def is_snap(path: Path) -> bool:
    """Whether this is Ubuntu's confined package, or the stub that asks for it."""
    return path.is_relative_to("/snap") or path.resolve() == Path("/usr/bin/snap")


def _examined(path: Path, product: Product) -> Browser | None:
    """The browser at this path, or None when it does not start, says no version, or does not answer in time."""
    text = answer([str(path), "--version"], seconds=_VERSION_SECONDS)
    version = _VERSION.search(text or "")
    return Browser(str(path), product, version.group(1), open_to_all(path)) if version else None


def answer(command: list[str], *, seconds: float) -> str | None:
    """What a command printed when it ended well in time, else None; a command that hangs is ended with its children."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the words are ours, a shell is not asked
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError:
        return None
    with process:
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    return printed if process.returncode == 0 else None


def open_to_all(path: Path) -> bool:
    """Whether every user may reach, read and run this file."""
    real = path.resolve()
    try:
        folders = all(folder.stat().st_mode & stat.S_IXOTH for folder in real.parents)
        return folders and real.stat().st_mode & 0o005 == 0o005  # noqa: PLR2004 - r-x for others
    except OSError:
        return False


def is_root() -> bool:
    """Whether this process is the superuser, for whom Chromium refuses to build its sandbox."""
    return os.geteuid() == 0


def user_namespaces() -> str:
    """Why the user that runs the browser may not make the namespaces of Chromium's sandbox; empty when it may.

    Tried and not looked up: Docker, AppArmor and sysctls forbid it each in a way of its own.
    """
    unshare, setpriv = shutil.which("unshare"), shutil.which("setpriv")
    if unshare is None:
        return "the command unshare is missing (package util-linux)"
    command = [unshare, "--user", "--map-root-user", "--pid", "--net", "--fork", "true"]
    if is_root():
        if setpriv is None:
            return "the command setpriv is missing (package util-linux), with which root starts an unprivileged browser"
        command = as_nobody(command)
    if answer(command, seconds=_VERSION_SECONDS) is not None:
        return ""
    return "this system does not let an ordinary user make user namespaces"


def as_nobody(command: list[str]) -> list[str]:
    """The command as the unprivileged user that root hands the browser to; the environment is the caller's matter."""
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]


def cores() -> int:
    """Processor cores that this process may use: affinity and the container's quota counted in, never below one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _first_line("/sys/fs/cgroup/cpu.max").partition(" ")
    if quota.isdecimal() and period.isdecimal() and int(period) > 0:
        usable = min(usable, -(-int(quota) // int(period)))
    return max(1, usable)


def memory_mb() -> int:
    """Memory in MiB that this process may use: the machine's, or the container's limit when that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _first_line("/sys/fs/cgroup/memory.max")
    if limit.isdecimal():
        total = min(total, int(limit))
    return total // 2**20


def _first_line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return ""


def main() -> int:
    """Print the path of the browser that Loket would use; 1 when there is none."""
    browser = find_browser()
    if browser is None:
        sys.stderr.write("No Chromium was found on this machine.\n")
        return 1
    sys.stdout.write(f"{browser.path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
