"""The browser pool: one site's pages through a few tabs of one Chromium, whatever any of them does."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

from audit import machine
from audit.capture.ending import end_tab
from audit.capture.engine import playwright
from audit.capture.engine.browsers import chosen_browser
from audit.capture.engine.contract import Browser, BrowserGone, BrowserMissing, Tab
from audit.capture.look import PageLook, without_page
from audit.capture.order import CaptureSettings, LookOrder
from audit.capture.sandbox import SandboxUnavailable
from rules.model.look import Look

__all__ = ["BrowserMissing", "CaptureSettings", "LookOrder", "SandboxUnavailable", "look_at", "versions"]

_STARTS = 3  # a browser that fails to start so often in a row is not tried again
_TAB_MB = 700


@dataclass(frozen=True)
class _Engine:
    """A way of driving a browser, made ready: `start` gives a running browser, `versions` by component name."""

    start: Callable[[], AbstractAsyncContextManager[Browser, bool | None]]
    versions: dict[str, str]


def versions(settings: CaptureSettings) -> dict[str, str]:
    """What would look at pages under these settings: the browser, and what drives it; nothing is started.

    Raises:
        BrowserMissing: there is none.
        SettingsError: no WebDriver server answers at `webdriver_url`.

    """
    return _engine(settings).versions


async def look_at(
    orders: Sequence[LookOrder],
    settings: CaptureSettings,
    *,
    turn: Callable[[str], Awaitable[None]],
    pictured: set[str],
    started: Callable[[str], None],
    done: Callable[[Look], None],
    stop: asyncio.Event,
) -> None:
    """Look at one site's pages; each order ends in exactly one call of `done`, unless `stop` is set first.

    `done` is called in a thread of its own, one look after another, while the tab is at its next page. What it raises ends
    this.

    `turn` is awaited before each navigation and keeps the pace. `pictured` holds the fingerprints of findings that the site
    has a picture of, and is added to. When this returns or raises, no process of the browser is left.

    Raises:
        BrowserMissing: there is no browser, or it does not start.
        SettingsError: no WebDriver server answers at `webdriver_url`.
        SandboxUnavailable: the system does not let Chromium build its sandbox; the message says how to mend it.

    """
    pool = _Pool(orders, settings, turn, pictured, started, done)
    work = asyncio.create_task(pool.run())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (work, stopped):
            if not task.done():
                task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


class _Pool:
    """The orders that are left, and the tabs that work on them."""

    def __init__(
        self,
        orders: Sequence[LookOrder],
        settings: CaptureSettings,
        turn: Callable[[str], Awaitable[None]],
        pictured: set[str],
        started: Callable[[str], None],
        done: Callable[[Look], None],
    ) -> None:
        self._orders = deque(orders)
        self._suspects: deque[LookOrder] = deque()  # under way when a browser ended; each is tried once more, alone
        self._settings = settings
        self._turn = turn
        self._pictured = pictured
        self._started = started
        self._done = done
        self._finisher = ThreadPoolExecutor(1, thread_name_prefix="looks")

    async def run(self) -> None:
        """Work until no order is left, with a new browser whenever one has ended; all that was taken is then done."""
        with self._finisher:
            await self._run()

    async def _run(self) -> None:
        engine = await asyncio.to_thread(_engine, self._settings)
        failed = 0
        while self._orders or self._suspects:
            try:
                async with engine.start() as browser:
                    first = await browser.open_tab()
                    browser.prove_sandbox()
                    failed = 0
                    await self._serve(browser, first)
            except BrowserGone as error:
                failed += 1
                if failed == _STARTS:
                    raise BrowserMissing(f"the browser does not start: {error}") from error

    async def _serve(self, browser: Browser, first: Tab[Any]) -> None:
        """Let the tabs of one browser work until nothing is left or the browser has ended."""
        if self._suspects:
            await self._work(browser, first, self._suspects, last_try=True)
            return
        tabs = min(self._settings.tabs or _tabs(), len(self._orders))
        given = [first, *[None] * (tabs - 1)]
        workers = [asyncio.create_task(self._work(browser, tab, self._orders)) for tab in given]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def _work(
        self, browser: Browser, tab: Tab[Any] | None, orders: deque[LookOrder], *, last_try: bool = False
    ) -> None:
        finishing: asyncio.Future[None] | None = None
        while orders and not browser.gone.is_set():
            order = orders.popleft()
            await self._turn(order.url)
            self._started(order.url)
            try:
                tab = tab or await browser.open_tab()
                page = PageLook(tab, order, self._settings, self._pictured, self._turn)
                await page.take(browser)
            except BrowserGone as error:
                browser.kill()
                if last_try:
                    await self._finish(partial(without_page, order.url, f"the browser ended: {error}", browser))
                else:
                    self._suspects.append(order)
                break
            if tab.worn or tab.visits >= self._settings.recycle_after:
                await end_tab(tab, browser)
                tab = None
            if finishing is not None:
                await finishing  # a store that cannot keep up holds up the tabs
            finishing = self._finish(partial(page.look, browser))
        if finishing is not None:
            await finishing

    def _finish(self, look: Callable[[], Look]) -> asyncio.Future[None]:
        """Have a look made and done, whatever becomes of the tab that took it."""
        under_way = asyncio.get_running_loop().run_in_executor(self._finisher, lambda: self._done(look()))
        kept = asyncio.shield(under_way)
        for future in (under_way, kept):
            future.add_done_callback(_heard)
        return kept


def _heard(future: asyncio.Future[None]) -> None:
    """Take note of an error that nobody waits for any more, for another has ended the work: asyncio would print it."""
    if not future.cancelled():
        future.exception()


def _engine(settings: CaptureSettings) -> _Engine:
    """The engine that these settings name. Selenium is imported only where it is used."""
    if settings.engine == "webdriver":
        from audit.capture.engine import webdriver

        server = webdriver.find(settings)
        told = {"browser": server.version} | {name: version(name) for name in ("selenium", "axe-selenium-python")}
        return _Engine(partial(webdriver.start_browser, server, settings), {"engine": "webdriver", **told})
    browser = chosen_browser(settings)
    told = {"browser": f"{browser.product} {browser.version}", "playwright": version("playwright")}
    return _Engine(partial(playwright.start_browser, browser, settings), {"engine": "playwright", **told})


def _tabs() -> int:
    """One tab a core, two at least for the time that pages spend waiting, and not more than there is memory for.

    On two cores a third tab gained nothing and cost 175 MB.
    """
    return max(1, min(max(2, machine.cores()), machine.memory_mb() // _TAB_MB - 1))
