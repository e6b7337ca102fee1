"""The heads of HTTP/1.1 messages, read so strictly that a client and a server cannot be made to see different messages.

https://www.rfc-editor.org/rfc/rfc9112: section 6.3 says where a body ends, section 11.2 what happens when two readers
disagree about it. A client's head must be flawless; a server's may have the old faults that browsers forgive, which are
mended here and never handed on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEAD_END = re.compile(rb"\r\n\r\n")
LOOSE_HEAD_END = re.compile(rb"\r?\n\r?\n")
MOST_HEAD = 131_072  # bytes of a head; large policies and cookies stay below half of it

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb") ([\x21-\x7e]+) HTTP/1\.([01])")
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: (.*))?")
_FIELD = re.compile(rb"(" + _TOKEN + rb"):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*")
_LOOSE_FIELD = re.compile(rb"(" + _TOKEN + rb")[ \t]*:[ \t]*(.*?)[ \t]*")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_HOP_BY_HOP = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect"}
    | {b"proxy-authorization", b"proxy-authenticate", b"proxy-authentication-info", b"content-length", b"host"}
)
_NO_BODY = frozenset({204, 304})
_INFORMATIONAL = range(100, 200)

Fields = tuple[tuple[bytes, bytes], ...]


class BadMessageError(Exception):
    """A message that cannot be read in one way only; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Body:
    """Where a body ends: after `length` bytes, where its chunks say, or (`until_close`) with the connection."""

    length: int = 0
    chunked: bool = False
    until_close: bool = False

    @property
    def empty(self) -> bool:
        """Whether no byte of a body follows."""
        return not (self.length or self.chunked or self.until_close)


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; `minor` is the 1 of HTTP/1.1."""

    method: bytes
    target: bytes
    minor: int
    fields: Fields
    body: Body

    @property
    def keeps_open(self) -> bool:
        """Whether the client means to ask more on this connection. HTTP/1.0's own way to say so is not honoured."""
        tokens = _tokens(self.fields, b"connection") | _tokens(self.fields, b"proxy-connection")
        return self.minor == 1 and b"close" not in tokens

    @property
    def wants_websocket(self) -> bool:
        """Whether the connection is to become a WebSocket."""
        return _tokens(self.fields, b"upgrade") == {b"websocket"} and b"upgrade" in _tokens(self.fields, b"connection")

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for leave to send its body."""
        return self.minor == 1 and b"100-continue" in _tokens(self.fields, b"expect")


@dataclass(frozen=True, slots=True)
class Response:
    """The head of a response; `reusable` when the server's connection can carry another request after it."""

    status: int
    reason: bytes
    fields: Fields
    body: Body
    reusable: bool


def parse_request(head: bytes) -> Request:
    """A client's head, up to and without the empty line.

    Raises:
        BadMessageError: it breaks the grammar, or leaves open where its body ends.

    """
    first, *lines = head.split(b"\r\n")
    start = _REQUEST_LINE.fullmatch(first)
    if start is None:
        raise BadMessageError("the request line is malformed")
    fields = tuple(_field(line) for line in lines)
    minor = int(start[3])
    return Request(start[1], start[2], minor, fields, _request_body(fields, minor))


def parse_response(head: bytes, method: bytes) -> Response:
    """A server's head, up to and without the empty line, as the answer to a request with this method.

    Raises:
        BadMessageError: it is no HTTP/1 response, or gives several lengths.

    """
    first, *lines = _FOLD.sub(b" ", head).split(b"\n")
    start = _STATUS_LINE.fullmatch(first.rstrip(b"\r"))
    if start is None:
        raise BadMessageError("the answer is not HTTP")
    fields = tuple(field for line in lines if (field := _loose_field(line)))
    status = int(start[2])
    body, certain = _response_body(fields, status, method)
    tokens = _tokens(fields, b"connection")
    reusable = start[1] == b"1" and certain and not body.until_close and b"close" not in tokens
    return Response(status, _CONTROL.sub(b"", start[3] or b""), fields, body, reusable)


def end_to_end(fields: Fields) -> list[tuple[bytes, bytes]]:
    """The fields that are meant for the other end: without those for one connection, the lengths, and the host."""
    named = _tokens(fields, b"connection") | _tokens(fields, b"proxy-connection")
    return [(name, value) for name, value in fields if (low := name.lower()) not in _HOP_BY_HOP and low not in named]


def written(first: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A head as bytes, with the empty line."""
    return b"".join((first, b"\r\n", *(b"%b: %b\r\n" % field for field in fields), b"\r\n"))


def body_fields(body: Body) -> list[tuple[bytes, bytes]]:
    """The one field that says where this body ends."""
    if body.chunked:
        return [(b"Transfer-Encoding", b"chunked")]
    return [] if body.until_close else [(b"Content-Length", b"%d" % body.length)]


def values(fields: Fields, name: bytes) -> list[bytes]:
    """The values of all fields of this name, in order; `name` is in lower case."""
    return [value for key, value in fields if key.lower() == name]


def _tokens(fields: Fields, name: bytes) -> set[bytes]:
    return {token.strip(b" \t").lower() for value in values(fields, name) for token in value.split(b",")} - {b""}


def _field(line: bytes) -> tuple[bytes, bytes]:
    found = _FIELD.fullmatch(line)
    if found is None:
        raise BadMessageError("a header field is malformed")
    return found[1], found[2]


def _loose_field(line: bytes) -> tuple[bytes, bytes] | None:
    """A server's field, mended; None for a line that is none, which browsers pass over as well."""
    found = _LOOSE_FIELD.fullmatch(line.rstrip(b"\r"))
    return (found[1], _CONTROL.sub(b" ", found[2])) if found else None


def _request_body(fields: Fields, minor: int) -> Body:
    codings, lengths = values(fields, b"transfer-encoding"), values(fields, b"content-length")
    if codings and lengths:
        raise BadMessageError("the request has both Transfer-Encoding and Content-Length")
    if codings:
        if minor == 0 or [coding.lower() for coding in codings] != [b"chunked"]:
            raise BadMessageError("the request has a Transfer-Encoding other than chunked")
        return Body(chunked=True)
    if not lengths:
        return Body()
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise BadMessageError("the request has no single Content-Length")
    return Body(length=int(lengths[0]))


def _response_body(fields: Fields, status: int, method: bytes) -> tuple[Body, bool]:
    """Where the body of an answer ends, and whether another reader could have seen it end elsewhere."""
    if method == b"HEAD" or status in _NO_BODY or status in _INFORMATIONAL:
        return Body(), True
    codings, lengths = values(fields, b"transfer-encoding"), set(values(fields, b"content-length"))
    if codings:
        chunked = b",".join(codings).lower().replace(b" ", b"") == b"chunked"
        return (Body(chunked=True), not lengths) if chunked else (Body(until_close=True), False)
    if not lengths:
        return Body(until_close=True), True
    if len(lengths) > 1 or not _LENGTH.fullmatch(length := lengths.pop()):
        raise BadMessageError("the answer has no single Content-Length")
    return Body(length=int(length)), True
