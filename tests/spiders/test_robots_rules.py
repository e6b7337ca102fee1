import pytest

from spiders.robots_rules import RobotsRules

AGENT = "Mozilla/5.0 (compatible; Loket/0.1; +https://audit.example/)"
TEXT = """User-agent: Mozilla
Disallow: /

User-agent: loket
Disallow: /private
Allow: /private/contact
Sitemap: https://a.example/s.xml
"""


@pytest.mark.parametrize(
    ("url", "permitted"),
    [
        ("https://a.example/", True),
        ("https://a.example:443/private/x", False),
        ("https://a.example/private/contact", True),
        ("http://a.example/private/x", True),
        ("https://b.example/private/x", True),
    ],
)
def test_the_rules_of_an_origin_for_our_own_name_decide(url: str, *, permitted: bool) -> None:
    assert RobotsRules({"https://a.example": TEXT}, AGENT).permitted(url) is permitted


def test_a_closed_origin_is_closed() -> None:
    rules = RobotsRules({"https://a.example": "User-agent: *\nDisallow: /"}, "Loket/1")
    assert not rules.permitted("https://a.example/")


def test_the_sitemaps_of_all_texts_are_named_once() -> None:
    assert RobotsRules({"https://a.example": TEXT, "https://b.example": TEXT}, AGENT).sitemaps() == (
        "https://a.example/s.xml",
    )
