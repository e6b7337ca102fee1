"""One spelling for each host, read as browsers read it: the many ways to write an address all end as that address.

Source: https://url.spec.whatwg.org/#host-parsing (the IPv4 parser there is inet_aton's with its octal and short forms).
"""

import ipaddress
import re
from urllib.parse import unquote

import idna

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#/<>?@\[\\\]^|%:\"`{}]")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_MOST_IPV4_PARTS = 4
_OCTET = 255


def normal_host(host: str) -> str:
    """The host as it must be compared and contacted: lower case, ASCII, no last dot; an IPv6 address in brackets.

    Empty when browsers would not take it: forbidden characters, an empty label, a number that is no address, a zone id.
    """
    if host.startswith("["):
        return _ipv6_literal(host)
    name = _ascii(unquote(host, errors="replace") if "%" in host else host).removesuffix(".")
    if _FORBIDDEN.search(name) or len(name) > _LONGEST_NAME:
        return ""
    labels = name.split(".")
    if any(not 0 < len(label) <= _LONGEST_LABEL for label in labels):
        return ""
    return _ipv4(labels) if _NUMBER.fullmatch(labels[-1]) else name


def is_address(host: str) -> bool:
    """Whether a normal host is an IP address and not a name."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:  # IDNAError is one
        return ""


def _ipv6_literal(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return ""
    if address.scope_id is not None or not host.endswith("]"):
        return ""
    return f"[{ipv6_text(address)}]"


def ipv6_text(address: ipaddress.IPv6Address) -> str:
    """An IPv6 address in its shortest form, in hexadecimal throughout (Python 3.13 writes mapped ones with dots)."""
    if address.ipv4_mapped is None:
        return address.compressed
    low = int(address.ipv4_mapped)
    return f"::ffff:{low >> 16:x}:{low & 0xFFFF:x}"


def _ipv4(labels: list[str]) -> str:
    """The dotted form of `127.1`, `0x7f000001`, `017700000001`, `2130706433` and the like; empty when it is none."""
    if len(labels) > _MOST_IPV4_PARTS:
        return ""
    numbers = [_number(label) for label in labels]
    *leading, last = numbers
    if any(not 0 <= number <= _OCTET for number in leading) or not 0 <= last < 256 ** (5 - len(numbers)):
        return ""
    value = last + sum(number << (8 * (3 - place)) for place, number in enumerate(leading))
    return str(ipaddress.IPv4Address(value))


def _number(label: str) -> int:
    """A part of an address in hexadecimal, octal or decimal; -1 when it is none of them."""
    text = label.lower()
    digits, radix = (text[2:] or "0", 16) if text.startswith("0x") else (text, 8 if text.startswith("0") else 10)
    try:
        return int(digits, radix) if digits.isalnum() else -1
    except ValueError:
        return -1
