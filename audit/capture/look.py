"""One look at one page, from the navigation to the record, whatever the page does: it always ends in one `Look`."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from audit import clock
from audit.capture import condition, consent
from audit.capture.engine.contract import Browser, BrowserGone, Tab
from audit.capture.gather import axe, picture
from audit.capture.gather.page_json import whole
from audit.capture.order import CaptureSettings, LookOrder
from rules.model.failure import Failure, FailureKind
from rules.model.look import Look, Picture

_LOG = logging.getLogger(__name__)

# Shares of the deadline: for the site to answer, for the page to load, for the readers. What is left is for a second look.
_ANSWER_SHARE, _LOAD_SHARE, _READ_SHARE = 0.6, 1 / 3, 0.75
_HOPS = 2  # redirects written in HTML that are followed
_NEWS = 0.2  # seconds after which it is known whether the page alone has ended or its browser with it
_ALL = ("condition", "outline", "axe")
_HUNG = Failure(FailureKind.DEADLINE, "the page kept the browser busy and was stopped; what stood there then was read")


class PageLook:
    """The state of one look. Each step fills in what it found, so that an end at any moment leaves what was there."""

    def __init__(
        self,
        tab: Tab[Any],
        order: LookOrder,
        settings: CaptureSettings,
        pictured: set[str],
        turn: Callable[[str], Awaitable[None]],
    ) -> None:
        self._tab = tab
        self._order = order
        self._settings = settings
        self._pictured = pictured
        self._turn = turn
        self._visit = tab.visit(order.url)
        self._reading: axe.Reading | None = None
        self._failure: Failure | None = None
        self._pictures: tuple[Picture, ...] = ()
        self._cookies: tuple[str, ...] = ()
        self._moment = clock.now()
        self._seconds = 0.0

    async def take(self, browser: Browser) -> None:
        """Go there and read. It ends within the deadline, give or take the seconds that ending a page takes.

        Raises:
            BrowserGone: the browser ended, and not through this page; the page may be looked at again.

        """
        began = time.monotonic()
        self._until = began + self._settings.deadline
        try:
            async with asyncio.timeout(self._settings.deadline):
                await self._steps()
        except TimeoutError:
            self._failure = self._failure or Failure(
                FailureKind.DEADLINE, f"not done within {self._settings.deadline:.0f} s"
            )
            self._tab.worn = True
        except BrowserGone as error:
            await asyncio.sleep(_NEWS)
            if browser.gone.is_set():
                raise
            self._tab.worn = True
            self._failure = self._failure or Failure(error.kind, str(error))
        finally:
            self._tab.leave()
            self._tab.visits += 1
            self._seconds = time.monotonic() - began

    async def _steps(self) -> None:
        """To the page, and on where a page is nothing but a way on within the site."""
        through: tuple[str, ...] = ()
        while True:
            await self._step()
            further = self._visit.goes_on(self._reading.condition.length) if self._reading else ""
            if not further or len(through) == _HOPS:
                break
            through = (*through, self._visit.url)
            self._reading = None
            self._visit = self._tab.visit(further, through)
            await self._turn(further)
        await self._conclude()

    async def _step(self) -> None:
        self._failure = await self._visit.open(self._settings.deadline * _ANSWER_SHARE)
        if self._failure is not None:
            return
        try:
            async with asyncio.timeout(self._left() * _READ_SHARE):
                await self._settle()
                whole = self._visit.unfinished is None
                self._reading = await self._visit.still(self._read) if whole else await self._read()
        except TimeoutError:
            await self._read_stopped()

    async def _settle(self) -> None:
        await self._visit.settle(min(self._settings.deadline * _LOAD_SHARE, self._left() / 2))
        if self._settings.consent == "reject":
            await self._refuse_consent()

    async def _refuse_consent(self) -> None:
        if self._visit.unfinished is None:
            await self._visit.quiet()
        if await consent.refuse(self._tab):
            await self._visit.quiet()

    async def _read(self) -> axe.Reading:
        return await axe.read(self._tab, await self._tab.frames(), wanted=_ALL)

    async def _read_stopped(self) -> None:
        """A second look at a page whose script was ended: first what it says, then, if there is time, axe."""
        self._failure = self._visit.unfinished or _HUNG
        if not await self._tab.stop_scripts():
            return
        frames = await self._tab.frames()
        self._reading = await axe.read(self._tab, frames, wanted=("condition", "outline"))
        reading = await axe.read(self._tab, frames, wanted=("axe",))
        self._reading = axe.with_axe(self._reading, reading)

    async def _conclude(self) -> None:
        """What stood there, the cookies that scripts set, and the pictures of what was found."""
        if self._reading is None:
            return
        self._cookies = tuple(map(whole, await self._tab.cookies()))
        stands = condition.wall(self._order.url, self._visit.response(), self._reading.condition)
        self._failure = stands or self._failure or self._visit.unfinished
        if self._failure is None and self._settings.pictures:
            await self._take_pictures(self._reading)

    async def _take_pictures(self, reading: axe.Reading) -> None:
        """Pictures are a help and no evidence: a page that was read is not lost for the lack of them."""
        try:
            async with asyncio.timeout(self._left() * _READ_SHARE):
                self._pictures = await picture.take(self._tab, reading, self._pictured, whole=self._order.full_picture)
        except TimeoutError:
            self._tab.worn = True

    def _left(self) -> float:
        return max(0.1, self._until - time.monotonic())

    def look(self, browser: Browser) -> Look:
        """What was taken, as it is stored. It needs no tab, and may be made while the tab is at its next page."""
        reading = self._reading
        failure = self._failure
        if reading is not None and reading.errors:
            _LOG.warning("%s was not read whole: %s", self._order.url, "; ".join(reading.errors))
        if failure is None and (reading is None or not reading.has_outline):
            failure = Failure(
                FailureKind.CRASHED, "; ".join(reading.errors) if reading else "the page could not be read"
            )
        return Look(
            url=self._order.url,
            taken_at=clock.stamp(self._moment),
            response=self._visit.response(self._cookies),
            outline=reading.outline if reading else None,
            axe=reading.axe if reading else None,
            requests=self._visit.requests(),
            pictures=self._pictures,
            failure=failure,
            partial=failure is not None and reading is not None and reading.has_outline,
            browser=browser.version,
            seconds=round(self._seconds, 3),
            sandboxed=browser.sandboxed,
            uncollected=browser.uncollected,
        )


def without_page(url: str, why: str, browser: Browser) -> Look:
    """The look at a page that ends its browser each time."""
    failure = Failure(FailureKind.CRASHED, why)
    return Look(url, clock.stamp(clock.now()), failure=failure, browser=browser.version, sandboxed=browser.sandboxed)
