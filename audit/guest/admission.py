"""Who may speak to the guard: processes of the users that we run as, told by who owns the other end of the connection.

A password would do the same, but a proxy password switches Chromium's cache off. Linux says in /proc/net/tcp which user
owns a socket; elsewhere everyone on this machine is let in, and the guard's `admission` says so.
"""

import socket
import sys
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = b"01"  # any other state may belong to nobody, and nobody is written as user 0
_STATE, _USER = 2, 6  # the fields after the slot number, counted from the local address


def can_tell() -> bool:
    """Whether this system says who owns a connection."""
    return _TABLES[0].is_file()


def owner(client: tuple[str, int], guard: tuple[str, int]) -> int | None:
    """The user id that owns the client's end of an established IPv4 connection on this machine; None when it is gone."""
    for table, prefix in zip(_TABLES, (b"", _words("::ffff:0.0.0.0")[:24]), strict=True):
        needle = b" %b%b %b%b " % (prefix, _end(client), prefix, _end(guard))
        try:
            rows = table.read_bytes()
        except OSError:  # no IPv6 on this system
            continue
        found = rows.find(needle)
        while found >= 0:
            row = rows[found : rows.find(b"\n", found)].split()
            if row[_STATE] == _ESTABLISHED:
                return int(row[_USER])
            found = rows.find(needle, found + 1)
    return None


def _end(address: tuple[str, int]) -> bytes:
    host, port = address
    return b"%b:%04X" % (_words(host), port)


def _words(host: str) -> bytes:
    """An address as the kernel prints it: words of 32 bits, each in the byte order of this machine."""
    packed = socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    words = (packed[place : place + 4] for place in range(0, len(packed), 4))
    return b"".join(b"%08X" % int.from_bytes(word, sys.byteorder) for word in words)
