"""Whether an address is this machine's own: a public one reaches servers that a firewall hides from everybody else."""

import ipaddress
import socket

_ANY_PORT = 9


def is_own(address: str) -> bool:
    """Whether packets to this address would stay on this machine, as its routes say. Nothing is sent.

    An address that there is no route to is nobody's here.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _ANY_PORT))  # a datagram's socket only looks its route up
            chosen = str(probe.getsockname()[0])
    except OSError:
        return False
    return ipaddress.ip_address(chosen) == ipaddress.ip_address(address)
