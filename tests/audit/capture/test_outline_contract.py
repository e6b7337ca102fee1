"""The outline of saved HTML and the outline that a browser gives of the same page are the same, but for boxes."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from audit.capture.gather.outline import OUTLINE_SCRIPT, merge_frames
from rules.model.outline import Outline
from rules.outline import from_html
from rules.outline_source import decode

pytestmark = pytest.mark.browser

ADDRESS = "https://agency.example/contact/"
DATA = Path(os.environ.get("LOKET_DATA", Path(__file__).parents[4] / "shared" / "data"))
DEMO = Path(__file__).parents[3] / "audit" / "cli" / "demo" / "sites"

DOCUMENTS = {
    "paragraphs with inline elements": "<p>Bel <b>14 <i>030</i></b>, elke <a href=/dag>dag</a>.<p>Of kom <em>langs</em>.",
    "text between block-like children": "<div>voor<p>in</p>tussen <b>vet</b><ul><li>een<li>twee</ul>na</div>los",
    "line breaks and preformatted lines": (
        "<address>Stadsplein 1<br>1234 AB <br/> Ergens</address><pre>ma  9-12\ndi 13-17</pre>"
    ),
    "spaces that cannot be seen": "<p>Post&shy;bus&nbsp;12\u200b3\u2009 \n\t ab\ufeff</p><p>&nbsp;</p><p>\u200b</p>",
    "table with header row and header column": (
        ""
        "<table><caption>Tijden</caption><tr><th>Dag<th>Balie<th>Telefoon<tr><th>ma<td>9-12<td>9-17<tr><th>di<td>dicht<td>9-17</table>"
    ),
    "table with spans, scopes and headers": (
        "<table><thead><tr><td><th colspan=2 scope=colgroup>Tijd<tr><th>Dag<th>van<th>tot</thead><tbody><tr><th rowspan=2 "
        "scope=row>ma<td>9<td>12<tr><td>13<td>17<tr><td headers='a b'>x<td id=a>A<td id=b>B</table>"
    ),
    "layout table and nested table": "<table role=presentation><tr><th>a<td><table><tr><th>k<tr><td>v</table></table>",
    "cells without a row": "<table><thead><th>Dag<th>Tijd</thead><td>ma<td>9-12<tr><td>di<td>dicht</table>",
    "definition list": "<dl><dt>Telefoon<dt>Tel<dd>14 030<dd>085<div><dt>Fax</dt><dd>geen</dd></div></dl>",
    "headings and the parts they head": (
        "<header><h1>Gemeente</h1></header><main><h2>Contact</h2><p>a</p><h3>Balie</h3><p>b</p><div role=heading aria-level=2>"
        "Post</div><p>c</p></main><aside><h2>Zie ook</h2><p>d</p></aside><footer><h4>Over</h4><p>e</p></footer><p>f</p>"
    ),
    "landmarks by tag and by role": (
        "<header>a<nav>b</nav></header><div "
        "role=banner>c</div><article><header>d</header><footer>e</footer></article><section>f"
        "</section><section aria-label=Nieuws>g<header>h</header></section><form>i</form><form title=Zoek>j</form><div "
        "role=search>"
        "k</div><search>l</search><aside>m</aside><main>n<footer>o</footer></main><footer>p</footer><header "
        "role=none>q</header>"
    ),
    "links and their names": (
        "<p><a href='?a=1&b=2'>een</a> en <a href='#x' aria-label='Lees meer over bellen'>meer</a> <a>geen</a> <a "
        "href=tel:14030>"
        "<i class=icon></i></a><a href=//other.example title=Elders></a><a href=' /leeg '> </a></p><a "
        "href=../up><h3>Kop</h3><p>x"
    ),
    "images in text, alone, named, decorative": (
        "<p>Bel <img alt=14030 src=a> nu</p><a href=/kaart><img src=b alt='Kaart van het stadhuis'></a><img src=c alt=''><img "
        "src=d alt=sier role=none><img src=e aria-label=Label alt=alt><span role=img aria-label=Telefoon>T</span><p><img alt=a "
        "src=f><img alt=b src=g>"
    ),
    "drawings": (
        "<p><svg role=img aria-label=Logo><path d=M0,0 /></svg> Stad <svg><title>Ster</title><text>waarde</text></svg></p><svg "
        "aria-hidden=true><circle r=1></circle></svg>"
    ),
    "buttons": (
        "<p>x <button>Zoek</button> y</p><button aria-label=Sluit>&times;</button><button title=Menu></button><input "
        "type=submit "
        "value=Verstuur><input type=image src=a alt=Ga><input type=reset><div role=button>Knop</div><input type=button "
        "value=''>"
    ),
    "fields and their labels": (
        "<form><label for=a>Naam</label><input id=a name=naam required autocomplete=NAME value=geheim><label>Mail <input "
        "type=EMAIL>"
        "</label><input aria-label=Zoek type=search><span id=l1>Uw</span><span id=l2>plaats</span><input "
        "aria-labelledby='l1 l2'>"
        "<input placeholder=Postcode aria-required=true><select title=Land><option>NL<option>BE</select><textarea "
        "name=t>getypt</textarea><input type=hidden name=token value=x><div role=textbox aria-label=Vrij>getypt</div><div "
        "role=checkbox>Akkoord</div><fieldset><legend>Belt u?</legend><label><input type=radio "
        "name=r>Ja</label></fieldset></form><p>na"
    ),
    "hidden text": (
        "<p hidden>a</p><p style='DISPLAY : none'>b</p><p style='visibility:hidden'>c <b "
        "style='visibility:visible'>d</b></p><p "
        "aria-hidden=true>e</p><p>zin <span hidden>f</span> gaat verder</p><div hidden><p>g<p style='display:block'>h</div><p "
        "hidden style='display:block'>i</p><p style='position:absolute;left:-9999px'>j</p><template><p>k</template><dialog>l"
        "</dialog><dialog open>m</dialog><p popover>n</p>"
    ),
    "noscript, scripts, styles and fallback": (
        "<body><noscript><p>zonder</p></noscript><script>var "
        "a='<p>'</script><style>p{}</style><video>v<p>w</p></video><object>o</object>"
        "<canvas>c</canvas><audio>a</audio><p>tekst"
    ),
    "details": (
        "<details><summary>Hoe bel ik?</summary><p>14 030</p>los<details open><summary>Nog "
        "een</summary><h3>Kop</h3><p>x</p></details>"
        "</details><details open><summary>Open</summary>zichtbaar</details><details>zonder kop</details><p>na</p>"
    ),
    "what a control reveals": (
        "<button aria-expanded=false aria-controls=p1>a</button><div id=p1 hidden>A<p hidden>nooit</p></div><h3><button "
        "aria-expanded=false>b</button></h3><div hidden>B</div><a href=#p3 data-toggle=collapse>c</a><div id=p3 "
        "style='display:none'>C</div><button data-bs-target=#p4>d</button><div hidden><div id=p4>D</div></div><div "
        "role=tablist>"
        "<a role=tab href=#p5 id=t5>e</a></div><div id=p5 role=tabpanel hidden>E</div><button popovertarget=p6>f</button><div "
        "id=p6 popover>F</div><button commandfor=p7>g</button><dialog id=p7>G</dialog><div hidden=until-found>H</div><div "
        "role=tabpanel aria-labelledby=t5 hidden>I</div><div hidden>nooit</div><a href=#p8>skip</a><div id=p8 "
        "hidden>nooit</div>"
    ),
    "languages": "<p>nl</p><p lang=en-GB>en <b lang=fr>fr</b></p><div lang=''>?<p xml:lang=de>nl</p></div>",
    "open shadow roots and slots": (
        "<x-card><template shadowrootmode=open><style>p{}</style><h2>Balie</h2><slot name=adres>geen "
        "adres</slot><p><slot></slot></p>"
        "<x-inner><template shadowrootmode=open><p>diep <slot></slot></p></template>licht</x-inner></template><p "
        "slot=adres>Plein 1"
        "</p>en <b>meer</b><i slot=nergens>weg</i></x-card><x-shut><template "
        "shadowrootmode=closed><p>dicht</p></template>open</x-shut>"
    ),
    "labels inside a shadow root": (
        "<p id=l>buiten</p><x-f><template shadowrootmode=open><p id=l>binnen</p><input aria-labelledby=l><label "
        "for=f>veld</label>"
        "<input id=f></template></x-f>"
    ),
    "frames": (
        "<h1>Kop</h1><main><iframe srcdoc='<p>een <a href=x>l</a><h2>in</h2><p>q'></iframe><p>tussen</p><div hidden><iframe "
        "srcdoc='<p>twee<iframe srcdoc=&quot;<p>drie&quot;></iframe>'></iframe></div></main>"
    ),
    "base address and canonical": (
        "<head><base href=/b/><link rel='x CANONICAL' href=c><title> De \n titel </title><script "
        'type=application/ld+json>{"a":1}'
        "</script></head><a href=d>d</a><a href='http://[x'>e</a>"
    ),
    "microdata": (
        "<head><meta itemprop=name content=los><meta property=og:title content=x></head><p>Bel <span itemscope "
        "itemtype=https://schema.org/GovernmentOrganization><meta itemprop=name content=Gemeente> nu <a itemprop=telephone "
        "href=tel:+31206241111>020</a> of <b itemprop=telephone>14 020</b><link itemprop=url href=/c>kom</span> langs.</p>"
        "<div itemscope><address itemprop=address itemscope itemtype=http://schema.org/PostalAddress><span "
        "itemprop=streetAddress>Plein 1</span><br><span itemprop=postalCode>1234&nbsp;AB</span></address><time "
        "itemprop=openingHours datetime='Mo-Fr 09:00-17:00'>elke dag</time></div><div vocab=https://schema.org/ "
        "typeof=Person><span property=schema:telephone>085 1</span><meta property=jobTitle content=Hoofd></div>"
    ),
    "broken markup": (
        "<p>a<div>b<p>c<section>d<p>e</section><b>f<p>g</b>h<ul><li>i<ul><li>j</ul><li>k</ul><a href=/l class=x />l</a><main>m"
        "<button>n<p>o</button></main><p>q"
    ),
    "ids that repeat or cannot be written": (
        "<p id=a>a</p><p id=a>b</p><p id='1'>c</p><p id='é'>d</p><div id=ok><span><p>e</p></span></div>"
    ),
    "pieces that rise and fall": (
        "<div>een <span style='visibility:hidden'>twee <a href=/x>drie</a></span> vier <a href=/y>vijf <b hidden>zes</b> "
        "zeven</a></div>"
    ),
    "an image map": "<map name=m><area href=/noord alt=Noord><area href=/zuid><area alt=niets></map>",
    "a page without anything": "",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("LOKET_BROWSER") or next(
        (
            str(found)
            for found in map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium"))
            if found.exists()
        ),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def rendered(browser: Browser) -> Callable[[str], Outline]:
    """The outline that the browser gives of a page; nothing but the page itself is served, and its scripts do not run."""
    page = browser.new_page(java_script_enabled=False)
    content = [""]

    def serve(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=content[0].encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.route("**/*", serve)

    def look(html: str) -> Outline:
        content[0] = html
        page.goto(ADDRESS)
        return merge_frames(gathered(page))

    return look


def gathered(page: Page, limits: dict[str, int] | None = None) -> list[dict[str, Any]]:
    frames = [frame for frame in page.frames if frame.url in (ADDRESS, "about:srcdoc")]
    return [
        json.loads(frame.evaluate(f"(limits) => JSON.stringify(({OUTLINE_SCRIPT})(limits))", limits or {}))
        for frame in frames
    ]


def text_layer(outline: Outline) -> Outline:
    blocks = tuple(msgspec.structs.replace(block, box=None) for block in outline.blocks)
    return msgspec.structs.replace(outline, blocks=blocks, rendered=False)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_give_the_same_text_layer(name: str, rendered: Callable[[str], Outline]) -> None:
    html = f"<!doctype html><html lang=nl>{DOCUMENTS[name]}"
    assert text_layer(rendered(html)) == from_html(html, ADDRESS)


def test_a_browser_adds_boxes_in_page_coordinates(rendered: Callable[[str], Outline]) -> None:
    outline = rendered(
        "<!doctype html><body style=margin:0><p style='margin:1500px 0 0;height:30px;width:100px'>laag</p><p hidden>weg</p>"
    )
    assert outline.rendered
    assert [block.box for block in outline.blocks] == [(0, 1500, 100, 30), None]


def test_computed_style_decides_what_is_shown(rendered: Callable[[str], Outline]) -> None:
    outline = rendered(
        "<!doctype html><style>.gone, .panel ul { display: none } .dim { visibility: hidden } .back { display: block !important }"
        ".sr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }</style>"
        "<p class=gone>a</p><p class=dim>b <b style='visibility:visible'>c</b></p><p hidden class=back>d</p><p class=sr>e</p>"
        "<button aria-controls=menu aria-expanded=false>f</button><div id=menu class=panel><ul><li>g</li></ul></div>"
    )
    assert {block.text: str(block.shown) for block in outline.blocks} == {
        "a": "never",
        "b": "never",
        "c": "now",
        "d": "now",
        "e": "now",
        "f": "now",
        "g": "on_demand",
    }


def test_what_scripts_made_is_read_and_noscript_is_not(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<noscript><p>zonder</p></noscript><x-a><span slot=s>licht</span></x-a><script>"
        "const root = document.querySelector('x-a').attachShadow({mode: 'open'});"
        "root.innerHTML = '<p>schaduw <slot name=s></slot></p>';"
        "document.body.append(Object.assign(document.createElement('p'), {textContent: 'gemaakt'}));</script>"
    )
    outline = merge_frames([json.loads(page.evaluate(f"() => JSON.stringify(({OUTLINE_SCRIPT})({{}}))"))])
    page.close()
    assert [(block.text, block.shadow) for block in outline.blocks] == [("schaduw licht", True), ("gemaakt", False)]


def test_a_frame_of_another_site_stands_where_its_element_stands(browser: Browser) -> None:
    page = browser.new_page()
    inner = "https://maps.example/kaart"
    bodies = {
        ADDRESS: f"<main><h1>Route</h1><iframe src=about:blank></iframe><iframe src={inner}></iframe><p>na</main>",
        inner: "<p>kaart",
    }
    page.route("**/*", lambda route: route.fulfill(body=bodies[route.request.url], content_type="text/html"))
    page.goto(ADDRESS)
    frames = [
        json.loads(frame.evaluate(f"() => JSON.stringify(({OUTLINE_SCRIPT})({{}}))"))
        for frame in (page.main_frame, next(frame for frame in page.frames if frame.url == inner))
    ]
    page.close()
    found = [(block.text, block.landmark, block.headings, block.frame) for block in merge_frames(frames).blocks]
    assert found == [("Route", "main", (), 0), ("kaart", "main", ("Route",), 1), ("na", "main", ("Route",), 0)]


def test_a_form_whose_fields_are_named_like_the_dom_is_read_all_the_same(rendered: Callable[[str], Outline]) -> None:
    fields = "".join(
        f"<input name={name}>"
        for name in (
            "childNodes",
            "firstChild",
            "nextSibling",
            "attributes",
            "getAttribute",
            "tagName",
            "shadowRoot",
            "nodeType",
        )
    )
    html = (
        f"<!doctype html><form id=f>{fields}<p>tekst</p></form><img name=title alt=''><img name=documentElement alt=''>"
    )
    assert text_layer(rendered(html)) == from_html(html, ADDRESS)


def test_ten_thousand_levels_are_read(rendered: Callable[[str], Outline]) -> None:
    html = "<!doctype html>" + "<section>" * 10_000 + "diep"
    saved = from_html(html, ADDRESS)
    assert [block.text for block in saved.blocks] == ["diep"]
    # Chromium nests no deeper than 512 elements and places the rest beside one another.
    assert [block.text for block in rendered(html).blocks] == ["diep"]


def test_limits_mark_the_outline_as_truncated(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p>een</p><p>twee</p>")
    frame = json.loads(page.evaluate(f"(limits) => JSON.stringify(({OUTLINE_SCRIPT})(limits))", {"nodes": 4}))
    page.close()
    outline = merge_frames([frame])
    assert outline.truncated
    assert [block.text for block in outline.blocks] == []


def test_a_frame_whose_element_is_not_found_stands_at_the_end() -> None:
    page = {"url": ADDRESS, "path": [], "items": [[-1, "html", 1], [0, "body", 1], [1, "p", 1], [2, "pagina"]]}
    frame = {
        "url": "https://other.example/",
        "path": [7],
        "frame": 3,
        "items": [[-1, "html", 1], [0, "p", 1], [1, "los"]],
    }
    outline = merge_frames([page, frame])
    assert [(block.text, block.frame) for block in outline.blocks] == [("pagina", 0), ("los", 3)]
    assert outline.frames == (ADDRESS, "", "", "https://other.example/")


@pytest.mark.data
def test_real_pages_differ_in_two_blocks_of_a_hundred_at_most(rendered: Callable[[str], Outline]) -> None:
    pages = sorted((DATA / "gov" / "pages").glob("*.html"))[::6]
    if not pages:
        pytest.skip(f"no labelled pages in {DATA}")
    blocks = same = 0
    for path in pages:
        html = decode(path.read_bytes())
        browser_blocks = Counter(msgspec.json.encode(block) for block in text_layer(rendered(html)).blocks)
        saved_blocks = Counter(msgspec.json.encode(block) for block in from_html(html, ADDRESS).blocks)
        blocks += max(browser_blocks.total(), saved_blocks.total())
        same += (browser_blocks & saved_blocks).total()
    assert same / blocks >= 0.98


@pytest.mark.parametrize("path", sorted(DEMO.rglob("*.html")), ids=lambda path: str(path.relative_to(DEMO)))
def test_the_demonstration_sites_are_the_same_in_both(path: Path, rendered: Callable[[str], Outline]) -> None:
    html = decode(path.read_bytes())
    shown = [block.text for block in rendered(html).blocks]
    assert shown == [block.text for block in from_html(html, ADDRESS).blocks]
