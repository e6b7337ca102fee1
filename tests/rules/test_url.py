"""URLs get one spelling, scopes end where path segments end, and secrets are seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model.url import default_scope, has_secret, in_scope, normalise, origin, url_pattern, variant_key

_PIECES = st.sampled_from(
    [
        "http://",
        "HTTPS:",
        "//",
        "/",
        "\\",
        "..",
        ".",
        "%2e",
        "%",
        "%%34%31",
        "%%330",
        "%7E",
        "%c3%a9",
        "é",
        "ﬀ",
        "\uff11",
        "。",
        "�",
        "h.nl",
        "H.NL.",
        "0x7f.1",
        "[::1]",
        "[::ffff:1.2.3.4]",
        "[",
        "]",
        ":80",
        ":443",
        ":0",
        ":99999",
        "@",
        "u:p@",
        "#f",
        "?",
        "&",
        "=",
        "a",
        "sid=a1b2c3",
        "utm_source=x",
        ";jsessionid=A.1",
        "(S(abcdefghij))",
        ";",
        " ",
        "\t",
        "\n",
        "\x00",
        "+",
    ]
)
WILD_URLS = st.one_of(
    st.text(max_size=40),
    st.lists(_PIECES, max_size=10).map("".join),
    st.lists(_PIECES, max_size=10).map(lambda pieces: "https://h.nl" + "".join(pieces)),
)


@settings(deadline=None)  # the first host outside ASCII loads a large table
@given(WILD_URLS, WILD_URLS)
def test_normalising_never_raises_and_twice_is_once(url: str, base: str) -> None:
    once = normalise(url, base)
    if once is not None:
        assert normalise(once) == once
        assert once.isascii()
        assert "#" not in once


@settings(deadline=None)  # the first host outside ASCII loads a large table
@given(WILD_URLS)
def test_a_variant_key_is_its_own_and_its_normal_urls_key(url: str) -> None:
    key = variant_key(url)
    assert variant_key(key) == key
    normal = normalise(url)
    if normal is not None:
        assert variant_key(normal) == key


@settings(deadline=None)  # the first host outside ASCII loads a large table
@given(WILD_URLS)
def test_no_question_about_a_url_raises(url: str) -> None:
    scope = default_scope(url)
    assert in_scope(url, scope) == (normalise(url) is not None)
    assert isinstance(has_secret(url), bool)
    assert url_pattern(url_pattern(url)) is not None
    assert (origin(url) == "") == (normalise(url) is None)
    in_scope("https://h.nl/", [url])


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("HTTP://Example.NL:80/a/../b#top", "", "http://example.nl/b"),
        ("https://example.nl", "", "https://example.nl/"),
        ("https://example.nl/loket/", "", "https://example.nl/loket/"),
        ("https://example.nl.:443/", "", "https://example.nl/"),
        ("  https://exa\nmple.nl/a\tb  ", "", "https://example.nl/ab"),
        ("https:\\\\example.nl\\a\\b?c\\d", "", "https://example.nl/a/b?c%5Cd"),
        ("../x?y", "https://example.nl/a/b/c", "https://example.nl/a/x?y"),
        ("?page=2", "https://example.nl/a/b?page=1", "https://example.nl/a/b?page=2"),
        ("", "https://example.nl/a?b#c", "https://example.nl/a?b"),
        ("//other.nl/x", "https://example.nl/", "https://other.nl/x"),
        ("https:page", "https://example.nl/a/b", "https://example.nl/a/page"),
        ("http:other.nl/page", "https://example.nl/a/b", "http://other.nl/page"),
        ("a;b=1/c", "https://example.nl/", "https://example.nl/a;b=1/c"),
        ("https://example.nl/%7euser/%e9t%c3%a9/é è", "", "https://example.nl/~user/%E9t%C3%A9/%C3%A9%20%C3%A8"),
        ("https://example.nl/%%330", "", "https://example.nl/%2530"),
        ("https://example.nl/100%/%zz", "", "https://example.nl/100%25/%25zz"),
        ("https://example.nl/a/%2e%2e/b", "", "https://example.nl/b"),
        ("https://straße.example/", "", "https://xn--strae-oqa.example/"),
        ("https://example.nl/?b=2&a=1&&b=2", "", "https://example.nl/?b=2&a=1&b=2"),
        ("https://example.nl/?utm_source=mail&a=1&gclid=x&fbclid=y", "", "https://example.nl/?a=1"),
        ("https://example.nl/?utm_source=mail", "", "https://example.nl/"),
        ("https://example.nl/a;jsessionid=0A1B.node1?x=1", "", "https://example.nl/a?x=1"),
        ("https://example.nl/?PHPSESSID=abc&x=1", "", "https://example.nl/?x=1"),
        ("https://example.nl/?sid=3f9ac01b77&x=1", "", "https://example.nl/?x=1"),
        ("https://example.nl/?sid=12&x=1", "", "https://example.nl/?sid=12&x=1"),
        ("https://example.nl/(S(lit3py55t21z5v55vlm25s55))/loket.aspx", "", "https://example.nl/loket.aspx"),
        ("http://0x7f.1/", "", "http://127.0.0.1/"),
        ("http://127。1/", "", "http://127.0.0.1/"),
        ("http://[0:0::1]:8080/", "", "http://[::1]:8080/"),
        ("http://[::ffff:127.0.0.1]/", "", "http://[::ffff:7f00:1]/"),
    ],
)
def test_a_url_has_one_spelling(url: str, base: str, expected: str) -> None:
    assert normalise(url, base) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "page",
        "tel:+31201234567",
        "mailto:a@example.nl",
        "javascript:void(0)",
        "file:///etc/passwd",
        "ftp://example.nl/",
        "data:text/html,x",
        "https://",
        "https:///",
        "https://?x",
        "https://example.nl:0/",
        "https://example.nl:65536/",
        "https://example.nl:80x/",
        "https://a..b/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://1.2.3.256/",
        "https://1.2.3.4.5/",
        "https://ex ample.nl/",
        "https://example.nl/" + "a" * 9000,
    ],
)
def test_what_is_no_web_address_has_no_spelling(url: str) -> None:
    assert normalise(url) is None


@pytest.mark.parametrize(
    "variant",
    [
        "https://example.nl/loket",
        "https://EXAMPLE.nl:443/loket/",
        "https://example.nl//loket/#tel",
        "https://example.nl/x/../loket",
        "https://example.nl/loket?utm_medium=mail",
        "https://example.nl/loket;jsessionid=1",
        "https://example.nl/%6coket",
    ],
)
def test_variants_of_a_page_share_their_key(variant: str) -> None:
    assert variant_key(variant) == "https://example.nl/loket"


def test_the_order_of_parameters_makes_no_other_page_but_their_values_do() -> None:
    assert variant_key("https://example.nl/?b=2&a=1") == variant_key("https://example.nl?a=1&b=2")
    assert variant_key("https://example.nl/?a=1") != variant_key("https://example.nl/?a=2")
    assert variant_key("https://example.nl/") != variant_key("http://example.nl/")


@pytest.mark.parametrize(
    "url",
    [
        "https://jan:geheim@example.nl/",
        "//jan@example.nl/",
        "https:\\\\jan@example.nl",
        "https://example.nl/?access_token=1",
        "https://example.nl/?apiKey=1",
        "https://example.nl/?api-key=1",
        "https://example.nl/?X-Amz-Signature=1",
        "https://example.nl/#id_token=1",
        "https://example.nl/?code=1&state=2",
        "/reset;token=abc",
        "?password=x",
        "https://example.nl/?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "https://example.nl/?ticket=ST-12-abc-cas",
        "https://example.nl/?sig%6Eature=1",
        "https://example.nl/?SAMLResponse=PHN",
    ],
)
def test_a_secret_in_a_url_is_seen(url: str) -> None:
    assert has_secret(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.nl/token?page=1",
        "https://example.nl/?q=password",
        "https://example.nl/?token=",
        "https://@example.nl/",
        "mailto:jan@example.nl",
        "https://example.nl/@jan",
        "https://example.nl/?code=12",
        "https://example.nl/?design=1",
        "https://example.nl/?itok=abc",
        "https://example.nl/?ticket=3",
        "https://example.nl/?keyword=api",
    ],
)
def test_ordinary_urls_hold_no_secret(url: str) -> None:
    assert not has_secret(url)


@pytest.mark.parametrize(
    ("url", "scope", "expected"),
    [
        ("https://example.nl/", ["example.nl"], True),
        ("http://EXAMPLE.nl/a?b", ["example.nl/"], True),
        ("https://example.nl/loket", ["example.nl/loket/"], True),
        ("https://example.nl/loket/paspoort", ["example.nl/loket"], True),
        ("https://example.nl/loket?x", ["https://example.nl/loket"], True),
        ("https://example.nl/loketten", ["example.nl/loket"], False),
        ("https://example.nl/loket/../geheim", ["example.nl/loket"], False),
        ("https://www.example.nl/", ["example.nl"], False),
        ("https://example.nl.evil.example/", ["example.nl"], False),
        ("https://example.nl@evil.example/", ["example.nl"], False),
        ("https://example.nl:8443/", ["example.nl"], False),
        ("https://example.nl:8443/", ["other.nl", "example.nl:8443/"], True),
        ("https://example.nl/", ["example.nl:443"], True),
        ("http://example.nl/", ["example.nl:443"], False),
        ("http://example.nl/", ["example.nl:80"], True),
        ("http://[::1]:8000/a", ["[::1]:8000/a"], True),
        ("tel:1", ["example.nl"], False),
        ("https://example.nl/", [], False),
        ("https://example.nl/", ["", "exa mple"], False),
    ],
)
def test_scope_is_host_port_and_path_segments(url: str, scope: list[str], expected: bool) -> None:
    assert in_scope(url, scope) is expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("https://example.nl/nl/start", ("example.nl/", "www.example.nl/")),
        ("https://www.example.nl", ("www.example.nl/", "example.nl/")),
        ("http://localhost:8000/a", ("localhost:8000/",)),
        ("http://127.0.0.1:8000/a", ("127.0.0.1:8000/",)),
        ("http://[::1]/", ("[::1]/",)),
        ("file:///etc/passwd", ()),
    ],
)
def test_a_site_without_scope_covers_its_start_with_and_without_www(start: str, expected: tuple[str, ...]) -> None:
    assert default_scope(start) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.nl/nieuws/2024/01/31/bericht-12", "example.nl/nieuws/{n}/{n}/bericht-{n}"),
        ("https://example.nl/a/123e4567-e89b-12d3-a456-426614174000.html", "example.nl/a/{id}.html"),
        ("https://example.nl/f/ab12cd34ef56ab78cd90", "example.nl/f/{id}"),
        ("https://example.nl/zoek?q=paspoort&page=2", "example.nl/zoek?page&q"),
        ("https://example.nl/a/b/a/b/a/b/a/b", "example.nl/a/b/a/b"),
        ("https://example.nl/paspoort-aanvragen-gemeente/", "example.nl/paspoort-aanvragen-gemeente/"),
    ],
)
def test_urls_that_a_program_counts_up_share_a_pattern(url: str, expected: str) -> None:
    assert url_pattern(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.nl:443/a?b", "https://example.nl"),
        ("http://example.nl:8080/", "http://example.nl:8080"),
        ("http://u:p@example.nl/", "http://example.nl"),
        ("http://[::1]:80/", "http://[::1]"),
        ("nowhere", ""),
    ],
)
def test_an_origin_leaves_the_schemes_own_port_out(url: str, expected: str) -> None:
    assert origin(url) == expected
