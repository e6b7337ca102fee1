"""Tells a page from what may stand in its place: a challenge, a login, a wall that asks for consent, nothing at all.

A false alarm hides a page that could have been judged, so each needs more than one sign.
"""

import re
from urllib.parse import urlsplit

from rules.model.failure import Failure, FailureKind
from rules.model.look import Response
from rules.model.record import Record

_CHALLENGE_HEADERS = {
    "cf-mitigated": re.compile("challenge"),
    "x-amzn-waf-action": re.compile("challenge|captcha"),
    "x-datadome": re.compile("protected"),
}
_CHALLENGE_STATUS = frozenset({401, 403, 405, 429, 503})
_CHALLENGE_WORDS = re.compile(
    r"just a moment|checking your browser|verify(ing)? (that )?you are (a )?human|are you a robot|captcha|ray id|unusual traffic"
    r"|pardon our interruption|request unsuccessful\. incapsula|attention required|enable javascript and cookies to continue"
    r"|controleren of u een mens bent|bent u een robot|vérifi\w+ que vous (êtes|n.êtes)|sind sie ein (mensch|roboter)",
    re.IGNORECASE,
)
# Hosts that do nothing but let people in; a link to a service that ends there did not show the service.
_LOGIN_HOSTS = re.compile(
    r"(^|\.)(digid\.nl|eherkenning\.nl|login\.gov|id\.me|csam\.be|itsme\.be|iamfas\.belgium\.be|franceconnect\.gouv\.fr|id\.bund\.de"
    r"|signin\.account\.gov\.uk|login\.microsoftonline\.com|accounts\.google\.com|b2clogin\.com|login\.eidas\.[a-z.]+)$"
)
_CONSENT_WORDS = re.compile(r"cookie|toestemming|consent|einwilligung|datenschutz|traceur|tracking", re.IGNORECASE)
_LONG_LOGIN = 2500
_READABLE = 120


class Condition(Record, frozen=True):
    """The state of the page as read in its top frame; `cover` is the text of an overlay that hides nearly all of it.

    `beside` is how many characters of text stand outside the overlay; `filled` says that a form field holds a value.
    `blank` means no text and nothing else to see, `hollow` that scripts left it so, `bare` that not even markup was sent.
    """

    type: str = "text/html"
    title: str = ""
    text: str = ""
    length: int = 0
    blank: bool = False
    hollow: bool = False
    bare: bool = False
    password: bool = False
    cover: str = ""
    beside: int = 0
    filled: bool = False


def wall(asked: str, response: Response | None, condition: Condition) -> Failure | None:
    """What stands in place of the page, if anything does."""
    for judge in (_challenge, _error, _login, _consent, _nothing):
        failure = judge(asked, response, condition)
        if failure is not None:
            return failure
    return None


def _challenge(_asked: str, response: Response | None, condition: Condition) -> Failure | None:
    if response is None:
        return None
    for header, words in _CHALLENGE_HEADERS.items():
        if words.search(response.headers.get(header, "")) and response.status >= 202:  # noqa: PLR2004 - AWS challenges with 202
            return Failure(
                FailureKind.CHALLENGE,
                f"the site asks for proof of being human (header {header}, status {response.status})",
            )
    if response.status in _CHALLENGE_STATUS and _CHALLENGE_WORDS.search(f"{condition.title} {condition.text}"):
        return Failure(FailureKind.CHALLENGE, f"the site asks for proof of being human (status {response.status})")
    return None


def _error(_asked: str, response: Response | None, _condition: Condition) -> Failure | None:
    if response is not None and response.status >= 400:  # noqa: PLR2004 - where HTTP's errors begin
        return Failure(FailureKind.HTTP_ERROR, f"status {response.status}")
    return None


def _login(asked: str, response: Response | None, condition: Condition) -> Failure | None:
    if response is None or not _moved(asked, response.final_url):
        return None
    host, _ = _place(response.final_url)
    if _LOGIN_HOSTS.search(host) and host != _place(asked)[0]:
        return Failure(FailureKind.LOGIN, f"the address leads to the login of {host}")
    if condition.password and condition.length < _LONG_LOGIN:
        return Failure(FailureKind.LOGIN, f"the address leads to a page that asks for a password, on {host}")
    return None


def _moved(asked: str, final: str) -> bool:
    """Whether the answer came from another page, more than a slash, `www.` or https away."""
    (host, path), (final_host, final_path) = _place(asked), _place(final)
    return (host.removeprefix("www."), path) != (final_host.removeprefix("www."), final_path)


def _place(url: str) -> tuple[str, str]:
    """Host and path of an address; one that is no address of the web has no host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url
    return parts.hostname or "", parts.path.rstrip("/").lower()


def _consent(_asked: str, _response: Response | None, condition: Condition) -> Failure | None:
    if condition.cover and condition.beside < _READABLE and _CONSENT_WORDS.search(condition.cover):
        return Failure(
            FailureKind.CONSENT_WALL, "a request for consent covers the page, and hardly any text stands behind it"
        )
    return None


def _nothing(_asked: str, _response: Response | None, condition: Condition) -> Failure | None:
    """A page that says nothing where something should be. One that was written without content is a page all the same."""
    if condition.blank and condition.bare:
        return Failure(FailureKind.EMPTY, "the site sent an empty page")
    if condition.hollow:
        return Failure(FailureKind.EMPTY, "the page's scripts have shown nothing")
    return None
