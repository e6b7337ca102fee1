"""Whatever a page holds, reading and judging it raises nothing: one odd page must not cost a night's run."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wild_data import countries, outlines, texts, wild_bytes

from rules.facts import read_facts
from rules.inspection import inspect
from rules.judgement import judge
from rules.model.outline import Outline
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.url import normalise
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html
from rules.roles import guess_role

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
@given(wild_bytes, countries)
def test_any_bytes_can_be_inspected(data: bytes, country: str) -> None:
    inspect(from_html(data, "https://a.example/"), country=country)


@patient
@given(texts, texts, st.lists(texts, max_size=3), st.booleans())
def test_any_address_and_title_have_a_role(url: str, title: str, anchors: list[str], has_form: bool) -> None:
    assert (
        guess_role(normalise(url) or "https://a.example/x", title=title, anchors=tuple(anchors), has_form=has_form)
        in PageRole
    )
