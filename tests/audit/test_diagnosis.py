"""Each thing that doctor examines, on a machine where it is well and on one where it is not."""

import importlib.metadata
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from audit import machine
from audit.capture.sandbox import SandboxUnavailable
from audit.cli import diagnosis
from audit.cli.diagnosis import Check, State
from audit.machine import Browser

CHROMIUM = Browser("/usr/bin/chromium", "chromium", "156.0.8078.79", open_to_all=True)


def requires(monkeypatch: pytest.MonkeyPatch, *requirements: str) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda _name: list(requirements))


def test_a_python_that_is_too_old_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert diagnosis.python().state is State.OK
    monkeypatch.setattr(diagnosis, "_OLDEST_PYTHON", (4, 0))
    assert diagnosis.python().state is State.MISSING


def test_packages_that_are_all_here_are_well() -> None:
    assert diagnosis.packages().state is State.OK


def test_each_package_that_is_missing_or_of_another_release_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    requires(monkeypatch, "click>=9999", "no-such-package-here", "tools-for-testing; extra == 'dev'", "pytest>=8")
    check = diagnosis.packages()
    here = importlib.metadata.version("click")
    assert check.state is State.MISSING
    assert check.detail == f"click>=9999 is needed, {here} is here; no-such-package-here is not installed"


def test_loket_started_without_being_installed_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", unknown)
    assert diagnosis.packages().state is State.WARNING


@pytest.mark.parametrize(("printed", "state"), [("Version 1.65.2\n", State.OK), (None, State.MISSING)])
def test_playwrights_driver_is_tried(monkeypatch: pytest.MonkeyPatch, printed: str | None, state: State) -> None:
    monkeypatch.setattr(machine, "answer", lambda _command, **_limit: printed)
    assert diagnosis.driver().state is state


def test_chromium_is_named_with_product_version_and_path() -> None:
    assert diagnosis.chromium(CHROMIUM) == Check("Chromium", State.OK, "chromium 156.0.8078.79 (/usr/bin/chromium)")


def test_without_chromium_the_line_to_type_is_given() -> None:
    check = diagnosis.chromium(None)
    assert check.state is State.MISSING
    assert check.mend.startswith("sudo apt-get install chromium-headless-shell")
    assert diagnosis.chromium(None, asked="/opt/x").detail == "/opt/x is no Chromium that starts"


def test_a_snap_is_a_warning() -> None:
    snap = Browser("/snap/bin/chromium", "chromium", "156.0.1.2", open_to_all=True)
    assert diagnosis.chromium(snap).state is State.WARNING


def test_root_needs_a_browser_that_another_user_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "is_root", lambda: True)
    closed = Browser("/home/somebody/chrome", "chromium", "156.0.1.2", open_to_all=False)
    check = diagnosis.sandbox(closed)
    assert (check.state, "cannot read /home/somebody/chrome" in check.detail) == (State.MISSING, True)


def test_the_sandbox_is_not_tried_without_a_browser() -> None:
    assert diagnosis.sandbox(None).state is State.WARNING


def test_a_browser_that_does_not_confine_its_pages_fails_the_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(machine, "is_root", lambda: False)
    monkeypatch.setattr(machine, "user_namespaces", lambda: "")
    check = diagnosis.sandbox(Browser(str(script), "chromium", "1.2", open_to_all=True))
    assert (check.state, check.detail) == (State.MISSING, "the browser started, but does not confine its pages")


def test_what_the_sandbox_itself_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_browser: Browser) -> bool:
        raise SandboxUnavailable("root needs the command setpriv")

    monkeypatch.setattr(diagnosis, "_stands", refuse)
    assert diagnosis.sandbox(CHROMIUM).mend == "root needs the command setpriv"


@pytest.mark.parametrize(
    ("switch", "value", "line"),
    [
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
        ("/none", "", "--unsafe-no-sandbox"),
    ],
)
def test_what_forbids_namespaces_decides_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, switch: str, value: str, line: str
) -> None:
    monkeypatch.setattr(diagnosis, "_switch", lambda path: value if path == switch else "")
    monkeypatch.setattr(diagnosis, "_in_container", lambda: False)
    monkeypatch.setattr(diagnosis, "_in_chroot", lambda: False)
    assert line in diagnosis.namespaces_mend()


def test_a_chroot_is_told_that_it_cannot_be_mended_from_within(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "_in_chroot", lambda: True)
    assert "inside a chroot" in diagnosis.namespaces_mend()


def test_a_container_is_mended_where_it_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "_in_chroot", lambda: False)
    monkeypatch.setattr(diagnosis, "_in_container", lambda: True)
    assert "--security-opt" in diagnosis.namespaces_mend()


@pytest.mark.browser
def test_the_sandbox_stands_with_the_browser_of_this_machine() -> None:
    browser = machine.find_browser()
    if browser is None or machine.user_namespaces():
        pytest.skip("no browser here, or no user namespaces")
    assert diagnosis.sandbox(browser).state is State.OK


def test_the_axe_script_says_its_version() -> None:
    assert diagnosis.axe_script() == Check("axe", State.OK, "script 4.12.1")


def test_a_machine_without_fonts_is_warned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(diagnosis, "_FONT_FOLDERS", (str(tmp_path),))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert diagnosis.fonts().state is State.WARNING
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/Some.TTF").touch()
    assert diagnosis.fonts().state is State.OK


def test_a_store_that_is_not_there_yet_is_made_in_its_nearest_folder(tmp_path: Path) -> None:
    store = tmp_path / "new" / "store"
    assert diagnosis.store_writable(store) == Check("Store", State.OK, f"{store} can be made in {tmp_path}")
    assert diagnosis.store_writable(tmp_path).detail == f"{tmp_path} is there"
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_cannot_be_written_to_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert diagnosis.store_writable(file).detail == f"{file} is not a folder"
    assert diagnosis.store_writable(Path("/proc/loket")).state is State.MISSING


@pytest.mark.parametrize(("free", "state"), [(10, State.MISSING), (2_000, State.WARNING), (90_000, State.OK)])
def test_little_room_warns_and_none_is_missing(monkeypatch: pytest.MonkeyPatch, free: int, state: State) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free * 10**6))
    assert diagnosis.disk_space(Path("/")).state is state


@pytest.mark.parametrize(("memory", "state"), [(512, State.WARNING), (4_000, State.OK)])
def test_a_small_machine_is_warned(monkeypatch: pytest.MonkeyPatch, memory: int, state: State) -> None:
    monkeypatch.setattr(machine, "memory_mb", lambda: memory)
    assert diagnosis.strength().state is state


def test_a_proxy_is_named_without_its_password() -> None:
    check = diagnosis.proxies({"https_proxy": "http://user:secret@proxy.example:8080", "NO_PROXY": "localhost"})
    assert (
        check.detail
        == "HTTPS_PROXY=http://***@proxy.example:8080, NO_PROXY=localhost: sites are not visited through it"
    )
    assert check.state is State.WARNING
    assert diagnosis.proxies({}).state is State.OK


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("ChromeDriver 156.0.8078.79 (a21c)", State.OK),
        ("ChromeDriver 140.0.1.2", State.WARNING),
        (None, State.WARNING),
    ],
)
def test_a_driver_of_another_version_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, printed: str | None, state: State
) -> None:
    monkeypatch.setattr(machine, "find_chromedriver", lambda: "/usr/bin/chromedriver")
    monkeypatch.setattr(machine, "answer", lambda _command, **_limit: printed)
    assert diagnosis.chromedriver(CHROMIUM).state is state


def test_the_trial_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "_SANDBOX_SECONDS", 0.3)
    monkeypatch.setattr(machine, "is_root", lambda: False)
    script = tmp_path / "browser"
    script.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\nexec sleep 60\n")
    script.chmod(0o755)
    diagnosis.sandbox(Browser(str(script), "chromium", "1.2", open_to_all=True))
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
