"""Opens a PDF in a child process and waits for what it tells; the child is gone when this returns, whatever the PDF does."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from importlib.metadata import version
from pathlib import Path

import msgspec

import audit
from audit.capture.documents.contents import Limits, PdfContents
from rules.model.failure import Failure, FailureKind

_TAIL = 4_000
_LONGEST = 300
_PIECE = 65_536


def reader_version() -> str:
    """What reads documents, such as `pdf pikepdf 10.1.0, pdfminer.six 20260107`."""
    return f"pdf pikepdf {version('pikepdf')}, pdfminer.six {version('pdfminer.six')}"


async def read_pdf(data: bytes, limits: Limits = Limits()) -> PdfContents:  # noqa: B008 - frozen
    """What the PDF holds, or a failure: too_large, deadline or crashed. Never raises for what a document does.

    A child that the system killed is followed by another one: it may have been the one that was nearest when memory was short.
    """
    contents, killed = await _read(data, limits)
    return contents if not killed else (await _read(data, limits))[0]


async def _read(data: bytes, limits: Limits) -> tuple[PdfContents, bool]:
    """What one child says, and whether it was killed before it could."""
    child = await _started(limits)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            answer, errors = await _conversation(child, data, limits)
            code = await child.wait()
    except TimeoutError:
        return _failed(FailureKind.DEADLINE, f"opening it takes longer than {limits.wall_seconds:g} s"), False
    finally:
        await _end(child)
    if len(answer) > limits.answer_bytes:
        return _failed(FailureKind.TOO_LARGE, "it holds more than can be told"), False
    try:
        return msgspec.json.decode(answer, type=PdfContents), False
    except msgspec.MsgspecError:
        return _way_to_end(code, errors), code == -signal.SIGKILL


async def _started(limits: Limits) -> asyncio.subprocess.Process:
    """The child, in a group of its own, with nothing in its environment, and limited before it has read a byte."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-B", "-m", "audit.capture.documents.pdf_child", msgspec.json.encode(limits).decode()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(Path(audit.__file__).parents[1]), "LC_ALL": "C.UTF-8", "PATH": os.defpath},
        cwd="/",
        process_group=0,
    )
    if hasattr(resource, "prlimit"):  # elsewhere the child limits itself, a moment later
        for kind, most in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(child.pid, kind, (most, most))
    return child


async def _conversation(child: asyncio.subprocess.Process, data: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Hand the document over; what the child says on its output and to its error channel, each no longer than it may be."""
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    errors = asyncio.create_task(_all(child.stderr, _TAIL))
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died at once; its exit says why
            child.stdin.write(data)
            await child.stdin.drain()
            child.stdin.close()
        return await _all(child.stdout, limits.answer_bytes), await errors
    finally:
        errors.cancel()


async def _all(stream: asyncio.StreamReader, most: int) -> bytes:
    """Everything up to the end, or one piece more than `most`."""
    read = bytearray()
    while len(read) <= most and (piece := await stream.read(_PIECE)):
        read += piece
    return bytes(read)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    await child.wait()


def _way_to_end(code: int, errors: bytes) -> PdfContents:
    """The failure of a child that ended without an answer."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return _failed(
            FailureKind.DEADLINE, "the system ended the opening: it took too long, or too much of the machine"
        )
    lines = [line.strip() for line in errors.decode(errors="replace").splitlines() if line.strip()]
    if any("MemoryError" in line or "bad_alloc" in line for line in lines):
        return _failed(FailureKind.TOO_LARGE, "opening it takes more memory than one may use")
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    last = lines[-1][:_LONGEST] if lines else "without a word"
    return _failed(FailureKind.CRASHED, f"what opens documents ended {how}: {last}")


def _failed(kind: FailureKind, detail: str) -> PdfContents:
    return PdfContents(truncated=True, failure=Failure(kind, detail))
