"""What the machine offers is found by asking it; here stand-ins answer, in folders of their own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit import machine
from audit.machine import Browser, find_browser


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser; what is put into its `bin` stands on the PATH."""
    monkeypatch.setattr(machine, "_FIXED_PATHS", dict.fromkeys(machine.CHANNELS, ()))
    monkeypatch.setattr(machine, "ROOTS_BROWSERS", tmp_path / "roots")
    monkeypatch.setattr(machine, "is_root", lambda: False)
    for name in ("PLAYWRIGHT_BROWSERS_PATH", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def put(path: Path, says: str = "Chromium 156.0.8078.79 built on Debian", *, then: str = "exit 0") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n{then}\n")
    path.chmod(0o755)
    return str(path)


def running(pid: str) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_machine_without_a_browser_has_none(bare: Path) -> None:
    assert find_browser() is None


def test_headless_shell_is_preferred_to_chromium_and_chromium_to_chrome(bare: Path) -> None:
    found = []
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        put(bare / "bin" / name)
        browser = find_browser()
        assert browser is not None
        found.append((browser.product, Path(browser.path).name))
    assert found == [
        ("chrome", "google-chrome"),
        ("chromium", "chromium"),
        ("headless-shell", "chromium-headless-shell"),
    ]


def test_a_channel_names_the_product_whatever_else_is_here(bare: Path) -> None:
    for name in ("google-chrome", "chromium", "microsoft-edge"):
        put(bare / "bin" / name)
    found = {channel: find_browser(channel=channel) for channel in machine.CHANNELS}
    assert {channel: browser and Path(browser.path).name for channel, browser in found.items()} == {
        "headless-shell": None,
        "chromium": "chromium",
        "chrome": "google-chrome",
        "msedge": "microsoft-edge",
    }
    assert [browser.product for browser in machine.browsers()] == ["chromium", "chrome", "msedge"]


def test_the_version_is_what_the_browser_says(bare: Path) -> None:
    path = put(bare / "bin/chromium", "Google Chrome for Testing 159.0.8154.6 ")
    browser = find_browser()
    assert browser == Browser(path, "chromium", "159.0.8154.6", open_to_all=machine.open_to_all(Path(path)))


@pytest.mark.parametrize(
    ("says", "then"),
    [
        ("Command 'chromium-browser' requires the chromium snap to be installed.", "exit 1"),
        ("Chromium 156.0.1.2", "exit 127"),
        ("true (GNU coreutils) 9.1", "exit 0"),
        ("", "exit 0"),
    ],
)
def test_what_does_not_start_or_is_no_chromium_is_passed_over(bare: Path, says: str, then: str) -> None:
    put(bare / "bin/chromium-headless-shell", says, then=then)
    good = put(bare / "bin/chromium")
    assert find_browser().path == good  # type: ignore[union-attr]


def test_a_browser_that_hangs_is_ended_with_its_children(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_VERSION_SECONDS", 0.3)
    pid_file = bare / "child"
    put(bare / "bin/chromium", then=f"/bin/sleep 60 & echo $! >'{pid_file}'; wait")
    began = time.monotonic()
    assert find_browser() is None
    assert time.monotonic() - began < 5
    until = time.monotonic() + 10
    while running(pid_file.read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("folder", "file", "product"),
    [
        ("home/.cache/ms-playwright", "chromium_headless_shell-1255/chrome-linux/headless_shell", "headless-shell"),
        ("home/.cache/ms-playwright", "chromium_headless_shell-1255/linux64/chrome-headless-shell", "headless-shell"),
        ("home/.cache/ms-playwright", "chromium-1255/chrome-linux64/chrome", "chromium"),
        ("roots", "chromium-1255/chrome-linux/chrome", "chromium"),
        ("named", "chromium-1255/chrome-linux/chrome", "chromium"),
        ("xdg/ms-playwright", "chromium-1255/chrome-linux/chrome", "chromium"),
    ],
)
def test_playwrights_own_browsers_are_found_where_it_keeps_them(
    bare: Path, monkeypatch: pytest.MonkeyPatch, folder: str, file: str, product: str
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(bare / "named"))
    if folder.startswith("xdg"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(bare / "xdg"))
    path = put(bare / folder / file)
    browser = find_browser()
    assert browser is not None
    assert (browser.path, browser.product) == (path, product)


def test_of_playwrights_browsers_the_newest_is_taken(bare: Path) -> None:
    cache = bare / "home/.cache/ms-playwright"
    put(cache / "chromium-999/chrome-linux/chrome")
    newest = put(cache / "chromium-1255/chrome-linux/chrome")
    assert find_browser().path == newest  # type: ignore[union-attr]


def test_a_snap_is_the_last_choice(bare: Path) -> None:
    (bare / "bin").mkdir()
    (bare / "bin/chromium-headless-shell").symlink_to("/usr/bin/snap")
    chrome = put(bare / "bin/google-chrome")
    assert machine.is_snap(bare / "bin/chromium-headless-shell")
    assert machine.is_snap(Path("/snap/bin/chromium"))
    assert find_browser().path == chrome  # type: ignore[union-attr]


def test_an_explicit_browser_is_that_one_or_none(bare: Path) -> None:
    put(bare / "bin/chromium")
    own = put(bare / "own/headless_shell")
    assert find_browser(own).path == own  # type: ignore[union-attr]
    assert find_browser("chromium").path == str(bare / "bin/chromium")  # type: ignore[union-attr]
    assert find_browser(str(bare / "nowhere")) is None


def test_root_takes_a_browser_that_others_can_read_before_one_that_they_cannot(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "is_root", lambda: True)
    monkeypatch.setattr(
        machine, "open_to_all", lambda path: "bin/chromium" in str(path) and "headless" not in str(path)
    )
    closed = put(bare / "bin/chromium-headless-shell")
    assert find_browser().path == closed  # type: ignore[union-attr]
    readable = put(bare / "bin/chromium")
    assert find_browser().path == readable  # type: ignore[union-attr]


def test_a_file_is_open_to_all_only_when_its_folders_are(tmp_path: Path) -> None:
    assert machine.open_to_all(Path("/bin/sh"))
    file = Path(put(tmp_path / "private/browser"))
    (tmp_path / "private").chmod(0o700)
    assert not machine.open_to_all(file)
    assert not machine.open_to_all(tmp_path / "nowhere")


def test_a_command_that_fails_or_is_not_there_answers_nothing() -> None:
    assert machine.answer([sys.executable, "-c", "print('yes')"], seconds=20) == "yes\n"
    assert machine.answer([sys.executable, "-c", "raise SystemExit(3)"], seconds=20) is None
    assert machine.answer(["/nowhere/command"], seconds=1) is None


def test_why_namespaces_are_refused_is_said(bare: Path) -> None:
    assert machine.user_namespaces() == "the command unshare is missing (package util-linux)"
    put(bare / "bin/unshare", then="exit 1")
    assert machine.user_namespaces() == "this system does not let an ordinary user make user namespaces"
    put(bare / "bin/unshare")
    assert machine.user_namespaces() == ""


def test_root_asks_for_namespaces_as_the_user_that_runs_the_browser(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "is_root", lambda: True)
    put(bare / "bin/unshare")
    assert "setpriv is missing" in machine.user_namespaces()
    put(bare / "bin/setpriv", then=f'echo "$@" >"{bare}/asked"')
    assert machine.user_namespaces() == ""
    assert (bare / "asked").read_text().split()[:3] == ["--reuid=65534", "--regid=65534", "--clear-groups"]


@pytest.mark.parametrize(("limit", "cores"), [("max 100000", 4), ("150000 100000", 2), ("1000 100000", 1), ("", 4)])
def test_a_containers_quota_limits_the_cores(monkeypatch: pytest.MonkeyPatch, limit: str, cores: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(machine, "_first_line", lambda _path: limit)
    assert machine.cores() == cores


def test_a_containers_limit_limits_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_first_line", lambda _path: "max")
    whole = machine.memory_mb()
    monkeypatch.setattr(machine, "_first_line", lambda _path: str(64 * 2**20))
    assert (machine.memory_mb(), whole > 64) == (64, True)


def test_the_module_runs_alone_before_anything_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    code = machine.main()
    ended = subprocess.run([sys.executable, "-I", "-S", machine.__file__], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, *capsys.readouterr())


def test_alone_on_a_machine_without_a_browser_it_says_so(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert machine.main() == 1
    assert capsys.readouterr() == ("", "No Chromium was found on this machine.\n")
