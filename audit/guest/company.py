"""A company's proxy that everything must pass: read from the environment as other programs do, and tried before a run.

`HTTPS_PROXY` is for what goes through a tunnel, `HTTP_PROXY` for plain requests, `ALL_PROXY` for both where they are
missing, and `NO_PROXY` names hosts, domains and networks that are reached without; each in lower case too.
"""

import base64
import http.client
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from rules.model.host import is_address, normal_host

_PROXY_PORT = 8080
_TRY_SECONDS = 10.0
_WANTS_PASSWORD = 407
_BETWEEN = re.compile(r"[\s,]+")
_ENTRY = re.compile(r"\*?\.?(?P<name>\[[^\]]*\]|[^:]+|[0-9a-f:]+)(?::(?P<port>[0-9]+))?")


@dataclass(frozen=True, slots=True)
class CompanyProxy:
    """A proxy that must be passed; `authorization` is the value of Proxy-Authorization and never shown."""

    host: str
    port: int
    authorization: bytes = b""

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """What a request to this proxy carries beside its own fields."""
        return [(b"Proxy-Authorization", self.authorization)] if self.authorization else []

    def __repr__(self) -> str:
        return f"CompanyProxy({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class CompanyProxies:
    """The proxies in force; the empty one means that there is none. `around` are the entries of NO_PROXY."""

    http: CompanyProxy | None = None
    https: CompanyProxy | None = None
    around: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything goes through a proxy of the company."""
        return self.http is not None or self.https is not None

    def way(self, host: str, port: int, *, tunnel: bool) -> CompanyProxy | None:
        """The proxy on the way to a normal host; None where the way is direct."""
        proxy = self.https if tunnel else self.http
        return None if proxy is None or any(_names(entry, host, port) for entry in self.around) else proxy

    def fault(self, host: str, port: int) -> str:
        """What is wrong with the proxy on the way to this host, in words; empty when it answers as a proxy does.

        It is asked for a tunnel, and none is used. That it refuses one is its right, and no fault.
        """
        proxies = {self.way(host, port, tunnel=tunnel) for tunnel in (True, False)} - {None}
        return next((words for proxy in proxies if proxy and (words := _fault(proxy, f"{host}:{port}"))), "")


def company_proxies(environment: Mapping[str, str]) -> CompanyProxies:
    """The proxies that the environment names.

    Raises:
        ValueError: one of them is no proxy's address; the message names the variable and does not repeat a password.

    """
    every = _proxy(environment, "ALL_PROXY")
    return CompanyProxies(
        http=_proxy(environment, "HTTP_PROXY") or every,
        https=_proxy(environment, "HTTPS_PROXY") or every,
        around=tuple(filter(None, _BETWEEN.split(_value(environment, "NO_PROXY")[1].lower()))),
    )


def _value(environment: Mapping[str, str], name: str) -> tuple[str, str]:
    """The variable under which a name stands, and its text; the lower case one counts first, as with curl."""
    found = next((known for known in (name.lower(), name) if environment.get(known)), name)
    return found, environment.get(found, "").strip()


def _proxy(environment: Mapping[str, str], name: str) -> CompanyProxy | None:
    variable, text = _value(environment, name)
    if not text:
        return None
    wrong = f"{variable} must name the company's proxy like http://proxy.example:8080"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port or _PROXY_PORT
    except ValueError:
        raise ValueError(wrong) from None
    host = normal_host(f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or "")
    if parts.scheme != "http" or not host or parts.path.strip("/") or parts.query:
        raise ValueError(wrong)
    if parts.username is None:
        return CompanyProxy(host, port)
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return CompanyProxy(host, port, b"Basic " + base64.b64encode(credentials))


def _names(entry: str, host: str, port: int) -> bool:
    """Whether an entry of NO_PROXY (`*`, a domain with all below it, an address, a network; with a port or without) is meant."""
    if entry == "*":
        return True
    if "/" in entry:
        return is_address(host) and _within(host.strip("[]"), entry)
    found = _ENTRY.fullmatch(entry)
    if found is None or found["port"] not in (None, str(port)):
        return False
    name = found["name"].strip("[]")
    return host.strip("[]") == name or (not is_address(host) and host.endswith(f".{name}"))


def _within(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:  # what is no network names nobody
        return False


def _fault(proxy: CompanyProxy, target: str) -> str:
    name = f"the company's proxy {proxy.host}:{proxy.port}"
    line = http.client.HTTPConnection(proxy.host.strip("[]"), proxy.port, timeout=_TRY_SECONDS)
    try:
        line.putrequest("CONNECT", target, skip_host=True, skip_accept_encoding=True)
        line.putheader("Host", target)
        for key, value in proxy.fields:
            line.putheader(key.decode(), value)
        line.endheaders()
        status = line.getresponse().status
    except TimeoutError:
        return f"{name} does not answer"
    except http.client.HTTPException:
        return f"{name} does not answer as a proxy does"
    except OSError as error:
        return f"{name} cannot be reached ({error.strerror or error})"
    finally:
        line.close()
    return f"{name} asks for a user and a password, or for others" if status == _WANTS_PASSWORD else ""
