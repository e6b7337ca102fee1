"""One navigation of the WebDriver engine: to the page's address, until the page is there and still.

Nothing can be held on its way: a page that goes on by itself within its site is followed by the browser, and one that goes on
to another site is not read.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import InsecureCertificateException, TimeoutException, WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from audit.capture.engine.contract import T, Unreadable
from audit.capture.engine.webdriver_session import first_line
from audit.capture.engine.webdriver_tab import WebTab
from audit.capture.failures import answer_failure, net_failure
from audit.capture.order import CaptureSettings
from audit.capture.refusal import why_refused
from rules.model.failure import Failure, FailureKind
from rules.model.look import Request, Response

_QUIET = 1.0  # requests under way cannot be seen, so that a page that stands still says less than in the other engine
_QUIET_AT_MOST = 4.0
_POLL = 0.1
_ANSWER_SECONDS = 3.0  # in which a page that is not stuck answers a small question
_NOWHERE = "about:blank"
_GUARD = "Loket's guard: "
_OWN_STATUS, _OWN_CODE = re.compile(r"HTTP ERROR (\d{3})"), re.compile(r"\bERR_[A-Z_]+")
_NETERROR = re.compile(r"about:(?:neterror|certerror)\?e=(\w+)")
_FIREFOX_ERRORS = {
    "dnsNotFound": "NAME_NOT_RESOLVED",
    "netTimeout": "TIMED_OUT",
    "nssBadCert": "CERT_INVALID",
    "nssFailure2": "SSL_PROTOCOL_ERROR",
    "proxyConnectFailure": "TUNNEL_CONNECTION_FAILED",
    "redirectLoop": "TOO_MANY_REDIRECTS",
}
_LATE = "late"

_ANSWER = """
const entry = performance.getEntriesByType("navigation")[0] || {};
return {
  url: location.href, state: document.readyState, type: document.contentType, status: entry.responseStatus || 0,
  size: entry.decodedBodySize || 0, referrer: document.referrer,
  plain: document.contentType === "text/plain" || !location.protocol.startsWith("http")
    ? document.documentElement.innerText.slice(0, 2000) : "",
};
"""


class WebVisit:
    """One tab's way to one page. `unfinished` says, once it has settled, why the page is not all there."""

    def __init__(self, tab: WebTab, url: str, settings: CaptureSettings, *, through: tuple[str, ...] = ()) -> None:
        """`through` are addresses that were passed through on the way to this one."""
        self._tab = tab
        self.url = url
        self._settings = settings
        self._through = through
        self._answer: dict[str, Any] = {}
        self.unfinished: Failure | None = None

    async def open(self, limit: float) -> Failure | None:
        """Go there; why there is no page, or None when one has arrived, or begun to.

        Raises:
            BrowserGone: the tab ended.

        """
        if urlsplit(self.url).scheme not in ("http", "https"):
            return Failure(FailureKind.OUT_OF_SCOPE, "only addresses of the web are visited, http and https")
        try:
            async with asyncio.timeout(limit + _ANSWER_SECONDS):
                error = await self._tab.do(lambda driver: _go(driver, self.url, limit))
                self._answer = await self._asked()
        except TimeoutError:
            self._tab.worn = True
            return Failure(FailureKind.TIMEOUT, f"no answer within {limit:.0f} s")
        failure = await self._refusal(error, limit)
        self._tab.worn = self._tab.worn or failure is not None
        return failure

    async def _asked(self) -> dict[str, Any]:
        answer: dict[str, Any] = await self._tab.do(lambda driver: driver.execute_script(_ANSWER))
        return answer

    async def _refusal(self, error: str, limit: float) -> Failure | None:
        """Why the navigation gave no document that can be read."""
        arrived = self._answer["url"].startswith(("http:", "https:"))
        if error and not (error == _LATE and arrived):
            return await self._no_answer(error, limit)
        if not arrived:
            return _own_page(self._answer["url"], self._answer["plain"])
        if error == _LATE:
            self._tab.worn = True
            self.unfinished = Failure(FailureKind.TIMEOUT, f"the page was still arriving after {limit:.0f} s")
        away = self._led_away(self._answer)
        if away is None and self._settings.proxy and self._answer["plain"].startswith(_GUARD):
            return await why_refused(self._settings.proxy, self.url)
        return away or self._no_page()

    def _no_page(self) -> Failure | None:
        """Why the document that arrived is none to be read."""
        status, size = int(self._answer["status"]), int(self._answer["size"])
        if not status:
            return Failure(FailureKind.REFUSED, "the browser does not tell how the site answered")
        if size > self._settings.max_response_bytes:
            most = self._settings.max_response_bytes // 1_000_000
            return Failure(FailureKind.TOO_LARGE, f"the page itself has more than {most} MB")
        return answer_failure(status, str(self._answer["type"]), "")

    async def _no_answer(self, error: str, limit: float) -> Failure:
        if error == _LATE:
            return Failure(FailureKind.TIMEOUT, f"no answer within {limit:.0f} s")
        if "TUNNEL_CONNECTION_FAILED" in error and self._settings.proxy:
            return await why_refused(self._settings.proxy, self.url)
        if "HTTP_RESPONSE_CODE_FAILURE" in error:  # an error without a page of its own, for which Chromium shows one
            return Failure(FailureKind.HTTP_ERROR, "the site answers with an error and no page")
        return net_failure(error)

    def _led_away(self, answer: dict[str, Any]) -> Failure | None:
        """Whether it was a page, and not an answer's redirect, that led to another site: then it stood there and is gone."""
        here = urlsplit(answer["url"]).hostname or ""
        if not answer["referrer"] or _plain_host(here) == _plain_host(urlsplit(self.url).hostname or ""):
            return None
        return Failure(
            FailureKind.OUT_OF_SCOPE,
            f"the page goes on to {here} by itself, and this engine cannot hold it where it is",
        )

    async def settle(self, limit: float) -> None:
        """Wait until the page is loaded, or has had its time; `unfinished` then says whether a part is missing.

        Raises:
            BrowserGone: the tab ended.
            Unreadable: the page went on to another site.
            TimeoutError: a script of the page lets nobody in.

        """
        if self.unfinished is None:
            await self._loaded(limit)
        async with asyncio.timeout(_ANSWER_SECONDS):
            if self._tab.worn:
                await self._tab.do(lambda driver: driver.execute_script("window.stop()"))
            await self._tab.do(_close_pop_ups)
            self._answer |= await self._asked()
        away = self._led_away(self._answer)
        if away is not None:
            raise Unreadable(away.kind, away.detail)

    async def _loaded(self, limit: float) -> None:
        until = time.monotonic() + limit
        async with asyncio.timeout(limit + _ANSWER_SECONDS):
            while (answer := await self._asked())["state"] != "complete":
                if time.monotonic() > until:
                    self._tab.worn = True
                    if answer["state"] == "loading":
                        self.unfinished = Failure(FailureKind.TIMEOUT, "a part that the page waits for never arrived")
                    return
                await asyncio.sleep(_POLL)

    def goes_on(self, text: int) -> str:
        """Nowhere: where a page leads on within its site, the browser has followed already."""
        del text
        return ""

    async def quiet(self) -> None:
        """Wait until the page's tree stands still; a page without scripts is not waited for.

        Raises:
            BrowserGone: the tab ended.

        """
        until = time.monotonic() + _QUIET_AT_MOST
        while time.monotonic() < until:
            state = json.loads(await self._tab.evaluate(self._tab.top, "loket.still()"))
            if not state["scripted"] or state["idle"] >= _QUIET:
                return
            await asyncio.sleep(max(_POLL, _QUIET - state["idle"]))

    async def still(self, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives of the page once its tree stands still."""
        await self.quiet()
        return await read()

    def response(self, page_cookies: tuple[str, ...] = ()) -> Response | None:
        """What the page knows of its answer; the engine does not tell headers, nor redirects."""
        if not self._answer.get("status"):
            return None
        url = str(self._answer["url"]).partition("#")[0]
        return Response(
            status=int(self._answer["status"]),
            final_url=url,
            redirects=self._through,
            content_type=str(self._answer["type"]),
            cookies=page_cookies,
        )

    def requests(self) -> tuple[Request, ...]:
        """None: the engine does not tell them."""
        return ()


def _go(driver: WebDriver, url: str, limit: float) -> str:
    """Navigate; what the browser says when no page came, `late` when it was not parsed in time, else nothing."""
    driver.set_page_load_timeout(limit)
    driver.get(_NOWHERE)  # else a download would leave the page before this one standing
    try:
        driver.get(url)
    except TimeoutException:
        return _LATE
    except InsecureCertificateException:
        return "net::ERR_CERT_INVALID"
    except WebDriverException as error:
        said = first_line(error)
        firefox = _NETERROR.search(said)
        if firefox:
            return f"net::ERR_{_FIREFOX_ERRORS.get(firefox[1], 'FAILED')}"
        if "net::ERR_" in said:
            return said
        raise
    return ""


def _own_page(url: str, text: str) -> Failure:
    """What the browser's own page says, where it stands in place of the site's; headless-shell's says nothing."""
    if url == _NOWHERE:
        return Failure(FailureKind.NOT_HTML, "the answer is no page: a download, or nothing")
    status, code = _OWN_STATUS.search(text), _OWN_CODE.search(text)
    if status:
        return Failure(FailureKind.HTTP_ERROR, f"status {status[1]}")
    if code:
        return net_failure(f"net::{code[0]}")
    return Failure(FailureKind.REFUSED, "the browser shows an error of its own, and does not say which")


def _close_pop_ups(driver: WebDriver) -> None:
    """Close the windows that the page opened."""
    own = driver.current_window_handle
    others = [handle for handle in driver.window_handles if handle != own]
    for handle in others:
        driver.switch_to.window(handle)
        driver.close()
    if others:
        driver.switch_to.window(own)


def _plain_host(host: str) -> str:
    return host.removeprefix("www.")
