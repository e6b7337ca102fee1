"""Opens a store: the ledger brought to the newest form, and the blobs beside it."""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from audit.store.blobs import Blobs
from audit.store.problem import StoreBrokenError, StoreProblemError

LEDGER = "ledger.sqlite3"
_BUSY_MILLISECONDS = 10_000
_ROOM = 1_000_000  # bytes; with less SQLite cannot work


class Store:
    """One folder (or, later, one database and one object store) that holds all that Loket knows.

    Raises:
        StoreProblemError: the folder or the ledger cannot be opened.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ledger = folder / LEDGER
        try:
            (folder / "blobs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_make(folder, error) from error
        self.engine = _sqlite(self._ledger)
        self.blobs = Blobs(str(folder / "blobs"))
        self._opened: os.stat_result | None = None
        self._migrate()
        self._opened = self._ledger.stat()

    @classmethod
    def existing(cls, folder: Path) -> "Store":
        """The store in this folder.

        Raises:
            StoreProblemError: there is none.

        """
        if not (folder / LEDGER).is_file():
            raise StoreProblemError(
                f"there is no store in {folder}; name one with --store, or make one with `loket run`"
            )
        return cls(folder)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One short transaction; all of it is in the ledger afterwards, or nothing.

        Raises:
            StoreBrokenError: the ledger cannot be written; a full disk, a damaged file, a folder that was removed.

        """
        with said_plainly(self.folder), self.engine.begin() as connection:
            yield connection
            self._refuse_lost()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with said_plainly(self.folder), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the ledger."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_lost(self) -> None:
        """A ledger whose folder is gone takes rows as before, into a file that nobody will find: say so instead."""
        if self._opened is not None:
            try:
                same = os.path.samestat(self._opened, self._ledger.stat())
            except OSError:
                same = False
            if not same:
                raise StoreBrokenError(f"the store {self.folder} was removed or replaced while it was in use")

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", "audit.store:migrations")
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextlib.contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """Turns what a database says into what a person is told."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise StoreBrokenError(f"the ledger in {folder} cannot be used: {reason}{_advice(folder, reason)}") from error


def _advice(folder: Path, reason: object) -> str:
    """What helps against damage, and what is true where SQLite only says that it cannot open or write a file."""
    code = (
        getattr(reason, "sqlite_errorcode", 0) & 0xFF
    )  # the last byte is the kind of `reason`, the rest its place in SQLite
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return "; put a copy of the folder in its place, or name another with --store. `loket doctor --store` says more"
    if folder.exists() and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return "; its disk is read-only"
    if code == sqlite3.SQLITE_IOERR and folder.exists() and shutil.disk_usage(folder).free < _ROOM:
        return "; there is no room left on its disk"
    return ""


def _cannot_make(folder: Path, error: OSError) -> StoreProblemError:
    """A folder that somebody else may write to is a wrong word; a full or read-only disk is the machine's fault."""
    form = (
        StoreBrokenError if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO} else StoreProblemError
    )
    return form(f"cannot make the store {folder}: {error.strerror}")


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        only_reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if only_reading else "BEGIN IMMEDIATE")

    return engine
