import pytest

from spiders.logins import is_login


@pytest.mark.parametrize(
    "url",
    [
        "https://tma.digid.nl/x",
        "https://DIGID.nl/",
        "https://a.example/login",
        "https://a.example/nl/Inloggen/?next=x",
        "https://a.example/wp-login.php",
        "https://a.example/sign-in.aspx",
        "https://a.example/saml/acs",
    ],
)
def test_where_one_signs_in_is_known_by_host_or_path(url: str) -> None:
    assert is_login(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://notdigid.nl/",
        "https://a.example/digid",
        "https://a.example/hulp-bij-inloggen",
        "https://a.example/cursus/aanmelden",
        "https://a.example/?page=login",
        "https://a.example/",
    ],
)
def test_a_page_about_signing_in_is_a_page(url: str) -> None:
    assert not is_login(url)
