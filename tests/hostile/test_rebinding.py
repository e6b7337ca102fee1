"""Names that turn to a private address, under the command itself: nothing that listens there is reached."""

from pathlib import Path

import pytest
import trap
from audited_site import audited
from good_pages import GOOD_PAGES
from hostile_page import AUDITED, HostilePage, html
from hostile_page import audited as is_audited
from hostile_server import Plan, served

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

_WORDS = "<p>Renew your permit at the counter. " + "More of it. " * 30 + "</p>"
_NAME = "newtown.test"
_PACE = "0.05"  # seconds; none at all is for loopback's own names
# The command with a name server of the test's own: the name first stands for the site, and for the trap from then on.
_REBINDING = """
import itertools, socket, sys
asked, real = itertools.count(), socket.getaddrinfo
def turning(host, port, *rest, **named):
    if host in ("newtown.test", b"newtown.test"):
        host = "127.0.0.1" if next(asked) < {good} else "127.0.0.2"
    elif host == "inside.test":
        host = "127.0.0.2"
    return real(host, port, *rest, **named)
socket.getaddrinfo = turning
from audit.cli import main
main()
"""


def test_a_name_that_turns_inside_after_it_was_checked_stays_where_it_was(tmp_path: Path) -> None:
    picture = "<img alt=x src='http://inside.test:{}/x.png'>"
    page = HostilePage(
        "/turns",
        "Has a name that turns to a private address.",
        lambda handler: html("Turns", _WORDS + picture.format(handler.headers["Host"].rpartition(":")[2]))(handler),
        is_audited("Renew your permit"),
    )
    with served(Plan(pages=(page,))) as site, trap.listening(site.port) as prison:
        audit = audited(
            tmp_path,
            f"http://{_NAME}:{site.port}/",
            program=_REBINDING.format(good=1),
            LOKET_PACE=_PACE,
        )

    assert audit.ending("/turns").as_expected(page.ends) == page.ends
    assert {path: audit.ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)
    assert prison.knocks == 0


def test_a_name_that_stands_inside_from_the_first_is_refused(tmp_path: Path) -> None:
    with served(Plan()) as site, trap.listening(site.port) as prison:
        audit = audited(tmp_path, f"http://{_NAME}:{site.port}/", program=_REBINDING.format(good=0), LOKET_PACE=_PACE)

    assert audit.ending("/").kind == "private_address"
    assert prison.knocks == 0
    assert site.asked == []
