"""Drives any browser by WebDriver: a Chromium of this machine through chromedriver, or one at a Selenium Grid.

Each tab is a session with a browser of its own; WebDriver gives a session one thing to do at a time.
"""

import asyncio
import contextlib
import http.client
import json
import secrets
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.options import BaseOptions
from selenium.webdriver.remote.webdriver import WebDriver

from audit import machine
from audit.capture.engine.browsers import chosen_browser
from audit.capture.engine.chromedriver import Chromedriver
from audit.capture.engine.contract import BrowserGone, BrowserMissing
from audit.capture.engine.webdriver_session import open_session, options_for
from audit.capture.engine.webdriver_tab import WebTab
from audit.capture.engine.webdriver_visit import WebVisit
from audit.capture.gather.world import page_source
from audit.capture.order import CaptureSettings
from audit.capture.sandbox import MEND, SandboxUnavailable, swept_prefix
from audit.config import SettingsError
from rules.model.look import Uncollected

_ASK_SECONDS = 10.0
_START_SECONDS = 60.0  # a Grid may have to make room first
_CLOSE_SECONDS = 5.0
_NEVER = (Uncollected.REQUESTS, Uncollected.HEADERS, Uncollected.REDIRECTS, Uncollected.ISOLATION)
# No name and no address: only a guard answers, and counts it as nothing; any other browser looks up nothing.
_GUARD_PROBE, _GUARD_SAYS = "http://asks..invalid/", "Loket's guard: "


@dataclass(frozen=True)
class Server:
    """Where sessions are opened: at `url`, or, where that is empty, by a chromedriver of this machine for `browser`."""

    url: str = ""
    driver: str = ""
    browser: machine.Browser | None = None
    name: str = "chrome"

    @property
    def version(self) -> str:
        """What is known of the browser before a session is open."""
        return f"{self.browser.product} {self.browser.version}" if self.browser else f"{self.name} by WebDriver"


def find(settings: CaptureSettings) -> Server:
    """The server that these settings lead to, asked whether it is there.

    Raises:
        SettingsError: `webdriver_url` is no address of a WebDriver server, or nothing answers there.
        BrowserMissing: the server is not ready, or this machine has no chromedriver or no browser for it.

    """
    if settings.webdriver_url:
        _check_ready(settings.webdriver_url)
        return Server(url=settings.webdriver_url.rstrip("/"), name=settings.channel or "chrome")
    driver = machine.find_chromedriver()
    if not driver:
        raise BrowserMissing(
            "the engine webdriver needs chromedriver, which is not here: `apt-get install chromium-driver`; or name a Selenium "
            "Grid by --webdriver-url"
        )
    return Server(driver=driver, browser=chosen_browser(settings))


def _check_ready(url: str) -> None:
    """Ask a server for its status, which is never far (https://www.w3.org/TR/webdriver2/#status)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url.rstrip('/')}/status", timeout=_ASK_SECONDS) as answer:
            status = json.loads(answer.read(1_000_000))["value"]
            ready, said = status["ready"], str(status.get("message", ""))
    except urllib.error.HTTPError as error:
        error.close()
        raise SettingsError(
            f"--webdriver-url {url}: what answers there is no WebDriver server (status {error.code})"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"--webdriver-url {url}: what answers there is no WebDriver server") from error
    except (OSError, urllib.error.URLError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise SettingsError(f"--webdriver-url {url}: nothing answers there ({reason})") from error
    if not ready:
        raise BrowserMissing(f"the WebDriver server at {url} is not ready: {said or 'it does not say why'}")


class Browser:
    """The sessions that look at one site."""

    def __init__(self, server: Server, settings: CaptureSettings, folder: Path) -> None:
        """`folder` is where our script is put, for the package that runs axe reads it from a file."""
        self._server = server
        self._settings = settings
        self._word = secrets.token_hex(16)
        self._script = folder / "script.js"
        self._script.write_text(page_source(settings.axe_script, self._word), encoding="utf-8")
        self._drivers: set[Chromedriver] = set()
        self._tabs: set[WebTab] = set()
        self._held = not settings.proxy
        self.version = f"webdriver {server.version}"
        self.sandboxed = False
        self.gone = asyncio.Event()
        self.uncollected: tuple[Uncollected, ...] = _NEVER

    async def open_tab(self) -> WebTab:
        """A new session.

        Raises:
            BrowserGone: the server is gone, or starts no browser.
            BrowserMissing: the browser does not go out through the guard.
            SandboxUnavailable: the system does not let the browser build its sandbox.

        """
        driver = self._new_driver()
        try:
            url = await driver.start() if driver else self._server.url
            tab = await self._session(url, driver)
            self._tabs.add(tab)
            await self._hold(tab)
        except BaseException:
            if driver:
                await self._end(driver)
            raise
        self.version = f"webdriver {tab.product}"
        if not tab.pictures:
            self.uncollected = (*_NEVER, Uncollected.PICTURES)
        return tab

    def _new_driver(self) -> Chromedriver | None:
        if not self._server.driver or self._server.browser is None:
            return None
        driver = Chromedriver(self._server.driver, self._server.browser.path, self.gone.set)
        self._drivers.add(driver)
        return driver

    async def _session(self, url: str, driver: Chromedriver | None) -> WebTab:
        options = options_for(self._server.name, self._settings, driver.browser_script if driver else "")
        try:
            session = await _opened(url, options, self._settings)
        except BrowserGone as error:
            if driver and self._settings.sandbox and machine.user_namespaces():
                raise SandboxUnavailable(MEND) from error
            raise

        async def end() -> None:
            self._tabs.discard(tab)
            if driver:
                await self._end(driver)
            else:
                await asyncio.to_thread(_delete, f"{url}/session/{session.session_id}")

        tab = WebTab(
            session,
            self._script,
            self._word,
            visit=lambda tab, url, through: WebVisit(tab, url, self._settings, through=through),
            lost=self.gone.set,
            end=end,
        )
        return tab

    async def _hold(self, tab: WebTab) -> None:
        """Make sure that this browser goes out through the guard, before it goes anywhere."""
        if self._held:
            return
        try:
            async with asyncio.timeout(_START_SECONDS):
                said = await tab.do(_ask_guard)
        except TimeoutError as error:
            raise BrowserGone("the browser does not answer") from error
        if not said.startswith(_GUARD_SAYS):
            raise BrowserMissing(
                f"the browser at {self._server.url or 'this machine'} does not go out through Loket's guard, so that nothing "
                "would keep it from private addresses. To go on without, at your own risk and printed in the report: "
                "`--unsafe-no-guard`"
            )
        self._held = True

    def prove_sandbox(self) -> None:
        """Note whether the sandbox stands, once a tab is open; that of a browser elsewhere cannot be seen.

        Raises:
            SandboxUnavailable: it does not, and going on without was not allowed.

        """
        if self._server.url:
            return
        self.sandboxed = all(driver.stands() for driver in self._drivers)
        if self._settings.sandbox and not self.sandboxed:
            raise SandboxUnavailable(MEND)

    def kill(self) -> None:
        """End the browsers at once, with all their processes; those elsewhere are ended with their sessions."""
        self.gone.set()
        for driver in self._drivers:
            driver.kill()

    async def stop(self) -> None:
        """End all sessions, and the browsers with them."""
        for tab in list(self._tabs):
            await tab.close()
        for driver in list(self._drivers):
            await self._end(driver)

    async def _end(self, driver: Chromedriver) -> None:
        self._drivers.discard(driver)
        await driver.stop()


@contextlib.asynccontextmanager
async def start_browser(server: Server, settings: CaptureSettings) -> AsyncIterator[Browser]:
    """A browser that has ended, with all its sessions, processes and files, when the block is left in any way."""
    with tempfile.TemporaryDirectory(prefix=swept_prefix()) as folder:
        browser = Browser(server, settings, Path(folder))
        try:
            yield browser
        finally:
            await browser.stop()


async def _opened(url: str, options: BaseOptions, settings: CaptureSettings) -> WebDriver:
    """A session; one that nobody waits for any more is ended when it comes."""
    given_up = threading.Event()

    def work() -> WebDriver:
        session = open_session(url, options, settings)
        if given_up.is_set():
            _delete(f"{url}/session/{session.session_id}")
        return session

    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        given_up.set()
        raise


def _ask_guard(driver: WebDriver) -> str:
    """What stands at the address that only a guard answers."""
    with contextlib.suppress(WebDriverException):  # nothing does
        driver.get(_GUARD_PROBE)
    return str(driver.execute_script("return document.documentElement.textContent"))


def _delete(session: str) -> None:
    """End a session that may be busy, over a connection of its own; a server that is gone has ended it already."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError, http.client.HTTPException):
        opener.open(urllib.request.Request(session, method="DELETE"), timeout=_CLOSE_SECONDS).close()  # noqa: S310 - checked
