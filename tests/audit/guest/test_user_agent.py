"""We say who we are, in one header line, with an address that leads to a person."""

from importlib.metadata import version

import pytest

from audit.guest.user_agent import PRODUCT, PROJECT_ADDRESS, user_agent


def test_the_user_agent_names_product_version_and_contact() -> None:
    contact = "https://agency.example/about-our-audit"
    assert user_agent(contact) == f"Mozilla/5.0 (compatible; Loket/{version('loket')}; +{contact})"
    assert PRODUCT == "Loket"


def test_without_a_contact_the_projects_address_stands_there() -> None:
    assert user_agent().endswith(f"; +{PROJECT_ADDRESS})")


@pytest.mark.parametrize(
    "contact", ["https://a.example/\r\nX-Evil: 1", "https://a.example/) (", "https://a.example/é;"]
)
def test_a_contact_cannot_break_the_header(contact: str) -> None:
    agent = user_agent(contact)
    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") == 1
    assert "\r" not in agent
