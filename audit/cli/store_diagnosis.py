"""Whether a store is whole: its ledger, every blob, the runs that did not end, and leases of processes that are gone."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from audit.cli.diagnosis import Check, State
from audit.dispatch.worker import is_dead
from audit.store.blobs import Blobs
from audit.store.inventory import WELL, Inventory, Use, inventory
from audit.store.problem import BlobError, StoreBrokenError
from audit.store.store import LEDGER

_MOST_NAMED = 100
_COPY = "Put a copy of the store in its place, or name another folder with --store."


def examine_store(folder: Path) -> Iterator[Check]:
    """Every check of the store in this folder; none where there is no store yet. Nothing is changed."""
    if not (folder / LEDGER).is_file():
        return
    try:
        found = inventory(folder)
    except StoreBrokenError as error:
        yield Check("Ledger", State.DAMAGED, str(error), _COPY)
        return
    if found.integrity != WELL:
        yield Check("Ledger", State.DAMAGED, f"SQLite says of it: {'; '.join(found.integrity)}", _COPY)
    else:
        yield Check("Ledger", State.OK, f"whole, with {_counted(found.runs, 'run')}")
    living = frozenset(worker for worker in found.workers if not is_dead(worker))
    yield from _blobs(folder, found)
    yield from _orphans(folder, found, living)
    yield from _unfinished(folder, found, living)
    yield from _leases(found, living)


def _blobs(folder: Path, found: Inventory) -> Iterator[Check]:
    """Every blob that a row names, read and compared with its name."""
    blobs, ill = Blobs(str(folder / "blobs")), 0
    for name, uses in found.blobs.items():
        try:
            blobs.get(name)
        except BlobError as error:
            if name in inventory(folder).blobs:  # a run at work may have replaced it meanwhile
                ill += 1
                yield Check("Blob", State.DAMAGED, f"{error}: {'; '.join(map(_said, uses))}", _mend(folder, uses[0]))
    if not ill:
        yield Check("Blobs", State.OK, f"{_counted(len(found.blobs), 'blob')}, each as it was stored")


def _orphans(folder: Path, found: Inventory, living: frozenset[str]) -> Iterator[Check]:
    """What takes room and is of no use to anybody."""
    if living:
        yield Check("Orphans", State.OK, f"not looked for while somebody is at work: {', '.join(sorted(living))}")
        return
    blobs = Blobs(str(folder / "blobs"))
    orphans = [name for name in blobs.names() if name not in found.blobs]
    halves = [path.name for path in blobs.unfinished()]
    for name in islice((*orphans, *halves), _MOST_NAMED):
        what = "was being written when its process ended" if name in halves else f"of {blobs.size(name)} bytes"
        yield Check("Orphan", State.WARNING, f"{name} {what}: no row names it", "It costs room and does no harm.")
    if len(orphans) + len(halves) > _MOST_NAMED:
        yield Check("Orphan", State.WARNING, f"and {len(orphans) + len(halves) - _MOST_NAMED} more")


def _unfinished(folder: Path, found: Inventory, living: frozenset[str]) -> Iterator[Check]:
    at_work = {lease.run_id for lease in found.leases if lease.worker in living}
    for run_id, began in found.unfinished:
        if run_id not in at_work:
            mend = (
                f"The same `loket run` goes on with it; `loket report {run_id} --store {folder}` shows what there is."
            )
            yield Check("Run", State.WARNING, f"{run_id}, begun {began}, did not come to its end", mend)


def _leases(found: Inventory, living: frozenset[str]) -> Iterator[Check]:
    for lease in found.leases:
        if lease.worker not in living:
            detail = f"{lease.host} is held for run {lease.run_id} since {lease.since} by {lease.worker}, which is gone"
            yield Check("Lease", State.WARNING, detail, "The next start gives it back.")


def _said(use: Use) -> str:
    what = f"{use.kind} of {use.url}" if use.url else use.kind
    return f"{what} (site {use.site}, run {use.run_id})"


def _mend(folder: Path, use: Use) -> str:
    command = "judge" if use.kind == "judgement" else "capture"
    again = "judges it anew" if use.kind == "judgement" else "looks at the page again; then judge and report"
    return f"loket {command} {use.run_id} --store {folder}   ({again})"


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
