"""A disk that fills up or may not be written: a plain message, nothing half-written that looks whole, and a run that goes on."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from audited_site import Audit, audited, command, stored
from good_pages import GOOD_PAGES
from hostile_page import AUDITED
from hostile_server import Plan, Site, served

from audit import machine

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

needs_root = pytest.mark.skipif(
    not machine.is_root() or shutil.which("unshare") is None, reason="only root may mount a small disk for a test"
)
# The command on a machine whose disk takes so many files and no more.
_FULL_AFTER = """
import errno, itertools, os
files, real = itertools.count(), os.fsync
def full(descriptor):
    if next(files) >= {number}:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    real(descriptor)
os.fsync = full
from audit.cli import main
main()
"""
# The command twice on a disk of its own: first a small one, then one that has grown. What the first said is kept.
_ON_A_SMALL_DISK = """
mkdir disk && mount -t tmpfs -o size={size} tmpfs disk || exit 90
"$@" 2>first.err; echo $? >first.code
mount -o remount,size=512m disk || exit 91
"$@"; code=$?
cp -r disk kept && exit $code
"""
_READ_ONLY = 'mount --bind loket-store loket-store && mount -o remount,bind,ro loket-store && exec "$@"'


@pytest.fixture
def site() -> Any:
    with served(Plan()) as site:
        yield site


def is_plain(err: str) -> bool:
    """Whether a message is one for a person: no traceback, and no word of an error of ours."""
    return "Traceback" not in err and "error in Loket itself" not in err and "Error: " in err


def complete(audit: Audit) -> bool:
    return {path: audit.ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)


@pytest.mark.parametrize("number", [0, 11])
def test_a_full_disk_is_said_plainly_and_the_run_goes_on_when_there_is_room(
    site: Site, tmp_path: Path, undisturbed: Audit, number: int
) -> None:
    first = command(tmp_path, "run", site.url, "--quiet", program=_FULL_AFTER.format(number=number))
    second = audited(tmp_path, site.url)

    assert first.code not in {0, 1, 3}
    assert is_plain(first.err)
    assert os.strerror(errno.ENOSPC) in first.err
    assert complete(second)
    assert second.good == undisturbed.good


@needs_root
@pytest.mark.parametrize("size", ["300k", "800k"])
def test_a_disk_that_is_really_full_is_said_plainly_too(site: Site, tmp_path: Path, size: str) -> None:
    ended = command(
        tmp_path, "run", site.url, "--quiet", "--store", "disk/store",
        before=("unshare", "--mount", "sh", "-c", _ON_A_SMALL_DISK.format(size=size), "sh"),
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert (tmp_path / "first.code").read_text() not in {"0\n", "1\n", "3\n"}
    assert is_plain((tmp_path / "first.err").read_text())
    assert complete(stored(ended, tmp_path / "kept" / "store"))


@pytest.mark.parametrize("words", [("--new",), ()])
def test_a_store_on_a_disk_that_may_not_be_written_is_said_plainly(
    site: Site, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before = audited(tmp_path, site.url)
    folder = tmp_path / "loket-store"
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    if machine.is_root():
        ended = command(tmp_path, "run", site.url, *words, before=("unshare", "--mount", "sh", "-c", _READ_ONLY, "sh"))
    else:
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        ended = command(tmp_path, "run", site.url, *words)

    assert complete(before)
    assert ended.code not in {0, 1, 3}
    assert is_plain(ended.err)
    assert str(Path("loket-store")) in ended.err
    assert {path: path.read_bytes() for path in kept} == kept
