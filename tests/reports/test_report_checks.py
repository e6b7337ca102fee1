"""The report is held to what it demands of others: seen, printed, enlarged and walked through in a browser."""

import json
from collections.abc import Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from audit.machine import find_browser

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "index.nl.html",
    "agency-northmere.html",
    "agency-northmere.nl.html",
    "agency-noord.html",
    "agency-harbour.html",
    "agency-verdwenen.html",
    "service-vlietmeer--parkeren.html",
    "service-vlietmeer--bouwen.nl.html",
    "service-vlietmeer--grofvuil.html",
    "finding-vlietmeer--axe-label-91a0cf.html",
    "finding-vlietmeer--axe-color-contrast-00de1a.nl.html",
    "chain-baan-kwijt.html",
    "compare.html",
    "compare.nl.html",
)
WIDTHS = (320, 768, 1280)
SEEN_BY_AXE = tuple(name for name in PAGES if name not in {"agency-noord.html", "agency-northmere.nl.html"})  # for time
# 1.4.12: line height 1.5, paragraphs 2, letters 0.12 and words 0.16 times the size of the text
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
RUN_AXE = """async () => {
  const rules = Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, {enabled: true}]));
  const found = await axe.run(document, {rules, resultTypes: ["violations", "incomplete"]});
  const places = rule => rule.nodes.slice(0, 3).map(node => [node.target.join(" "), node.failureSummary]);
  const shown = list => list.map(rule => [rule.id, places(rule)]);
  return {violations: shown(found.violations), incomplete: shown(found.incomplete)};
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROLES = """() => {
  const native = {link: "a[href]", heading: "h1, h2, h3", list: "ul, ol", listitem: "li"};
  const names = ["table", "row", "cell", "columnheader", "rowheader", "img", ...Object.keys(native)];
  const plays = (one, role) =>
    one.hasAttribute("role") ? one.getAttribute("role") === role : role in native && one.matches(native[role]);
  const shown = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility());
  return Object.fromEntries(names.map(role => [role, shown.filter(one => plays(one, role)).length]));
}"""
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {tag: one.tagName, inside: box.left >= 0 && box.right <= innerWidth + 1, size: box.width * box.height,
          ring: style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0, height: box.height};
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found.path)
        yield launched
        launched.close()


def opened(browser: Browser, address: str, *, width: int = 1280, height: int = 900, **context: object) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True, **context).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_is_sure_of_it(browser, served, width, scheme):
    script = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page = opened(browser, f"{served}/index.html", width=width, color_scheme=scheme)
    found = {}
    for name in SEEN_BY_AXE:
        page.goto(f"{served}/{name}")
        page.evaluate(script)
        result = page.evaluate(RUN_AXE)
        if result["violations"] or result["incomplete"]:
            found[name] = result
    page.context.close()
    assert json.dumps(found, indent=1) == "{}"


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_no_page_scrolls_sideways(browser, served, width):
    page = opened(browser, f"{served}/index.html", width=width)
    assert wide_pages(page, served) == {}


def test_no_page_scrolls_sideways_with_text_at_200_percent(browser, served):
    page = opened(browser, f"{served}/index.html", width=640)
    assert wide_pages(page, served, style="html { font-size: 200% }") == {}


def test_no_page_scrolls_sideways_with_large_text_on_a_phone(browser, served):
    page = opened(browser, f"{served}/index.html", width=320)
    assert wide_pages(page, served, style="html { font-size: 32px }") == {}


def test_no_page_scrolls_sideways_with_the_spacing_that_readers_may_set(browser, served):
    page = opened(browser, f"{served}/index.html", width=320)
    assert wide_pages(page, served, style=SPACING) == {}


def wide_pages(page: Page, served: str, *, style: str = "") -> dict[str, float]:
    found = {}
    for name in PAGES:
        page.goto(f"{served}/{name}")
        if style:
            page.add_style_tag(content=style)
        if over := page.evaluate(TOO_WIDE):
            found[name] = over
    page.context.close()
    return found


@pytest.mark.parametrize(
    "name", ["index.html", "agency-northmere.html", "service-vlietmeer--parkeren.html", "compare.html"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_every_stop_of_the_keyboard_is_seen_and_none_is_a_trap(browser, served, name, width):
    page = opened(browser, f"{served}/{name}", width=width)
    expected = page.locator("a[href], summary").evaluate_all("all => all.filter(one => one.checkVisibility()).length")
    stops = []
    for _ in range(expected + 1):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    page.context.close()
    assert len(stops) == expected
    assert [stop for stop in stops if stop["ring"] < 3 or not stop["size"] or not stop["inside"]] == []


def test_links_that_stand_alone_are_high_enough_to_hit(browser, served):
    page = opened(browser, f"{served}/agency-northmere.html", width=320)
    heights = page.locator("nav a, table a").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    page.context.close()
    assert min(heights) >= 24


@pytest.mark.parametrize("name", PAGES)
def test_cards_and_tables_have_the_same_parts(browser, served, name):
    page = opened(browser, f"{served}/{name}", width=320)
    narrow = page.evaluate(ROLES)
    page.set_viewport_size({"width": 1280, "height": 900})
    wide = page.evaluate(ROLES)
    page.context.close()
    assert narrow == wide


def test_a_page_asks_for_nothing_but_its_own_files(browser, served):
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto(f"{served}/{name}")
    page.context.close()
    assert all(url.startswith(served) for url in asked)
    assert {url.rpartition(".")[2] for url in asked} <= {"html", "css", "svg", "jpg"}


def test_the_report_opens_from_disk_with_its_style_and_pictures(browser, report):
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto((report / "finding-vlietmeer--axe-label-91a0cf.html").as_uri())
    border = page.evaluate("() => getComputedStyle(document.querySelector('h2:not(#contents)')).borderTopWidth")
    loaded = page.evaluate(
        """() => new Promise(done => {
             const image = new Image();
             image.onload = () => done(image.naturalWidth);
             image.onerror = () => done(0);
             image.src = document.querySelector("image").getAttribute("href");
           })"""
    )
    page.context.close()
    assert (border, faults) == ("3px", [])
    assert loaded > 300


@pytest.mark.parametrize("name", ["index.html", "agency-noord.html", "service-vlietmeer--parkeren.html"])
def test_print_is_light_and_opens_what_was_closed(browser, served, name):
    page = opened(browser, f"{served}/{name}", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    paper, plate = page.evaluate(
        "() => ['body', '.plate'].map(name => getComputedStyle(document.querySelector(name)).backgroundColor)"
    )
    closed = page.evaluate(
        "() => [...document.querySelectorAll('details table')].filter(one => !one.getBoundingClientRect().height).length"
    )
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    page.context.close()
    assert (paper, plate, closed) == ("rgb(255, 255, 255)", "rgb(255, 255, 255)", 0)
    assert pdf.startswith(b"%PDF")


def test_forced_colours_keep_shapes_and_fillings(browser, served):
    page = opened(browser, f"{served}/index.html", forced_colors="active")
    ink, shape, hatched = page.evaluate(
        """() => [getComputedStyle(document.body).color,
                  getComputedStyle(document.querySelector('.is-not_offered .shape')).color,
                  getComputedStyle(document.querySelector('.fill-hatched')).stroke]"""
    )
    page.context.close()
    assert ink == shape == hatched
