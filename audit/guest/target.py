"""What a proxied request asks for: the whole URL in its first line, or for a tunnel a host and port."""

import re
from dataclasses import dataclass

from audit.guest.message import BadMessageError, Request
from audit.guest.traffic import place_name
from rules.model.host import normal_host

_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:@/?#\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_URL = re.compile(r"http://(?P<authority>[^/?#]*)(?P<path>[^#]*)", re.IGNORECASE)
_HTTP = 80
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Target:
    """A normal host, a port, and the path with its query; `path` is empty for a tunnel."""

    host: str
    port: int
    path: bytes = b""

    @property
    def place(self) -> str:
        """The host as counts and reports name it: never with the path."""
        return place_name(self.host, self.port)

    @property
    def authority(self) -> bytes:
        """The value of the Host field: taken from the URL, whatever the client's own field said."""
        return (self.host if self.port == _HTTP else f"{self.host}:{self.port}").encode()

    @property
    def absolute(self) -> bytes:
        """The whole URL, as a company's proxy wants it."""
        return b"http://" + self.authority + (b"" if self.path == b"*" else self.path)


def parse_target(request: Request) -> Target:
    """What a request is for.

    Raises:
        BadMessageError: it is not for a proxy, not for http, or names no host.

    """
    text = request.target.decode("ascii")
    if request.method == b"CONNECT":
        return _place(text, 0)
    found = _URL.fullmatch(text)
    if found is None:
        raise BadMessageError("a proxy is asked for a whole http URL")
    where = _place(found["authority"], _HTTP)
    path = found["path"]
    if not path and request.method == b"OPTIONS":
        path = "*"
    return Target(where.host, where.port, (path if path.startswith(("/", "*")) else f"/{path}").encode())


def _place(authority: str, default_port: int) -> Target:
    found = _AUTHORITY.fullmatch(authority)
    host = normal_host(found["host"]) if found else ""
    port = int(found["port"] or default_port) if found else 0
    if not host or not 0 < port <= _HIGHEST_PORT:
        raise BadMessageError("the host or port is malformed")
    return Target(host, port)
