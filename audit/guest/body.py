"""The bodies of messages, read to where they end and no further, and written anew as they come."""

import re
from collections.abc import Awaitable, Callable

from audit.guest.message import BadMessageError, Body
from audit.guest.wire import EndedError, Wire

_Emit = Callable[[bytes], Awaitable[None]]

_PIECE = 262_144
_MOST_SIZE_LINE = 4096
_MOST_TRAILERS = 16_384
_LINE_END = re.compile(rb"\r\n")
_LOOSE_LINE_END = re.compile(rb"\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;.*)?", re.DOTALL)


async def copy_body(
    source: Wire,
    target: Wire,
    body: Body,
    *,
    seconds: float,
    count: Callable[[int], None],
    chunked: bool,
    strict: bool,
) -> None:
    """Carry a body over, in chunks of our own or as it is; what the target holds back goes out with it.

    `strict` is for a client, whose every line must end in CRLF. `count` hears of each piece before it goes on.

    Raises:
        BadMessageError: the chunks are malformed.
        EndedError: either side closed before the end.
        TimeoutError: nothing moved for so many seconds.

    """

    async def emit(piece: bytes) -> None:
        count(len(piece))
        await target.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece, seconds)

    if body.chunked:
        await _chunks(source, seconds, _LINE_END if strict else _LOOSE_LINE_END, emit)
    elif body.until_close:
        await _to_the_end(source, seconds, emit)
    else:
        await _exactly(source, body.length, seconds, emit)
    await target.send(b"0\r\n\r\n" if chunked else b"", seconds)


async def _chunks(source: Wire, seconds: float, line_end: re.Pattern[bytes], emit: _Emit) -> None:
    while size := await _chunk_size(source, seconds, line_end):
        await _exactly(source, size, seconds, emit)
        if await source.read_until(line_end, 0, seconds) is None:
            raise BadMessageError("a chunk is longer than it says")
    await _pass_trailers(source, seconds, line_end)


async def _exactly(source: Wire, length: int, seconds: float, emit: _Emit) -> None:
    while length:
        piece = await source.read(min(length, _PIECE), seconds)
        length -= len(piece)
        await emit(piece)


async def _to_the_end(source: Wire, seconds: float, emit: _Emit) -> None:
    while True:
        try:
            piece = await source.read(_PIECE, seconds)
        except EndedError:
            if source.broken:
                raise
            return
        await emit(piece)


async def _chunk_size(source: Wire, seconds: float, line_end: re.Pattern[bytes]) -> int:
    line = await source.read_until(line_end, _MOST_SIZE_LINE, seconds)
    found = _CHUNK_SIZE.fullmatch(line or b"")
    if found is None:
        raise BadMessageError("a chunk has no size")
    return int(found[1], 16)


async def _pass_trailers(source: Wire, seconds: float, line_end: re.Pattern[bytes]) -> None:
    """Read past the fields after the last chunk: they may be left out, and no page needs them."""
    left = _MOST_TRAILERS
    while line := await source.read_until(line_end, left, seconds):
        left -= len(line)
    if line is None:
        raise BadMessageError("too much follows the last chunk")
