"""What a page sent for and what came back: every request of one visit, from the protocol's network events."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from rules.model.look import Request

_CHANGING = frozenset({"Script", "XHR", "Fetch"})  # what changes a page when it arrives; pictures and streams need not


class Traffic:
    """The requests of one visit, fed by events; a later visit to another page has another.

    `document` is the request for the page itself, once it was sent. `begun` counts what was sent, redirects too. `over` says
    which limit of bytes was passed.
    """

    def __init__(
        self,
        *,
        frame: str,
        max_response: int,
        max_page: int,
        max_requests: int,
        now: Callable[[], float],
        through: tuple[str, ...] = (),
    ) -> None:
        self._frame = frame
        self._max_response = max_response
        self._max_page = max_page
        self._max_requests = max_requests
        self._now = now
        self._through = through
        self._requests: dict[str, _Sent] = {}
        self._cookies: dict[str, None] = {}
        self._bytes = 0
        self._last_change = now()
        self.begun = 0
        self.document: _Sent | None = None
        self.over = ""
        self.document_over = False

    def handle(self, method: str, event: dict[str, Any]) -> None:
        """Take one event; those of requests that began before this visit are passed over."""
        handler = _HANDLERS.get(method)
        if handler is not None:
            handler(self, event)

    def will_send(self, event: dict[str, Any]) -> None:
        """A request, or the next hop of one that was redirected."""
        url, key = event["request"]["url"], event["requestId"]
        if not url.startswith(("http:", "https:")):
            return
        self._last_change = self._now()
        self.begun += 1
        sent = self._requests.get(key)
        if sent is not None and "redirectResponse" in event:
            sent.redirected(event["redirectResponse"], url)
            return
        if sent is None and len(self._requests) < self._max_requests:
            sent = self._requests[key] = _Sent(url, event.get("type", ""))
            own = sent.type == "Document" and event.get("frameId") == self._frame and event.get("loaderId") == key
            if own and self.document is None:
                self.document = sent
                sent.redirects += self._through

    def received(self, event: dict[str, Any]) -> None:
        """The head of an answer."""
        sent = self._requests.get(event["requestId"])
        if sent is not None:
            sent.answered(event["response"])
            sent.type = event.get("type", sent.type)

    def extra(self, event: dict[str, Any]) -> None:
        """The raw headers, of which only the cookies' names are kept; a name is noted whether or not it was stored."""
        if event["requestId"] in self._requests:
            for name, value in event["headers"].items():
                if name.lower() == "set-cookie":
                    self._cookies |= dict.fromkeys(line.partition("=")[0].strip() for line in value.splitlines())

    def data(self, event: dict[str, Any]) -> None:
        """A part of an answer's body, uncompressed; what media players fetch is not counted, for they stop by themselves."""
        sent = self._requests.get(event["requestId"])
        if sent is None:
            return
        length = int(event.get("dataLength", 0))
        sent.length += length
        if sent.type == "Media":
            return
        self._bytes += length
        if sent.length > self._max_response and not self.over:
            self.over = f"one response has more than {self._max_response // 1_000_000} MB: {sent.address}"
            self.document_over = sent is self.document
        elif self._bytes > self._max_page and not self.over:
            self.over = f"the page loads more than {self._max_page // 1_000_000} MB"

    def finished(self, event: dict[str, Any]) -> None:
        """An answer is complete."""
        sent = self._requests.get(event["requestId"])
        if sent is not None:
            self._last_change = self._now()
            sent.size, sent.done = int(event.get("encodedDataLength", 0)), True

    def failed(self, event: dict[str, Any]) -> None:
        """A request was refused, blocked or cut."""
        sent = self._requests.get(event["requestId"])
        if sent is not None:
            self._last_change = self._now()
            sent.done = True
            cors = event.get("corsErrorStatus") or {}
            sent.refused = (
                sent.refused or event.get("blockedReason") or cors.get("corsError") or event.get("errorText", "")
            )

    @property
    def quiet_for(self) -> float:
        """Seconds since a request began or ended; 0 while a script or an answer to a script is under way."""
        waiting = any(not sent.done and sent.type in _CHANGING for sent in self._requests.values())
        return 0.0 if waiting else self._now() - self._last_change

    @property
    def pending(self) -> bool:
        """Whether an answer is still under way."""
        return any(not sent.done for sent in self._requests.values())

    @property
    def cookies(self) -> tuple[str, ...]:
        """The names of the cookies that answers asked to be set, in order."""
        return tuple(self._cookies)

    def requests(self) -> tuple[Request, ...]:
        """The record of every request, in the order in which they were sent."""
        return tuple(
            Request(
                sent.address, sent.type, sent.status, sent.size, sent.refused or ("" if sent.done else "never ended")
            )
            for sent in self._requests.values()
        )


class _Sent:
    """One request under way."""

    def __init__(self, url: str, kind: str) -> None:
        self.url = url
        self.type = kind
        self.status = 0
        self.size = 0
        self.length = 0
        self.done = False
        self.refused = ""
        self.mime = ""
        self.headers: dict[str, str] = {}
        self.redirects: list[str] = []

    @property
    def address(self) -> str:
        """Without query and fragment; a page may ask for what is no address at all."""
        try:
            return urlunsplit((*urlsplit(self.url)[:3], "", ""))
        except ValueError:
            return self.url.partition("#")[0].partition("?")[0]

    @property
    def guard(self) -> str:
        """Why our guard did not let this out; in a tunnel the site itself could claim to be the guard."""
        return self.headers.get("x-loket-guard", "") if self.url.startswith("http:") else ""

    def redirected(self, response: dict[str, Any], url: str) -> None:
        self.redirects.append(response["url"])
        self.url = url

    def answered(self, response: dict[str, Any]) -> None:
        self.status, self.mime = int(response["status"]), response.get("mimeType", "")
        self.headers = {name.lower(): value for name, value in response["headers"].items()}
        self.refused = self.guard


_HANDLERS: dict[str, Callable[[Traffic, dict[str, Any]], None]] = {
    "Network.requestWillBeSent": Traffic.will_send,
    "Network.responseReceived": Traffic.received,
    "Network.responseReceivedExtraInfo": Traffic.extra,
    "Network.dataReceived": Traffic.data,
    "Network.loadingFinished": Traffic.finished,
    "Network.loadingFailed": Traffic.failed,
}

EVENTS = tuple(_HANDLERS)
