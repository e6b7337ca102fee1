"""URLs: one spelling for each page, what belongs to a site, and what must never be written down."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from rules.model.host import is_address, normal_host

_LONGEST = 8192  # longer ones are traps or data, and few servers take them
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65535
_OUTER = "".join(map(chr, range(0x21)))  # what browsers strip around a URL
_INNER = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]*))?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_PLAIN = re.compile(r"%([0-9A-Fa-f]{2})|[^!#$&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]")  # an escape, or what needs one
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_TRACKING = re.compile(
    r"utm_.*|pk_.*|mtm_.*|piwik_.*|matomo_.*|hsa_.*|at_(?:medium|campaign|custom\d*|creation|platform|variant|recipient_id|"
    r"send_date)|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|gad_campaignid|fbclid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|srsltid|"
    r"mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|__hs.*|hsctatracking|s_kwcid|ef_id|vero_id|vero_conv|oly_enc_id|oly_anon_id|"
    r"_openstat|wickedid|wt[._]mc(?:[._]id)?|xtor|xtref|spm|cmpid|icid",
    re.IGNORECASE,
)
_SESSION_NAME = re.compile(
    r"jsessionid|phpsessid|aspsessionid[a-z]*|asp\.net_sessionid|sessionid|session_id|session-id|sessid|zenid|oscsid|"
    r"cfid|cftoken|sesskey",
    re.IGNORECASE,
)
_SESSION_VALUE = re.compile(r"(?=.*[0-9])(?=.*[a-z])[a-z0-9,_-]{6,}|[0-9]{9,}", re.IGNORECASE)
_PATH_SESSION = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|session_id|sessid|sid|cfid|cftoken)=[^/;]*", re.IGNORECASE
)
_SESSION = re.compile(
    rf"(?P<head>(?:[?&;]|&amp;)(?P<name>{_SESSION_NAME.pattern}|sid)=)(?P<value>[^&;#/?\s\"'<>]+)", re.IGNORECASE
)
_COOKIELESS = re.compile(r"\((?:[ASFX]\([A-Za-z0-9_-]{8,}\))+\)")  # ASP.NET: /(S(lit3py55t21z5v55vlm25s55))/page.aspx
_COOKIELESS_SEGMENT = re.compile(rf"(?<=/){_COOKIELESS.pattern}(?=[/?#]|\Z)")

_SECRET_WORDS = frozenset(
    {
        "token",
        "apikey",
        "secret",
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "passcode",
        "signature",
        "sig",
        "jwt",
        "otp",
    }
    | {"credential", "credentials", "bearer", "authorization", "samlresponse", "samlrequest", "accesskey", "authkey"}
)
_SECRET_PAIRS = (
    ("api", "key"),
    ("access", "key"),
    ("private", "key"),
    ("auth", "key"),
    ("auth", "code"),
    ("reset", "key"),
)
_USER = re.compile(r"(?:^|[:=(])[/\\]{2,}([^/\\?#\s]*@)")  # greedy: a password may hold an @
_MOST_NESTED = 4
_NAME_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_VALUE = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|[SP]T-[0-9]+-.+")  # a JSON web token; a CAS ticket

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LONG_ID = re.compile(r"(?=[^/]*[0-9])[0-9a-z_]{16,}", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
_MOST_REPEATS = 2


class _Parts(NamedTuple):
    """A URL taken apart: `host` is normal, `port` None where it is the scheme's own, `query` None where there is none."""

    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    query: str | None

    @property
    def place(self) -> str:
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{user}{self.place}{self.path}{query}"


def normalise(url: str, base: str = "") -> str | None:
    """The one spelling of a web page's URL, resolved against `base`; None when it is not http(s) or broken.

    Fragment, default port, dot segments, tracking parameters and session ids go; case, escapes and the host's spelling
    become those that browsers send; order of parameters and the slash at the end stay. Never raises.
    """
    parts = _parts(url, base)
    return None if parts is None else str(parts)


@lru_cache(maxsize=8192)
def variant_key(url: str) -> str:
    """A text that is equal for URLs that nearly always show one page, so that a crawl visits one of them.

    Beside what `normalise` evens out: the slash at the end, doubled slashes, and the order of parameters. Remembered, for
    menus return on every page.
    """
    parts = _parts(url)
    if parts is None:
        return url
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    query = None if parts.query is None else "&".join(sorted(parts.query.split("&")))
    return str(parts._replace(path=path, query=query))


def has_secret(url: str) -> bool:
    """Whether a URL carries something that lets its reader in: a password, a token, a key, a signature.

    Such a URL is out of scope and is never written anywhere. Look at the URL as it stood on the page: fragments count.
    """
    text = _clean(url)
    for _ in range(_MOST_NESTED):
        if _holds_secret(text):
            return True
        inner = unquote(text)  # an address to go on to stands escaped in the one that leads there
        if inner == text:
            return False
        text = inner
    return False


def _holds_secret(text: str) -> bool:
    if any(user.strip(":@") for user in _USER.findall(text)):
        return True
    fields = dict(_field(part) for part in re.split(r"[?&#;]", text)[1:])
    if fields.get("code") and fields.get("state"):  # the answer of an OAuth sign-in
        return True
    return any(value and (secret_name(name) or _SECRET_VALUE.fullmatch(value)) for name, value in fields.items())


def without_secret(url: str) -> str:
    """The URL as it may be written down: one that carries a secret loses its user and password and all after its path.

    The values of session ids go from every URL; nothing else changes. A part of a URL will do.
    """
    if has_secret(url):
        url = re.split(r"[?&#;]", _USER.sub(_without_user, url), maxsplit=1)[0]
    return _COOKIELESS_SEGMENT.sub("", _SESSION.sub(_without_session, url))


def _without_user(found: re.Match[str]) -> str:
    return found[0].removesuffix(found[1])


def _without_session(found: re.Match[str]) -> str:
    named = found["name"].lower() != "sid" or _SESSION_VALUE.fullmatch(found["value"])
    return found["head"] if named else found[0]


def in_scope(url: str, scope: Sequence[str]) -> bool:
    """Whether a URL lies under one of the entries `host[:port]/path-prefix`; a prefix ends where a path segment ends."""
    parts = _parts(url)
    return parts is not None and any(_covers(entry, parts) for entry in scope)


def default_scope(start: str) -> tuple[str, ...]:
    """The scope of a site that names none: every path on the start's host and port, with `www.` and without.

    Nearly every site sends visitors of one of the two to the other. Empty when the start is no web address.
    """
    parts = _parts(start)
    if parts is None:
        return ()
    if is_address(parts.host) or "." not in parts.host:
        return (f"{parts.place}/",)
    twin = parts.host.removeprefix("www.") if parts.host.startswith("www.") else f"www.{parts.host}"
    return (f"{parts.place}/", f"{parts._replace(host=twin).place}/")


def url_pattern(url: str) -> str:
    """The shape of a URL: numbers, dates and ids as placeholders, parameters without values, repeated segments once more.

    A calendar, a session in the path, or links that nest into themselves make many URLs of one pattern.
    """
    parts = _parts(url)
    if parts is None:
        return url
    kept: list[str] = []
    for segment in map(_segment_shape, parts.path.split("/")[1:]):
        if kept.count(segment) < _MOST_REPEATS:
            kept.append(segment)
    names = sorted({part.partition("=")[0] for part in (parts.query or "").split("&") if part})
    return f"{parts.place}/{'/'.join(kept)}" + (f"?{'&'.join(names)}" if names else "")


def origin(url: str) -> str:
    """`scheme://host:port`, the port left out where it is the scheme's own; empty when the URL is not http(s) or broken."""
    parts = _parts(url)
    return "" if parts is None else f"{parts.scheme}://{parts.place}"


@lru_cache(maxsize=8192)
def _parts(url: str, base: str = "") -> _Parts | None:
    text = _clean(url)
    if len(text) > _LONGEST:
        return None
    scheme = _SCHEME.match(text)
    home = _parts(base) if base else None
    if scheme:
        name, rest = scheme[1].lower(), text[scheme.end() :]
        if name not in _DEFAULT_PORTS:
            return None
        if rest.startswith("//") or home is None or home.scheme != name:
            return _absolute(name, rest.lstrip("/"))
        text = rest  # "https:page" on an https page is a relative reference
    if home is None:
        return None
    if text.startswith("//"):
        return _absolute(home.scheme, text.lstrip("/"))
    return _relative(home, text)


def _clean(url: str) -> str:
    """A URL without the blanks that browsers pass over, and with slashes where they read backslashes as such."""
    text = _SURROGATE.sub("\ufffd", _INNER.sub("", url.strip(_OUTER)))
    place = re.match(r"[^?#]*", text)
    end = place.end() if place else 0
    return text[:end].replace("\\", "/") + text[end:]


def _absolute(scheme: str, rest: str) -> _Parts | None:
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, _, place = authority.rpartition("@")
    port_match = _PORT.fullmatch(place)
    host = normal_host(port_match["host"]) if port_match else ""
    if port_match is None or not host:
        return None
    digits = (port_match["port"] or "").lstrip("0") if port_match["port"] else str(_DEFAULT_PORTS[scheme])
    if not digits or len(digits) > len(str(_HIGHEST_PORT)) or int(digits) > _HIGHEST_PORT:
        return None
    port = None if int(digits) == _DEFAULT_PORTS[scheme] else int(digits)
    path, query = _split(rest[len(authority) :])
    escaped_user = re.sub(r"[/?#@\[\]]", lambda found: f"%{ord(found[0]):02X}", _escaped(user))
    return _Parts(scheme, escaped_user.removesuffix(":"), host, port, _tidy_path(path or "/"), _tidy_query(query))


def _relative(home: _Parts, text: str) -> _Parts:
    path, query = _split(text)
    if not path:
        return home._replace(query=home.query if query is None else _tidy_query(query))
    folder = "" if path.startswith("/") else home.path.rpartition("/")[0] + "/"
    return home._replace(path=_tidy_path(folder + path), query=_tidy_query(query))


def _split(text: str) -> tuple[str, str | None]:
    path, mark, query = text.partition("#")[0].partition("?")
    return path, query if mark else None


def _escaped(text: str) -> str:
    """Percent-encoding in one form: what need not be escaped is not, the rest in upper case, UTF-8.

    In one go, so that a lone `%` and what follows it never become an escape.
    """
    return _NOT_PLAIN.sub(_one_form, text)


def _one_form(found: re.Match[str]) -> str:
    if found[1] is None:
        return "".join(f"%{byte:02X}" for byte in found[0].encode())
    char = chr(int(found[1], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _tidy_path(path: str) -> str:
    segments: list[str] = []
    *folders, last = _PATH_SESSION.sub("", _escaped(path)).split("/")[1:]
    for segment in folders:
        if segment == "..":
            del segments[-1:]
        elif segment != "." and not _COOKIELESS.fullmatch(segment):
            segments.append(segment)
    if last == "..":
        del segments[-1:]
    segments.append("" if last in {".", ".."} or _COOKIELESS.fullmatch(last) else last)
    return "/" + "/".join(segments)


def _tidy_query(query: str | None) -> str | None:
    kept = [part for part in _escaped(query or "").split("&") if part and not _is_noise(*_field(part))]
    return "&".join(kept) or None


def _field(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote(name), unquote(value)


def _is_noise(name: str, value: str) -> bool:
    """Whether a parameter only says who came from where. `sid` is often a section's number, so its value must look random."""
    if name.lower() == "sid":
        return bool(_SESSION_VALUE.fullmatch(value))
    return bool(_TRACKING.fullmatch(name) or _SESSION_NAME.fullmatch(name))


def secret_name(name: str) -> bool:
    """Whether a name is that of a thing that lets its bearer in."""
    if name.lower() in _SECRET_WORDS:
        return True
    words = [word.lower() for word in _NAME_WORDS.findall(name)]
    return not _SECRET_WORDS.isdisjoint(words) or any(pair in _SECRET_PAIRS for pair in pairwise(words))


def _covers(entry: str, parts: _Parts) -> bool:
    wanted = _entry(entry)
    if wanted is None:
        return False
    host, port, prefix = wanted
    actual = parts.port or _DEFAULT_PORTS[parts.scheme]
    same_port = parts.port is None if port is None else port == actual
    return parts.host == host and same_port and (parts.path == prefix or parts.path.startswith(f"{prefix}/"))


@lru_cache(maxsize=1024)
def _entry(entry: str) -> tuple[str, int | None, str] | None:
    """A scope entry as host, port (None: the scheme's own) and prefix without a slash at the end."""
    bare = entry.partition("://")[2] or entry
    parts = _absolute("http", bare)
    if parts is None:
        return None
    named = _PORT.fullmatch(re.split(r"[/?#]", bare, maxsplit=1)[0])
    port = parts.port or (_DEFAULT_PORTS["http"] if named and named["port"] else None)
    return parts.host, port, parts.path.rstrip("/")


def _segment_shape(segment: str) -> str:
    replacements: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
        (_UUID, "{id}"),
        (_LONG_ID, "{id}"),
        (_DIGITS, "{n}"),
    )
    for pattern, placeholder in replacements:
        segment = pattern.sub(placeholder, segment)
    return segment
