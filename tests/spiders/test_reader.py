import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model.page import FoundLink, LinkKind
from spiders.reader import PageParts, read_page

URL = "https://gemeente.example/nl/"


def read(html: str) -> PageParts:
    return read_page(html, URL, ("gemeente.example",))


def hrefs(html: str) -> list[str]:
    return [link.url for link in read(html).links]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "#main",
        "javascript:x()",
        "data:text/html,x",
        "sms:1",
        "callto:1",
        "blob:x",
        "http://[",
        "http://",
        "about:blank",
        "?apikey=abcdef",
        "https://u:p@gemeente.example/",
    ],
)
def test_what_nobody_can_follow_is_no_link(href: str) -> None:
    assert hrefs(f'<a href="{href}">x</a>') == []


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("contact", FoundLink("https://gemeente.example/nl/contact", LinkKind.PAGE, "x")),
        (" /Contact?utm_source=a&b=1#c ", FoundLink("https://gemeente.example/Contact?b=1", LinkKind.PAGE, "x")),
        (
            "//other.example/a.PDF?x=1",
            FoundLink("https://other.example/a.PDF?x=1", LinkKind.DOCUMENT, "x", in_scope=False),
        ),
        ("TEL:+31 (0)14 010", FoundLink("TEL:+31(0)14010", LinkKind.TEL, "x", in_scope=False)),
        (
            "mailto:info@gemeente.example?subject=Hello there",
            FoundLink("mailto:info@gemeente.example?subject=Hello there", LinkKind.MAILTO, "x", in_scope=False),
        ),
    ],
)
def test_a_link_is_resolved_and_sorted_by_kind(href: str, link: FoundLink) -> None:
    assert read(f'<a href="{href}">x</a>').links == (link,)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<a href=/x> Bel <b>ons</b>\n nu </a>", "Bel ons nu"),
        ("<a href=/x aria-label='Bel ons'><svg></svg></a>", "Bel ons"),
        ("<a href=/x><img src=i alt=''><img src=j alt='Bel ons'></a>", "Bel ons"),
        ("<a href=/x title='Bel ons'></a>", "Bel ons"),
        ("<area href=/x alt='Bel ons'>", "Bel ons"),
        ("<link rel='alternate' hreflang=en href=/x title='Call us'>", "Call us"),
        ("<a href=/x></a>", ""),
        (f"<a href=/x>{'a' * 999}</a>", "a" * 200),
    ],
)
def test_the_words_of_a_link_are_what_a_visitor_gets(html: str, words: str) -> None:
    assert [link.anchor for link in read(html).links] == [words]


def test_a_page_names_a_link_once_for_each_of_its_words() -> None:
    html = "<a href=/x>One</a><a href=/x>One</a><a href=/x#y>Two</a>"
    assert [(link.url, link.anchor) for link in read(html).links] == [(f"{URL[:-3]}x", "One"), (f"{URL[:-3]}x", "Two")]


def test_at_most_five_thousand_links_are_read() -> None:
    assert len(hrefs("".join(f"<a href=/{number}>x</a>" for number in range(6_000)))) == 5_000


def test_the_base_of_a_page_counts_also_when_it_is_broken() -> None:
    assert hrefs("<base target=x><base href='/fr/'><a href=a>x</a>") == ["https://gemeente.example/fr/a"]
    assert hrefs("<base href='http://['><a href=a>x</a>") == ["https://gemeente.example/nl/a"]


def test_what_stands_behind_the_end_of_the_page_is_read_as_browsers_do() -> None:
    assert hrefs("<html><body><p>a</p></BODY></html ><footer><a href=/late>x</a></footer>") == [
        "https://gemeente.example/late"
    ]


@pytest.mark.parametrize(
    ("href", "canonical"),
    [("/nl/?utm_source=x", URL), ("https://elsewhere.example/", ""), ("http://[", ""), ("", "")],
)
def test_a_canonical_address_counts_inside_the_site(href: str, canonical: str) -> None:
    assert read(f'<link rel="Canonical" href="{href}">').canonical == canonical


NAME_AND_MAIL = "<input name=naam><input name=email>"


@pytest.mark.parametrize(
    ("form", "is_purpose"),
    [
        (f"<form>{NAME_AND_MAIL}</form>", True),
        ("<form><select name=x></select><textarea name=y></textarea></form>", True),
        ("<form><input type=radio name=a><input type=radio name=a><input type=date name=b></form>", True),
        ("<form><input name=trefwoord><input name=postcode><input name=nummer></form>", True),
        ("<form><input name=postcode></form>", False),
        ("<form><input type=radio name=a><input type=radio name=a></form>", False),
        ("<form><input type=checkbox name=a><input type=checkbox name=b><input name=c></form>", False),
        ("<form><input type=hidden name=a><input type=submit><input type=button></form>", False),
        ("<form role=search><input name=anything><input name=more></form>", False),
        ("<form action=/nl/zoeken><input name=anything><input name=more></form>", False),
        ("<form><input type=search name=x><input name=edit[search_api_fulltext]><input name=q></form>", False),
        (f"<form class=newsletter-form>{NAME_AND_MAIL}</form>", False),
        (f"<div id=nieuwsbrief><div><form>{NAME_AND_MAIL}</form></div></div>", False),
        (f"<div class=gc-rprt-prblm><form>{NAME_AND_MAIL}</form></div>", False),
        (f"<details><summary>Report a problem on this page</summary><form>{NAME_AND_MAIL}</form></details>", False),
        (f"<footer><form>{NAME_AND_MAIL}</form></footer>", False),
        (f"<div role=complementary><form>{NAME_AND_MAIL}</form></div>", False),
        (NAME_AND_MAIL, False),
    ],
)
def test_a_form_counts_when_it_can_be_what_the_page_is_for(form: str, is_purpose: bool) -> None:
    assert read(form).has_form is is_purpose


def test_a_page_that_asks_only_for_a_password_signs_in() -> None:
    sign_in = "<form><input name=naam><input type=PASSWORD name=w></form>"
    assert read(sign_in + "<form role=search><input name=q></form>").signs_in
    assert not read(sign_in + "<p>word</p>" * 500).signs_in
    assert not read(sign_in + "<form><textarea name=question></textarea></form>").signs_in
    assert not read("<form><input type=password name=old><input type=password name=new></form>").signs_in


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;url=/x", "https://gemeente.example/x"),
        ("5 ; URL = '/x'", "https://gemeente.example/x"),
        (".5,/x", "https://gemeente.example/x"),
        ("6;url=/x", ""),
        ("3", ""),
        ("url=/x", ""),
        ("0;url=javascript:x()", ""),
        ("", ""),
    ],
)
def test_a_page_may_send_its_visitors_on(content: str, target: str) -> None:
    assert read(f'<meta http-equiv="REFRESH" content="{content}">').refresh == target


def test_a_refresh_for_those_without_scripts_sends_nobody_on() -> None:
    assert read("<noscript><meta http-equiv=refresh content='0;url=/x'></noscript>").refresh == ""


@pytest.mark.parametrize(
    ("content", "follow"),
    [("nofollow", False), ("NONE", False), ("noindex,nofollow", False), ("noindex", True), ("", True)],
)
def test_robots_may_be_asked_not_to_follow(content: str, follow: bool) -> None:
    assert read(f'<meta name="Robots" content="{content}">').follow is follow


@pytest.mark.parametrize(
    ("html", "empty"),
    [
        ("", True),
        ("<title>x</title>", True),
        ("<html><head><title>x</title><meta charset=utf-8></head><body>&nbsp;<br></body></html>", True),
        ("<body><div id=app></div><script src=a.js></script></body>", False),
        ("<body><img src=a></body>", False),
        ("<frameset><frame src=a></frameset>", False),
        ("<p>x", False),
    ],
)
def test_a_page_is_empty_when_nothing_would_be_drawn(html: str, empty: bool) -> None:
    assert read(html).empty is empty


@given(st.text(max_size=300))
def test_no_text_makes_us_fail(html: str) -> None:
    assert isinstance(read(html), PageParts)


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "'x'>",
                "</a>",
                "<form>",
                "<input name=",
                "<base href=",
                "<meta http-equiv=refresh content=",
                "0;url=",
                ">",
                "<title>",
                "\0",
                "é",
                "</html>",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_no_markup_makes_us_fail(html: str) -> None:
    assert isinstance(read(html), PageParts)


def test_a_page_that_leaves_its_body_tag_out_is_not_empty() -> None:
    page = "<!doctype html><html lang=en><title>Permit</title><main><p>Renew your permit.</p></main>"
    assert not read(page).empty
    assert read("<!doctype html><html lang=en><title>Permit</title><style>p {}</style><noscript>x</noscript>").empty
