"""A disk that is full or read-only, a store that is removed, a ledger that is damaged: one plain line, and exit code 4.

The disks are real ones, in a mount namespace of the test's own, which an ordinary user may make as well as root.
"""

import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
FAST = ("--pace", "0", "--allow-private", "127.0.0.1", "--quiet")
MAKE = "from pathlib import Path; from audit.store.store import Store; Store(Path('store')).close()"
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def disks_can_be_mounted() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*NAMESPACE, "mount -t tmpfs none /tmp"], capture_output=True, check=False)
    return tried.returncode == 0


on_own_disk = pytest.mark.skipif(not disks_can_be_mounted(), reason="this system lets nobody mount a disk of his own")


def inside(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """What these lines of shell say with a disk of their own; `loket` is the command."""
    loket = f"{shlex.quote(sys.executable)} -c 'from audit.cli import main; main()'"
    script = "\n".join(("set -e", f'loket() {{ {loket} "$@"; }}', "mkdir -p store", *lines))
    return subprocess.run([*NAMESPACE, script], cwd=folder, capture_output=True, text=True, timeout=600, check=False)


@on_own_disk
def test_a_full_disk_is_said_and_the_same_command_goes_on_when_there_is_room(small_site: Any, tmp_path: Path) -> None:
    crawl = shlex.join(("loket", "crawl", small_site.url, "--store", "store", *FAST))
    ended = inside(
        tmp_path,
        "mount -t tmpfs -o size=8m none store",
        "dd if=/dev/zero of=store/ballast bs=4k 2>/dev/null || true",
        f"if {crawl}; then exit 99; else code=$?; fi",
        "rm store/ballast",
        crawl,
        "exit $code",
    )
    assert ended.returncode == 4, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Error: ")
    assert any(words in line for words in ("disk is full", "No space left on device", "no room left on its disk"))
    assert line.endswith("Once that is mended, the same command goes on with what is stored.")


@on_own_disk
def test_a_disk_that_became_read_only_is_said(tmp_path: Path) -> None:
    ended = inside(
        tmp_path,
        "mount -t tmpfs none store",
        f"{shlex.quote(sys.executable)} -c {shlex.quote(MAKE)}",
        "mount -o remount,ro store",
        "loket judge --store store --quiet",
    )
    assert ended.returncode == 4, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert "; its disk is read-only. Once that is mended" in line


def test_a_store_that_is_removed_under_a_run_is_said(small_site: Any, start: Command, tmp_path: Path) -> None:
    removed = threading.Event()

    class Removing(dict[str, str]):
        def get(self, path: str, default: str | None = None) -> str | None:  # type: ignore[override]
            if not removed.is_set():
                shutil.rmtree(tmp_path / "loket-store")
                removed.set()
            return super().get(path, default)

    small_site.pages = Removing(small_site.pages)
    process = start("crawl", small_site.url, *FAST)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 4, err
    assert "the store loket-store was removed or replaced while it was in use" in err
    assert "Traceback" not in err
    assert not (tmp_path / "loket-store").exists()


def test_a_damaged_ledger_is_said(loket: Command, tmp_path: Path) -> None:
    (tmp_path / "loket-store").mkdir()
    (tmp_path / "loket-store" / "ledger.sqlite3").write_bytes(b"no database, but long enough to look like one" * 10)
    ended = loket("judge")
    assert ended.code == 4, ended.err
    assert "the ledger in loket-store cannot be used: file is not a database" in ended.err
    assert "`loket doctor --store` says more" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LOKET_PICTURE", "no", "there is no setting LOKET_PICTURE; did you mean LOKET_PICTURES?"),
        ("LOKET_PICTURES", "perhaps", "LOKET_PICTURES='perhaps' is neither yes nor no"),
    ],
)
def test_a_variable_that_is_no_setting_stops_the_command(tmp_path: Path, name: str, value: str, message: str) -> None:
    ended = subprocess.run(
        [
            "env",
            f"{name}={value}",
            sys.executable,
            "-c",
            "from audit.cli import main; main()",
            "run",
            "https://a.example/",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert message in ended.stderr
    assert not (tmp_path / "loket-store").exists()
