"""What strangers may send, as hypothesis makes it up: words, markup, outlines, addresses, headers, answers."""

import string

from hypothesis import strategies as st

from rules.model.look import AxeNode, AxeOutcome, AxeResult, AxeRule, Look, Request, Response
from rules.model.outline import Block, Field, Link, Outline, Shown
from rules.model.page import CrawledPage, PageRole
from rules.model.portfolio import Service, Site
from rules.model.url import normalise
from rules.model.view import PageView, ServiceView, SiteView

START = "https://a.example/"
SCOPE = ("a.example/",)
_WORDS = tuple(
    """bel|ons|op|14 020|0800-0543|niet|telefonisch|call|us|on|0300 123 1234|closed|fax|:|Postbus 12|1234 AB|Bezoekadres|balie
    open|ma|vr|9.00|-|17:00 uur|€ 12,50|gratis|DigiD|log in|only online|nur online|par courrier|guichet|Mo-Fr|24/7|(|)
    +31 (0)20 123|tel:|\u00ad|\u202e|\x00|BIC|NL91ABNA0417164300|formulier|PDF|app|WhatsApp|9am|5pm|lundi|au|vendredi|25:99
    31-02-2026""".replace("\n    ", "|").split("|")
)
any_text = st.text(st.characters(), max_size=80)  # halves of characters too, which scripts can write and JSON can carry
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join))
countries = st.sampled_from(["", "NL", "GB", "DE", "FR", "BE", "CA", "ZZ"])
statuses = st.integers(100, 599)
numbers = st.integers(-(2**70), 2**70)

_MARKS = (
    "<p>",
    "</p>",
    "<div",
    ">",
    "<a href=",
    '"',
    "'",
    "<!--",
    "-->",
    "<![CDATA[",
    "</html>",
    "<base href='http://['>",
    "&#xD800;",
    "&#0;",
)
_TAGS = (
    "<table><tr><td colspan=99999>",
    "<iframe srcdoc='<p>x'>",
    "<svg><foreignObject>",
    "<template>",
    "<details><summary>",
    "<select><option>",
)
_HEADS = (
    "<meta charset=x-none>",
    "<meta http-equiv=refresh content='0;url=//['>",
    "<title>",
    "<script type=application/ld+json>{",
    "<link rel=canonical href=:>",
)
_TRICKS = ("\x00", "\ufeff", "\u202e", "<" * 40, "<b>" * 40, "<input type=password name=q>", "<form><input id=a>")
markup = st.lists(st.one_of(st.sampled_from(_MARKS + _TAGS + _HEADS + _TRICKS), texts), max_size=25).map("".join)
wild_bytes = st.one_of(
    st.binary(max_size=300),
    st.text(alphabet=string.printable + "<>&\"'", max_size=300).map(str.encode),
    markup.map(lambda text: text.encode("utf-8", "surrogatepass")),
    markup.map(lambda text: text.encode("utf-16", "surrogatepass")),
)

_ADDRESSES = (
    "http://[", "https://a.example/%", "//", "javascript:x", "data:,", "http://user:pw@a.example/", "https://a.example:99999/",
    "HTTP:///x", "https://a.example/?token=x", "http://0x7f.1/", "http://127\u30020\u30020\u30021/", "?", "tel:1",
    "http://[::ffff:127.0.0.1%25eth0]/", "https:\\\\a.example", "https://xn--a.example/", "http://\uff41.example/",
    "/a/../../b;jsessionid=1", "https://a.example/" + "a/" * 60, "https://a.example/?" + "a=1&" * 60,
)  # fmt: skip
urls = st.one_of(
    any_text,
    st.sampled_from(_ADDRESSES),
    st.lists(st.sampled_from(_ADDRESSES), max_size=3).map("".join),
    texts.map(lambda text: START + text),
)
addresses = urls.map(lambda url: normalise(url) or START)
"""What has passed `normalise`, as everything behind it may expect."""
hosts = st.one_of(
    any_text,
    st.sampled_from(
        [
            "[::1]",
            "127.1",
            "0177.0.0.1",
            "[::ffff:7f00:1]",
            "2130706433",
            "localhost.",
            "[fe80::1%eth0]",
            "①②⑦.0.0.1",
            "a..b",
            "[:",
            "1.2.3.4.5",
        ]
    ),
)

links = st.builds(Link, text=texts, href=urls)
fields = st.builds(
    Field,
    kind=st.sampled_from(["text", "email", "tel", "password", "select", "checkbox", ""]),
    label=texts,
    name=texts,
    required=st.booleans(),
)
blocks = st.builds(
    Block,
    text=texts,
    tag=st.sampled_from(["p", "h1", "h2", "td", "th", "li", "a", "button", "dt", "dd", "img", "div", ""]),
    landmark=st.sampled_from(["", "main", "contentinfo", "navigation"]),
    headings=st.lists(texts, max_size=3).map(tuple),
    table_headers=st.lists(texts, max_size=2).map(tuple),
    links=st.lists(links, max_size=2).map(tuple),
    field=st.none() | fields,
    lang=st.sampled_from(["", "nl", "en-GB", "x", "de", "fr", "\ufffd"]),
    shown=st.sampled_from(list(Shown)),
)
outlines = st.builds(
    Outline,
    url=st.sampled_from([START, f"{START}contact", "http://["]),
    title=texts,
    lang=st.sampled_from(["", "nl", "en"]),
    blocks=st.lists(blocks, max_size=8).map(tuple),
    frames=st.lists(urls, max_size=3).map(tuple),
    structured=st.lists(
        st.one_of(texts, st.sampled_from(['{"telephone": 3}', "[[]]", '{"@graph": null}', "[" * 3000])), max_size=2
    ).map(tuple),
    truncated=st.booleans(),
)

_nodes = st.builds(AxeNode, target=st.lists(any_text, max_size=2).map(tuple), html=any_text, summary=any_text)
_rules = st.builds(
    AxeRule,
    id=st.one_of(texts, st.sampled_from(["image-alt", "color-contrast"])),
    outcome=st.sampled_from(list(AxeOutcome)),
    impact=texts,
    tags=st.lists(
        st.one_of(texts, st.sampled_from(["wcag111", "wcag9999", "wcag2a", "wcag", "x-obsolete"])), max_size=4
    ).map(tuple),
    nodes=st.lists(_nodes, max_size=2).map(tuple),
)
axe_results = st.builds(
    AxeResult,
    version=texts,
    rules=st.lists(_rules, max_size=4).map(tuple),
    unread_frames=st.lists(urls, max_size=2).map(tuple),
)
responses = st.builds(
    Response, status=statuses, final_url=urls, headers=st.dictionaries(texts, any_text, max_size=3), content_type=texts
)
requests = st.builds(Request, url=urls, type=texts, status=statuses)

_page_views = st.builds(
    PageView,
    url=st.sampled_from([START, f"{START}s", f"{START}contact"]),
    role=st.sampled_from(list(PageRole)),
    outline=st.none() | outlines,
    axe=st.none() | axe_results,
    response=st.none() | responses,
    requests=st.lists(requests, max_size=2).map(tuple),
    partial=st.booleans(),
)
_SERVICE = Service(id="s", name="Service", pages=(f"{START}s",))
site_views = st.builds(
    lambda country, pages: SiteView(
        site=Site(id="a", name="A", start=START, scope=SCOPE, services=(_SERVICE,)),
        country=country,
        pages=tuple(pages),
        services=(ServiceView(_SERVICE, tuple(page for page in pages if page.url == f"{START}s")),),
    ),
    countries,
    st.lists(_page_views, max_size=4),
)
crawled_pages = st.builds(CrawledPage, url=st.just(START), title=texts, content_type=texts)
looks = st.builds(Look, url=st.just(START), taken_at=st.just("2026-01-01T00:00:00Z"), outline=outlines)


def _element(draw: st.DrawFn, made: int) -> list[object]:
    """One item of the list in which the outline's script hands a frame over, below any item before it."""
    above = draw(st.integers(0, made - 1)) if made else -1
    if draw(st.booleans()) and made:
        return [above, draw(texts)]
    tag = draw(
        st.sampled_from(
            ["p", "div", "a", "table", "td", "iframe", "input", "label", "h1", "details", "slot", "img", ""]
        )
    )
    names = st.sampled_from(
        [
            "href",
            "id",
            "for",
            "name",
            "type",
            "role",
            "aria-label",
            "aria-labelledby",
            "alt",
            "lang",
            "colspan",
            "headers",
            "frame",
            "value",
        ]
    )
    return [
        above,
        tag,
        draw(st.integers(0, 3)),
        draw(st.dictionaries(names, texts, max_size=3)),
        draw(st.integers(0, 3)),
    ]


@st.composite
def frames(draw: st.DrawFn) -> list[dict[str, object]]:
    """What the outline's script gave in one frame or two, the strings being the page's own."""
    found = []
    for path in ([], [0])[: draw(st.integers(1, 2))]:
        items: list[list[object]] = []
        for _ in range(draw(st.integers(0, 12))):
            items.append(_element(draw, len(items)))
        found.append(
            {
                "url": draw(urls),
                "title": draw(texts),
                "base": draw(urls),
                "canonical": draw(urls),
                "items": items,
                "path": path,
                "structured": draw(st.lists(texts, max_size=1)),
            }
        )
    return found
