"""What every way of driving a browser gives: a browser with tabs, in each tab one visit after another, and how they end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from rules.model.failure import Failure, FailureKind
from rules.model.look import Request, Response, Uncollected

Box = tuple[float, float, float, float]
T = TypeVar("T")


class BrowserMissing(Exception):  # noqa: N818 - it names the state, as the command line prints it
    """There is no browser that can be started here; the message says what is missing."""


class BrowserGone(Exception):  # noqa: N818 - it names what happened
    """The tab, its page or the whole browser ended, or refused a command; the message is for a person.

    `kind` is what it means for the page that was being looked at.
    """

    kind = FailureKind.CRASHED


class Crashed(BrowserGone):
    """The page's process has crashed, or the tab was closed under our hands."""


class Unreadable(BrowserGone):
    """The page stands, and this engine cannot tell what is the page's and what is ours to say."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Frame(Protocol):
    """One frame of a page. One that is not `loaded` shows the browser's own words about an address that gave no document."""

    url: str
    id: str
    loaded: bool


F = TypeVar("F", bound=Frame)


class Visit(Protocol):
    """A tab's way to one page, until the page is there and still. `unfinished` then says why it is not all there."""

    url: str
    unfinished: Failure | None

    async def open(self, limit: float) -> Failure | None:
        """Go there within `limit` seconds; why there is no page, or None when one has begun to arrive."""

    async def settle(self, limit: float) -> None:
        """Wait until the page is loaded, or has had its time; TimeoutError when a script of it lets nobody in."""

    async def quiet(self) -> None:
        """Wait until the page's scripts seem to have done their work."""

    async def still(self, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives of the page once its scripts seem to have done their work."""

    def goes_on(self, text: int) -> str:
        """Where a page that says nothing itself (`text` characters) leads to on the same site; else empty."""

    def response(self, page_cookies: tuple[str, ...] = ()) -> Response | None:
        """The site's answer, or None when there was none; `page_cookies` are names that scripts have set besides."""

    def requests(self) -> tuple[Request, ...]:
        """What the page sent for, as far as the engine tells."""


class Tab(Protocol[F]):
    """One tab. `worn` says that it must not be used for another page; `visits` counts its pages.

    With `axe_apart`, axe is run by `run_axe` alone and not by the script that reads the rest of a frame.
    Every command raises BrowserGone when the tab has ended or the frame has gone.
    """

    worn: bool
    visits: int
    axe_apart: bool

    def visit(self, url: str, through: tuple[str, ...] = ()) -> Visit:
        """The way to a page, not yet gone; `through` are addresses that were passed through on the way to this one."""

    def leave(self) -> None:
        """Hear no more of the page."""

    async def frames(self) -> list[F]:
        """All frames of the page, parents before children, the page itself first."""

    async def evaluate(self, frame: F, expression: str) -> Any:
        """What an expression over our script gives in one frame."""

    async def run_axe(self, frame: F, context: str) -> str:
        """What axe found in one frame, its part of the whole; `context` is what its parent's part says of it. Both are JSON."""

    async def frame_in(self, frame: F, element: str) -> str:
        """The id of the frame that stands in an element of another frame (an expression gives it); empty when none does."""

    async def stop_scripts(self) -> bool:
        """End the script that runs in the page and let no other start; whether the page then answers."""

    async def cookies(self) -> tuple[str, ...]:
        """The names of the cookies that the page may read or send."""

    async def size(self) -> tuple[float, float]:
        """Width and height of the whole page, in CSS pixels."""

    async def photograph(self, box: Box) -> bytes:
        """A JPEG of this part of the page; BrowserGone where the engine can take none."""

    async def close(self) -> bool:
        """Close the tab by the browser's own hand; False when even that did not help."""


class Browser(Protocol):
    """One running browser with one site's cookies and cache, and nobody else's.

    `version` names engine, product and version. `uncollected` names what this engine does not give of any page.
    """

    version: str
    sandboxed: bool
    gone: asyncio.Event
    uncollected: tuple[Uncollected, ...]

    async def open_tab(self) -> Tab[Any]:
        """A new tab; BrowserGone when the browser has ended, or does not answer."""

    def prove_sandbox(self) -> None:
        """Note whether the sandbox stands, once a tab is open; SandboxUnavailable when it must and does not."""

    def kill(self) -> None:
        """End the browser at once, with all its processes."""
