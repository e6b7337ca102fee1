"""A site is judged as it was read: what was not read is untested, and is never called absent."""

import pytest

from rules.judgement import judge, with_facts
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Channel, Outcome, SubjectKind, Verdict
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html

HOST = "https://a.example"
EMPTY = "<html lang=nl><main><p>Welkom op onze site.</p></main></html>"


def page(path, role, html=EMPTY, **more):
    return PageView(url=f"{HOST}{path}", role=role, outline=from_html(html, f"{HOST}{path}"), **more)


def site(*pages):
    own = tuple(view for view in pages if view.role is PageRole.SERVICE)
    service = Service(id="s", name="S", pages=tuple(view.url for view in own))
    return SiteView(
        site=Site(id="a", name="A", start=f"{HOST}/", services=(service,)),
        country="NL",
        pages=pages,
        services=(ServiceView(service=service, pages=own),),
    )


def phone(view, kind=SubjectKind.SERVICE):
    return next(found for found in judge(view) if found.channel is Channel.PHONE and found.subject.kind is kind)


HOME, CONTACT, SERVICE = page("/", PageRole.HOME), page("/contact", PageRole.CONTACT), page("/s", PageRole.SERVICE)


def test_absence_is_said_when_home_contact_and_service_were_read():
    found = phone(site(HOME, CONTACT, SERVICE))
    assert (found.verdict, found.outcome) == (Verdict.NOT_OFFERED, Outcome.FAILED)


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ((HOME, SERVICE), "no_contact_page"),
        ((CONTACT, SERVICE), "no_home_page"),
        ((HOME, CONTACT), "no_service_page"),
        ((HOME, page("/contact", PageRole.CONTACT, partial=True), SERVICE), "partial"),
        (
            (PageView(url=f"{HOST}/", role=PageRole.HOME, failure=Failure(kind=FailureKind.TLS)), CONTACT, SERVICE),
            "tls",
        ),
        (
            (PageView(url=f"{HOST}/", role=PageRole.HOME, failure=Failure(kind=FailureKind.REFUSED)), SERVICE),
            "refused",
        ),
    ],
)
def test_absence_is_not_said_when_one_of_them_was_not_read(pages, reason):
    found = phone(site(*pages))
    assert (found.verdict, found.outcome, found.reason) == (Verdict.NOT_VERIFIABLE, Outcome.UNTESTED, reason)


def test_what_was_found_is_said_though_other_pages_were_not_read():
    own = page("/s", PageRole.SERVICE, "<html lang=nl><main><p>Bel ons op 14 020.</p></main></html>")
    assert phone(site(own)).verdict is Verdict.OFFERED


def test_a_number_in_the_footer_of_any_page_counts_for_the_site_and_not_for_the_service():
    footer = "<html lang=nl><main><p>Welkom.</p></main><footer><p>Telefoon 14 020</p></footer></html>"
    view = site(HOME, CONTACT, SERVICE, page("/nieuws", PageRole.OTHER, footer))
    assert phone(view, SubjectKind.SITE).verdict is Verdict.OFFERED
    found = phone(view)
    assert (found.verdict, found.missing) == (Verdict.PARTLY, ("own_number",))


def test_a_number_on_a_news_page_counts_for_nobody():
    news = page("/nieuws/x", PageRole.OTHER, "<html lang=nl><main><p>Bel 14 020.</p></main></html>")
    assert phone(site(HOME, CONTACT, SERVICE, news), SubjectKind.SITE).verdict is Verdict.NOT_OFFERED


def test_structured_data_alone_offers_nothing():
    html = (
        '<html lang=nl><script type="application/ld+json">{"telephone": "+31206241111"}</script>'
        "<main><p>Welkom op onze site.</p></main></html>"
    )
    assert phone(site(HOME, CONTACT, page("/s", PageRole.SERVICE, html))).verdict is Verdict.NOT_OFFERED


def test_a_page_that_could_not_be_looked_at_is_one_untested_finding():
    broken = PageView(url=f"{HOST}/x", role=PageRole.OTHER, failure=Failure(kind=FailureKind.TIMEOUT, detail="slow"))
    [found] = [found for found in judge(site(HOME, CONTACT, SERVICE, broken)) if found.rule == "page_read"]
    assert (found.subject.id, found.outcome, found.reason) == (broken.url, Outcome.UNTESTED, "timeout")


def test_facts_that_are_there_are_not_read_again():
    view = with_facts(site(HOME, CONTACT, SERVICE))
    assert with_facts(view) == view
    assert all(found.facts is not None for found in view.pages)


def test_evidence_carries_page_time_and_artifact():
    html = "<html lang=nl><main><p>Bel ons op 14 020.</p></main></html>"
    own = page("/s", PageRole.SERVICE, html, taken_at="2026-11-23T02:14:07Z", outline_artifact="ab12")
    [evidence] = phone(site(HOME, CONTACT, own)).evidence
    assert (evidence.page, evidence.taken_at, evidence.artifact) == (own.url, "2026-11-23T02:14:07Z", "ab12")
    assert (evidence.quote, evidence.deciding, evidence.lang) == ("Bel ons op 14 020.", ("14 020",), "nl")
