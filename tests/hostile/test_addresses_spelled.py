"""Nobody on this machine is reached through the guard, in whatever spelling, unless exactly that was named."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from address_spellings import ELSEWHERE, LOOPBACK, NAMES
from arrivals import Arrivals

from audit.guest import resolver
from audit.guest.addresses import AllowList
from audit.guest.company import CompanyProxies
from audit.guest.destination import Destination, Destinations
from audit.guest.guard import Guard
from audit.guest.resolver import Resolver
from audit.guest.traffic import BlockedError

SECRET = b"secret"
ANSWERS = {
    "inside.example": ["fd00::1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
}


@pytest.fixture(scope="module")
def forbidden() -> Iterator[Arrivals]:
    with Arrivals(["plain", "tunnel", "named"]) as arrivals:
        yield arrivals


def resolve(name: str) -> list[str]:
    return ANSWERS.get(name, ["127.0.0.1", "::1"])


def said(guard: Guard, request: str) -> bytes:
    """What comes back for a request as a client sends it that takes nobody's word for what a host is."""
    host, _, port = guard.address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(request.encode())
        answer = b""
        while piece := client.recv(65_536):
            answer += piece
    return answer


def plain(host: str, port: int) -> str:
    """A request for a page; what is not ASCII is escaped, as a browser does that leaves the host alone."""
    return f"GET http://{escaped(host)}:{port}/ HTTP/1.1\r\nConnection: close\r\n\r\n"


def tunnel(host: str, port: int) -> str:
    return f"CONNECT {escaped(host)}:{port} HTTP/1.1\r\nHost: www.agency.example:443\r\n\r\n"


def escaped(host: str) -> str:
    return "".join(char if char.isascii() else "".join(f"%{byte:02x}" for byte in char.encode()) for char in host)


EVERY = [*LOOPBACK, *ELSEWHERE, *NAMES]


def test_there_are_more_than_sixty_spellings() -> None:
    assert len(EVERY) == len(set(EVERY))
    assert len(EVERY) > 60


@pytest.mark.parametrize("host", EVERY)
def test_no_spelling_of_a_private_address_arrives(host: str, forbidden: Arrivals) -> None:
    with Guard(resolve=resolve) as guard:
        answers = [
            said(guard, plain(host, forbidden.ports["plain"])),
            said(guard, tunnel(host, forbidden.ports["tunnel"])),
        ]
    assert all(SECRET not in answer for answer in answers)
    assert all(answer.startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 400 ")) for answer in answers)
    assert forbidden.arrived() <= {"named"}


@pytest.mark.parametrize("host", [*LOOPBACK, "rebound.example"])
def test_each_spelling_would_arrive_where_it_was_named(host: str, forbidden: Arrivals) -> None:
    port = forbidden.ports["named"]
    named = AllowList.parse([f"{name}:{port}" for name in ("127.0.0.1", "[::1]", "localhost", "rebound.example")])
    with Guard(allowed=named, resolve=lambda _: ["127.0.0.1"]) as guard:
        assert said(guard, plain(host, port)).endswith(SECRET)
        assert said(guard, tunnel(host, port)).startswith(b"HTTP/1.1 200 ")
        others = [said(guard, plain(host, forbidden.ports["plain"])), said(guard, plain("127.0.0.2", port))]
    assert all(answer.startswith(b"HTTP/1.1 403 ") for answer in others)


@pytest.mark.parametrize(
    "fields",
    [
        "Host: localhost:{port}",
        "X-Forwarded-Host: localhost:{port}\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: host=localhost:{port}",
        "Proxy-Connection: keep-alive\r\nHost: 127.0.0.1:{port}\r\nHost: localhost:{port}",
    ],
)
def test_no_header_leads_elsewhere_than_the_first_line(fields: str, forbidden: Arrivals) -> None:
    port = forbidden.ports["plain"]
    with Guard(resolve=lambda _: ["10.0.0.1"]) as guard:
        for first in ("GET http://www.agency.example/ HTTP/1.1", "CONNECT www.agency.example:443 HTTP/1.1"):
            answer = said(guard, f"{first}\r\n{fields.format(port=port)}\r\nConnection: close\r\n\r\n")
            assert b"10.0.0.1 is a private address" in answer
    assert forbidden.arrived() <= {"named"}


@pytest.mark.parametrize(
    "first",
    [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}",
        "GET //127.0.0.1:{port}/ HTTP/1.1",
        "GET http://www.agency.example@127.0.0.1:{port}/ HTTP/1.1",
        "GET http://127.0.0.1:{port}#@www.agency.example/ HTTP/1.1",
        "GET http://127.0.0.1:{port}\\@www.agency.example/ HTTP/1.1",
        "GET https://127.0.0.1:{port}/ HTTP/1.1",
        "GET ftp://127.0.0.1:{port}/ HTTP/1.1",
        "CONNECT www.agency.example@127.0.0.1:{port} HTTP/1.1",
        "CONNECT http://127.0.0.1:{port}/ HTTP/1.1",
        "GET http://127.0.0.1:{port} http://www.agency.example/ HTTP/1.1",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_handed_to_nobody(first: str, forbidden: Arrivals) -> None:
    with Guard(resolve=lambda _: ["10.0.0.1"]) as guard:
        answer = said(guard, f"{first.format(port=forbidden.ports['plain'])}\r\nConnection: close\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 "))
    assert forbidden.arrived() <= {"named"}


async def destination(answers: list[list[str]], times: int, *entries: str) -> list[Destination | str]:
    """Where a name leads when it is asked for so often, its addresses changing with every answer."""
    left = iter(answers)
    asked = Resolver(lambda _: next(left))
    places = Destinations(AllowList.parse(entries), [], asked, CompanyProxies())
    found: list[Destination | str] = []
    for _ in range(times):
        try:
            found.append(await places.of("rebound.example", 80))
        except BlockedError as reason:
            found.append(f"{reason.failure.kind}: {reason.failure.detail}")
    return found


@pytest.mark.parametrize("private", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fe80::1%2", "::ffff:7f00:1"])
def test_of_several_addresses_only_the_public_ones_are_kept(private: str) -> None:
    for answer in ([private, "8.8.8.8"], ["8.8.8.8", private]):
        assert asyncio.run(destination([answer], 1)) == [Destination("rebound.example", 80, ("8.8.8.8",))]


def test_a_name_that_changes_its_address_after_it_was_checked_is_contacted_where_it_was_checked() -> None:
    public = Destination("rebound.example", 80, ("8.8.8.8",))
    assert asyncio.run(destination([["8.8.8.8"], ["127.0.0.1"]], 3)) == [public] * 3


def test_a_name_that_is_looked_up_again_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_KEPT_SECONDS", -1)
    public = Destination("rebound.example", 80, ("8.8.8.8",))
    refused = "private_address: rebound.example: 127.0.0.1 is a loopback address"
    assert asyncio.run(destination([["8.8.8.8"], ["127.0.0.1"]], 2)) == [public, refused]


def test_a_named_network_opens_no_other_address_of_the_same_name() -> None:
    answer = ["10.0.0.7", "192.168.0.7", "127.0.0.1"]
    inside = Destination("rebound.example", 80, ("10.0.0.7",))
    assert asyncio.run(destination([answer], 1, "10.0.0.0/8")) == [inside]
