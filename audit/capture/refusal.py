"""Asks the guard why it refused a tunnel: Chromium does not tell what a proxy answered to its request for one."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from audit.capture.failures import guard_failure
from rules.model.failure import Failure, FailureKind

_SECONDS = 15.0
_MAX_HEAD = 16_384


async def why_refused(proxy: str, url: str) -> Failure:
    """The guard's reason not to reach this URL's host, from asking once more; should it let us through now, a plain refusal."""
    parts = urlsplit(url)
    target = (
        f"{parts.hostname}:{parts.port or 443}"
        if ":" not in (parts.hostname or "")
        else f"[{parts.hostname}]:{parts.port or 443}"
    )
    host, _, port = proxy.rpartition(":")
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, int(port), limit=_MAX_HEAD)
            try:
                writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii"))
                head = await reader.readuntil(b"\r\n\r\n")
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        return Failure(
            FailureKind.REFUSED, f"the guard did not let the request out, and does not say why ({type(error).__name__})"
        )
    for line in head.decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "x-loket-guard":
            return guard_failure(value.strip())
    return Failure(FailureKind.REFUSED, "the site did not let a secure connection through")
