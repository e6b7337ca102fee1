"""Only the public internet is open, in whatever spelling an address comes, and beside it exactly what somebody named."""

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.guest.addresses import AllowList, host_refusal, name_refusal, refusal

NOTHING = AllowList()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "a loopback address"),
        ("127.255.255.254", "a loopback address"),
        ("::1", "a loopback address"),
        ("0.0.0.0", "the unspecified address"),
        ("0.1.2.3", "an address of this machine"),
        ("::", "the unspecified address"),
        ("10.0.0.1", "a private address"),
        ("172.16.0.1", "a private address"),
        ("172.31.255.255", "a private address"),
        ("192.168.1.1", "a private address"),
        ("fc00::1", "a private address"),
        ("fdff::1", "a private address"),
        ("100.64.0.1", "an address of a provider's shared network"),
        ("100.127.255.255", "an address of a provider's shared network"),
        ("169.254.1.1", "a link-local address"),
        ("fe80::1", "a link-local address"),
        ("febf::1", "a link-local address"),
        ("fec0::1", "a site-local address"),
        ("169.254.169.254", "a cloud's metadata service"),
        ("169.254.170.2", "a cloud's metadata service"),
        ("100.100.100.200", "a cloud's metadata service"),
        ("192.0.0.192", "a cloud's metadata service"),
        ("168.63.129.16", "a cloud's metadata service"),
        ("fd00:ec2::254", "a cloud's metadata service"),
        ("224.0.0.1", "a multicast address"),
        ("239.255.255.255", "a multicast address"),
        ("ff02::1", "a multicast address"),
        ("240.0.0.1", "a reserved address"),
        ("255.255.255.255", "the broadcast address"),
        ("192.0.0.1", "a reserved address"),
        ("192.88.99.1", "a reserved address"),
        ("192.0.2.1", "an address for documentation"),
        ("198.51.100.1", "an address for documentation"),
        ("203.0.113.1", "an address for documentation"),
        ("2001:db8::1", "an address for documentation"),
        ("3fff::1", "an address for documentation"),
        ("198.18.0.1", "an address for benchmarks"),
        ("198.19.255.255", "an address for benchmarks"),
        ("2001:2::1", "a reserved or tunnelled address"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "a reserved or tunnelled address"),
        ("::ffff:127.0.0.1", "a loopback address"),
        ("::ffff:7f00:1", "a loopback address"),
        ("::ffff:10.0.0.1", "a private address"),
        ("::ffff:169.254.169.254", "a cloud's metadata service"),
        ("::127.0.0.1", "no public address"),
        ("::ffff:0:7f00:1", "no public address"),
        ("64:ff9b::127.0.0.1", "a loopback address"),
        ("64:ff9b::a00:1", "a private address"),
        ("64:ff9b:1::1", "a translated address"),
        ("2002:7f00:1::1", "a loopback address"),
        ("2002:c0a8:101::1", "a private address"),
        ("2002:a9fe:a9fe::1", "a cloud's metadata service"),
        ("100::1", "no public address"),
        ("4000::1", "no public address"),
        ("5f00::1", "no public address"),
    ],
)
def test_an_address_that_is_not_public_is_refused_by_name(address: str, reason: str) -> None:
    assert refusal(address, NOTHING) == f"{address} is {reason}"


@pytest.mark.parametrize(
    "address", ["fe80::1%eth0", "::1%1", "", "localhost", "1.2.3", "0x7f.1", "1.2.3.4:80", "[::1]:80"]
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert refusal(address, NOTHING)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "100.63.0.1",
        "100.128.0.1",
        "126.255.255.255",
        "2606:4700::1",
        "2a02:2308::1",
        "2620:4f:8000::1",
        "[2606:4700::1]",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_the_public_internet_is_open(address: str) -> None:
    assert refusal(address, NOTHING) == ""


@settings(deadline=None)  # two cores may be busy
@given(st.ip_addresses())
def test_python_knows_no_private_address_that_we_let_pass(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not refusal(str(address), NOTHING):
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_unspecified
        assert address.is_global or str(address).startswith(("64:ff9b:", "2002:"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0X7F.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.0x0.0.1",
        "00000177.1",
        "127.0.0.01",
        "\uff11\uff12\uff17.0.0.1",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
        "0",
        "0x0",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "::1",
        "10.1",
        "0xa000001",
        "167772161",
        "012.0.0.1",
        "192.168.257",
        "3232235777",
        "2852039166",
        "0xa9fea9fe",
        "[64:ff9b::7f00:1]",
        "[::127.0.0.1]",
        "[fd00:ec2::254]",
    ],
)
def test_every_spelling_of_a_private_address_is_recognised_before_any_lookup(host: str) -> None:
    assert host_refusal(host, 80, NOTHING)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
        "loc\xadalhost",
        "localhost.localdomain",
        "printer.local",
        "wiki.internal",
        "metadata.google.internal",
        "router.lan",
        "nas.home.arpa",
    ],
)
def test_names_of_this_machine_and_its_network_are_refused_before_any_lookup(host: str) -> None:
    assert host_refusal(host, 80, NOTHING)


@pytest.mark.parametrize("host", ["", "a..b", "ex ample.nl", "1.2.3.256", "[fe80::1%25eth0]", "[::1", "a/b", "u@h"])
def test_what_is_no_host_is_refused(host: str) -> None:
    assert host_refusal(host, 80, NOTHING) == f"{host} is no host"


@pytest.mark.parametrize(
    "host", ["example.nl", "localhost.example.nl", "local", "8.8.8.8", "134744072", "xn--strae-oqa.example"]
)
def test_other_names_may_be_looked_up(host: str) -> None:
    assert host_refusal(host, 80, NOTHING) == ""


@pytest.mark.parametrize(
    ("entry", "address", "port", "opened"),
    [
        ("127.0.0.1", "127.0.0.1", 8000, True),
        ("127.0.0.1", "127.0.0.2", 8000, False),
        ("127.0.0.1", "::1", 8000, False),
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 8001, False),
        ("127.0.0.1:8000", "127.0.0.1", 0, False),
        ("127.1", "127.0.0.1", 80, True),
        ("127.0.0.1", "::ffff:127.0.0.1", 80, True),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "192.168.0.1", 80, False),
        ("10.0.0.0/8:8080", "10.1.2.3", 80, False),
        ("::1", "::1", 80, True),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]:8000", "::1", 80, False),
        ("fd00::/8", "fd12::1", 80, True),
        ("[fd00::/8]:8080", "fd12::1", 8080, True),
        ("169.254.169.254", "169.254.169.254", 80, True),
        ("169.254.0.0/16", "169.254.1.1", 80, True),
        ("224.0.0.1", "224.0.0.1", 80, False),
        ("0.0.0.0", "0.0.0.0", 80, False),
        ("localhost", "127.0.0.1", 80, False),
    ],
)
def test_an_allowed_address_or_network_opens_exactly_that(entry: str, address: str, port: int, opened: bool) -> None:
    assert (refusal(address, AllowList.parse([entry]), port=port) == "") is opened


def test_a_named_host_may_lie_inside_but_not_at_a_metadata_service() -> None:
    allowed = AllowList.parse(["intranet.example:8080", "LOCALHOST"])
    assert refusal("10.0.0.1", allowed, port=8080, name="intranet.example") == ""
    assert refusal("fd12::1", allowed, port=8080, name="intranet.example") == ""
    assert refusal("10.0.0.1", allowed, port=80, name="intranet.example") == "10.0.0.1 is a private address"
    assert refusal("10.0.0.1", allowed, port=8080, name="other.example") == "10.0.0.1 is a private address"
    assert refusal("169.254.169.254", allowed, port=8080, name="intranet.example")
    assert refusal("169.254.1.1", allowed, port=8080, name="intranet.example")
    assert refusal("127.0.0.1", allowed, port=80, name="localhost") == ""


def test_localhost_must_be_named_but_other_local_names_may_lead_into_an_allowed_network() -> None:
    network = AllowList.parse(["10.0.0.0/8", "127.0.0.1"])
    assert name_refusal("wiki.internal", network, port=80) == ""
    assert name_refusal("localhost", network, port=80) == "localhost is this machine"
    assert name_refusal("localhost", AllowList.parse(["localhost:8000"]), port=8000) == ""
    assert name_refusal("localhost", AllowList.parse(["localhost:8000"]), port=80) == "localhost is this machine"


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("", "is no host, address or network"),
        ("http://localhost", "is a URL"),
        ("jan@localhost", "is a URL"),
        ("10.0.0.1/8", "10.0.0.0/8 is the network"),
        ("0.0.0.0/0", "would open every address"),
        ("::/0", "would open every address"),
        ("10.0.0.0/33", "is no network"),
        ("localhost:0", "a port lies between"),
        ("localhost:65536", "a port lies between"),
        ("localhost:http", "is no host"),
        ("1.2.3.256", "is no host"),
        ("fe80::1%eth0", "is no host"),
        ("a b", "is no host"),
    ],
)
def test_a_wrong_entry_is_named_with_what_would_be_right(entry: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice) as raised:
        AllowList.parse(["localhost", entry])
    assert repr(entry) in str(raised.value)
