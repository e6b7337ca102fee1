"""What every stage is handed: one site of one run, the way out, and somebody to tell how far it is."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from audit.config import Settings
from audit.guest.robots import allowed
from audit.stages.fact_readers import FactReaders
from audit.store.store import Store
from rules.model.failure import Failure, FailureKind
from rules.model.portfolio import Agency, Site
from rules.model.run import RunInfo
from rules.model.url import origin


class Progress(Protocol):
    """Whoever shows how far the work is."""

    def stage(self, site: str, stage: str, total: int) -> None:
        """A stage of a site begins; `total` pages are to be done as far as is known, 0 for unknown."""

    def page(self, url: str) -> None:
        """Looking at this page has begun."""

    def done(self, count: int = 1, *, total: int | None = None) -> None:
        """So many more are done; the total may have grown."""

    def say(self, sentence: str) -> None:
        """Something a person should read now."""


class InterruptedRunError(Exception):
    """Somebody asked Loket to stop; all that was done is kept."""


@dataclass(frozen=True)
class SiteWork:
    """One site in one run.

    `proxy` is the guard, `host:port`; `robots` maps origins to the text of their robots.txt, and `unread` those whose
    robots.txt could not be read, which closes them, to the reason. `keep_book` writes down who was contacted: it is called
    before what came of it is stored, so that a kill loses neither without the other.
    """

    store: Store
    run: RunInfo
    agency: Agency
    site: Site
    settings: Settings
    progress: Progress
    user_agent: str
    proxy: str = ""
    given: tuple[str, ...] = ()
    robots: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, Failure] = field(default_factory=dict)
    readers: FactReaders = field(default_factory=FactReaders)
    keep_book: Callable[[], None] = lambda: None

    @property
    def name(self) -> str:
        """What progress calls this site: its agency, and the site where the agency has more than one."""
        return self.agency.name if len(self.agency.sites) == 1 else f"{self.agency.name}, {self.site.name}"

    @property
    def seed(self) -> str:
        """What the random part of this site's sample is drawn with."""
        return f"{self.run.seed}/{self.site.id}"

    def closed(self, url: str) -> Failure | None:
        """Why this address may not be asked for: its robots.txt says so, or could not be read; None when it may."""
        if allowed(self.robots, url, self.user_agent):
            return None
        return self.unread.get(origin(url)) or Failure(FailureKind.ROBOTS, "robots.txt closes this address")


def run_until_told(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run a coroutine that ends early and tidily when its event is set by SIGINT or SIGTERM.

    Raises:
        InterruptedRunError: it was told to stop.

    """
    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    told = False

    async def guarded() -> None:
        nonlocal told
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in earlier:
            with suppress(ValueError, NotImplementedError, RuntimeError):  # only the main thread hears signals
                loop.add_signal_handler(number, stop.set)
        await main(stop)
        told = stop.is_set()

    try:
        asyncio.run(guarded())
    finally:
        for number, handler in earlier.items():
            with suppress(ValueError):
                signal.signal(number, handler)
    if told:
        raise InterruptedRunError
