import asyncio
import os
from collections.abc import Callable, Iterable, Iterator

import hostile_site
import pytest

from audit import machine
from audit.capture.pool import CaptureSettings, LookOrder, look_at
from rules.model.look import Look

Looker = Callable[..., dict[str, Look]]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with hostile_site.serve() as address:
        yield address


@pytest.fixture(scope="session")
def settings() -> CaptureSettings:
    if machine.find_browser() is None:
        pytest.skip("no Chromium on this machine")
    return CaptureSettings(
        proxy="",
        browser=os.environ.get("LOKET_TEST_BROWSER", ""),
        user_agent="loket-test",
        sandbox=not machine.user_namespaces(),
        tabs=2,
        deadline=9,
    )


@pytest.fixture(scope="session")
def looker(settings: CaptureSettings) -> Looker:
    """Looks at pages by their full address, and gives the looks by address: each exactly once."""

    def take(
        urls: Iterable[str], *, pictured: set[str] | None = None, full: bool = False, **changes: object
    ) -> dict[str, Look]:
        given = CaptureSettings(**{**{name: getattr(settings, name) for name in settings.__struct_fields__}, **changes})
        looks: list[Look] = []
        turns: list[str] = []
        started: list[str] = []

        async def turn(url: str) -> None:
            turns.append(url)

        async def run() -> None:
            await look_at(
                [LookOrder(url, full_picture=full) for url in urls],
                given,
                turn=turn,
                pictured=set() if pictured is None else pictured,
                started=started.append,
                done=looks.append,
                stop=asyncio.Event(),
            )

        asyncio.run(run())
        assert sorted(look.url for look in looks) == sorted(urls)
        assert set(started) <= set(turns)
        return {look.url: look for look in looks}

    return take
