"""Which addresses may be contacted: the public internet, and beside it only what somebody named. Pure.

The ranges are those of IANA's registries of special-purpose addresses, written out here because Python's own answer
(`is_global`) differs between its releases: https://www.iana.org/assignments/iana-ipv4-special-registry/ and -ipv6-.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rules.model.host import is_address, normal_host

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What a named host may resolve to: the networks that agencies have inside, and this machine.
_INSIDE = {
    "127.0.0.0/8": "a loopback address",
    "10.0.0.0/8": "a private address",
    "172.16.0.0/12": "a private address",
    "192.168.0.0/16": "a private address",
    "100.64.0.0/10": "an address of a provider's shared network",
    "::1/128": "a loopback address",
    "fc00::/7": "a private address",
}
# The servers that tell a cloud machine its own secrets: first, so that they are called by their name.
_METADATA = {
    "169.254.169.254/32": "a cloud's metadata service",
    "169.254.170.2/32": "a cloud's metadata service",
    "100.100.100.200/32": "a cloud's metadata service",
    "192.0.0.192/32": "a cloud's metadata service",
    "168.63.129.16/32": "a cloud's metadata service",
    "fd00:ec2::254/128": "a cloud's metadata service",
    "fd20:ce::254/128": "a cloud's metadata service",
}
# Opened only by an address or network that covers them.
_SPECIAL = {
    "0.0.0.0/8": "an address of this machine",
    "169.254.0.0/16": "a link-local address",
    "192.0.0.0/24": "a reserved address",
    "192.0.2.0/24": "an address for documentation",
    "192.88.99.0/24": "a reserved address",
    "198.18.0.0/15": "an address for benchmarks",
    "198.51.100.0/24": "an address for documentation",
    "203.0.113.0/24": "an address for documentation",
    "240.0.0.0/4": "a reserved address",
    "64:ff9b:1::/48": "a translated address",
    "2001::/23": "a reserved or tunnelled address",
    "2001:db8::/32": "an address for documentation",
    "3fff::/20": "an address for documentation",
    "fe80::/10": "a link-local address",
    "fec0::/10": "a site-local address",
}
# Never opened: there is no web site there.
_NEVER = {
    "0.0.0.0/32": "the unspecified address",
    "255.255.255.255/32": "the broadcast address",
    "224.0.0.0/4": "a multicast address",
    "::/128": "the unspecified address",
    "ff00::/8": "a multicast address",
}


def _table(ranges: dict[str, str]) -> tuple[tuple[Network, str], ...]:
    return tuple((ipaddress.ip_network(text), what) for text, what in ranges.items())


_INSIDE_TABLE, _METADATA_TABLE, _NEVER_TABLE = _table(_INSIDE), _table(_METADATA), _table(_NEVER)
_CLOSED_TABLE = _METADATA_TABLE + _INSIDE_TABLE + _table(_SPECIAL)
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")

_LOCAL_SUFFIXES = (".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".home", ".private")
_ENTRY = re.compile(
    r"(?P<host>\[[^\]]*\](?:/\d+)?|[^:\[\]]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:/\d+)?)(?::(?P<port>\d+))?"
)
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing that may be contacted: a name or a network; port 0 means every port."""

    name: str = ""
    network: Network | None = None
    port: int = 0

    def opens(self, port: int) -> bool:
        return self.port in (0, port)


@dataclass(frozen=True, slots=True)
class AllowList:
    """What may be contacted beside the public internet, exactly as named; the empty list opens nothing."""

    entries: tuple[_Entry, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Read hosts, addresses and networks, each with a port or without: `localhost`, `127.0.0.1:8000`, `10.0.0.0/8`.

        Raises:
            ValueError: an entry is none of these; the message says which and what would be right.

        """
        return cls(tuple(_entry(text.strip()) for text in texts))

    def names(self, host: str, port: int) -> bool:
        """Whether this host is named, letter for letter, for this port."""
        return any(entry.name == host and entry.opens(port) for entry in self.entries if entry.name)

    def covers(self, address: Address, port: int) -> bool:
        """Whether an entry's address or network holds this address, for this port."""
        return any(
            address.version == entry.network.version and address in entry.network and entry.opens(port)
            for entry in self.entries
            if entry.network is not None
        )

    def opens(self, address: str, port: int) -> bool:
        """Whether an entry's address or network opens this port of this address, given as text without a zone."""
        outer = ipaddress.ip_address(address)
        return self.covers(outer, port) or self.covers(_embedded(outer), port)

    @property
    def has_networks(self) -> bool:
        """Whether an address or network stands in the list, so that a local name may lead to something allowed."""
        return any(entry.network is not None for entry in self.entries)


def refusal(address: str, allowed: AllowList, *, port: int = 0, name: str = "") -> str:
    """Why this IP address may not be contacted, as words for a person; empty when it may.

    `name` is the host that resolved to it: a named host may lie in a private network, not at a metadata service.
    Port 0 asks for all ports. An IPv4 address inside an IPv6 one is judged as what it is.
    """
    try:
        outer = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return f"{address} is no IP address"
    if isinstance(outer, ipaddress.IPv6Address) and outer.scope_id is not None:
        return f"{address} names a network interface"
    inner = _embedded(outer)
    never = _found(inner, _NEVER_TABLE)
    if never:
        return f"{address} is {never}"
    if allowed.covers(inner, port) or allowed.covers(outer, port):
        return ""
    if allowed.names(name, port) and _found(inner, _INSIDE_TABLE) and not _found(inner, _METADATA_TABLE):
        return ""
    return f"{address} is {closed}" if (closed := _closed(inner)) else ""


def host_refusal(host: str, port: int, allowed: AllowList) -> str:
    """Why a host may not be contacted, as far as that can be said without looking it up; empty when it may be looked up.

    An address is judged whole, in whatever spelling; a name is refused when it means this machine or the network around it.
    """
    name = normal_host(f"[{host}]" if ":" in host and not host.startswith("[") else host)
    if not name:
        return f"{host} is no host"
    if is_address(name):
        return refusal(name, allowed, port=port)
    return name_refusal(name, allowed, port=port)


def name_refusal(host: str, allowed: AllowList, *, port: int) -> str:
    """Why a normal host that is a name may not even be looked up: it means this machine or the network around it."""
    if allowed.names(host, port):
        return ""
    if host == "localhost" or host.endswith((".localhost", ".localdomain")):
        return f"{host} is this machine"
    if host.endswith(_LOCAL_SUFFIXES) and not allowed.has_networks:
        return f"{host} is a name inside a private network"
    return ""


def _closed(address: Address) -> str:
    found = _found(address, _CLOSED_TABLE)
    if found or isinstance(address, ipaddress.IPv4Address):
        return found
    return "" if address in _GLOBAL_IPV6 else "no public address"


def _found(address: Address, table: tuple[tuple[Network, str], ...]) -> str:
    return next((what for network, what in table if address.version == network.version and address in network), "")


def _embedded(address: Address) -> Address:
    """The IPv4 address that packets to this IPv6 address end at, where there is one: mapped, NAT64, 6to4."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


def _entry(text: str) -> _Entry:
    if "://" in text or "@" in text:
        raise ValueError(f"{text!r} is a URL; write the host alone, such as localhost or 10.0.0.0/8")
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no host, address or network, such as localhost, 127.0.0.1:8000 or 10.0.0.0/8")
    port = int(found["port"] or 0)
    if port > _HIGHEST_PORT or (found["port"] and not port):
        raise ValueError(f"{text!r}: a port lies between 1 and {_HIGHEST_PORT}")
    host = found["host"]
    if "/" in host:
        return _Entry(network=_network(host.replace("[", "").replace("]", "")), port=port)
    bracketed = f"[{host}]" if ":" in host and not host.startswith("[") else host
    name = normal_host(bracketed)
    if not name:
        raise ValueError(f"{text!r} is no host, address or network, such as localhost, 127.0.0.1:8000 or 10.0.0.0/8")
    return (
        _Entry(network=ipaddress.ip_network(name.strip("[]")), port=port)
        if is_address(name)
        else _Entry(name, port=port)
    )


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no network, such as 10.0.0.0/8 or fd00::/8") from None
    if str(network.network_address) != text.partition("/")[0].lower():
        raise ValueError(f"{text!r} has digits beyond its mask; {network} is the network")
    if network.prefixlen == 0:
        raise ValueError(f"{text!r} would open every address; name the network that is meant")
    return network
