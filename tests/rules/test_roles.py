"""A page's role is read from its address, its title and the words of the links that lead to it, in every language."""

import pytest

from rules.model.page import PageRole
from rules.roles import guess_role

START = "https://a.example/"


@pytest.mark.parametrize(
    ("path", "title", "anchors", "role"),
    [
        ("", "", (), PageRole.HOME),
        ("nl/", "", (), PageRole.HOME),
        ("contact", "Contact - Gemeente", (), PageRole.CONTACT),
        ("openingstijden", "", (), PageRole.CONTACT),
        ("p/17", "Nous contacter | Ville", (), PageRole.CONTACT),
        ("x", "", ("Öffnungszeiten",), PageRole.CONTACT),
        ("news/offices", "Changes to our offices", (), PageRole.OTHER),
        ("help/more-help", "More help", (), PageRole.HELP),
        ("barrierefreiheit", "", (), PageRole.STATEMENT),
        ("toegankelijkheidsverklaring", "", (), PageRole.STATEMENT),
        ("mentions-legales", "", (), PageRole.LEGAL),
        ("mijn", "Inloggen bij Mijn Waterrijk", (), PageRole.LOGIN),
        ("zoeken", "", (), PageRole.SEARCH),
        ("plan-du-site", "", (), PageRole.SITEMAP),
        ("parkeervergunning", "Parkeervergunning aanvragen", (), PageRole.SERVICE),
        ("a/formulier", "Formulier", (), PageRole.FORM),
        ("verslag.pdf", "", (), PageRole.DOCUMENT),
        ("nieuws/brug", "Brug dicht", (), PageRole.OTHER),
        ("contact/", "", (), PageRole.CONTACT),
        ("contact-us/protect-yourself-against-fraud", "Protect yourself against fraud", (), PageRole.OTHER),
        ("kontakt/datenschutz", "Datenschutz", (), PageRole.LEGAL),
        ("contact/afspraken", "Afspraken van de raad", (), PageRole.OTHER),
        ("nous-contacter/nouveautes", "Nouveautés", (), PageRole.OTHER),
        ("contact-us/telephone-numbers", "Telephone numbers \u2013 Agency", (), PageRole.CONTACT),
        ("c/17", "Find the right agency contact or telephone number", (), PageRole.CONTACT),
        ("c/18", "Get in-person tax help", (), PageRole.CONTACT),
        ("c/19", "Contact the Revenue Agency", (), PageRole.CONTACT),
        ("c/20", "So erreichen Sie uns", (), PageRole.CONTACT),
        ("c/21", "Comment nous joindre", (), PageRole.CONTACT),
        ("c/22", "Hoe kunt u ons bereiken", (), PageRole.CONTACT),
        ("c/23", "Visit your children or grandchildren", ("Visit your children",), PageRole.OTHER),
        ("c/24", "", ("Disposal of waste", "Waste", "Contact us"), PageRole.OTHER),
    ],
)
def test_a_role_is_read_from_address_title_and_links(path, title, anchors, role):
    assert guess_role(START + path, title=title, anchors=anchors, start=START) is role


def test_a_page_named_for_a_service_is_that_service_s():
    assert guess_role(f"{START}contact", start=START, service_pages=(f"{START}contact/",)) is PageRole.SERVICE


def test_a_page_with_a_form_is_a_form_where_nothing_else_names_it():
    assert guess_role(f"{START}q7", start=START, has_form=True) is PageRole.FORM


def test_a_document_is_known_by_its_content_type():
    assert guess_role(f"{START}download?id=3", content_type="application/pdf") is PageRole.DOCUMENT
