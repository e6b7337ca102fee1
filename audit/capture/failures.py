"""The one place that turns what went wrong in the world into a `Failure`, with words for a person."""

import re

from rules.model.failure import Failure, FailureKind

_NET_ERRORS: tuple[tuple[str, FailureKind, str], ...] = (
    (
        r"NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|DNS_\w+|ICANN_NAME_COLLISION",
        FailureKind.DNS,
        "the host name is not known",
    ),
    (r"CERT_\w+|SSL_\w+|BAD_SSL_\w+|TLS_\w+|ECH_\w+", FailureKind.TLS, "the secure connection cannot be trusted"),
    (r"TOO_MANY_REDIRECTS", FailureKind.REDIRECT_LOOP, "the address redirects without end"),
    (r"(CONNECTION_)?TIMED_OUT", FailureKind.TIMEOUT, "the site does not answer in time"),
    (
        r"BLOCKED_BY_\w+|DISALLOWED_URL_SCHEME|UNKNOWN_URL_SCHEME|UNSAFE_\w+",
        FailureKind.OUT_OF_SCOPE,
        "the address may not be visited",
    ),
    (r"INVALID_URL|FILE_NOT_FOUND|ACCESS_DENIED", FailureKind.OUT_OF_SCOPE, "the address is not one of a web page"),
)
_DOCUMENTS = frozenset({"text/html", "text/xml", "application/xml"})
_NO_CONTENT = frozenset({204, 205})
_FIRST_ERROR = 400
_NET = re.compile(r"net::ERR_(\w+)")


def net_failure(error: str) -> Failure:
    """The failure behind Chromium's words for a navigation that gave no page, such as `net::ERR_NAME_NOT_RESOLVED`."""
    match = _NET.search(error)
    name = match.group(1) if match else error
    for pattern, kind, words in _NET_ERRORS:
        if re.fullmatch(pattern, name):
            return Failure(kind, f"{words} ({name})")
    return Failure(FailureKind.REFUSED, f"the connection failed ({name})")


def guard_failure(kind: str) -> Failure:
    """The failure that our guard named when it refused to fetch; an unknown name is a plain refusal."""
    try:
        return Failure(FailureKind(kind), "the guard did not let the request out")
    except ValueError:
        return Failure(FailureKind.REFUSED, f"the guard did not let the request out ({kind})")


def answer_failure(status: int, mime: str, error: str) -> Failure | None:
    """The failure in an answer that did come: Chromium shows no page for it (`error`), or shows what is not a document.

    An error's page is shown and may be read, so it is none here.
    """
    if status in _NO_CONTENT:
        return Failure(FailureKind.EMPTY, f"the site answers with no content (status {status})")
    if status >= _FIRST_ERROR:
        return Failure(FailureKind.HTTP_ERROR, f"status {status}") if error else None
    if "ABORTED" in error:
        return Failure(FailureKind.NOT_HTML, f"the answer is a download ({mime or 'of no stated type'})")
    if error:
        return net_failure(error)
    if mime and mime not in _DOCUMENTS and not mime.endswith("+xml"):
        return Failure(FailureKind.NOT_HTML, f"the answer is {mime}")
    return None
