"""What a block is, where it stands and how it is shown, read from saved HTML; the contract test holds the browser to the same."""

import gc
import os
import statistics
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model.outline import Block, Field, Link, Outline, Shown
from rules.outline import from_html
from rules.outline_walk import Limits

ADDRESS = "https://agency.example/contact/"
DATA = Path(os.environ.get("LOKET_DATA", Path(__file__).parents[3] / "shared" / "data"))


def read(html: str) -> Outline:
    return from_html(html, ADDRESS)


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks]


def shown(html: str) -> dict[str, Shown]:
    return {block.text: block.shown for block in read(html).blocks}


def test_a_block_carries_its_text_links_headings_landmark_language_and_selector() -> None:
    outline = read(
        "<html lang=nl><title> De \n gemeente </title><main><h1>Contact</h1><p id=bel>Bel&nbsp;ons of lees <a href='../hulp#a'>"
        "hoe <b>het</b> gaat</a>.</p></main>"
    )
    assert outline.title == "De gemeente"
    assert outline.lang == "nl"
    assert outline.frames == (ADDRESS,)
    assert outline.blocks == (
        Block(
            text="Contact",
            tag="h1",
            landmark="main",
            lang="nl",
            selector="body > main:nth-of-type(1) > h1:nth-of-type(1)",
        ),
        Block(
            text="Bel ons of lees hoe het gaat.",
            tag="p",
            landmark="main",
            headings=("Contact",),
            links=(Link("hoe het gaat", "https://agency.example/hulp#a"),),
            lang="nl",
            selector="#bel",
        ),
    )


def test_an_outline_is_passed_over_in_the_search_for_cycles() -> None:
    outline = read("<h1>Contact</h1><p>Bel <a href=tel:14030>14 030</a><input name=q>")
    assert not any(map(gc.is_tracked, (outline, *outline.blocks, *outline.blocks[1].links)))


def test_lines_of_an_address_stay_apart() -> None:
    assert texts("<address>Postbus 12<br>1234 AB  <br>\n Ergens</address>") == ["Postbus 12\n1234 AB\nErgens"]


def test_characters_that_nobody_sees_are_dropped() -> None:
    assert texts("<p>Bürger&shy;tele&#8203;fon 030&#8201;123") == ["Bürgertelefon 030 123"]


def test_text_beside_blocks_is_a_block_of_the_parent() -> None:
    blocks = read("<div>voor<p>in</p>na</div>").blocks
    assert [(block.text, block.tag) for block in blocks] == [("voor", "div"), ("in", "p"), ("na", "div")]


def test_a_cell_knows_the_headers_of_its_column_and_row() -> None:
    html = "<table><tr><th>Dag<th>Balie<th>Telefoon<tr><th>ma<td>9-12<td>9-17<tr><th>di<td colspan=2>dicht</table>"
    cells = {block.text: block.table_headers for block in read(html).blocks if block.tag == "td"}
    assert cells == {"9-12": ("Balie", "ma"), "9-17": ("Telefoon", "ma"), "dicht": ("Balie", "Telefoon", "di")}


def test_a_cell_that_spans_rows_heads_each_of_them() -> None:
    html = "<table><tr><th scope=row rowspan=2>ma<td>9-12<tr><td>13-17<tr><td>geen</table>"
    cells = {block.text: block.table_headers for block in read(html).blocks if block.tag == "td"}
    assert cells == {"9-12": ("ma",), "13-17": ("ma",), "geen": ()}


def test_a_definition_knows_its_terms() -> None:
    html = "<dl><dt>Telefoon<dt>Gratis<dd>0800 1<dd>0800 2<dt>Fax<dd>geen</dl>"
    definitions = {block.text: block.table_headers for block in read(html).blocks if block.tag == "dd"}
    assert definitions == {"0800 1": ("Telefoon", "Gratis"), "0800 2": ("Telefoon", "Gratis"), "geen": ("Fax",)}


def test_headings_of_a_part_head_nothing_behind_it() -> None:
    html = "<h1>Stad</h1><nav><h2>Menu</h2></nav><main><h2>Bellen</h2><p>a</main><footer><p>b</footer>"
    headings = {block.text: block.headings for block in read(html).blocks if block.tag == "p"}
    assert headings == {"a": ("Stad", "Bellen"), "b": ("Stad",)}


def test_a_summary_heads_its_details_and_a_legend_its_fieldset() -> None:
    html = (
        "<h2>Vragen</h2><details><summary>Hoe bel ik?</summary><p>Zo</details>"
        "<fieldset><legend>Kies</legend><p>dit</fieldset><p>na"
    )
    headings = {block.text: block.headings for block in read(html).blocks if block.tag == "p"}
    assert headings == {"Zo": ("Vragen", "Hoe bel ik?"), "dit": ("Vragen", "Kies"), "na": ("Vragen",)}


def test_a_footer_of_an_article_is_no_landmark() -> None:
    html = "<article><footer>a</footer></article><footer>b</footer><div role=contentinfo>c</div>"
    assert [block.landmark for block in read(html).blocks] == ["", "contentinfo", "contentinfo"]


def test_a_link_is_named_by_its_label_its_words_its_image_or_its_title() -> None:
    html = (
        "<p><a href=/a aria-label='Bel de gemeente'>bel</a> <a href=/b>lees</a> <a href=/c><img alt=kaart src=k></a>"
        "<a href=/d title=elders></a> <a href=tel:14030></a>"
    )
    assert [(link.text, link.href.removeprefix("https://agency.example")) for link in read(html).blocks[0].links] == [
        ("Bel de gemeente", "/a"),
        ("lees", "/b"),
        ("kaart", "/c"),
        ("elders", "/d"),
        ("", "tel:14030"),
    ]


def test_an_image_stands_in_its_sentence_or_alone() -> None:
    blocks = read(
        "<p>Bel <img alt='14 030' src=a> nu</p><div><img alt=Openingstijden src=b></div><img alt='' src=c>"
    ).blocks
    assert [(block.text, block.tag) for block in blocks] == [("Bel 14 030 nu", "p"), ("Openingstijden", "img")]


def test_a_field_has_its_label_and_never_what_was_filled_in() -> None:
    html = (
        "<label for=a>Naam</label><input id=a name=naam value=Jansen required autocomplete=name><label>Wachtwoord <input "
        "type=password value=geheim></label><textarea title=Vraag>privé</textarea><input type=hidden name=t value=token>"
    )
    outline = read(html)
    assert [block.field for block in outline.blocks if block.field] == [
        Field(kind="text", label="Naam", name="naam", required=True, autocomplete="name"),
        Field(kind="password", label="Wachtwoord"),
        Field(kind="textarea", label="Vraag"),
    ]
    assert not any(secret in str(outline) for secret in ("Jansen", "geheim", "privé", "token"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p hidden>x", Shown.NEVER),
        ("<p style='display:none'>x", Shown.NEVER),
        ("<p style='color:red; visibility: hidden'>x", Shown.NEVER),
        ("<p aria-hidden=true>x", Shown.NOW),
        ("<p style='position:absolute;clip:rect(0,0,0,0)'>x", Shown.NOW),
        ("<dialog>x</dialog>", Shown.NEVER),
        ("<details>x</details>", Shown.ON_DEMAND),
        ("<details open>x</details>", Shown.NOW),
        ("<div hidden=until-found>x</div>", Shown.ON_DEMAND),
        ("<button aria-controls=p></button><div id=p hidden>x</div>", Shown.ON_DEMAND),
        ("<button aria-controls=p></button><div hidden><div id=p>x</div></div>", Shown.ON_DEMAND),
        ("<h2><button aria-expanded=false></button></h2><div hidden>x</div>", Shown.ON_DEMAND),
        ("<a role=tab id=t></a><div role=tabpanel aria-labelledby=t hidden>x</div>", Shown.ON_DEMAND),
        ("<a href=#p></a><div id=p hidden>x</div>", Shown.NEVER),
        ("<button aria-controls=p></button><div id=p hidden><p hidden>x<p hidden>y</div>", Shown.ON_DEMAND),
        ("<button aria-controls=p></button><div id=p hidden><div><p hidden>x</div></div>", Shown.NEVER),
    ],
)
def test_hidden_text_is_shown_on_demand_only_where_a_control_reveals_it(html: str, expected: Shown) -> None:
    assert shown(html)["x"] is expected


def test_a_hidden_part_of_a_sentence_is_a_block_of_its_own() -> None:
    assert shown("<p>Bel <span hidden>(niet) </span>14 030") == {"Bel 14 030": Shown.NOW, "(niet)": Shown.NEVER}


def test_what_a_browser_with_scripting_does_not_show_is_no_text() -> None:
    html = (
        "<p>a<noscript>b</noscript><script>c</script><style>d</style><template>e</template><video>f</video>"
        "<select><option>g</select>"
    )
    assert texts(html) == ["a", ""]


def test_declared_shadow_roots_and_frames_are_read() -> None:
    html = (
        "<x-a><template shadowrootmode=open><p>bel <slot></slot></p></template>14 030</x-a>"
        "<h2>Kader</h2><iframe srcdoc='<p>post'></iframe>"
    )
    outline = read(html)
    assert [(block.text, block.shadow, block.frame, block.headings) for block in outline.blocks] == [
        ("bel 14 030", True, 0, ()),
        ("Kader", False, 0, ()),
        ("post", False, 1, ("Kader",)),
    ]
    assert outline.frames == (ADDRESS, "about:srcdoc")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("<p>Café 030".encode(), ""),
        ("<p>Café 030".encode("cp1252"), ""),
        ("<p>Café 030".encode("utf-16"), "text/html"),
        ("<meta charset=iso-8859-15><p>Café 030".encode("iso-8859-15"), ""),
        ("<meta charset=utf-8><p>Café 030".encode("cp1252"), "text/html; charset=windows-1252"),
    ],
)
def test_bytes_are_decoded_as_browsers_do(content: bytes, content_type: str) -> None:
    assert from_html(content, ADDRESS, content_type=content_type).blocks[0].text == "Café 030"


def test_pages_of_one_template_have_one_structure() -> None:
    one = read("<body class=page-12><main class='a b'><h2>x</h2><p>y</main><footer class=f>z</footer>")
    same = read("<body class=page-7><main class='b a'><p>y<p>y<h3>q</h3></main><footer class=f></footer>")
    other = read("<body class=page-7><main class='b a'><form></form></main><footer class=f></footer>")
    assert one.structure == same.structure
    assert one.structure != other.structure


def test_structured_data_and_canonical_address_are_kept() -> None:
    outline = read(
        '<base href=/b/><link rel=canonical href=c><script type="application/ld+json">{"telephone": "14 030"}</script>'
    )
    assert outline.structured == ('{"telephone": "14 030"}',)
    assert outline.canonical == "https://agency.example/b/c"


def test_limits_cut_the_outline_and_say_so() -> None:
    html = "<p>een</p>" * 10
    assert not read(html).truncated
    for limits in (Limits(blocks=3), Limits(characters=9), Limits(nodes=5)):
        cut = from_html(html, ADDRESS, limits=limits)
        assert cut.truncated
        assert {block.text for block in cut.blocks} == {"een"}
        assert len(cut.blocks) <= 3


HOSTILE = {
    "levels": "<div>" * 10_000 + "diep",
    "controls beside one another": "<button aria-expanded=false></button>" * 10_000 + "diep",
    "labels in labels": "<label>" * 10_000 + "<input>" * 100 + "diep",
    "labels for one field": "<label for=x>y</label>" * 5_000 + "<input id=x>" * 5_000 + "diep",
    "buttons in buttons": "<div role=button>" * 10_000 + "diep",
    "headings in fieldsets": "<fieldset><legend>x</legend>" * 5_000 + "diep",
    "column headers": "<table>" + "<tr><th scope=col>x" * 20_000 + "<tr><td>diep",
    "row headers": "<table><tr>" + "<th scope=row>x" * 10_000 + "<td>diep",
    "cells that span": "<table>" + "<tr><td colspan=1000 rowspan=1000>" * 5_000 + "<tr><td>diep",
    "slots": "<x-a><template shadowrootmode=open>"
    + "<slot></slot>" * 5_000
    + "</template>"
    + "<b>x</b>" * 5_000
    + "</x-a>diep",
    "shadow roots": "<x-a><template shadowrootmode=open>" * 2_000 + "diep",
    "list items": "<ul><li>" * 5_000 + "diep",
    "terms": "<dl>" + "<dt>x" * 10_000 + "<dd>diep",
    "frames": "<iframe srcdoc='&lt;p>diep'></iframe>" * 1_000,
    "links": "<a href=/x>" * 5_000 + "diep",
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_pages_that_go_on_for_ever_are_read_in_time(html: str) -> None:
    started = time.process_time()
    outline = read(html)
    assert time.process_time() - started < 8
    assert outline.truncated or "diep" in outline.blocks[-1].text


_PIECES = """
<p> </p> <div> </div> <table> <tr> <td> <th~scope=row> </table> <a~href='http://[x'> </a> <template~shadowrootmode=open>
</template>
<slot> <svg> <title> </svg> <select> <option> <iframe~srcdoc='<p>a'> <dl> <dt> <dd> <details> <summary> <button~aria-expanded>
<input~type=image> <label~for=x> <h1> <fieldset> <legend> <body> <html~lang> <head> <br/> <a/> <img~alt=b> x 030 &nbsp;
&#xD800; <!-- --> <![CDATA[ ]]> <?xml ?> <frameset> <frame>
"""
_SOUP = st.lists(st.sampled_from([piece.replace("~", " ") for piece in _PIECES.split()] + ["\0"]), max_size=40).map(
    "".join
)


@given(st.one_of(_SOUP, st.text(), st.binary()))
def test_no_input_raises(content: str | bytes) -> None:
    assert from_html(content, ADDRESS).url == ADDRESS


@pytest.mark.data
def test_real_pages_are_read_quickly() -> None:
    pages = [path.read_bytes() for path in sorted((DATA / "gov" / "pages").glob("*.html"))]
    if not pages:
        pytest.skip(f"no labelled pages in {DATA}")
    seconds = []
    for page in pages:
        started = time.process_time()
        assert from_html(page, ADDRESS).blocks
        seconds.append(time.process_time() - started)
    assert statistics.median(seconds) < 0.04  # 7 ms on a quiet machine
