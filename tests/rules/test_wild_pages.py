"""Whatever a page holds, reading and judging it raises nothing: one odd page must not cost a night's run."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.facts import read_facts
from rules.inspection import inspect
from rules.judgement import judge
from rules.model.outline import Block, Field, Link, Outline, Shown
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.url import normalise
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html
from rules.roles import guess_role

WORDS = tuple(
    """bel|ons|op|14 020|0800-0543|niet|telefonisch|call|us|on|0300 123 1234|closed|fax|:|Postbus 12|1234 AB|Bezoekadres|balie
    open|ma|vr|9.00|-|17:00 uur|€ 12,50|gratis|DigiD|log in|only online|nur online|par courrier|guichet|Mo-Fr|24/7|(|)
    +31 (0)20 123|tel:|\u00ad|\u202e|\x00|BIC|NL91ABNA0417164300|formulier|PDF|app|WhatsApp|9am|5pm|lundi|au|vendredi|25:99
    31-02-2026""".replace("\n    ", "|").split("|")
)
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
tags = st.sampled_from(["p", "h1", "h2", "td", "th", "li", "a", "button", "dt", "dd", "img", "div", ""])
links = st.builds(
    Link,
    text=texts,
    href=st.one_of(texts, st.sampled_from(["tel:14020", "mailto:a@b.example", "http://[", "/x.pdf", "#"])),
)
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
    tag=tags,
    landmark=st.sampled_from(["", "main", "contentinfo", "navigation"]),
    headings=st.lists(texts, max_size=3).map(tuple),
    table_headers=st.lists(texts, max_size=2).map(tuple),
    links=st.lists(links, max_size=2).map(tuple),
    field=st.none() | fields,
    lang=st.sampled_from(["", "nl", "en-GB", "x", "de", "fr", "\ud800".encode("utf-8", "replace").decode()]),
    shown=st.sampled_from(list(Shown)),
)
outlines = st.builds(
    Outline,
    url=st.sampled_from(["https://a.example/", "https://a.example/contact", "http://["]),
    title=texts,
    lang=st.sampled_from(["", "nl", "en"]),
    blocks=st.lists(blocks, max_size=8).map(tuple),
    structured=st.lists(
        st.one_of(texts, st.sampled_from(['{"telephone": 3}', "[[]]", '{"@graph": null}'])), max_size=2
    ).map(tuple),
)
countries = st.sampled_from(["", "NL", "GB", "DE", "FR", "BE", "CA", "ZZ"])
patient = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(outlines, countries)
def test_any_outline_can_be_read_and_its_mentions_stand_on_it(outline: Outline, country: str) -> None:
    facts = read_facts(outline, country=country)
    assert all(-1 <= mention.block < len(outline.blocks) for mention in facts.mentions)
    assert all(len(mention.quote) <= 301 for mention in facts.mentions)


@patient
@given(outlines, outlines, countries)
def test_any_site_can_be_judged_and_every_rule_answers(home: Outline, other: Outline, country: str) -> None:
    start = "https://a.example/"
    service = Service(id="s", name="Service", pages=(f"{start}s",))
    pages = (
        PageView(url=start, role=PageRole.HOME, outline=home),
        PageView(url=f"{start}s", role=PageRole.SERVICE, outline=other),
    )
    site = Site(id="a", name="A", start=start, scope=("a.example/",), services=(service,))
    findings = judge(SiteView(site=site, country=country, pages=pages, services=(ServiceView(service, pages[1:]),)))
    channels = {finding.channel for finding in findings if finding.subject.id == "s" and finding.channel is not None}
    assert len(channels) == 3


@patient
@given(
    st.one_of(st.binary(max_size=300), st.text(alphabet=string.printable + "<>&\"'", max_size=300).map(str.encode)),
    countries,
)
def test_any_bytes_can_be_inspected(data: bytes, country: str) -> None:
    inspect(from_html(data, "https://a.example/"), country=country)


@patient
@given(texts, texts, st.lists(texts, max_size=3), st.booleans())
def test_any_address_and_title_have_a_role(url: str, title: str, anchors: list[str], has_form: bool) -> None:
    assert (
        guess_role(normalise(url) or "https://a.example/x", title=title, anchors=tuple(anchors), has_form=has_form)
        in PageRole
    )
