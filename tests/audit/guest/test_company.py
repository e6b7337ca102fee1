"""A company's proxy is obeyed: chained to, asked with its password, gone around where NO_PROXY says so, and never shown."""

import base64
import socket

import pytest
from loopback import Client, ask, free_port, page, read_exactly, says, server

from audit.config import SettingsError
from audit.dispatch.way_out import company_for, notes_on
from audit.guest.addresses import AllowList
from audit.guest.company import CompanyProxies, CompanyProxy, company_proxies
from audit.guest.guard import Guard
from rules.model.portfolio import Agency, Portfolio, Site

PASSWORD = b"Basic " + base64.b64encode(b"jan:geheim")


@pytest.fixture(autouse=True)
def no_proxies_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.example:3128", CompanyProxy("proxy.example", 3128)),
        ("http://proxy.example/", CompanyProxy("proxy.example", 8080)),
        ("proxy.example:3128", CompanyProxy("proxy.example", 3128)),
        ("http://[::1]:3128", CompanyProxy("[::1]", 3128)),
        (
            "http://jan:ge%40heim@proxy.example",
            CompanyProxy("proxy.example", 8080, b"Basic " + base64.b64encode(b"jan:ge@heim")),
        ),
    ],
)
def test_a_companys_proxy_is_read_from_its_address(text: str, proxy: CompanyProxy) -> None:
    assert company_proxies({"HTTPS_PROXY": text}) == CompanyProxies(https=proxy)
    assert "heim" not in repr(company_proxies({"HTTPS_PROXY": text}))


def test_each_variable_has_its_use_and_the_lower_case_one_counts_first() -> None:
    named = {"https_proxy": "http://low", "HTTPS_PROXY": "http://high", "ALL_PROXY": "http://every", "no_proxy": "a, B"}
    low, every = CompanyProxy("low", 8080), CompanyProxy("every", 8080)
    assert company_proxies(named) == CompanyProxies(http=every, https=low, around=("a", "b"))
    assert company_proxies({"HTTPS_PROXY": "", "HTTP_PROXY": " "}) == CompanyProxies()
    assert company_proxies({}).any is False


@pytest.mark.parametrize(
    "text", ["https://proxy.example", "socks5://proxy", "http://", "http://p:x", "http://u:geheim@p/path"]
)
def test_what_is_no_proxys_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="HTTP_PROXY must name the company's proxy like") as raised:
        company_proxies({"HTTP_PROXY": text})
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("entry", "host", "port", "around"),
    [
        ("*", "agency.example", 443, True),
        ("agency.example", "agency.example", 443, True),
        ("agency.example", "www.agency.example", 443, True),
        (".agency.example", "www.agency.example", 443, True),
        ("*.agency.example", "www.agency.example", 443, True),
        ("agency.example", "myagency.example", 443, False),
        ("agency.example:8443", "agency.example", 8443, True),
        ("agency.example:8443", "agency.example", 443, False),
        ("8.8.8.8", "8.8.8.8", 443, True),
        ("8.8.0.0/16", "8.8.8.8", 443, True),
        ("8.8.0.0/16", "9.9.9.9", 443, False),
        ("8.8.0.0/99", "8.8.8.8", 443, False),
        ("8.8.8.8", "1.8.8.8.8", 443, False),
        ("2606:4700::1", "[2606:4700::1]", 443, True),
        ("[2606:4700::1]:443", "[2606:4700::1]", 443, True),
        ("[2606:4700::1]:443", "[2606:4700::1]", 80, False),
        ("2606:4700::/32", "[2606:4700::1]", 443, True),
        ("a:b:c", "agency.example", 443, False),
    ],
)
def test_no_proxy_names_who_is_reached_without(entry: str, host: str, port: int, around: bool) -> None:
    company = company_proxies({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": f"other.example,{entry}"})
    assert (company.way(host, port, tunnel=True) is None) is around
    assert company.way(host, port, tunnel=False) is None  # no HTTP_PROXY is named


def through(proxy_port: int, **changes: object) -> Guard:
    address = f"http://jan:geheim@127.0.0.1:{proxy_port}"
    company = company_proxies({"ALL_PROXY": address, "NO_PROXY": str(changes.pop("around", ""))})
    return Guard(company=company, **changes)  # type: ignore[arg-type]


def nobody(name: str) -> list[str]:
    raise OSError("no name server in here")


def company_proxy(connection: socket.socket, head: bytes) -> object:
    """Answers what it is asked: plain requests with their first line, tunnels with an echo."""
    if not head.startswith(b"CONNECT"):
        line = head.split(b"\r\n")[0]
        return connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(line), line))
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\ntunnel ")
    return False


def test_requests_and_tunnels_pass_the_companys_proxy() -> None:
    with server(company_proxy) as proxy, through(proxy.port, resolve=lambda _: ["8.8.8.8"]) as guard:
        answer = ask(guard, "http://example.nl/a?b", b"Proxy-Authorization: Basic client\r\n")
        assert answer.body == b"GET http://example.nl/a?b HTTP/1.1"
        password = b"Proxy-Authorization: " + PASSWORD
        assert proxy.heads[0] == b"GET http://example.nl/a?b HTTP/1.1\r\nHost: example.nl\r\n" + password + b"\r\n\r\n"
        with Client(guard.address) as client:
            client.send(b"CONNECT example.nl:443 HTTP/1.1\r\n\r\n")
            assert read_exactly(client.socket, 46) == b"HTTP/1.1 200 Connection Established\r\n\r\ntunnel "
        assert proxy.heads[1] == b"CONNECT example.nl:443 HTTP/1.1\r\nHost: example.nl:443\r\n" + password + b"\r\n\r\n"
        assert "geheim" not in str((guard.contacted(), guard.refused()))


def test_behind_a_companys_proxy_private_addresses_are_refused_and_unknown_names_left_to_it() -> None:
    with server(company_proxy) as proxy, through(proxy.port, resolve=nobody) as guard:
        assert ask(guard, "http://10.0.0.1/").kind == "private_address"
        assert ask(guard, "http://localhost/").kind == "private_address"
        assert ask(guard, "http://example.nl:25/").kind == "out_of_scope"
        assert ask(guard, "http://example.nl/").status == 200
        assert len(proxy.heads) == 1


def test_behind_a_companys_proxy_an_allowed_network_opens_no_port_of_an_unknown_name() -> None:
    allowed = AllowList.parse(["10.0.0.0/8"])
    with server(company_proxy) as proxy, through(proxy.port, resolve=nobody, allowed=allowed) as guard:
        assert ask(guard, "http://example.nl:25/").kind == "out_of_scope"
        assert proxy.connections == 0


def test_a_name_known_to_be_private_is_refused_behind_a_companys_proxy() -> None:
    with server(company_proxy) as proxy, through(proxy.port, resolve=lambda _: ["10.0.0.1"]) as guard:
        assert ask(guard, "http://example.nl/").kind == "private_address"
        assert proxy.connections == 0


def test_loopback_and_what_no_proxy_names_are_reached_without_it() -> None:
    allowed = AllowList.parse(["127.0.0.1", "inside.example"])
    with server(company_proxy) as proxy, server(page(b"here")) as site:
        with through(proxy.port, allowed=allowed, resolve=lambda _: ["127.0.0.1"], around="unknown.example") as guard:
            assert ask(guard, site.url).body == b"here"
            assert ask(guard, f"http://inside.example:{site.port}/").body == b"here"
        with through(proxy.port, resolve=nobody, around="unknown.example") as guard:
            assert ask(guard, "http://unknown.example/").kind == "dns"
        assert proxy.connections == 0


@pytest.mark.parametrize(
    ("status", "kind"),
    [(b"504 Gateway Timeout", b"504 timeout"), (b"403 Forbidden", b"502 refused"), (b"nonsense", b"502 refused")],
)
def test_a_companys_proxy_that_opens_no_tunnel_is_a_failure(status: bytes, kind: bytes) -> None:
    refusing = says(b"HTTP/1.1 " + status + b"\r\n\r\n")
    with server(refusing) as proxy, through(proxy.port, resolve=nobody) as guard, Client(guard.address) as client:
        client.send(b"CONNECT example.nl:443 HTTP/1.1\r\n\r\n")
        assert client.rest().startswith(b"HTTP/1.1 " + kind + b"\r\n")


ASKING = says(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")


def test_a_companys_proxy_that_wants_another_password_is_a_failure() -> None:
    with server(ASKING) as proxy, through(proxy.port, resolve=nobody) as guard:
        answer = ask(guard, "http://example.nl/")
        assert (answer.status, answer.kind) == (502, "refused")
        assert b"geheim" not in answer.body


def portfolio(start: str) -> Portfolio:
    site = Site(id="www", name="Site", start=start, scope=())
    return Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(site,)),))


PUBLIC = portfolio("https://www.agency.example/")


def test_a_proxy_that_answers_is_used_and_the_report_says_that_it_checked_the_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server(says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://jan:geheim@127.0.0.1:{proxy.port}")
        company = company_for(PUBLIC)
        head = proxy.heads[0]
    assert head.startswith(b"CONNECT www.agency.example:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: " + PASSWORD in head
    assert "addresses_checked_by_company" in notes_on(company)
    assert "addresses_checked_by_company" not in notes_on(CompanyProxies())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ASKING, "asks for a user and a password, or for others"),
        (says(b"SSH-2.0-OpenSSH\r\n"), "does not answer as a proxy does"),
        (says(b""), "does not answer as a proxy does"),
        (None, "cannot be reached"),
    ],
)
def test_a_wrong_or_dead_proxy_is_told_before_anything_is_started(
    answer: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(answer or says(b"")) as proxy:  # type: ignore[arg-type]
        port = proxy.port if answer else free_port()
        monkeypatch.setenv("https_proxy", f"http://jan:geheim@127.0.0.1:{port}")
        with pytest.raises(SettingsError, match=words) as raised:
            company_for(PUBLIC)
    assert f"127.0.0.1:{port}" in str(raised.value)
    assert "geheim" not in str(raised.value)
    assert PASSWORD.decode().partition(" ")[2] not in str(raised.value)


def test_a_wrong_address_of_a_proxy_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://jan:geheim@proxy")
    with pytest.raises(SettingsError, match="HTTPS_PROXY must name the company's proxy") as raised:
        company_for(PUBLIC)
    assert "geheim" not in str(raised.value)


def test_a_site_on_this_machine_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    assert company_for(portfolio("http://127.0.0.1:8000/")).any
