"""The blobs: bytes named by their SHA-256, in a folder or in anything that fsspec can reach."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import zstandard

from audit.store.problem import DamagedBlobError, MissingBlobError, StoreProblemError

_LEVEL = 3  # measured: 4.5 times smaller at 0.08 ms a page


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
        """Store bytes and return their SHA-256, in hexadecimal.

        Raises:
            StoreProblemError: they could not be written (a full disk, a folder that is read-only).

        """
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name, ".zst" if compress else "")
        try:
            if not self._fs.exists(path):
                self._write(path, zstandard.compress(data, _LEVEL) if compress else data)
        except OSError as error:
            raise StoreProblemError(f"cannot write to the store: {error.strerror or error} ({path})") from error
        return name

    def get(self, name: str) -> bytes:
        """The bytes with this SHA-256, checked against it.

        Raises:
            MissingBlobError: the store has no such blob.
            DamagedBlobError: its bytes are not those that were stored.

        """
        for suffix in (".zst", ""):
            path = self._path(name, suffix)
            if self._fs.exists(path):
                return self._checked(name, self._fs.cat_file(path), compressed=bool(suffix))
        raise MissingBlobError(f"blob {name} is missing from {self.url}; look at its page again with `loket run --new`")

    def names(self) -> Iterator[str]:
        """The SHA-256 of every blob, in no order."""
        if self._fs.exists(self._root):
            for path in self._fs.find(self._root):
                file = str(path).rsplit("/", 1)[-1]
                if not file.startswith("."):
                    yield file.removesuffix(".zst")

    def _path(self, name: str, suffix: str) -> str:
        return f"{self._root}/{name[:2]}/{name}{suffix}"

    def _write(self, path: str, data: bytes) -> None:
        if not self._local:
            self._fs.pipe_file(path, data)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
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
