"""One navigation: to the page's address, until the page is there and still; where it may lead us and where not."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from audit.capture.engine.contract import Unreadable
from audit.capture.engine.tab import Tab
from audit.capture.failures import answer_failure, guard_failure, net_failure
from audit.capture.gather import requests
from audit.capture.gather.requests import Traffic
from audit.capture.gather.response import response_of
from audit.capture.order import CaptureSettings
from audit.capture.refusal import why_refused
from rules.model.failure import Failure, FailureKind
from rules.model.look import Request, Response
from rules.model.url import has_secret
from spiders.logins import is_login

_T = TypeVar("_T")

EVENTS = (*requests.EVENTS, "Page.loadEventFired", "Fetch.requestPaused")
"""What a visit listens to."""

_QUIET = 0.3  # seconds without a change of the page's tree and without a request, after which scripts count as done
_QUIET_AT_MOST = 3.0
_POLL = 0.02
_LOOK_AGAIN = 0.5
_SIGNPOST = 200  # a page with less text that leads on at once is a redirect written in HTML
_ANSWER = 3.0  # seconds in which a page that is not stuck answers a small question
_IN_THE_WAY = Failure(FailureKind.CRASHED, "the page before it in the same tab got in its way")


class Visit:
    """One tab's way to one page. `left_for` is where the page itself tried to go on to: it is held where it is.

    `unfinished` says, once it has settled, why the page is not all there.
    """

    def __init__(self, tab: Tab, url: str, settings: CaptureSettings, *, through: tuple[str, ...] = ()) -> None:
        """`through` are addresses that were passed through on the way to this one."""
        self._tab = tab
        self.url = url
        self._settings = settings
        self._arrived = asyncio.Event()
        self._asked_id = ""
        self._secret = ""  # an address with a secret that we were led to, and did not ask for
        self.traffic = Traffic(
            frame=tab.target,
            max_response=settings.max_response_bytes,
            max_page=settings.max_page_bytes,
            max_requests=settings.max_requests,
            now=time.monotonic,
            through=through,
        )
        self.left_for = ""
        self.unfinished: Failure | None = None
        self._loader = ""

    def response(self, page_cookies: tuple[str, ...] = ()) -> Response | None:
        """The site's answer, or None when there was none."""
        return response_of(self.traffic, page_cookies)

    def requests(self) -> tuple[Request, ...]:
        """The record of every request, in the order in which they were sent."""
        return self.traffic.requests()

    def hear(self, name: str, event: dict[str, Any]) -> None:
        """Take one event of the tab."""
        if name == "Fetch.requestPaused":
            self._on_the_way(event)
        elif name == "Page.loadEventFired":
            self._arrived.set()
        else:
            self.traffic.handle(name, event)
            if self.traffic.over and not self._arrived.is_set():
                self._arrived.set()
                self._tab.errand("Page.stopLoading", {})

    def _on_the_way(self, event: dict[str, Any]) -> None:
        """Let our own navigation and those of frames pass; hold the page's own way on, so that it is the page that is judged."""
        request, key = event["request"], event.get("networkId", event["requestId"])
        if event["frameId"] == self._tab.target:
            if not self._asked_id and _same(request["url"], self.url):
                self._asked_id = key
            if key == self._asked_id and has_secret(request["url"]):
                self._secret = request["url"]
                self._tab.errand("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})
                return
            if key != self._asked_id:
                self.left_for = self.left_for or request["url"]
                self._tab.worn = True  # its scripts may try again and again, into the time of the tab's next page
                self._tab.errand("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})
                return
        self._tab.errand("Fetch.continueRequest", {"requestId": event["requestId"]})

    async def open(self, limit: float) -> Failure | None:
        """Go there; why there is no page, or None when one has begun to arrive.

        Raises:
            BrowserGone: the tab ended.

        """
        if urlsplit(self.url).scheme not in ("http", "https"):
            return Failure(FailureKind.OUT_OF_SCOPE, "only addresses of the web are visited, http and https")
        self._tab.listen(self.hear)
        try:
            async with asyncio.timeout(limit):
                answer = await self._tab.call("Page.navigate", {"url": self.url})
        except TimeoutError:
            self._tab.worn = True
            return Failure(FailureKind.TIMEOUT, f"no answer within {limit:.0f} s")
        self._loader = answer.get("loaderId", "")
        called_back = "ABORTED" in answer.get("errorText", "") and self.left_for
        failure = _IN_THE_WAY if called_back else await self._refusal(answer)
        if failure is not None:
            self._tab.worn = True
        return failure

    async def _refusal(self, answer: dict[str, Any]) -> Failure | None:
        """Why the navigation gave no document that can be read."""
        error, document = answer.get("errorText", ""), self.traffic.document
        if self._secret:
            kind = FailureKind.LOGIN if is_login(self._secret) else FailureKind.OUT_OF_SCOPE
            return Failure(kind, "the address leads to one that carries a secret, such as a token")
        if document is not None and document.guard:
            return guard_failure(document.guard)
        if self.traffic.document_over:
            return Failure(FailureKind.TOO_LARGE, self.traffic.over)
        if document is not None and document.status:
            return answer_failure(document.status, document.mime, error)
        if "TUNNEL_CONNECTION_FAILED" in error and self._settings.proxy:
            return await why_refused(self._settings.proxy, document.url if document else self.url)
        return net_failure(error) if error else None

    async def settle(self, limit: float) -> None:
        """Wait until the page is loaded and still, or has had its time; `unfinished` then says whether a part is missing.

        Raises:
            BrowserGone: the tab ended.
            Unreadable: the page is larger than what is read of any page, or another one stands there.
            TimeoutError: a script of the page lets nobody in.

        """
        try:
            async with asyncio.timeout(limit):
                await self._tab.before_end(self._arrival())
        except TimeoutError:
            self._tab.worn = True
            await self._cut(limit)
        if self.traffic.document_over:  # a browser takes minutes to show so much, and nobody reads it
            raise Unreadable(FailureKind.TOO_LARGE, self.traffic.over)
        await self._prove_ours()
        if self.traffic.over:
            self._tab.worn = True
            self.unfinished = Failure(FailureKind.TOO_LARGE, self.traffic.over)

    async def _prove_ours(self) -> None:
        """See to it that no other page is judged in place of this one: the tab's last page may have called the browser back."""
        tree = await self._tab.call("Page.getFrameTree")
        if self._loader and tree["frameTree"]["frame"]["loaderId"] != self._loader:
            raise Unreadable(_IN_THE_WAY.kind, _IN_THE_WAY.detail)

    async def _arrival(self) -> None:
        """Wait for the page's load event; one whose way on was held has none, and is there once it is parsed."""
        while not self._arrived.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._arrived.wait()
            if self.left_for and not self._arrived.is_set() and (await self._state())["state"] != "loading":
                return

    def goes_on(self, text: int) -> str:
        """The address that a page without content of its own, `text` characters short, leads to on the same site; else empty."""
        asked, left = urlsplit(self.url), urlsplit(self.left_for)
        same_site = asked.netloc.lower().removeprefix("www.") == left.netloc.lower().removeprefix("www.")
        if not same_site or text >= _SIGNPOST or _same(self.url, self.left_for) or has_secret(self.left_for):
            return ""
        return self.left_for

    async def _cut(self, limit: float) -> None:
        """End the loading, which would change the page under the reader's eyes, and note whether the page itself was cut."""
        document = self.traffic.document
        async with asyncio.timeout(_ANSWER):
            state = await self._state()
            if document is not None and not document.done:
                self.unfinished = Failure(FailureKind.TIMEOUT, f"the page was still arriving after {limit:.0f} s")
            elif state["state"] == "loading":
                self.unfinished = Failure(FailureKind.TIMEOUT, "a part that the page waits for never arrived")
            await self._tab.call("Page.stopLoading")

    async def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(await self._tab.evaluate(self._tab.top, "loket.still()"))
        return state

    async def still(self, read: Callable[[], Awaitable[_T]]) -> _T:
        """What `read` gives of the page once its scripts seem to have done their work.

        Where all that happens in the page is seen and nothing is under way, it is read at once, and the time in which it has to
        be quiet passes meanwhile. Only what changed until then is read a second time, after the wait: it is the same reading.

        Raises:
            BrowserGone: the tab ended.

        """
        state = await self._state()
        if not state["scripted"]:
            return await read()
        if state["plain"] and not state["moving"] and not self.traffic.pending:
            begun = self.traffic.begun
            found = await read()
            if await self._unchanged(begun):
                return found
        await self.quiet()
        return await read()

    async def _unchanged(self, begun: int) -> bool:
        """Whether the page stands as it was read, for as long as it has to stand."""
        await asyncio.sleep(_POLL)  # timers that came due while it was read go first
        while True:
            state = await self._state()
            if state["touched"] or state["moving"] or self.traffic.begun != begun:
                return False
            left = _QUIET - min(state["idle"], self.traffic.quiet_for)
            if left <= 0:
                return True
            await asyncio.sleep(max(_POLL, left))

    async def quiet(self) -> None:
        """Wait until the page's scripts seem to have done their work; a page without scripts is not waited for.

        Raises:
            BrowserGone: the tab ended.

        """
        until = time.monotonic() + _QUIET_AT_MOST
        while time.monotonic() < until:
            state = await self._state()
            idle = min(state["idle"], self.traffic.quiet_for)
            if not state["scripted"] or (idle >= _QUIET and not state["moving"]):
                return
            await asyncio.sleep(max(_POLL, _QUIET - idle))


def _same(left: str, right: str) -> bool:
    """Whether two spellings are of one address; the scheme may have been raised to https."""

    def parts(url: str) -> tuple[str, ...]:
        split = urlsplit(url)
        return split.netloc.lower(), unquote(split.path) or "/", unquote(split.query)

    return parts(left) == parts(right)
