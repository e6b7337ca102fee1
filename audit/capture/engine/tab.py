"""One tab: commands to it, events from it, our world in its frames, and how it ends."""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from audit.capture.engine.contract import Box, BrowserGone, Crashed, Visit
from audit.capture.gather.page_json import whole
from audit.capture.gather.world import new_name

_STOP_SECONDS = 6.0  # a page in a loop of dialogs listens only between two of them
_QUALITY = 60


class Wire(Protocol):
    """A session of the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

    async def send(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """One command and its answer; BrowserGone when it fails."""

    def on(self, method: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """Have a function called for every event of this name."""


@dataclass
class Frame:
    """One frame of a page and the session that reaches it; `world` is our world in it, 0 before it was looked for.

    A frame that is not `loaded` shows the browser's own words about an address that gave no document.
    """

    url: str
    wire: Wire
    id: str
    loaded: bool = True
    world: int = 0


_T = TypeVar("_T")
Listener = Callable[[str, dict[str, Any]], None]


class Tab:
    """One tab of the browser. Every command races the tab's end: Chromium answers no command of a crashed page.

    `worn` says that the tab must not be used for another page.
    """

    axe_apart = False

    def __init__(
        self,
        wire: Wire,
        script: str,
        foreign_wires: Callable[[int], Awaitable[list[Wire]]],
        close: Callable[[str], Awaitable[bool]],
        visit: Callable[["Tab", str, tuple[str, ...]], Visit],
    ) -> None:
        self._wire = wire
        self._script = script
        self._foreign_wires = foreign_wires
        self._close = close
        self._visit = visit
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._errands: set[asyncio.Task[None]] = set()
        self._world = new_name()
        self._listener: Listener | None = None
        self._top = Frame("", wire, "")
        self.target = ""
        self.visits = 0
        self.worn = False

    async def prepare(self, events: tuple[str, ...]) -> None:
        """Make the tab ready: its events heard, our world in every document to come, its own way on to elsewhere held."""
        for name in events:
            self._wire.on(name, partial(self._hear, name))
        self._wire.on("Inspector.targetCrashed", lambda _: self.crash())
        await self.call("Page.enable")
        await self.call("Network.enable")
        await self.call("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": "Document"}]})
        await self.call("Page.addScriptToEvaluateOnNewDocument", {"source": self._script, "worldName": self._world})
        self.target = (await self.call("Page.getFrameTree"))["frameTree"]["frame"]["id"]

    def listen(self, listener: Listener | None) -> None:
        """Have the events told to this listener from now on, and to no other: another page begins, or none."""
        self._listener = listener
        self._top = Frame("", self._wire, self.target)

    def visit(self, url: str, through: tuple[str, ...] = ()) -> Visit:
        """The way to a page, not yet gone."""
        return self._visit(self, url, through)

    def leave(self) -> None:
        """Hear no more of the page."""
        self.listen(None)

    def _hear(self, name: str, event: dict[str, Any]) -> None:
        if self._listener is not None:
            self._listener(name, event)
        elif name == "Fetch.requestPaused":
            self.errand("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})

    def crash(self) -> None:
        """Note that the page has ended; whoever waits for it is told."""
        self.worn = True
        if not self._ended.done():
            self._ended.set_result(None)

    async def call(self, method: str, params: dict[str, Any] | None = None, wire: Wire | None = None) -> dict[str, Any]:
        """One command to the tab, or to a frame's own session, and its answer.

        Raises:
            Crashed: the page ended before it answered.
            BrowserGone: the command failed.

        """
        return await self.before_end((wire or self._wire).send(method, params or {}))

    async def before_end(self, awaited: Awaitable[_T]) -> _T:
        """What was awaited.

        Raises:
            Crashed: the page ended first.

        """
        task = asyncio.ensure_future(awaited)
        try:
            await asyncio.wait((task, self._ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                task.cancel()
        if not task.done() or task.cancelled():
            raise Crashed("the page's process ended")
        return task.result()

    def errand(self, method: str, params: dict[str, Any]) -> None:
        """A command whose answer nobody waits for, and whose failure means that it was not needed any more."""

        async def run() -> None:
            with contextlib.suppress(BrowserGone):
                await self.call(method, params)

        task = asyncio.create_task(run())
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def frames(self) -> list[Frame]:
        """All frames of the page, parents before children, the page itself first."""
        found: list[Frame] = []
        _walk((await self.call("Page.getFrameTree"))["frameTree"], self._wire, found)
        found[0].world = self._top.world
        for wire in await self.before_end(self._foreign_wires(len(found))):
            with contextlib.suppress(BrowserGone):  # it went away in between
                inner: list[Frame] = []
                _walk((await self.call("Page.getFrameTree", wire=wire))["frameTree"], wire, inner)
                known = {frame.id for frame in found}
                found += [frame for frame in inner if frame.id not in known]
        return found

    @property
    def top(self) -> Frame:
        """The page's own frame, without a look at the others; it stays, for it may not go elsewhere."""
        return self._top

    async def evaluate(self, frame: Frame, expression: str, *, by_value: bool = True) -> Any:
        """What an expression gives in our world in one frame; without `by_value` a handle to it, None for null.

        Raises:
            BrowserGone: the frame went away, or the expression threw.

        """
        if not frame.world:
            await self._enter(frame)
        answer = await self.call(
            "Runtime.evaluate",
            {"expression": expression, "contextId": frame.world, "awaitPromise": True, "returnByValue": by_value},
            frame.wire,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserGone(
                whole(str(details.get("exception", {}).get("description", details.get("text", ""))))[:300]
            )
        return answer["result"].get("value" if by_value else "objectId")

    async def _enter(self, frame: Frame) -> None:
        """Find the world that stands in the frame since its document began; make it where it does not."""
        made = await self.call("Page.createIsolatedWorld", {"frameId": frame.id, "worldName": self._world}, frame.wire)
        frame.world = int(made["executionContextId"])
        try:
            if not await self.evaluate(frame, "typeof loket === 'object'"):
                await self.evaluate(frame, f"{self._script};0")
        except BrowserGone:
            frame.world = 0
            raise

    async def run_axe(self, frame: Frame, context: str) -> str:
        """What axe found in one frame, its part of the whole, as JSON."""
        return str(await self.evaluate(frame, f"loket.axe.partial({context}).then(JSON.stringify)"))

    async def frame_in(self, frame: Frame, element: str) -> str:
        """The id of the frame that stands in an element; empty when none does."""
        handle = await self.evaluate(frame, element, by_value=False)
        described = await self.call("DOM.describeNode", {"objectId": handle}, frame.wire) if handle else {"node": {}}
        return str(described["node"].get("frameId", ""))

    async def stop_scripts(self) -> bool:
        """End the script that runs in the page and let no other start; whether the page then answers.

        The world that was under way is lost with the script, so the next look is in a new one.
        """
        self.change_world()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self.call("Runtime.terminateExecution")  # once: a second one would end our own next script
                await self.call("Emulation.setScriptExecutionDisabled", {"value": True})
                await self.call("Page.stopLoading")
                return bool(await self.evaluate(self.top, "1"))
        except (BrowserGone, TimeoutError):
            return False

    async def cookies(self) -> tuple[str, ...]:
        """The names of the cookies that the page may read or send."""
        answer = await self.call("Network.getCookies")
        return tuple(dict.fromkeys(cookie["name"] for cookie in answer["cookies"]))

    async def size(self) -> tuple[float, float]:
        """Width and height of the whole page, in CSS pixels."""
        size = (await self.call("Page.getLayoutMetrics"))["cssContentSize"]
        return float(size["width"]), float(size["height"])

    async def photograph(self, box: Box) -> bytes:
        """A JPEG of this part of the page."""
        clip = {"x": box[0], "y": box[1], "width": box[2], "height": box[3], "scale": 1}
        asked: dict[str, Any] = {"format": "jpeg", "quality": _QUALITY, "clip": clip, "captureBeyondViewport": True}
        return base64.b64decode((await self.call("Page.captureScreenshot", asked))["data"])

    def change_world(self) -> None:
        """Give the next world a new name: one in which a script was ended in mid-run cannot be used again."""
        self._world = new_name()
        self._top.world = 0
        self.worn = True

    async def close(self) -> bool:
        """Close the tab by the browser's own hand; False when even that did not help."""
        for task in self._errands:
            task.cancel()
        return await self._close(self.target)


def _walk(tree: dict[str, Any], wire: Wire, found: list[Frame]) -> None:
    frame = tree["frame"]
    missing = frame.get("unreachableUrl", "")
    found.append(Frame(missing or frame["url"], wire, frame["id"], loaded=not missing))
    for child in tree.get("childFrames", ()):
        _walk(child, wire, found)
