"""What each known error says to a person, and the exit code that it says to a scheduler."""

from dataclasses import dataclass

DONE = 0
FINDINGS = 1
BAD_INPUT = 2
NOT_LOOKED_AT = 3
INTERNAL = 4
BUSY = 75
INTERRUPTED = 130


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
    from audit.store.jobs import HostBusyError
    from audit.store.problem import StoreProblemError
    from audit.targets import TargetsError

    message = f"Error: {error}"
    match error:
        case TargetsError():
            count = len(error.problems)
            head = "1 entry cannot be used" if count == 1 else f"{count} entries cannot be used"
            return Explained(f"{head}; nothing was started.\n{error}", BAD_INPUT)
        case SettingsError() | StoreProblemError():
            return Explained(message, BAD_INPUT)
        case HostBusyError():
            return Explained(f"Another run is at work: {error}. Wait for it, or stop it.", BUSY)
        case SandboxUnavailable() | BrowserMissing():
            return Explained(message, INTERNAL)
        case InterruptedRunError():
            return Explained("Stopped. All that was done is kept; the same command goes on from here.", INTERRUPTED)
    return None
