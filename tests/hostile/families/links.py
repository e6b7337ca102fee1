"""Links that lead a crawl astray: calendars, parameters without end, schemes of all kinds, addresses beyond measure."""

import re

from hostile_page import NO_PAGE, Ending, HostilePage, audited, fails, html, sent
from hostile_server import Plan

_SCHEMES = (
    "javascript:alert(1)", "data:text/html,<p>x", "file:///etc/passwd", "ftp://127.0.0.1/x", "ws://127.0.0.1/x", "about:blank",
    "blob:null/x", "chrome://crash", "view-source:http://127.0.0.1/", "mailto:a@b.example", "tel:+311", "sms:1", "whatsapp://send",
    "intent://x#Intent;end", "ms-word:ofe|u|x", "magnet:?xt=x", "gopher://127.0.0.1/", "ldap://127.0.0.1/", "jar:http://x!/",
    "vbscript:x", "http:", "http://", "//", "http://[", "https://user:password@127.0.0.1/", "http://127.0.0.1:99999/", "\x00",
    "http:///", "http://%00/", "h\x00ttp://127.0.0.2/", "?", "#",
)  # fmt: skip
_LONG = "/long/" + "x" * 100_000


def _months(handler) -> None:
    """A month of a calendar, with links to the next five."""
    month = int(handler.path.rpartition("/")[2])
    html(f"Month {month}", "".join(f"<a href=/calendar/{month + more}>Later {more}</a> " for more in range(1, 6)))(
        handler
    )


def _parameters(handler) -> None:
    """A list that can be narrowed down for ever, by one more parameter each time."""
    html("Filter", f"<a href='{handler.path}&t=1'>Narrower</a>")(handler)


def _sessions(handler) -> None:
    """A page that gives each visitor addresses of his own."""
    number = len(re.findall("[0-9]", handler.path))
    html("Session", f"<p>Renew your permit.</p><a href='/session;jsessionid=A{number}B{id(handler)}C9'>Again</a>")(
        handler
    )


PLAN = Plan(
    pages=(
        HostilePage(
            "/every-scheme",
            "Links to whatever a scheme can be made of.",
            html("Schemes", "<p>Where to?</p>" + "".join(f'<a href="{address}">A way</a> ' for address in _SCHEMES)),
            audited("Where to?"),
        ),
        HostilePage(_LONG, "Has an address of a hundred thousand characters.", html("Long", ""), Ending(NO_PAGE)),
        HostilePage(
            "/quite-long/" + "x" * 5_000,
            "Has an address that servers still take, and no person ever wrote.",
            html("Quite long", ""),
            fails("budget"),
        ),
        HostilePage("/calendar/1", "Begins a calendar that has no end.", _months, audited("Later 5")),
        HostilePage("/calendar/13", "Is one of the months that nobody needs.", _months, fails("budget"), linked=False),
        HostilePage("/calendar/20", "Is a month behind those.", _months, Ending(NO_PAGE), linked=False),
        HostilePage("/filter?t=1", "Can be narrowed down for ever.", _parameters, audited("Narrower")),
        HostilePage(
            "/filter?t=1&t=1&t=1&t=1",
            "Is the same list, narrowed down too often.",
            _parameters,
            fails("budget"),
            linked=False,
        ),
        HostilePage(
            "/nest/",
            "Links to a folder in itself, again and again.",
            html("Nest", "<a href=nest/>Deeper</a>"),
            audited("Deeper"),
        ),
        HostilePage(
            "/nest/nest/nest/nest/",
            "Is the same page, four folders down.",
            html("Nest", ""),
            fails("budget"),
            linked=False,
        ),
        HostilePage(
            "/session", "Gives every visit another address for the same page.", _sessions, audited("Renew your permit")
        ),
    ),
    prefixes={
        "/calendar/": _months,
        "/filter?": _parameters,
        "/nest/": html("Nest", "<a href=nest/>Deeper</a>"),
        "/session;": _sessions,
        "/long/": sent(b"", status=414),
    },
)
