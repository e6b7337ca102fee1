"""Where a link leads is what `urljoin` says of it, however it is written."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.outline_addresses import resolver

PAGES = [
    "https://a.example/x/../y/z.html?q#f",
    "https://a.example",
    "file:///d/f.html",
    "about:srcdoc",
    "http://[x",
    "//h/p",
    "",
]
PIECES = "a b.html / // .. . .well-known ? q=1 # x ; : http: https:// a.example mailto: tel: javascript: HTTP:// é [ ] %20 @ 8 \\"
SPACES = (" ", "\t", "\n", "\u2028", "\0")
HREFS = st.lists(st.sampled_from((*PIECES.split(), *SPACES)), max_size=7).map("".join)


def joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


@given(st.sampled_from(PAGES), st.sampled_from(["", "/b/", "c/d"]), HREFS)
def test_every_link_leads_where_the_standard_library_says(url: str, base: str, href: str) -> None:
    assert resolver(url, base)(href) == joined(joined(url, base), href.strip())


@pytest.mark.parametrize(
    "href",
    ["/contact", "hulp/bel.html?a=b#c", "#inhoud", "https://b.example/x?y", "mailto:info@a.example", "tel:14030"],
)
def test_a_plain_link_is_joined_without_the_standard_library(href: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = resolver("https://a.example/x/", "")
    expected = joined("https://a.example/x/", href)
    monkeypatch.setattr("rules.outline_addresses.urljoin", None)
    assert resolve(href) == expected
