"""The blobs: bytes named by their SHA-256, in a folder or in anything that fsspec can reach."""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import zstandard

from audit.store.problem import DamagedBlobError, MissingBlobError, StoreBrokenError

_LEVEL = 3  # measured: 4.5 times smaller at 0.08 ms a page
_UNFINISHED = ".of-process-"
_NAME = re.compile("[0-9a-f]{64}")


class Blobs:
    """Content-addressed bytes. Writing the same bytes twice keeps one copy; nothing half-written ever has a name.

    Bytes that compress (everything but pictures) are stored as zstd; the name is that of the bytes before compression.
    """

    def __init__(self, url: str) -> None:
        self._fs: Any
        self._fs, self._root = fsspec.core.url_to_fs(url)
        self.url = url
        self._local = "file" in self._fs.protocol

    def put(self, data: bytes, *, compress: bool = True) -> str:
        """Store bytes and return their SHA-256, in hexadecimal; bytes that are there already are not written again.

        Raises:
            StoreBrokenError: they could not be written (a full disk, a folder that is read-only or gone).

        """
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name, ".zst" if compress else "")
        try:
            if not self._fs.exists(path):
                self._write(path, zstandard.compress(data, _LEVEL) if compress else data)
        except OSError as error:
            raise StoreBrokenError(f"cannot write to the store: {error.strerror or error} ({path})") from error
        return name

    def get(self, name: str) -> bytes:
        """The bytes with this SHA-256, checked against it.

        Raises:
            MissingBlobError: the store has no such blob.
            DamagedBlobError: its bytes are not those that were stored, or cannot be read.

        """
        for suffix in (".zst", ""):
            path = self._path(name, suffix)
            try:
                return self._checked(name, self._fs.cat_file(path), compressed=bool(suffix))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise DamagedBlobError(f"blob {name} cannot be read: {error.strerror or error} ({path})") from error
        raise MissingBlobError(f"blob {name} is missing from {self.url}")

    def names(self) -> Iterator[str]:
        """The SHA-256 of every blob, in no order."""
        return (name for name, _ in self._files())

    def written_since(self, moment: datetime) -> Iterator[str]:
        """The SHA-256 of every blob that was written at this moment or later."""
        return (name for name, path in self._files() if self._fs.modified(path).astimezone(UTC) >= moment)

    def size(self, name: str) -> int:
        """The bytes that a blob takes on the disk; 0 for one that is not there."""
        there = (path for path in self._both_paths(name) if self._fs.exists(path))
        return sum(int(self._fs.size(path)) for path in there)

    def remove(self, name: str) -> None:
        """Remove a blob that no row names any more; one that is gone already is no error."""
        for path in self._both_paths(name):
            with contextlib.suppress(FileNotFoundError):
                self._fs.rm_file(path)

    def unfinished(self) -> Iterator[Path]:
        """Files that were being written when their process was ended, and those that are being written now."""
        if self._local:
            yield from Path(self._root).glob(f"*/.*{_UNFINISHED}*")

    def _files(self) -> Iterator[tuple[str, str]]:
        """Name and path of every blob; what is not named like one is not ours."""
        if self._fs.exists(self._root):
            for path in self._fs.find(self._root):
                name = str(path).rsplit("/", 1)[-1].removesuffix(".zst")
                if _NAME.fullmatch(name):
                    yield name, str(path)

    def _both_paths(self, name: str) -> tuple[str, str]:
        return self._path(name, ".zst"), self._path(name, "")

    def _path(self, name: str, suffix: str) -> str:
        return f"{self._root}/{name[:2]}/{name}{suffix}"

    def _write(self, path: str, data: bytes) -> None:
        if not self._local:
            self._fs.pipe_file(path, data)
            return
        target = Path(path)
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)  # never the store's own folder: where that is gone, the run has to end
            _sync_folder(target.parent.parent)
        unfinished = target.with_name(f".{target.name}{_UNFINISHED}{os.getpid()}")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
            _sync_folder(target.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise

    @staticmethod
    def _checked(name: str, stored: bytes, *, compressed: bool) -> bytes:
        try:
            data = zstandard.decompress(stored) if compressed else stored
        except zstandard.ZstdError as error:
            raise DamagedBlobError(f"blob {name} is damaged: {error}") from error
        if hashlib.sha256(data).hexdigest() != name:
            raise DamagedBlobError(f"blob {name} is damaged: its bytes have another SHA-256")
        return data


def _sync_folder(folder: Path) -> None:
    """See to it that a new name outlives a power cut: the row that names the blob is written after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
