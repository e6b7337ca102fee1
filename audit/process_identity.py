"""Tells one process of this machine from a later one that has the same number: by the moment at which it began."""

import os
from pathlib import Path


def started(pid: int) -> str:
    """The kernel's start time of a process in ticks; "running" where there is no /proc to tell; "" when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "" if Path("/proc/self").exists() else _signalled(pid)
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _signalled(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "running"
    return "running"
