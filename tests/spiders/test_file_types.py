import pytest

from rules.model.page import LinkKind
from spiders.file_types import is_document_type, is_file, is_page_type, link_kind, media_type


@pytest.mark.parametrize(
    ("url", "kind", "file"),
    [
        ("https://a.example/form.PDF?version=2", LinkKind.DOCUMENT, True),
        ("https://a.example/x/y.docx", LinkKind.DOCUMENT, True),
        ("https://a.example/photo.jpg", LinkKind.PAGE, True),
        ("https://a.example/page.html", LinkKind.PAGE, False),
        ("https://a.example/besluit-3.2", LinkKind.PAGE, False),
        ("https://a.example/?file=x.pdf", LinkKind.PAGE, False),
        ("https://a.example/v1.pdf/page", LinkKind.PAGE, False),
    ],
)
def test_the_ending_of_the_path_says_what_to_expect(url: str, kind: LinkKind, *, file: bool) -> None:
    assert (link_kind(url), is_file(url)) == (kind, file)


@pytest.mark.parametrize(
    ("content_type", "page", "document"),
    [
        ("text/html; charset=utf-8", True, False),
        ("application/xhtml+xml", True, False),
        ("", True, False),
        ("html", True, False),
        ("Application/PDF", False, True),
        ("application/vnd.oasis.opendocument.text", False, True),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False, True),
        ("image/png", False, False),
        ("application/json", False, False),
        ("application/octet-stream", False, False),
    ],
)
def test_a_type_is_a_page_a_document_or_neither(content_type: str, *, page: bool, document: bool) -> None:
    assert (is_page_type(content_type), is_document_type(content_type, "https://a.example/x")) == (page, document)


def test_a_bare_stream_is_a_document_when_its_address_says_so() -> None:
    assert is_document_type("application/octet-stream", "https://a.example/form.odt")


def test_a_type_is_named_without_its_parameters() -> None:
    assert media_type(" Text/HTML ; charset=x") == "text/html"
