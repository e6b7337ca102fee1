"""Why we could not look: a closed list, because "could not look" is never "failed" and never "passed"."""

from enum import StrEnum

from rules.model.record import Record


class FailureKind(StrEnum):
    """The ways in which a look can end without a page."""

    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"
    REDIRECT_LOOP = "redirect_loop"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    ROBOTS = "robots"
    CHALLENGE = "challenge"
    LOGIN = "login"
    CONSENT_WALL = "consent_wall"
    CRASHED = "crashed"
    DEADLINE = "deadline"
    EMPTY = "empty"
    OUT_OF_SCOPE = "out_of_scope"
    PRIVATE_ADDRESS = "private_address"
    BUDGET = "budget"
    MEDDLED = "meddled"  # the page changes what the browser's own functions do, and the engine reads it by these
    DAMAGED = "damaged"  # it was looked at, and what was stored of it is no longer what was stored

    @property
    def permanent(self) -> bool:
        """Whether trying again in the same run is useless."""
        return self not in _PASSING


_PASSING = frozenset(
    {
        FailureKind.DNS,
        FailureKind.REFUSED,
        FailureKind.TIMEOUT,
        FailureKind.CRASHED,
        FailureKind.DEADLINE,
        FailureKind.DAMAGED,
    }
)


class Failure(Record, frozen=True):
    """A look that gave no page: its kind and, for a person, what exactly happened (`detail`, English, no secrets)."""

    kind: FailureKind
    detail: str = ""
