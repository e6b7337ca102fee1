"""Clicks are counted along the links that people can see."""

from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html
from rules.paths import clicks

HOST = "https://a.example"


def page(path, html, role=PageRole.OTHER):
    url = HOST + path
    return PageView(url=url, role=role, outline=from_html(f"<main>{html}</main>", url))


def view(*pages, service=None):
    services = (
        (ServiceView(service=Service(id="s", name="S", pages=(service.url,)), pages=(service,)),) if service else ()
    )
    return SiteView(site=Site(id="a", name="A", start=f"{HOST}/"), country="NL", pages=pages, services=services)


def test_each_page_is_as_far_as_the_shortest_way_of_links():
    home = page("/", '<p><a href="/a">A</a> <a href="/b/#top">B</a></p>', PageRole.HOME)
    pages = (home, page("/a", '<p><a href="/b">B</a></p>'), page("/b", '<p><a href="/c">C</a></p>'), page("/c", ""))
    assert clicks(view(*pages)) == {"": {f"{HOST}/": 0, f"{HOST}/a": 1, f"{HOST}/b": 1, f"{HOST}/c": 2}}


def test_clicks_are_counted_from_a_service_s_own_pages_too():
    service = page("/passport", '<p><a href="/contact">Contact</a></p>', PageRole.SERVICE)
    home = page("/", '<p><a href="/passport">Passport</a></p>', PageRole.HOME)
    found = clicks(view(home, service, page("/contact", ""), service=service))
    assert found["s"] == {f"{HOST}/passport": 0, f"{HOST}/contact": 1}
    assert found[""][f"{HOST}/contact"] == 2


def test_a_link_that_nobody_sees_leads_nowhere():
    home = page("/", '<p hidden><a href="/a">A</a></p>', PageRole.HOME)
    assert clicks(view(home, page("/a", ""))) == {"": {f"{HOST}/": 0}}


def test_a_page_that_was_not_read_can_be_reached_and_leads_nowhere():
    home = page("/", '<p><a href="/a">A</a></p>', PageRole.HOME)
    unread = PageView(url=f"{HOST}/a", role=PageRole.CONTACT)
    assert clicks(view(home, unread)) == {"": {f"{HOST}/": 0, f"{HOST}/a": 1}}
