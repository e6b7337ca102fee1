"""Where a request may go: a name is looked up once, its addresses are checked, and only checked addresses are contacted.

The answer is kept with its verdict, so that a name cannot be checked under one address and contacted under another.
"""

import ipaddress
from collections.abc import Callable, Collection
from dataclasses import dataclass

from audit.guest.addresses import AllowList, host_refusal, refusal
from audit.guest.company import CompanyProxies, CompanyProxy
from audit.guest.own_address import is_own
from audit.guest.resolver import Resolver
from audit.guest.traffic import BlockedError, place_name
from rules.model.failure import FailureKind
from rules.model.host import is_address

_WEB_PORTS = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and port that may be contacted, under these addresses only; none when a company's proxy looks the name up.

    `proxy` is the company's proxy on the way there.
    """

    host: str
    port: int
    addresses: tuple[str, ...]
    proxy: CompanyProxy | None = None

    @property
    def place(self) -> str:
        """The host as counts and reports name it."""
        return place_name(self.host, self.port)


class Destinations:
    """Decides where requests may go.

    `places` (host and port) are open beside the ports 80 and 443 of every public host. Behind a company's proxy an unknown
    name passes: the proxy looks it up. `own` tells this machine's addresses.
    """

    def __init__(
        self,
        allowed: AllowList,
        places: Collection[tuple[str, int]],
        resolver: Resolver,
        company: CompanyProxies,
        own: Callable[[str], bool] = is_own,
    ) -> None:
        self._allowed = allowed
        self._places = frozenset(places)
        self._resolver = resolver
        self._company = company
        self._own = own

    async def of(self, host: str, port: int, *, tunnel: bool = False) -> Destination:
        """The destination for a normal host and a port.

        Raises:
            BlockedError: it may not be contacted, or has no address.

        """
        closed = host_refusal(host, port, self._allowed)
        if closed:
            raise BlockedError(FailureKind.PRIVATE_ADDRESS, closed)
        proxy = self._company.way(host, port, tunnel=tunnel)
        if is_address(host):
            return _destination(host, port, self._checked(host, port, [host.strip("[]")]), proxy)
        if not self._allowed.has_networks and not self._opens(host, port):
            raise _closed_port(host, port)  # before anybody is asked for the name
        found = await self._resolver.addresses(host)
        if not isinstance(found, str):
            return _destination(host, port, self._checked(host, port, found), proxy)
        if proxy is None:
            raise BlockedError(FailureKind.DNS, f"{host}: {found}")
        if not self._opens(host, port):
            raise _closed_port(host, port)
        return Destination(host, port, (), proxy)

    def _checked(self, host: str, port: int, addresses: Collection[str]) -> tuple[str, ...]:
        reasons = {address: self._reason(host, port, address) for address in addresses}
        passing = [address for address, reason in reasons.items() if not reason]
        if not passing:
            reason = next(iter(reasons.values()))
            told = reason if is_address(host) else f"{host}: {reason}"
            raise BlockedError(FailureKind.PRIVATE_ADDRESS, told)
        reachable = tuple(address for address in passing if self._opens(host, port, address))
        if not reachable:
            raise _closed_port(host, port)
        return reachable

    def _reason(self, host: str, port: int, address: str) -> str:
        """Why this address of the host may not be contacted."""
        closed = refusal(address, self._allowed, port=port, name=host)
        named = self._allowed.names(host, port) or (not closed and self._allowed.opens(address, port))
        return closed or ("" if named or not self._own(address) else f"{address} is an address of this machine")

    def _opens(self, host: str, port: int, address: str = "") -> bool:
        if port in _WEB_PORTS or (host, port) in self._places or self._allowed.names(host, port):
            return True
        return bool(address) and self._allowed.opens(address, port)


def _destination(host: str, port: int, addresses: tuple[str, ...], proxy: CompanyProxy | None) -> Destination:
    """Loopback is reached without the company's proxy: for that it would be another machine."""
    here = all(ipaddress.ip_address(address).is_loopback for address in addresses)
    return Destination(host, port, addresses, None if here else proxy)


def _closed_port(host: str, port: int) -> BlockedError:
    return BlockedError(FailureKind.OUT_OF_SCOPE, f"port {port} of {host} is not one that the targets name")
