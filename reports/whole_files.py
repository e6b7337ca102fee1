"""Puts a report in its place only when it is complete, so that an interrupted one never looks whole."""

import contextlib
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

MARK = ".loket-report"
_PART, _OLD = ".part", ".old"


class ReportPlaceError(Exception):
    """The report cannot be put where it was asked for; the message says why and what to do."""


def write_file(out: Path, lines: Iterable[bytes]) -> Path:
    """Write a file by way of a temporary sibling.

    Raises:
        ReportPlaceError: `out` is a folder.

    """
    if out.is_dir():
        raise ReportPlaceError(
            f"{out} is a folder; this format is one file. Name a file, for example {out / 'report'}."
        )
    with _alone(out):
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=_PART, dir=out.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            partial.chmod(0o644)
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)
    return out


def write_folder(out: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a temporary sibling folder, then put it in the place of `out`.

    An earlier report is replaced whole. A folder that holds anything else is left alone.

    Raises:
        ReportPlaceError: `out` is a file, or a folder with other things in it.

    """
    _check_place(out)
    with _alone(out):
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=_PART, dir=out.parent))
        try:
            fill(partial)
            (partial / MARK).write_text("Loket made this folder and replaces it whole.\n", encoding="utf-8")
            partial.chmod(0o755)
            _swap(partial, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return out


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Lets one process at a time write beside `out`, and removes first what one left there that was killed.

    The lock is on the folder around it, so that no file of a lock stays behind, and ends with the process.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(out.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system that knows no locks: then nobody waits
            fcntl.flock(folder, fcntl.LOCK_EX)
        _tidy(out)
        yield
    finally:
        os.close(folder)


def _tidy(out: Path) -> None:
    """Put an earlier report back that was moved aside when its writer was killed, and remove every half of one."""
    for left in sorted(out.parent.glob(f".{glob.escape(out.name)}.*")):
        if left.suffix == _OLD and not out.exists():
            left.rename(out)
        elif left.suffix in {_OLD, _PART} and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif left.suffix == _PART:
            left.unlink(missing_ok=True)


def _check_place(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ReportPlaceError(f"{out} is a file; this report is a folder. Name a folder that does not exist yet.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        raise ReportPlaceError(
            f"{out} holds files that Loket did not write, and the report would replace them. "
            "Name another folder, or empty this one."
        )


def _swap(partial: Path, out: Path) -> None:
    """Rename twice rather than delete first: the old report is whole until the moment that the new one is."""
    old = partial.with_suffix(_OLD)
    if out.exists():
        out.rename(old)
    partial.rename(out)
    shutil.rmtree(old, ignore_errors=True)
