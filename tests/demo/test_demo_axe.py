"""The bare axe script, without anything of Loket, says of the demonstration's pages what `expected.toml` says."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from audit.cli.demo.expectation import expectations
from audit.cli.demo.routes import Answer, SiteFolder
from audit.cli.demo.sites import DemoSites
from audit.machine import find_browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = """(levels) => axe.run(document, {
  runOnly: [...levels, "best-practice"], resultTypes: ["violations"], iframes: false,
}).then((result) => result.violations.map((rule) => [
  rule.id, rule.nodes.length, rule.tags.some((tag) => levels.includes(tag)),
]))"""
STYLED = """() => document.body && document.querySelector("h1, h2") && document.styleSheets.length > 0"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found.path)
        yield launched
        launched.close()


@pytest.fixture
def asked(page: Page) -> list[str]:
    urls: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)

    page.on("request", note)
    return urls


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_axe_finds_on_each_site_what_was_put_there(
    page: Page, asked: list[str], demo: DemoSites, folder: SiteFolder
) -> None:
    expected = expectations(folder.folder)
    endless = {route.path for route in folder.table.route if route.answer is Answer.DRIP}
    failed: dict[tuple[str, str], int] = {}
    advice: set[tuple[str, str]] = set()
    for path in folder.pages():
        if path in endless:
            continue
        page.goto(demo.addresses[folder.table.id] + path, wait_until="domcontentloaded")
        page.evaluate("() => document.fonts.ready")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for rule, count, is_criterion in page.evaluate(RUN, list(LEVELS)):
            if is_criterion:
                failed[f"axe/{rule}", path] = count
            else:
                advice.add((f"axe/{rule}", path))
    assert failed == {(one.rule, one.page): one.count for one in expected.finding}
    assert advice == {(one.rule, one.page) for one in expected.advice}
    assert {url for url in asked if not url.startswith("http://127.0.0.1:")} == set()


def test_the_services_stand_on_the_page_once_its_script_has_run(page: Page, demo: DemoSites) -> None:
    page.goto(f"{demo.addresses['vergunning']}/diensten")
    assert page.get_by_role("link", name="Tarieven").get_attribute("href") == "/diensten/tarieven"


def test_the_visiting_address_is_in_an_open_shadow_root(page: Page, demo: DemoSites) -> None:
    page.goto(f"{demo.addresses['regelpunt']}/contact")
    assert "Kanaalweg 5" not in page.content()
    assert page.get_by_text("Kanaalweg 5").is_visible()


def test_the_number_is_in_an_accordion_that_is_closed(page: Page, demo: DemoSites) -> None:
    page.goto(f"{demo.addresses['regelpunt']}/contact")
    number = page.get_by_text("(0345) 01 23 45")
    assert not number.is_visible()
    page.get_by_text("Bellen", exact=True).click()
    assert number.is_visible()


def test_no_page_scrolls_sideways_on_a_narrow_screen(browser: Browser, demo: DemoSites, folder: SiteFolder) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900})
    page = context.new_page()
    wide = []
    for path in folder.pages():
        page.goto(demo.addresses[folder.table.id] + path, wait_until="commit")
        page.wait_for_function(STYLED)
        if page.evaluate("() => document.documentElement.scrollWidth") > 320:
            wide.append(path)
    context.close()
    assert wide == []
