"""Where a request may go: a name is looked up once, its addresses are checked, and only checked addresses are contacted.

The answer is kept with its verdict, so that a name cannot be checked under one address and contacted under another.
"""

from collections.abc import Collection
from dataclasses import dataclass

from audit.guest.addresses import AllowList, host_refusal, refusal
from audit.guest.resolver import Resolver
from audit.guest.traffic import BlockedError, place_name
from rules.model.failure import FailureKind
from rules.model.host import is_address

_WEB_PORTS = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Destination:
    """A host and port that may be contacted, under these addresses only; none when a company's proxy looks the name up."""

    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def place(self) -> str:
        """The host as counts and reports name it."""
        return place_name(self.host, self.port)


class Destinations:
    """Decides where requests may go. `ports` are open beside 80 and 443; `elsewhere` lets unknown names pass."""

    def __init__(
        self,
        allowed: AllowList,
        ports: Collection[int],
        resolver: Resolver,
        *,
        elsewhere: bool = False,
    ) -> None:
        self._allowed = allowed
        self._ports = _WEB_PORTS | frozenset(ports)
        self._resolver = resolver
        self._elsewhere = elsewhere

    async def of(self, host: str, port: int) -> Destination:
        """The destination for a normal host and a port.

        Raises:
            BlockedError: it may not be contacted, or has no address.

        """
        closed = host_refusal(host, port, self._allowed)
        if closed:
            raise BlockedError(FailureKind.PRIVATE_ADDRESS, closed)
        if is_address(host):
            return Destination(host, port, self._checked(host, port, [host.strip("[]")]))
        if not self._allowed.has_networks and not self._opens(host, port):
            raise _closed_port(host, port)  # before anybody is asked for the name
        found = await self._resolver.addresses(host)
        if isinstance(found, str):
            if self._elsewhere:
                return Destination(host, port, ())
            raise BlockedError(FailureKind.DNS, f"{host}: {found}")
        return Destination(host, port, self._checked(host, port, found))

    def _checked(self, host: str, port: int, addresses: Collection[str]) -> tuple[str, ...]:
        reasons = {address: refusal(address, self._allowed, port=port, name=host) for address in addresses}
        passing = [address for address, reason in reasons.items() if not reason]
        if not passing:
            reason = next(iter(reasons.values()))
            told = reason if is_address(host) else f"{host}: {reason}"
            raise BlockedError(FailureKind.PRIVATE_ADDRESS, told)
        reachable = tuple(address for address in passing if self._opens(host, port, address))
        if not reachable:
            raise _closed_port(host, port)
        return reachable

    def _opens(self, host: str, port: int, address: str = "") -> bool:
        if port in self._ports or self._allowed.names(host, port):
            return True
        return bool(address) and self._allowed.opens(address, port)


def _closed_port(host: str, port: int) -> BlockedError:
    return BlockedError(FailureKind.OUT_OF_SCOPE, f"port {port} of {host} is not one that the targets name")
