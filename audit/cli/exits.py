"""What each known error says to a person, and the exit code that it says to a scheduler."""

import errno
from dataclasses import dataclass

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
NOT_LOOKED_AT = 3
INTERNAL = 4
MACHINE = 4  # the same for a scheduler: nobody's input is wrong, somebody must look at it
BUSY = 75
INTERRUPTED = 130

_MACHINES_FAULTS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN}
)


@dataclass(frozen=True)
class Explained:
    """A message for a person and a code for a scheduler."""

    message: str
    code: int


def explained(error: BaseException) -> Explained | None:
    """What to say of an error of the world or of the input; None for an error of our own."""
    from audit.capture.pool import BrowserMissing, SandboxUnavailable
    from audit.config import SettingsError
    from audit.stages.work import InterruptedRunError
    from audit.store.jobs import BusyError
    from audit.store.problem import StoreBrokenError, StoreProblemError
    from audit.targets import TargetsError

    message = f"Error: {error}"
    match error:
        case TargetsError():
            count = len(error.problems)
            head = "1 entry cannot be used" if count == 1 else f"{count} entries cannot be used"
            found = Explained(f"{head}; nothing was started.\n{error}", BAD_INPUT)
        case StoreBrokenError() | OSError() if _is_machines_fault(error):
            found = Explained(f"{message}. Once that is mended, the same command goes on with what is stored.", MACHINE)
        case SettingsError() | StoreProblemError():
            found = Explained(message, BAD_INPUT)
        case BusyError():
            found = Explained(f"Another run is at work: {error}. Wait for it, or stop it.", BUSY)
        case SandboxUnavailable() | BrowserMissing():
            found = Explained(message, MACHINE)
        case MemoryError():
            found = Explained("Error: this machine has not enough memory for it.", MACHINE)
        case InterruptedRunError():
            found = Explained("Stopped. All that was done is kept; the same command goes on from here.", INTERRUPTED)
        case _:
            return None
    return found


def _is_machines_fault(error: Exception) -> bool:
    return not isinstance(error, OSError) or error.errno in _MACHINES_FAULTS
