"""The guard hands requests on as they are, to checked addresses only, and tells refusals and failures apart."""

import asyncio
import gzip
import socket
import threading

import pytest
from loopback import Client, ask, free_port, page, read_exactly, says, server, traffic_of

from audit.guest.addresses import AllowList
from audit.guest.company import CompanyProxies
from audit.guest.destination import Destination, Destinations
from audit.guest.guard import Guard
from audit.guest.own_address import is_own
from audit.guest.resolver import Resolver
from rules.model.contact import Contact, Refusal
from rules.model.failure import FailureKind


def open_to(*ports: int) -> AllowList:
    return AllowList.parse(f"127.0.0.1:{port}" for port in ports)


def test_a_page_comes_through_whole_with_its_headers() -> None:
    with server(page(b"hello", b"X-Own: 1\r\nSet-Cookie: a=1\r\nConnection: X-Hop\r\nX-Hop: 1\r\n")) as site:
        with Guard(allowed=open_to(site.port)) as guard:
            answer = ask(guard, f"{site.url}/a?b=c", b"X-Mine: 2\r\nProxy-Connection: keep-alive\r\n")
        assert (answer.status, answer.reason, answer.body) == (200, "OK", b"hello")
        assert answer.headers == {"X-Own": "1", "Set-Cookie": "a=1", "Content-Length": "5"}
        assert site.heads == [b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Mine: 2\r\n\r\n" % site.port]


def test_one_connection_carries_requests_to_several_hosts_and_the_guards_own_are_kept() -> None:
    with server(page(b"one")) as one, server(page(b"two")) as two, Guard(allowed=open_to(one.port, two.port)) as guard:
        with Client(guard.address) as client:
            bodies = [client.get(site.url).body for site in (one, two, one, two, one)]
        assert bodies == [b"one", b"two", b"one", b"two", b"one"]
        assert (one.connections, two.connections) == (1, 1)


def test_pipelined_requests_are_answered_in_order() -> None:
    def echo(connection: socket.socket, head: bytes) -> None:
        path = head.split()[1]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))

    with server(echo) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(b"".join(b"GET %b/%d HTTP/1.1\r\n\r\n" % (site.url.encode(), number) for number in range(3)))
        assert [client.answer().body for _ in range(3)] == [b"/0", b"/1", b"/2"]


def test_chunks_come_through_and_the_connection_lives_on() -> None:
    chunks = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\n6\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
    )
    with server(lambda connection, _: connection.sendall(chunks)) as site, Guard(allowed=open_to(site.port)) as guard:
        with Client(guard.address) as client:
            answers = [client.get(site.url), client.get(site.url)]
        assert [answer.body for answer in answers] == [b"hello world"] * 2
        assert site.connections == 1


def test_an_answer_that_ends_with_its_connection_comes_through() -> None:
    with server(says(b"HTTP/1.0 200 OK\n\nto the end")) as site, Guard(allowed=open_to(site.port)) as guard:
        answer = ask(guard, site.url)
        assert (answer.body, answer.headers) == (b"to the end", {"Connection": "close"})


def test_a_client_that_does_not_know_chunks_gets_none() -> None:
    chunks = says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    with server(chunks) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(b"GET %b/ HTTP/1.0\r\n\r\n" % site.url.encode())
        assert client.rest() == b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"


@pytest.mark.parametrize(
    ("method", "head", "length"),
    [
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "5"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "5"),
        (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n", None),
        (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0"),
    ],
)
def test_answers_without_a_body_leave_the_connection_open(method: bytes, head: bytes, length: str | None) -> None:
    with server(lambda connection, _: connection.sendall(head)) as site, Guard(allowed=open_to(site.port)) as guard:
        with Client(guard.address) as client:
            first = client.get(site.url, method=method)
            second = client.get(site.url, method=method)
        assert (first.body, first.headers.get("Content-Length")) == (b"", length)
        assert second == first
        assert site.connections == 1


def test_early_hints_come_before_the_answer() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    answer = hints + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with server(says(answer)) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(b"GET %b/ HTTP/1.1\r\nConnection: close\r\n\r\n" % site.url.encode())
        assert client.rest() == answer.replace(b"\r\n\r\nok", b"\r\nConnection: close\r\n\r\nok")


def test_compressed_bodies_are_not_touched() -> None:
    packed = gzip.compress(b"hello")
    with server(page(packed, b"Content-Encoding: gzip\r\n")) as site, Guard(allowed=open_to(site.port)) as guard:
        assert ask(guard, site.url, b"Accept-Encoding: gzip\r\n").body == packed
        assert b"Accept-Encoding: gzip\r\n" in site.heads[0]


def echo_body(connection: socket.socket, head: bytes) -> None:
    if b"chunked" in head:
        body = b""
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
    else:
        body = read_exactly(connection, int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def test_big_bodies_go_both_ways() -> None:
    big = bytes(range(256)) * 20_000
    with server(echo_body) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        head = b"POST %b/ HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (site.url.encode(), len(big))
        sender = threading.Thread(target=client.send, args=(head + big,))
        sender.start()
        answer = client.answer()
        sender.join()
        assert answer.body == big
        assert traffic_of(guard, f"127.0.0.1:{site.port}").requests == 1
        assert traffic_of(guard, f"127.0.0.1:{site.port}").sent > len(big)
        assert traffic_of(guard, f"127.0.0.1:{site.port}").received > len(big)


def test_a_body_in_chunks_reaches_the_server_in_chunks() -> None:
    with server(echo_body) as site, Guard(allowed=open_to(site.port)) as guard:
        answer = ask(guard, site.url, b"Transfer-Encoding: chunked\r\n", b"POST", b"5;x\r\nhello\r\n0\r\nT: 1\r\n\r\n")
    assert answer.body == b"5\r\nhello\r\n0\r\n\r\n"


def test_a_client_that_waits_for_leave_to_send_gets_it() -> None:
    with server(echo_body) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(b"POST %b/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n" % site.url.encode())
        assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(b"ok")
        assert client.answer().body == b"ok"
        assert b"Expect" not in site.heads[0]


def test_an_answer_before_the_body_was_read_reaches_the_client_and_ends_the_connection() -> None:
    early = says(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
    with server(early) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(b"POST %b/ HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nx" % site.url.encode())
        assert client.answer().status == 413
        assert client.rest() == b""


def test_redirects_are_the_clients_affair() -> None:
    location = b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    with server(says(location)) as site, Guard(allowed=open_to(site.port)) as guard:
        answer = ask(guard, site.url)
        assert (answer.status, answer.headers["Location"]) == (302, "http://10.0.0.1/")
        assert [contact.host for contact in guard.contacted()] == [f"127.0.0.1:{site.port}"]


def test_a_site_cannot_speak_with_the_guards_voice() -> None:
    with server(page(b"x", b"X-Loket-Guard: dns\r\n")) as site, Guard(allowed=open_to(site.port)) as guard:
        assert ask(guard, site.url).kind == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{other}/",
        "http://127.1:{other}/",
        "http://0x7f000001:{other}/",
        "http://localhost:{other}/",
        "http://[::ffff:127.0.0.1]:{other}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_private_address_is_refused_in_words_and_never_contacted(url: str) -> None:
    with server(page(b"secret")) as other, server(page(b"x")) as site, Guard(allowed=open_to(site.port)) as guard:
        answer = ask(guard, url.format(other=other.port))
        assert (answer.status, answer.reason, answer.kind) == (403, "private_address", "private_address")
        assert answer.body.startswith(b"Loket's guard: ")
        assert answer.headers["Cache-Control"] == "no-store"
        assert other.connections == 0
        assert guard.contacted() == ()
        assert len(guard.refused()) == 1


def test_a_refusal_leaves_the_connection_open() -> None:
    with server(page(b"x")) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        assert client.get("http://10.0.0.1/").status == 403
        assert client.get(site.url).body == b"x"


def test_a_refused_tunnel_says_why_in_its_status_line() -> None:
    with Guard() as guard, Client(guard.address) as client:
        client.send(b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n")
        head, _, body = client.rest().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 403 private_address\r\nX-Loket-Guard: private_address\r\n")
        assert body == b"Loket's guard: 127.0.0.1 is a loopback address\n"


def test_a_port_is_open_only_on_the_host_for_which_a_target_names_it() -> None:
    asked: list[str] = []

    def resolve(name: str) -> list[str]:
        asked.append(name)
        return ["203.0.113.1"]

    with Guard(places={"example.nl:8443", "[2606:4700::1]:8443"}, resolve=resolve) as guard:
        assert ask(guard, "http://example.nl:25/").kind == "out_of_scope"
        assert ask(guard, "http://other.nl:8443/").kind == "out_of_scope"
        assert ask(guard, "http://www.example.nl:8443/").kind == "out_of_scope"
        assert ask(guard, "http://8.8.8.8:8443/").kind == "out_of_scope"
        assert asked == []  # nobody is asked for a name that leads nowhere
        assert ask(guard, "http://example.nl:8443/").kind == "private_address"
        assert asked == ["example.nl"]


def test_a_public_address_of_this_machine_is_refused_unless_it_is_named() -> None:
    here = {"own": lambda address: address == "8.8.8.8", "resolve": lambda _: ["8.8.8.8"]}
    with Guard(**here) as guard:
        for url in ("http://8.8.8.8/", "http://agency.example/"):
            answer = ask(guard, url)
            assert answer.kind == "private_address"
            assert answer.body.endswith(b" 8.8.8.8 is an address of this machine\n")


@pytest.mark.parametrize("entry", ["8.8.8.8:9", "agency.example:9", "8.8.8.0/24"])
def test_a_public_address_of_this_machine_that_is_named_is_open(entry: str) -> None:
    async def place() -> Destination:
        resolver = Resolver(lambda _: ["8.8.8.8"])
        destinations = Destinations(AllowList.parse([entry]), [], resolver, CompanyProxies(), own=lambda _: True)
        return await destinations.of("agency.example" if "agency" in entry else "8.8.8.8", 9)

    assert asyncio.run(place()).addresses == ("8.8.8.8",)


def test_the_machine_knows_its_own_addresses() -> None:
    assert is_own("127.0.0.1")
    assert is_own("::1") or not socket.has_ipv6
    assert not is_own("203.0.113.1")


def test_a_name_is_looked_up_once_and_only_its_passing_addresses_are_contacted() -> None:
    answers = [["10.0.0.1", "127.0.0.1", "fe80::1%1"], ["10.0.0.1"]]
    with server(page(b"x")) as site:
        with Guard(
            allowed=open_to(site.port), places=[f"rebound.example:{site.port}"], resolve=lambda _: answers.pop(0)
        ) as guard:
            url = f"http://rebound.example:{site.port}/"
            assert [ask(guard, url).body for _ in range(3)] == [b"x"] * 3
        assert b"Host: rebound.example:%d\r\n" % site.port in site.heads[0]
        assert answers == [["10.0.0.1"]]


def test_a_public_name_with_a_private_address_is_refused() -> None:
    with Guard(resolve=lambda _: ["192.168.1.1", "::1"]) as guard:
        answer = ask(guard, "http://rebound.example/")
        assert answer.body == b"Loket's guard: rebound.example: 192.168.1.1 is a private address\n"


def test_a_named_host_is_opened_on_its_port() -> None:
    with server(page(b"x")) as site:
        allowed = AllowList.parse([f"intranet.example:{site.port}"])
        with Guard(allowed=allowed, resolve=lambda _: ["127.0.0.1"]) as guard:
            assert ask(guard, f"http://INTRANET.example:{site.port}/").body == b"x"
            assert ask(guard, "http://intranet.example/").kind == "private_address"


def test_a_name_without_address_is_a_dns_failure() -> None:
    def resolve(name: str) -> list[str]:
        if name == "busy.example":
            raise socket.gaierror(socket.EAI_AGAIN, "again")
        raise socket.gaierror(socket.EAI_NONAME, "none")

    with Guard(resolve=resolve) as guard:
        answer = ask(guard, "http://nowhere.example/?token=secret")
        assert (answer.status, answer.kind) == (502, "dns")
        assert answer.body == b"Loket's guard: nowhere.example: no such host\n"
        assert ask(guard, "http://busy.example/").body.endswith(b"no answer from the name server\n")
        assert guard.refused() == (
            Refusal("nowhere.example", FailureKind.DNS, "nowhere.example: no such host"),
            Refusal("busy.example", FailureKind.DNS, "busy.example: no answer from the name server"),
        )


def test_a_closed_port_is_refused_until_it_answers() -> None:
    port = free_port()
    place = f"127.0.0.1:{port}"
    with Guard(allowed=open_to(port)) as guard:
        answer = ask(guard, f"http://{place}/")
        assert (answer.status, answer.kind) == (502, "refused")
        assert guard.refused() == (Refusal(place, FailureKind.REFUSED, f"{place} refused the connection"),)
        with server(says(b""), port):
            assert ask(guard, f"http://{place}/").body.endswith(b"closed the connection without an answer\n")
        with server(page(b"x"), port):
            assert ask(guard, f"http://{place}/").body == b"x"


def test_the_next_address_is_tried_when_the_first_refuses() -> None:
    with server(page(b"x")) as site:
        allowed = AllowList.parse([f"127.0.0.0/8:{site.port}"])
        with Guard(allowed=allowed, resolve=lambda _: ["127.0.0.9", "127.0.0.1"]) as guard:
            assert ask(guard, f"http://two.example:{site.port}/").body == b"x"
            assert guard.refused() == ()


def test_a_kept_connection_that_the_server_closed_is_opened_anew() -> None:
    with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")) as site:
        with Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
            assert [client.get(site.url).body for _ in range(4)] == [b"x"] * 4
        assert site.connections == 4


def test_bytes_after_an_answer_are_never_the_next_answer() -> None:
    double = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake"
    with server(lambda connection, _: connection.sendall(double)) as site, Guard(allowed=open_to(site.port)) as guard:
        with Client(guard.address) as client:
            assert [client.get(site.url).body for _ in range(3)] == [b"x"] * 3
        assert site.connections == 3


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST {url} HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET {url} HTTP/1.1\r\nX: a\nY: b\r\n\r\n",
        b"GET https://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET {url} HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_a_malformed_request_gets_a_400_and_goes_nowhere(request_bytes: bytes) -> None:
    with server(page(b"x")) as site, Guard(allowed=open_to(site.port)) as guard, Client(guard.address) as client:
        client.send(request_bytes.replace(b"{url}", site.url.encode()))
        answer = client.rest()
        assert answer.startswith(b"HTTP/1.1 400 http_error\r\n")
        assert site.connections == 0


def test_a_body_with_malformed_chunks_is_cut_off_so_that_the_server_sees_half_a_request() -> None:
    seen: list[bytes] = []

    def read_all(connection: socket.socket, head: bytes) -> bool:
        while piece := connection.recv(1000):
            seen.append(piece)
        return False

    with server(read_all) as site, Guard(allowed=open_to(site.port)) as guard:
        answer = ask(guard, site.url, b"Transfer-Encoding: chunked\r\n", b"POST", b"5\r\nhelloGET http://x/")
    assert (answer.status, answer.kind) == (502, "http_error")
    assert not b"".join(seen).endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>no http</html>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"SSH-2.0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200000,
    ],
)
def test_an_answer_that_is_none_is_a_failure_of_the_site(answer: bytes) -> None:
    with server(says(answer)) as site, Guard(allowed=open_to(site.port)) as guard:
        got = ask(guard, site.url)
        assert (got.status, got.kind) == (502, "http_error")


def test_the_book_counts_requests_and_bytes_by_host() -> None:
    with server(page(b"hello")) as site, Guard(allowed=open_to(site.port)) as guard:
        with Client(guard.address) as client:
            client.get(site.url)
            client.get(site.url)
        head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % site.port
        received = len(b"HTTP/1.1 200 OK\r\nContent-Length: 5") + len(b"hello")
        expected = Contact(f"127.0.0.1:{site.port}", requests=2, sent=2 * len(head), received=2 * received)
        assert guard.contacted() == (expected,)
