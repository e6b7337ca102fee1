"""robots.txt as an attack: a site whose rules cannot be had is closed and says so; one whose rules are only odd is audited."""

import contextlib
import itertools

import pytest
from audited_site import Audit, audited
from good_pages import GOOD_PAGES
from hostile_page import AUDITED, NO_PAGE, Answer, raw, redirect, sent
from hostile_server import Plan, served

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
_RULES = b"User-agent: *\nDisallow: /closed\n"
_COMMENT = b"# " + b"x" * 65_533 + b"\n"
_OPEN: dict[str, Answer] = {
    "fifty megabytes": raw(
        lambda: [_HEAD + b"Content-Length: 52428833\r\n\r\n" + _RULES, *itertools.repeat(_COMMENT, 800)]
    ),
    "without end": raw(lambda: itertools.chain([_HEAD + b"\r\n" + _RULES], itertools.repeat(_COMMENT))),
    "led in a circle": redirect("/robots.txt"),
    "full of patterns": sent(
        b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b$\n" * 2_000, "text/plain"
    ),
}
_CLOSED: dict[str, tuple[Answer, str]] = {
    "broken": (sent(b"", status=500), "robots"),
    "a drip": (raw(lambda: itertools.chain([_HEAD + b"\r\n"], itertools.repeat(b"#")), 0.1), "timeout"),
}


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Audit]:
    """One run over all these sites; each is an agency of its own."""
    robots = _OPEN | {name: answer for name, (answer, _) in _CLOSED.items()}
    folder = tmp_path_factory.mktemp("robots")
    with contextlib.ExitStack() as stack:
        sites = {name: stack.enter_context(served(Plan(robots=answer))) for name, answer in robots.items()}
        targets = folder / "targets.csv"
        targets.write_text("agency,url\n" + "".join(f"{name},{site.url}\n" for name, site in sites.items()))
        audit = audited(folder, targets.name)
        return {name: audit.of(site.url) for name, site in sites.items()}


@pytest.mark.parametrize("name", _OPEN)
def test_a_site_with_odd_rules_is_audited(audits: dict[str, Audit], name: str) -> None:
    assert {path: audits[name].ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)


@pytest.mark.parametrize("name", _CLOSED)
def test_a_site_whose_rules_cannot_be_had_is_closed(audits: dict[str, Audit], name: str) -> None:
    assert audits[name].ending("/").kind == _CLOSED[name][1]
    assert {audits[name].ending(path).kind for path in GOOD_PAGES} == {NO_PAGE}


@pytest.mark.parametrize("name", _OPEN)
def test_odd_rules_and_closed_neighbours_change_no_finding(
    audits: dict[str, Audit], undisturbed: Audit, name: str
) -> None:
    assert audits[name].good == undisturbed.good
