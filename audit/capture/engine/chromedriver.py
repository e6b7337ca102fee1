"""Starts chromedriver in a den, where the browser that it starts is confined with it, and says where it listens."""

import asyncio
import contextlib
import re
from collections.abc import Callable

from audit.capture.engine.contract import BrowserGone
from audit.capture.sandbox import Den

_START_SECONDS = 30.0
_PORT = re.compile(rb"started successfully on port (\d+)")


class Chromedriver:
    """One chromedriver and the one browser that it drives; both end together, however they end."""

    def __init__(self, driver: str, browser: str, ended: Callable[[], None]) -> None:
        """`driver` and `browser` are paths; `ended` is called when the driver has ended and nobody asked it to.

        Raises:
            SandboxUnavailable: root would start it, and the unprivileged user cannot.

        """
        self._path = driver
        self._den = Den(browser, driver=driver)
        self._ended = ended
        self._files = contextlib.ExitStack()
        self._drain: asyncio.Task[None] | None = None
        self._ending = False

    async def start(self) -> str:
        """The address at which it takes orders.

        Raises:
            BrowserGone: it does not start.

        """
        self._files.enter_context(self._den)
        nothing = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            str(self._den.script), "--port=0", stdin=nothing, stdout=asyncio.subprocess.PIPE, stderr=nothing
        )
        assert process.stdout is not None
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._drain = asyncio.create_task(self._listen(process, process.stdout, port))
        try:
            async with asyncio.timeout(_START_SECONDS):
                return f"http://127.0.0.1:{await port}"
        except TimeoutError as error:
            raise BrowserGone(f"{self._path} does not say within {_START_SECONDS:.0f} s where it listens") from error

    async def _listen(
        self, process: asyncio.subprocess.Process, output: asyncio.StreamReader, port: asyncio.Future[int]
    ) -> None:
        """Read what it prints until it ends, for a full pipe would hold it up; and reap it."""
        last = b""
        async for line in output:
            last = line.strip() or last
            found = _PORT.search(line)
            if found and not port.done():
                port.set_result(int(found[1]))
        await process.wait()
        if not port.done():
            port.set_exception(BrowserGone(f"{self._path} ended at once: {last.decode(errors='replace')}"))
        if not self._ending:
            self._ended()

    @property
    def browser_script(self) -> str:
        """What it must start for a browser, so that the browser ends when it does."""
        return str(self._den.browser_script)

    def stands(self) -> bool:
        """Whether the sandbox of its browser stands."""
        return self._den.stands()

    def kill(self) -> None:
        """End it and its browser at once."""
        self._ending = True
        self._den.kill()

    async def stop(self) -> None:
        """End it and its browser, and remove their files."""
        self.kill()
        if self._drain is not None:
            await self._drain
        self._files.close()
