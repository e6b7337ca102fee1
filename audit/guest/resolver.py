"""Names and their addresses: each name is looked up once and remembered for a while, with its failure too."""

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

Resolve = Callable[[str], list[str]]
"""Turns a name into its addresses, in the order to try; raises OSError when there are none. May block."""

_KEPT_SECONDS = 300.0
_KEPT_SECONDS_WITHOUT_ANSWER = 10.0
_MOST_NAMES = 4096


@dataclass(slots=True)
class _Looked:
    """A name being looked up or known: its addresses, or in words why there are none."""

    answer: "asyncio.Future[tuple[str, ...] | str]"
    until: float = 0.0


def system_addresses(name: str) -> list[str]:
    """The addresses that this machine's own resolver gives for a name.

    Raises:
        OSError: none.

    """
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Resolver:
    """Looks names up for one event loop; `seconds` is how long an answer may take."""

    def __init__(self, resolve: Resolve = system_addresses, seconds: float = 10.0) -> None:
        self._resolve = resolve
        self._seconds = seconds
        self._names: dict[str, _Looked] = {}

    async def addresses(self, name: str) -> tuple[str, ...] | str:
        """The addresses of a name, at least one; or in words why there are none."""
        loop = asyncio.get_running_loop()
        known = self._names.get(name)
        if known is None or (known.answer.done() and known.until < loop.time()):
            known = self._begin(name, loop)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(known.answer)
        except TimeoutError:
            return "no answer from the name server"

    def _begin(self, name: str, loop: asyncio.AbstractEventLoop) -> _Looked:
        if len(self._names) >= _MOST_NAMES:
            del self._names[next(iter(self._names))]
        looked = self._names[name] = _Looked(loop.create_future())
        # A thread of its own, never waited for: nothing can stop the system's resolver, and an executor would hold the end up.
        threading.Thread(target=self._look_up, args=(name, looked, loop), name=f"resolve {name}", daemon=True).start()
        return looked

    def _look_up(self, name: str, looked: _Looked, loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.call_soon_threadsafe(_settle, looked, self._answer(name))
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    def _answer(self, name: str) -> tuple[str, ...] | str:
        try:
            return tuple(self._resolve(name)) or "no such host"
        except socket.gaierror as error:
            return "no answer from the name server" if error.errno == socket.EAI_AGAIN else "no such host"
        except (OSError, UnicodeError) as error:
            return f"cannot be looked up ({error})"


def _settle(looked: _Looked, answer: tuple[str, ...] | str) -> None:
    kept = _KEPT_SECONDS_WITHOUT_ANSWER if isinstance(answer, str) else _KEPT_SECONDS
    looked.until = asyncio.get_running_loop().time() + kept
    if not looked.answer.done():
        looked.answer.set_result(answer)
