"""Who was asked for something during an audit, and who was not, because the guard refused."""

from rules.model.failure import FailureKind
from rules.model.record import Record


class Contact(Record, frozen=True):
    """What one host was asked on behalf of one site: requests (a tunnel counts as one), bytes sent to it and received.

    `host` is named with its port where that is not 80 or 443.
    """

    host: str
    requests: int = 0
    sent: int = 0
    received: int = 0


class Refusal(Record, frozen=True):
    """A host that a page or a redirect wanted to reach and did not: why, and how often."""

    host: str
    kind: FailureKind
    detail: str = ""
    times: int = 1
