"""Heads are read in one way only: what two readers could understand differently is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.guest.message import BadMessageError, Body, end_to_end, parse_request, parse_response
from audit.guest.target import Target, parse_target

LINE = b"GET http://example.nl/ HTTP/1.1"


def request(*fields: bytes, line: bytes = LINE) -> bytes:
    return b"\r\n".join((line, *fields))


@pytest.mark.parametrize(
    "head",
    [
        request(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        request(b"Content-Length: 5", b"Content-Length: 6"),
        request(b"Content-Length: 5", b"Content-Length: 5"),
        request(b"Content-Length: 5, 5"),
        request(b"Content-Length: +5"),
        request(b"Content-Length: -5"),
        request(b"Content-Length: 0x5"),
        request(b"Content-Length: "),
        request(b"Content-Length: 5 6"),
        request(b"Content-Length : 5"),
        request(b" Content-Length: 5"),
        request(b"Content-Length: 99999999999999999999"),
        request(b"Transfer-Encoding: gzip, chunked"),
        request(b"Transfer-Encoding: chunked, chunked"),
        request(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"),
        request(b"Transfer-Encoding: xchunked"),
        request(b"Transfer-Encoding: \x0bchunked"),
        request(b"Transfer-Encoding : chunked"),
        request(b"Transfer-Encoding: chunked", line=b"GET http://example.nl/ HTTP/1.0"),
        request(b"X: a", b" folded: b"),
        request(b"X: a\nContent-Length: 5"),
        request(b"X: a\rContent-Length: 5"),
        request(b"X: a\x00b"),
        request(b"no colon"),
        request(b": nameless"),
        request(b"X\xe9: a"),
        request(line=b"GET  http://example.nl/ HTTP/1.1"),
        request(line=b"GET http://example.nl/ HTTP/1.1 "),
        request(line=b"GET http://example.nl/a b HTTP/1.1"),
        request(line=b"GET http://example.nl/\xe9 HTTP/1.1"),
        request(line=b"GET http://example.nl/"),
        request(line=b"GET http://example.nl/ HTTP/2.0"),
        request(line=b"GET http://example.nl/ http/1.1"),
        request(line=b"G(T http://example.nl/ HTTP/1.1"),
        request(line=b""),
        b"",
    ],
)
def test_a_request_that_could_be_read_in_two_ways_is_refused(head: bytes) -> None:
    with pytest.raises(BadMessageError):
        parse_request(head)


@settings(deadline=None)  # two cores may be busy
@given(st.binary(max_size=80), st.sampled_from([b"", LINE + b"\r\n", LINE + b"\r\nContent-Length: 1\r\n"]))
def test_any_bytes_are_a_request_or_are_refused(data: bytes, before: bytes) -> None:
    try:
        parsed = parse_request(before + data)
    except BadMessageError:
        return
    for name, value in parsed.fields:
        assert not set(name + value) & set(b"\r\n\x00")


@settings(deadline=None)  # two cores may be busy
@given(st.binary(max_size=80), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\nContent-Length: 1\n"]))
def test_any_bytes_are_a_response_without_control_characters_or_are_refused(data: bytes, before: bytes) -> None:
    try:
        parsed = parse_response(before + data, b"GET")
    except BadMessageError:
        return
    for name, value in parsed.fields:
        assert not set(name + value) & set(b"\r\n\x00")
    assert not set(parsed.reason) & set(b"\r\n\x00")


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ([], Body()),
        ([b"Content-Length: 0"], Body()),
        ([b"content-length:7"], Body(length=7)),
        ([b"Content-Length:  7 \t"], Body(length=7)),
        ([b"Transfer-Encoding: Chunked"], Body(chunked=True)),
    ],
)
def test_a_request_says_where_its_body_ends(fields: list[bytes], body: Body) -> None:
    assert parse_request(request(*fields)).body == body


@pytest.mark.parametrize(
    ("status", "method", "fields", "body", "reusable"),
    [
        (200, b"GET", [b"Content-Length: 7"], Body(length=7), True),
        (200, b"GET", [b"Content-Length: 7", b"Content-Length: 7"], Body(length=7), True),
        (200, b"GET", [b"Content-Length: 7", b"Connection: Close"], Body(length=7), False),
        (200, b"GET", [b"Transfer-Encoding: chunked"], Body(chunked=True), True),
        (200, b"GET", [b"Transfer-Encoding : chunked"], Body(chunked=True), True),
        (200, b"GET", [b"Transfer-Encoding: chunked", b"Content-Length: 7"], Body(chunked=True), False),
        (200, b"GET", [b"Transfer-Encoding: gzip, chunked"], Body(until_close=True), False),
        (200, b"GET", [], Body(until_close=True), False),
        (200, b"HEAD", [b"Content-Length: 7"], Body(), True),
        (204, b"GET", [b"Content-Length: 7"], Body(), True),
        (304, b"GET", [b"Content-Length: 7"], Body(), True),
        (101, b"GET", [], Body(), True),
        (500, b"POST", [b"Content-Length: 0"], Body(), True),
    ],
)
def test_an_answer_says_where_its_body_ends_and_whether_the_connection_lives_on(
    status: int, method: bytes, fields: list[bytes], body: Body, reusable: bool
) -> None:
    parsed = parse_response(b"\r\n".join((b"HTTP/1.1 %d x" % status, *fields)), method)
    assert (parsed.status, parsed.body, parsed.reusable) == (status, body, reusable)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"ICY 200 OK",
        b"<html>",
        b"HTTP/2 200",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 200OK",
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8",
        b"HTTP/1.1 200 OK\r\nContent-Length: x",
    ],
)
def test_what_is_no_answer_or_has_two_lengths_is_refused(head: bytes) -> None:
    with pytest.raises(BadMessageError):
        parse_response(head, b"GET")


def test_faults_that_browsers_forgive_in_an_answer_are_mended() -> None:
    parsed = parse_response(b"HTTP/1.0 200\nServer: a\n b\r\nno field\nX : a\x00b\r\n: c", b"GET")
    assert parsed.fields == ((b"Server", b"a b"), (b"X", b"a b"))
    assert parsed.reason == b""
    assert not parsed.reusable


def test_fields_for_one_connection_are_not_handed_on() -> None:
    fields = parse_request(
        request(b"Host: x", b"Connection: keep-alive, X-Hop", b"X-Hop: 1", b"Proxy-Connection: keep-alive", b"TE: gzip")
        + b"\r\nKeep-Alive: 5\r\nProxy-Authorization: Basic eA==\r\nUpgrade: h2c\r\nAccept: */*\r\nContent-Length: 1"
    ).fields
    assert end_to_end(fields) == [(b"Accept", b"*/*")]


@pytest.mark.parametrize(
    ("line", "target"),
    [
        (b"GET http://Example.nl/a?b HTTP/1.1", Target("example.nl", 80, b"/a?b")),
        (b"GET HTTP://example.nl:8080 HTTP/1.1", Target("example.nl", 8080, b"/")),
        (b"GET http://example.nl?a HTTP/1.1", Target("example.nl", 80, b"/?a")),
        (b"GET http://0x7f.1/ HTTP/1.1", Target("127.0.0.1", 80, b"/")),
        (b"GET http://[::1]:80/ HTTP/1.1", Target("[::1]", 80, b"/")),
        (b"OPTIONS http://example.nl HTTP/1.1", Target("example.nl", 80, b"*")),
        (b"CONNECT example.nl:443 HTTP/1.1", Target("example.nl", 443)),
        (b"CONNECT [::1]:443 HTTP/1.1", Target("[::1]", 443)),
    ],
)
def test_a_target_names_host_port_and_path(line: bytes, target: Target) -> None:
    assert parse_target(parse_request(line)) == target


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"GET * HTTP/1.1",
        b"GET https://example.nl/ HTTP/1.1",
        b"GET ftp://example.nl/ HTTP/1.1",
        b"GET file:///etc/passwd HTTP/1.1",
        b"GET http:///x HTTP/1.1",
        b"GET http://u:p@example.nl/ HTTP/1.1",
        b"GET http://example.nl:0/ HTTP/1.1",
        b"GET http://example.nl:99999/ HTTP/1.1",
        b"GET http://example.nl:x/ HTTP/1.1",
        b"GET http://example.nl/#f HTTP/1.1",
        b"GET http://a\\b/ HTTP/1.1",
        b"CONNECT example.nl HTTP/1.1",
        b"CONNECT http://example.nl/ HTTP/1.1",
        b"CONNECT example.nl:443/ HTTP/1.1",
        b"CONNECT [::1 HTTP/1.1",
    ],
)
def test_a_target_that_is_not_for_a_proxy_is_refused(line: bytes) -> None:
    with pytest.raises(BadMessageError):
        parse_target(parse_request(line))
