"""No page leads the browser to an address that was not named, on whatever way; where it was named, it would arrive."""

import asyncio
from collections.abc import Iterable

import pytest
from address_ways import HELD, MARKUP, NAVIGATIONS, REDIRECTS, SCRIPTS
from arrivals import Arrivals
from ways_site import pages, serve

from audit import machine
from audit.capture.pool import CaptureSettings, LookOrder, look_at
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from rules.model.contact import Contact
from rules.model.failure import FailureKind
from rules.model.look import Look

pytestmark = [pytest.mark.browser, pytest.mark.hostile]

PAGE_ITSELF = tuple(f"page led on by {status}" for status in REDIRECTS)
WAYS = (*MARKUP, *SCRIPTS, *NAVIGATIONS, *PAGE_ITSELF)


def looked_at(urls: Iterable[str], proxy: str) -> dict[str, Look]:
    if machine.find_browser() is None:
        pytest.skip("no Chromium on this machine")
    settings = CaptureSettings(
        proxy=proxy, user_agent="loket-test", sandbox=not machine.user_namespaces(), tabs=2, deadline=20, pictures=False
    )
    looks: list[Look] = []

    async def turn(_: str) -> None:
        return

    async def run() -> None:
        orders = [LookOrder(url) for url in urls]
        await look_at(
            orders, settings, turn=turn, pictured=set(), started=lambda _: None, done=looks.append, stop=asyncio.Event()
        )

    asyncio.run(run())
    return {look.url: look for look in looks}


def visited(forbidden: Arrivals, *entries: str) -> tuple[dict[str, Look], set[str], tuple[Contact, ...]]:
    """The looks at all pages with the site and these entries allowed, by path; the ways that arrived, and who was contacted."""
    served = pages(forbidden.ports)
    with serve(served) as place, Guard(allowed=AllowList.parse([place, *entries])) as guard:
        redirects = [f"/to/{way.rpartition(' ')[2]}/{forbidden.ports[way]}" for way in PAGE_ITSELF]
        looks = looked_at([f"http://{place}{path}" for path in (*served, *redirects)], guard.address)
        contacts = tuple(contact for contact in guard.contacted() if contact.host != place)
    return {url.removeprefix(f"http://{place}"): look for url, look in looks.items()}, forbidden.arrived(), contacts


def test_behind_the_guard_no_way_arrives() -> None:
    assert len(WAYS) > 60
    with Arrivals(WAYS) as forbidden:
        looks, arrived, contacts = visited(forbidden)
    assert arrived == set()
    assert contacts == ()
    for path in ("/markup", "/scripts"):
        assert looks[path].outline is not None, looks[path].failure
    failures = {path: look.failure.kind for path, look in looks.items() if path.startswith("/to/") and look.failure}
    assert list(failures.values()) == [FailureKind.PRIVATE_ADDRESS] * len(REDIRECTS)


def test_each_way_would_arrive_if_it_was_named() -> None:
    with Arrivals(WAYS) as forbidden:
        _, arrived, _ = visited(forbidden, "127.0.0.1", "[::1]", "localhost")
    assert sorted(set(WAYS) - HELD - arrived) == []


def test_what_was_named_is_let_through_and_nothing_beside_it() -> None:
    with Arrivals(WAYS) as forbidden:
        named = {"image", "fetch", "frame led on by 303"}
        _, arrived, contacts = visited(forbidden, *(f"127.0.0.1:{forbidden.ports[way]}" for way in named))
        hosts = {f"127.0.0.1:{forbidden.ports[way]}" for way in named}
    assert arrived == named
    assert {contact.host for contact in contacts} == hosts
