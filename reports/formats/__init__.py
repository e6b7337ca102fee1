"""One file per report format; a new format is a new file with a FORMAT, and nothing is edited for it."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from rules.model.record import Record
from rules.model.run import RunResult

Pictures = Callable[[str], bytes | None]  # SHA-256 of a stored picture -> its JPEG, or None when it is no longer kept


class ReportFormat(Record, frozen=True):
    """A form in which a run can be reported.

    `write` makes the whole report at the given path and returns the file to open. It never leaves half a report there:
    what was there before stays until the new one is complete.
    """

    name: str
    suffix: str  # of the file; empty when the report is a folder
    about: str
    write: Callable[[RunResult, Path, Pictures], Path]


@cache
def all_formats() -> dict[str, ReportFormat]:
    """Every format, by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        form = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FORMAT", None)
        if isinstance(form, ReportFormat):
            found[form.name] = form
    return dict(sorted(found.items()))
