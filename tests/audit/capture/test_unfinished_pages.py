"""Pages that never arrive whole: each ends in one look within its time, and the tab beside it goes on."""

import asyncio

import pytest

from audit import machine
from audit.capture.engine.playwright import start_browser
from audit.capture.look import PageLook
from audit.capture.order import LookOrder
from rules.model.failure import FailureKind
from rules.model.look import Look

pytestmark = pytest.mark.browser

UNFINISHED = ("/drip", "/silent", "/unending-picture", "/unending-script", "/deep")
DEADLINE = 12.0
ENDING = 5.0  # seconds that ending a page may take beyond its deadline


@pytest.fixture(scope="module")
def looks(site, looker) -> dict[str, Look]:
    """Unfinished pages in turn with plain ones, through two tabs."""
    paths = [path for number, unfinished in enumerate(UNFINISHED) for path in (unfinished, f"/plain/{number}")]
    found = looker([site + path for path in paths], deadline=DEADLINE, tabs=2)
    return {url.removeprefix(site): look for url, look in found.items()}


def text(look: Look) -> str:
    return " | ".join(block.text for block in look.outline.blocks) if look.outline else ""


@pytest.mark.parametrize("path", UNFINISHED)
def test_every_page_ends_in_its_time(looks, path):
    assert looks[path].seconds < DEADLINE + ENDING


@pytest.mark.parametrize("number", range(len(UNFINISHED)))
def test_the_neighbour_goes_on(looks, number):
    look = looks[f"/plain/{number}"]

    assert look.failure is None
    assert look.axe is not None
    assert f"Plain page /plain/{number}" in text(look)


def test_a_document_that_never_ends_is_partial(looks):
    look = looks["/drip"]

    assert (look.failure.kind, look.partial) == (FailureKind.TIMEOUT, True)
    assert "The first words" in text(look)


def test_no_answer_at_all_is_a_timeout(looks):
    assert (looks["/silent"].failure.kind, looks["/silent"].outline) == (FailureKind.TIMEOUT, None)


def test_a_picture_that_never_ends_does_not_cost_the_page(looks, site):
    look = looks["/unending-picture"]

    assert look.failure is None
    assert "All text is here" in text(look)
    assert [request.refused for request in look.requests if request.url == f"{site}/never"] == ["net::ERR_ABORTED"]


def test_a_script_that_never_arrives_cuts_the_page(looks):
    look = looks["/unending-script"]

    assert (look.failure.kind, look.partial) == (FailureKind.TIMEOUT, True)
    assert "First part" in text(look)


def test_a_crashed_page_is_told_and_the_next_tab_works(site, settings):
    async def run() -> tuple[Look, Look]:
        async def turn(_: str) -> None:
            return

        async with start_browser(machine.find_browser(), settings) as browser:
            tab = await browser.open_tab()
            first = PageLook(tab, LookOrder(f"{site}/unending-picture"), settings, set(), turn)
            under_way = asyncio.create_task(first.take(browser))
            await asyncio.sleep(1)
            tab.errand("Page.crash", {})
            await under_way
            assert tab.worn
            other = await browser.open_tab()
            second = PageLook(other, LookOrder(f"{site}/good"), settings, set(), turn)
            await second.take(browser)
            return first.look(browser), second.look(browser)

    crashed, next_one = asyncio.run(run())

    assert crashed.failure.kind is FailureKind.CRASHED
    assert next_one.failure is None
