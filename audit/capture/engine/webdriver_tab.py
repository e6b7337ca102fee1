"""One tab of the WebDriver engine: a session of its own, whose commands run one after another in a thread of its own.

WebDriver reaches only the page's own world, so that a page may bend what our script reads; a page that does is not read.
"""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from axe_selenium_python import Axe
from selenium.common.exceptions import (
    InvalidSessionIdException,
    JavascriptException,
    NoSuchWindowException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from urllib3.exceptions import HTTPError

from audit.capture.engine.contract import Box, BrowserGone, Crashed, Unreadable, Visit
from audit.capture.engine.webdriver_session import first_line, is_chromium, product
from rules.model.failure import FailureKind

_FRAME_SECONDS = 8.0
_MOST_FRAMES = 100
_QUALITY = 60
_LOST = ("disconnected", "not reachable", "session deleted", "browser has closed", "target window already closed")
_FAILED_PAGES = ("chrome-error:", "edge-error:", "about:neterror", "about:certerror", "about:blocked")

# chromedriver writes an attribute into each element whose frame it enters, where axe would find it.
_UNMARK = """
const unmark = (root) => {
  for (const element of root.querySelectorAll("*")) {
    element.removeAttribute("cd_frame_id_");
    if (element.shadowRoot) unmark(element.shadowRoot);
  }
};
"""
_INSIDE = """
const found = [];
const look = (root) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.localName === "iframe" || element.localName === "frame") found.push(element);
    if (element.shadowRoot) look(element.shadowRoot);
  }
};
look(document);
return [location.href, document.documentURI, found];
"""
_EVALUATE = """
const done = arguments[arguments.length - 1];
if (arguments[1]) unmark(document);
(async () => typeof loket === "object" && loket && loket.own && loket.own(arguments[0]) ? { value: await (EXPRESSION) } : {})()
  .then(done, (error) => done({ error: String((error && error.message) || error).slice(0, 300) }));
"""

_T = TypeVar("_T")


class SessionLost(BrowserGone):
    """The session has ended, and its browser with it."""


@dataclass(frozen=True)
class WebFrame:
    """One frame; `path` are the elements that hold it, from the page downwards."""

    url: str
    id: str
    loaded: bool = True
    path: tuple[WebElement, ...] = ()


class WebTab:
    """One session. `worn` says that it must not be used for another page."""

    axe_apart = True

    def __init__(
        self,
        driver: WebDriver,
        script: Path,
        word: str,
        *,
        visit: Callable[["WebTab", str, tuple[str, ...]], Visit],
        lost: Callable[[], None],
        end: Callable[[], Awaitable[None]],
    ) -> None:
        """`script` holds our script, known by `word`. `lost` is told of a session that has ended, `end` ends its browser."""
        self._driver = driver
        self._script = str(script)
        self._word = word
        self._visit = visit
        self._lost = lost
        self._end = end
        self._thread = ThreadPoolExecutor(1, "webdriver")
        self._at: tuple[WebElement, ...] | None = None
        self._marked: set[str] = set()  # the frames that hold elements which the driver has marked
        self._patience = 0.0
        self.product = product(driver)
        self.pictures = is_chromium(driver)
        self.worn = False
        self.visits = 0

    def visit(self, url: str, through: tuple[str, ...] = ()) -> Visit:
        """The way to a page, not yet gone."""
        self._at = None
        return self._visit(self, url, through)

    def leave(self) -> None:
        """Nothing is heard of a page here that was not asked for."""

    async def do(self, task: Callable[[WebDriver], _T]) -> _T:
        """Let commands run in the session's thread, after those that run now.

        Raises:
            Crashed: the page's process has ended.
            SessionLost: the session has ended.
            BrowserGone: a command was refused.
            TimeoutError: a script of the page let nobody in.

        """

        def told() -> _T:
            try:
                return task(self._driver)
            except (WebDriverException, HTTPError, OSError) as error:
                self._at = None
                raise _meaning(error) from error

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, told)
        except SessionLost:
            self.worn = True
            self._lost()
            raise
        except Crashed:
            self.worn = True
            raise

    async def frames(self) -> list[WebFrame]:
        """All frames of the page, parents before children, the page itself first; those in `object` elements are not reached."""
        return await self.do(self._frames)

    def _frames(self, _: WebDriver) -> list[WebFrame]:
        found: list[WebFrame] = []

        def enter(path: tuple[WebElement, ...]) -> None:
            self._go(path)
            url, document, elements = self._driver.execute_script(_INSIDE)
            found.append(WebFrame(url, _id(path), not str(document).startswith(_FAILED_PAGES), path))
            for element in elements[: _MOST_FRAMES - len(found)]:
                with contextlib.suppress(WebDriverException):  # it went away, or holds no document
                    enter((*path, element))

        enter(())
        return found

    @property
    def top(self) -> WebFrame:
        """The page's own frame, without a look at the others."""
        return WebFrame("", "")

    async def evaluate(self, frame: WebFrame, expression: str) -> Any:
        """What an expression over our script gives in one frame.

        Raises:
            BrowserGone: the frame went away, or the expression threw.
            Unreadable: the page has laid hands on what our script is made of.

        """
        return await self.do(lambda _: self._evaluate(frame, expression))

    def _evaluate(self, frame: WebFrame, expression: str) -> Any:
        self._go(frame.path)
        script = _UNMARK + _EVALUATE.replace("EXPRESSION", expression)
        unmark = _id(frame.path) in self._marked
        self._marked.discard(_id(frame.path))
        answer = self._driver.execute_async_script(script, self._word, unmark)
        if not answer:
            self._inject()
            answer = self._driver.execute_async_script(script, self._word, 0)
        if not answer:
            raise Unreadable(FailureKind.MEDDLED, "the page holds names of its own where our script must stand")
        if "error" in answer:
            raise BrowserGone(answer["error"])
        return answer.get("value")

    def _inject(self) -> None:
        try:
            Axe(self._driver, script_url=self._script).inject()
            bent = self._driver.execute_script("return loket.bent")
        except JavascriptException as error:
            raise Unreadable(
                FailureKind.MEDDLED, f"our script cannot stand in the page's own world: {first_line(error)}"
            ) from error
        if bent:
            raise Unreadable(
                FailureKind.MEDDLED, f"the page changes what functions of the browser do: {', '.join(bent[:5])}"
            )

    async def run_axe(self, frame: WebFrame, context: str) -> str:
        """What axe found in one frame, its part of the whole."""

        def run(driver: WebDriver) -> str:
            self._evaluate(frame, "0")
            return str(Axe(driver, script_url=self._script).run(options=context))

        part = await self.do(run)
        if part.startswith("!"):
            raise BrowserGone(part[1:])
        return part

    async def frame_in(self, frame: WebFrame, element: str) -> str:
        """The id of the frame that stands in an element; empty when none does."""
        found = await self.evaluate(frame, element)
        return _id((*frame.path, found)) if isinstance(found, WebElement) else ""

    async def stop_scripts(self) -> bool:
        """WebDriver cannot end a script: the session must go."""
        self.worn = True
        return False

    async def cookies(self) -> tuple[str, ...]:
        """The names of the cookies that the page may read or send."""
        found = await self.do(lambda driver: driver.get_cookies())
        return tuple(dict.fromkeys(str(cookie["name"]) for cookie in found))

    async def size(self) -> tuple[float, float]:
        """Width and height of the whole page, in CSS pixels."""
        sizes = "['scroll', 'client'].flatMap((kind) => [document.documentElement, document.body ?? document.documentElement]"
        width = await self.evaluate(self.top, f"Math.max(...{sizes}.map((part) => part[`${{kind}}Width`])))")
        height = await self.evaluate(self.top, f"Math.max(...{sizes}.map((part) => part[`${{kind}}Height`])))")
        return float(width), float(height)

    async def photograph(self, box: Box) -> bytes:
        """A JPEG of this part of the page, by Chromium's own command: WebDriver pictures only what the window shows."""
        if not self.pictures:
            raise BrowserGone(f"no picture can be taken with {self.product}")
        clip = {"x": box[0], "y": box[1], "width": box[2], "height": box[3], "scale": 1}
        asked = {"format": "jpeg", "quality": _QUALITY, "clip": clip, "captureBeyondViewport": True}
        command = {"cmd": "Page.captureScreenshot", "params": asked}
        answer = await self.do(lambda driver: driver.execute("executeCdpCommand", command))
        return base64.b64decode(answer["value"]["data"])

    async def close(self) -> bool:
        """End the session, however busy, and its browser with it."""
        await self._end()
        if isinstance(self._driver.command_executor, RemoteConnection):
            self._driver.command_executor.close()  # type: ignore[no-untyped-call]
        self._thread.shutdown(wait=False, cancel_futures=True)
        return True

    def patient(self, driver: WebDriver, seconds: float) -> None:
        """Let a script take so long."""
        if seconds != self._patience:
            driver.set_script_timeout(seconds)
            self._patience = seconds

    def _go(self, path: tuple[WebElement, ...]) -> None:
        if path == self._at:
            return
        self._at = None
        self._driver.switch_to.default_content()
        for depth, element in enumerate(path):
            self._marked.add(_id(path[:depth]))
            self._driver.switch_to.frame(element)
        self._at = path


def _id(path: tuple[WebElement, ...]) -> str:
    return " ".join(element.id for element in path)


def _meaning(error: Exception) -> Exception:
    """What a command's failure says of the page, the session and the browser."""
    said = first_line(error)
    if isinstance(error, TimeoutException):
        return TimeoutError(said)
    if "is not a dictionary" in said:  # chromedriver's own script came back bent
        return Unreadable(
            FailureKind.MEDDLED, "the page changes what functions of the browser do that the driver needs"
        )
    if "tab crashed" in said:
        return Crashed("the page's process ended")
    lost = (InvalidSessionIdException, NoSuchWindowException, HTTPError, OSError)
    if isinstance(error, lost) or any(words in said for words in _LOST):
        return SessionLost(f"the session ended: {said}")
    return BrowserGone(said)
