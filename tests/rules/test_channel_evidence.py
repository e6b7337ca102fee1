"""The evidence of a verdict comes from the place that decides: the service's own line, then the general one nearest to home."""

import pytest

from rules.judgement import judge
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Channel, SubjectKind, Verdict
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html

HOST = "https://a.example"
HOME = '<p>Welcome to our site. <a href="/contact">Contact us</a></p>'
NUMBER = "020 7946 01{:02}"


def page(path, role, html):
    url = f"{HOST}{path}"
    return PageView(url=url, role=role, outline=from_html(f"<html lang=en><main>{html}</main></html>", url))


def site(*pages, name="Child benefit", own="<p>Read here who can get the money.</p>"):
    service = page("/benefit", PageRole.SERVICE, own)
    home = page("/", PageRole.HOME, HOME)
    entry = Service(id="s", name=name, pages=(service.url,))
    return SiteView(
        site=Site(id="a", name="Agency", start=home.url, services=(entry,)),
        country="GB",
        pages=(home, *pages, service),
        services=(ServiceView(service=entry, pages=(service,)),),
    )


def contact(html, path="/contact"):
    return page(path, PageRole.CONTACT, html)


def found(view, channel=Channel.PHONE, kind=SubjectKind.SERVICE):
    return next(each for each in judge(view) if each.channel is channel and each.subject.kind is kind)


def numbers(finding):
    return [evidence.attributes.get("number") for evidence in finding.evidence]


LINES = (
    f"<h2>Tax enquiries</h2><p>Phone: {NUMBER.format(1)}</p><h2>Report a scam</h2><p>Phone: {NUMBER.format(2)}</p>"
    f"<h2>Benefit enquiries</h2><p>Phone: {NUMBER.format(3)}</p><p>Call this number about the child benefit.</p>"
)


def test_the_line_that_names_the_service_comes_first_and_needs_no_other_word():
    finding = found(site(contact(LINES)))
    assert (finding.verdict, finding.missing, numbers(finding)[0]) == (Verdict.OFFERED, (), NUMBER.format(3))


def test_a_line_for_one_matter_serves_no_service_that_it_does_not_name():
    finding = found(site(contact(f"<h2>Report a scam</h2><p>Phone: {NUMBER.format(2)}</p>")))
    assert (finding.verdict, finding.key) == (Verdict.NOT_OFFERED, "not_offered")
    assert numbers(finding) == [NUMBER.format(2)]


def test_it_serves_the_service_that_is_about_it():
    view = site(contact(f"<h2>Report a scam</h2><p>Phone: {NUMBER.format(2)}</p>"), name="Report a scam")
    assert found(view).verdict is Verdict.OFFERED


def test_a_site_with_no_other_line_has_none_for_all_questions():
    finding = found(site(contact(f"<h2>Report a scam</h2><p>Phone: {NUMBER.format(2)}</p>")), kind=SubjectKind.SITE)
    assert (finding.verdict, finding.missing) == (Verdict.PARTLY, ("general_number",))


def test_a_site_shows_its_general_line_first_and_a_line_for_one_matter_last():
    html = (
        f"<h2>Report a scam</h2><p>Phone: {NUMBER.format(2)}</p><h2>Offices</h2><p>Phone: {NUMBER.format(4)}</p>"
        f"<h2>General enquiries</h2><p>Phone: {NUMBER.format(1)}</p>"
    )
    finding = found(site(contact(html)), kind=SubjectKind.SITE)
    assert numbers(finding) == [NUMBER.format(1), NUMBER.format(4), NUMBER.format(2)]


def test_of_two_equal_lines_the_one_nearer_to_home_comes_first():
    near = contact(f'<p>Phone: {NUMBER.format(1)}</p><p><a href="/far">Far</a></p>')
    far = contact(f"<p>Phone: {NUMBER.format(2)}</p>", "/far")
    finding = found(site(far, near), kind=SubjectKind.SITE)
    assert numbers(finding) == [NUMBER.format(1), NUMBER.format(2)]
    assert [evidence.attributes["clicks"] for evidence in finding.evidence] == ["1", "2"]


def test_evidence_is_short_and_names_each_number_once():
    lines = "".join(f"<p>Phone: {NUMBER.format(at)}</p>" for at in range(1, 12))
    finding = found(site(contact(lines), contact(lines, "/contact-again")), kind=SubjectKind.SITE)
    assert len(finding.evidence) == 6
    assert len(set(numbers(finding))) == 6


def test_clicks_are_counted_from_the_service_too():
    own = '<p>Questions? <a href="/contact">Contact us</a></p>'
    finding = found(site(contact(f"<p>For all enquiries, phone {NUMBER.format(1)}</p>"), own=own))
    assert finding.evidence[0].attributes["clicks_from_service"] == "1"


def test_what_opens_on_demand_is_one_click_away():
    finding = found(site(contact(f"<details><summary>Call</summary><p>Phone: {NUMBER.format(1)}</p></details>")))
    assert finding.evidence[0].attributes["one_click_away"] == "yes"


ADDRESS = "<h1>Addresses</h1><p>Postal address: PO Box 12, London SW1A 2AA</p>"


def test_the_page_that_a_label_leads_to_is_the_evidence_where_it_gives_the_address():
    label = contact('<h2>Find a mailing address</h2><p><a href="/addresses">Find a mailing address</a></p>')
    finding = found(site(label, page("/addresses", PageRole.OTHER, ADDRESS)), Channel.PAPER)
    assert (finding.verdict, finding.evidence[0].page) == (Verdict.OFFERED, f"{HOST}/addresses")
    assert finding.evidence[0].attributes["address"] == "PO Box 12, London SW1A 2AA"


@pytest.mark.parametrize("target", [ADDRESS.replace("PO Box 12, London SW1A 2AA", "ask us"), None])
def test_a_label_alone_is_neither_an_offer_nor_a_refusal(target):
    pages = [page("/addresses", PageRole.OTHER, target)] if target else []
    label = contact('<h2>Find a mailing address</h2><p><a href="/addresses">Find a mailing address</a></p>')
    finding = found(site(label, *pages), Channel.PAPER)
    assert (finding.verdict, finding.reason) == (Verdict.NOT_VERIFIABLE, "only_named")
    assert finding.evidence[0].quote == "Find a mailing address"


def test_help_in_person_with_no_place_named_is_half_an_offer():
    finding = found(site(contact("<p>You can get help in person.</p>")), Channel.COUNTER)
    assert (finding.verdict, finding.missing) == (Verdict.PARTLY, ("place",))


def test_a_dead_link_to_a_contact_page_does_not_keep_absence_unsaid():
    gone = PageView(
        url=f"{HOST}/old-contact", role=PageRole.CONTACT, failure=Failure(FailureKind.HTTP_ERROR, "status 404")
    )
    assert found(site(contact("<p>Hello to all of you.</p>"), gone)).verdict is Verdict.NOT_OFFERED
    broken = PageView(
        url=f"{HOST}/contact-2", role=PageRole.CONTACT, failure=Failure(FailureKind.HTTP_ERROR, "status 503")
    )
    assert found(site(contact("<p>Hello to all of you.</p>"), broken)).reason == "http_error"


def test_who_helps_is_noted_beside_the_verdict_and_replaces_nothing():
    finding = found(site(contact("<p>Hello to all of you.</p>"), own="<p>You can ask for a home visit.</p>"))
    assert (finding.verdict, finding.params["help"]) == (Verdict.NOT_OFFERED, "You can ask for a home visit.")


def test_both_sides_of_a_contradiction_are_shown():
    lines = "".join(f"<p>Phone: {NUMBER.format(at)}</p>" for at in range(1, 9))
    view = site(contact("<p>Hello.</p>"), own=lines)
    other = page("/benefit/2", PageRole.SERVICE, "<p>You cannot apply for this by phone.</p>")
    service = view.services[0]
    entry = Service(id="s", name="Child benefit", pages=(*service.service.pages, other.url))
    pages = (*service.pages, other)
    view = SiteView(
        site=view.site, country="GB", pages=(*view.pages, other), services=(ServiceView(service=entry, pages=pages),)
    )
    finding = found(view)
    assert finding.verdict is Verdict.CONTRADICTED
    assert len(finding.evidence) == 6
    assert finding.evidence[-1].quote == "You cannot apply for this by phone."
