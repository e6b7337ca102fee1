"""Which answers are pages, by what they say of themselves."""

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse

from spiders.answers import as_page

URL = "https://a.example/map.html"
MARKUP = b"<!doctype html><title>Map</title><p>The map"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (HtmlResponse, "text/html; charset=utf-8"),
        (HtmlResponse, "application/xhtml+xml"),
        (HtmlResponse, ""),
        (TextResponse, ""),
        (Response, "broken"),
    ],
)
def test_markup_that_says_nothing_else_is_a_page(answer: type[Response], kind: str) -> None:
    page = as_page(answer(URL, headers={"Content-Type": kind} if kind else {}, body=MARKUP))
    assert isinstance(page, HtmlResponse)
    assert page.css("title::text").get() == "Map"


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "text/plain"])
def test_what_says_that_it_is_no_page_is_none_whatever_its_address_ends_in(kind: str) -> None:
    assert as_page(HtmlResponse(URL, headers={"Content-Type": kind}, body=b"")) is None


@pytest.mark.parametrize(("body", "is_page"), [(b"<!---->" * 40 + b"x", False), (b"<!---->" * 40 + MARKUP, True)])
def test_comments_before_the_markup_are_passed_over_in_one_go(body: bytes, *, is_page: bool) -> None:
    assert (as_page(Response(URL, body=body)) is not None) is is_page
