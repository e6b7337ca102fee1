"""What must be so on a machine before Loket can work there: each thing examined, and how to mend it."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement

from audit import machine
from audit.capture.sandbox import Den, SandboxUnavailable
from rules.model.record import Record

_OLDEST_PYTHON = (3, 11)
_SANDBOX_SECONDS = 15.0
_NOTHING = subprocess.DEVNULL
_COMMAND_SECONDS = 10.0
_DRIVER_SECONDS = 30.0
_NEEDED_MB = 500
_WANTED_MB = 5_000
_WANTED_MEMORY_MB = 1_500
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb")
_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_PLAYWRIGHT_MEND = "playwright install --with-deps --only-shell chromium"
_BROWSER_MEND = f"sudo apt-get install chromium-headless-shell   (on Ubuntu: {_PLAYWRIGHT_MEND})"


class State(StrEnum):
    """How it stands with one thing: a warning does not keep Loket from its work."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    DAMAGED = "damaged"


class Check(Record, frozen=True):
    """One thing examined: what was seen (`detail`) and, when it is not well, what to do about it (`mend`)."""

    name: str
    state: State
    detail: str
    mend: str = ""


def examine(*, store: Path, browser: str = "", environment: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """Every check in the order of its weight; `browser` is a path or command, empty for the one that would be used."""
    yield python()
    yield packages()
    yield driver()
    found = machine.find_browser(browser)
    yield chromium(found, asked=browser)
    yield sandbox(found)
    yield axe_script()
    yield fonts()
    yield store_writable(store)
    yield disk_space(store)
    yield strength()
    yield proxies(environment)
    yield chromedriver(found)


def python() -> Check:
    """Whether this Python is new enough."""
    version = sys.version.split()[0]
    if sys.version_info >= _OLDEST_PYTHON:
        return Check("Python", State.OK, f"{version} ({sys.executable})")
    return Check(
        "Python", State.MISSING, f"{version} is too old", "Install Python 3.11 or newer and start ./loket again."
    )


def packages() -> Check:
    """Whether every package that Loket names as a dependency is here in a release that it accepts."""
    mend = (
        "Start ./loket again, which makes its environment anew when .venv is removed; or: pip install --upgrade loket"
    )
    try:
        needed = [Requirement(text) for text in importlib.metadata.requires("loket") or ()]
    except importlib.metadata.PackageNotFoundError:
        return Check("Packages", State.WARNING, "Loket is not installed here, so it cannot be told what it needs", mend)
    wrong = [words for requirement in needed if (words := _unmet(requirement))]
    if wrong:
        return Check("Packages", State.MISSING, "; ".join(wrong), mend)
    return Check("Packages", State.OK, f"Loket {importlib.metadata.version('loket')} and all that it needs")


def _unmet(requirement: Requirement) -> str:
    """What is wrong with this requirement here; empty when it is met, or belongs to an extra."""
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return ""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{requirement.name} is not installed"
    return (
        ""
        if requirement.specifier.contains(version, prereleases=True)
        else f"{requirement} is needed, {version} is here"
    )


def driver() -> Check:
    """Whether Playwright's driver, which leads the browser, starts: the smallest systems lack a library for it."""
    printed = machine.answer([sys.executable, "-m", "playwright", "--version"], seconds=_DRIVER_SECONDS)
    if printed is None:
        return Check("Playwright", State.MISSING, "its driver does not start", "sudo apt-get install libatomic1")
    return Check("Playwright", State.OK, f"driver {printed.split()[-1]}")


def chromium(browser: machine.Browser | None, *, asked: str = "") -> Check:
    """Whether there is a Chromium that answers."""
    if browser is None:
        detail = f"{asked} is no Chromium that starts" if asked else "no headless-shell, Chromium or Chrome was found"
        return Check("Chromium", State.MISSING, detail, _BROWSER_MEND)
    detail = f"{browser.product} {browser.version} ({browser.path})"
    if machine.is_snap(Path(browser.path)):
        mend = "playwright install --with-deps --only-shell chromium"
        return Check(
            "Chromium", State.WARNING, f"{detail} is a snap, which reads nothing outside its user's home", mend
        )
    return Check("Chromium", State.OK, detail)


def sandbox(browser: machine.Browser | None) -> Check:
    """Whether Chromium's sandbox stands here: tried with a real browser, for every system forbids it in its own way."""
    if browser is None:
        return Check("Sandbox", State.WARNING, "not tried: there is no Chromium")
    if machine.is_root() and not browser.open_to_all:
        mend = "sudo apt-get install chromium-headless-shell, or start Loket as an ordinary user"
        return Check(
            "Sandbox", State.MISSING, f"root hands the browser to another user, who cannot read {browser.path}", mend
        )
    try:
        if _stands(browser):
            return Check("Sandbox", State.OK, "a browser was started, and its pages are confined")
    except SandboxUnavailable as error:
        return Check("Sandbox", State.MISSING, "root cannot hand the browser to an unprivileged user", str(error))
    return Check(
        "Sandbox",
        State.MISSING,
        machine.user_namespaces() or "the browser started, but does not confine its pages",
        namespaces_mend(),
    )


def _stands(browser: machine.Browser) -> bool:
    """Starts the browser on an empty page, and looks at its processes until they are confined or the time is up."""
    with Den(browser.path) as den:
        command = [str(den.script), "--headless", "--disable-gpu", "--remote-debugging-port=0", "about:blank"]
        process = subprocess.Popen(command, stdin=_NOTHING, stdout=_NOTHING, stderr=_NOTHING)  # noqa: S603 - our script
        with process:
            try:
                until = time.monotonic() + _SANDBOX_SECONDS
                while process.poll() is None and time.monotonic() < until:
                    if den.stands():
                        return True
                    time.sleep(0.1)
                return False
            finally:
                den.kill()
                process.kill()


def namespaces_mend() -> str:
    """The line for this system; Ubuntu, Docker and hardened kernels each have their own."""
    if _in_chroot():
        return "inside a chroot the kernel forbids it to everybody: use a container, or the machine itself"
    if _in_container():
        return "start the container with --security-opt seccomp=unconfined (or a profile that allows user namespaces)"
    if _switch("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    if _switch("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "sudo sysctl kernel.unprivileged_userns_clone=1"
    if _switch("/proc/sys/user/max_user_namespaces") == "0":
        return "sudo sysctl user.max_user_namespaces=15000"
    return "allow user namespaces, or accept the risk with --unsafe-no-sandbox, which the report then says"


def _in_chroot() -> bool:
    """Whether our root is not that of the first process; only root may look."""
    try:
        return not Path("/proc/1/root").samefile("/")
    except OSError:
        return False


def _in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists()


def _switch(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def axe_script() -> Check:
    """Whether the axe script that ships with a dependency is here, and which."""
    try:
        with files("axe_playwright_python").joinpath("axe.min.js").open(encoding="utf-8") as script:
            head = script.read(200)
    except (ModuleNotFoundError, OSError):
        return Check("axe", State.MISSING, "the script is not here", "pip install axe-playwright-python==0.1.8")
    version = re.search(r"axe v(\d+(?:\.\d+)+)", head)
    return Check("axe", State.OK, f"script {version.group(1)}" if version else "a script that does not say its version")


def fonts() -> Check:
    """Whether there is any font: without one, text has no size and no picture shows it."""
    folders = [Path(folder) for folder in (*_FONT_FOLDERS, Path.home() / ".local/share/fonts", Path.home() / ".fonts")]
    if any(path.suffix.lower() in _FONT_SUFFIXES for folder in folders for path in folder.rglob("*")):
        return Check("Fonts", State.OK, "there are fonts to draw text with")
    return Check(
        "Fonts",
        State.WARNING,
        "no font was found, so text is measured and pictured wrongly",
        "sudo apt-get install fonts-liberation",
    )


def store_writable(store: Path) -> Check:
    """Whether runs can be stored there; tried by writing, for permissions alone do not tell of a read-only disk."""
    place = _existing(store)
    mend = "Name another folder with --store, or give this user the right to write there."
    if not place.is_dir():
        return Check("Store", State.MISSING, f"{place} is not a folder", mend)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check("Store", State.MISSING, f"{place} cannot be written to: {error.strerror}", mend)
    return Check("Store", State.OK, f"{store} " + ("is there" if store.is_dir() else f"can be made in {place}"))


def disk_space(store: Path) -> Check:
    """Whether there is room for runs; a page takes about a quarter of a megabyte."""
    free = shutil.disk_usage(_existing(store)).free // 10**6
    detail = f"{free / 1000:.1f} GB free for the store"
    mend = "Make room, or name a folder on another disk with --store."
    if free < _NEEDED_MB:
        return Check("Disk", State.MISSING, detail, mend)
    return Check("Disk", State.WARNING if free < _WANTED_MB else State.OK, detail, mend if free < _WANTED_MB else "")


def _existing(path: Path) -> Path:
    """The path itself, or its nearest parent that exists."""
    absolute = path.absolute()
    return next((place for place in (absolute, *absolute.parents) if place.exists()), Path("/"))


def strength() -> Check:
    """Cores and memory that this process may use."""
    memory = machine.memory_mb()
    detail = f"{machine.cores()} cores, {memory} MB of memory"
    if memory < _WANTED_MEMORY_MB:
        return Check(
            "Machine", State.WARNING, detail, "One tab at a time: --tabs 1; heavy pages may still be too much."
        )
    return Check("Machine", State.OK, detail)


def proxies(environment: Mapping[str, str]) -> Check:
    """Which proxy variables are set: Loket goes out by its own guard, which connects to sites itself."""
    found = {name: environment.get(name) or environment.get(name.lower(), "") for name in _PROXY_VARIABLES}
    said = ", ".join(f"{name}={_without_password(value)}" for name, value in found.items() if value)
    if not said:
        return Check("Network", State.OK, "no proxy is set; Loket connects to sites itself")
    return Check(
        "Network",
        State.WARNING,
        f"{said}: sites are not visited through it",
        "Where only the proxy leads outside, start Loket on a machine with a direct way out.",
    )


def _without_password(value: str) -> str:
    parts = urlsplit(value)
    return value.replace(f"{parts.netloc.rpartition('@')[0]}@", "***@") if "@" in parts.netloc else value


def chromedriver(browser: machine.Browser | None) -> Check:
    """Whether a Selenium driver of the browser's version is here; only the webdriver engine needs one."""
    path = machine.find_chromedriver()
    printed = machine.answer([path, "--version"], seconds=_COMMAND_SECONDS) if path else None
    version = re.search(r"\d+(?:\.\d+)+", printed or "")
    if version is None:
        return Check(
            "chromedriver",
            State.WARNING,
            "not here; only the webdriver engine needs it",
            "sudo apt-get install chromium-driver",
        )
    detail = f"{version.group()} ({path})"
    if browser and browser.version.split(".")[0] != version.group().split(".")[0]:
        return Check(
            "chromedriver",
            State.WARNING,
            f"{detail} is of another version than {browser.path}",
            "Install both from one source.",
        )
    return Check("chromedriver", State.OK, detail)
