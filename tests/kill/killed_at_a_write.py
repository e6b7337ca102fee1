"""Loket that is killed at its Nth write to the store: `python killed_at_a_write.py N WORDS…`.

A write is a blob or a commit; the kill comes before it where N is odd, and after it where N is even.
"""

import os
import signal
import sys

from sqlalchemy import Connection

from audit.cli import main
from audit.store.blobs import Blobs


def armed(last: int) -> None:
    count = 0

    def write(do: object, *words: object) -> None:
        nonlocal count
        count += 1
        if count == last and last % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        do(*words)  # type: ignore[operator]
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    write_blob, commit = Blobs._write, Connection._commit_impl
    Blobs._write = lambda *words: write(write_blob, *words)  # type: ignore[method-assign]
    Connection._commit_impl = lambda *words: write(commit, *words)  # type: ignore[method-assign]


if __name__ == "__main__":
    armed(int(sys.argv[1]))
    main(sys.argv[2:])
