"""Starts Chromium through Playwright, and is the one place that imports it; the rest speaks the DevTools protocol to tabs."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from audit import machine
from audit.capture.engine.contract import BrowserGone
from audit.capture.engine.switches import SWITCHES, proxy_switches
from audit.capture.engine.tab import Tab, Wire
from audit.capture.gather.world import source
from audit.capture.order import CaptureSettings
from audit.capture.sandbox import MEND, Den, SandboxUnavailable
from audit.capture.visit import EVENTS, Visit
from rules.model.look import Uncollected

_START_SECONDS = 30.0
_CLOSE_SECONDS = 2.0
_LOOK_AGAIN = 0.1
_NO_SANDBOX = (
    "No usable sandbox",
    "setuid sandbox",
    "sandbox_linux",
    "zygote_host_impl",
    "Failed to move to new namespace",
)


class Browser:
    """One running Chromium with one fresh context: cookies and cache of one site, and nobody else's."""

    uncollected: tuple[Uncollected, ...] = ()

    def __init__(
        self, context: BrowserContext, den: Den, version: str, settings: CaptureSettings, master: CDPSession
    ) -> None:
        self._context = context
        self._den = den
        self._settings = settings
        self._script = source(settings.axe_script)
        self._master = master
        self._ours: set[Page] = set()
        self._opening = 0
        self._closing: set[asyncio.Task[None]] = set()
        self.version = version
        self.sandboxed = False
        self.gone = asyncio.Event()
        context.on("page", self._close_pop_up)

    async def open_tab(self) -> Tab:
        """A new tab with its own DevTools session.

        Raises:
            BrowserGone: the browser has ended, or does not answer.

        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                self._opening += 1
                try:
                    page = await self._context.new_page()
                    self._ours.add(page)
                finally:
                    self._opening -= 1
                session = await self._context.new_cdp_session(page)
        except (PlaywrightError, TimeoutError) as error:
            raise BrowserGone(_first_line(error)) from error
        tab = Tab(
            _Wire(session),
            self._script,
            foreign_wires=lambda known: self._foreign_wires(page, known),
            close=lambda target: self._close(page, target),
            visit=lambda tab, url, through: Visit(tab, url, self._settings, through=through),
        )
        page.on("crash", lambda _: tab.crash())
        page.on("close", lambda _: tab.crash())
        await tab.prepare(EVENTS)
        return tab

    def prove_sandbox(self) -> None:
        """Note whether the sandbox stands, once a tab is open.

        Raises:
            SandboxUnavailable: it does not, and going on without was not allowed.

        """
        self.sandboxed = self._den.stands()
        if self._settings.sandbox and not self.sandboxed:
            raise SandboxUnavailable(MEND)

    def kill(self) -> None:
        """End the browser at once, with all its processes."""
        self.gone.set()
        self._den.kill()

    def _close_pop_up(self, page: Page) -> None:
        """Close what a page opened. A tab that we are just opening is told apart by having no opener."""

        async def close() -> None:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    if page not in self._ours and (not self._opening or await page.opener() is not None):
                        await page.close()

        task = asyncio.create_task(close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, page: Page, target: str) -> bool:
        """Close a tab, however busy: `page.close()` waits for one that reloads for ever, the browser's own command does not."""
        self._ours.discard(page)
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._master.send("Target.closeTarget", {"targetId": target})
        except (PlaywrightError, TimeoutError):
            return False
        return True

    async def _foreign_wires(self, page: Page, known: int) -> list[Wire]:
        """Sessions of the frames that Chromium keeps in processes of their own; `known` frames are in the page's."""
        found: list[Wire] = []
        if len(page.frames) <= known:
            return found
        for frame in page.frames[1:]:
            with contextlib.suppress(PlaywrightError):  # it is part of its parent's process, or just went away
                found.append(_Wire(await self._context.new_cdp_session(frame)))
        return found


class _Wire:
    """A DevTools session; its errors are ours, so that Playwright stays in this module."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    async def send(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """One command and its answer.

        Raises:
            BrowserGone: the session has ended, or the command failed; the message is Chromium's.

        """
        try:
            answer: dict[str, Any] = await self._session.send(method, params)
        except PlaywrightError as error:
            raise BrowserGone(_first_line(error)) from error
        return answer

    def on(self, method: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """Have a function called for every event of this name."""
        self._session.on(method, handler)


def _first_line(error: Exception) -> str:
    """What happened, without the pages of browser log that Playwright adds."""
    return (str(error).splitlines() or ["it does not answer"])[0]


@contextlib.asynccontextmanager
async def start_browser(found: machine.Browser, settings: CaptureSettings) -> AsyncIterator[Browser]:
    """A Chromium that has ended, with all its processes and files, when the block is left in any way.

    Raises:
        SandboxUnavailable: the system does not let it build its sandbox.
        BrowserGone: it does not start for another reason.

    """
    with Den(found.path) as den:
        with _temporary_files_in(den.folder):
            playwright = await async_playwright().start()
        watch: asyncio.Task[None] | None = None
        try:
            try:
                chromium = await playwright.chromium.launch(
                    executable_path=str(den.script),
                    args=[*SWITCHES, *proxy_switches(settings.proxy)],
                    chromium_sandbox=settings.sandbox,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                    timeout=_START_SECONDS * 1000,
                )
            except PlaywrightError as error:
                if settings.sandbox and any(words in error.message for words in _NO_SANDBOX):
                    raise SandboxUnavailable(MEND) from error
                raise BrowserGone(f"{found.path}: {_first_line(error)}") from error
            browser = await _prepared(chromium, den, settings, f"playwright {found.product} {chromium.version}")
            chromium.on("disconnected", lambda _: browser.gone.set())
            watch = asyncio.create_task(_watch(den, browser.gone))
            yield browser
        finally:
            if watch is not None:
                watch.cancel()
            den.kill()
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await playwright.stop()


async def _prepared(chromium: Chromium, den: Den, settings: CaptureSettings, version: str) -> Browser:
    """The browser with its one context.

    Raises:
        BrowserGone: it ended meanwhile.

    """
    try:
        context = await chromium.new_context(
            user_agent=settings.user_agent,
            locale=settings.locale,
            viewport={"width": settings.viewport[0], "height": settings.viewport[1]},
            accept_downloads=False,
            service_workers="block",
            permissions=[],
        )
        return Browser(context, den, version, settings, await chromium.new_browser_cdp_session())
    except PlaywrightError as error:
        raise BrowserGone(_first_line(error)) from error


async def _watch(den: Den, gone: asyncio.Event) -> None:
    """Notice that the browser has ended, also when Playwright's own process has, which would have told of it."""
    while den.lives():  # noqa: ASYNC110 - the kernel tells only a process's parent, which we are not
        await asyncio.sleep(_LOOK_AGAIN)
    gone.set()


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Lets Playwright's own process keep its temporary files there: it cannot remove them when it is killed itself.

    It takes the folder from the environment that it is started in, and from nowhere else.
    """
    earlier = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if earlier is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = earlier
