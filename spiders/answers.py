"""What an answer says of an address: Scrapy's responses become our records."""

import re
from http import HTTPStatus

from msgspec.structs import replace
from scrapy.http import HtmlResponse, Response

from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage
from spiders.failures import header
from spiders.file_types import is_document_type, is_page_type, media_type
from spiders.reader import PageParts

_LONGEST_VALIDATOR = 500
_MOST_DIGITS = 15
_MARKUP = re.compile(  # gives nothing back: forty empty comments could be taken apart in 2**40 ways
    rb"[\xef\xbb\xbf\s]*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


def head_read(response: Response, known: CrawledPage) -> CrawledPage:
    """What the head of an answer says. Part of a file is as good as the whole: it was all that we asked for."""
    return replace(
        known,
        final_url=known.url,
        status=HTTPStatus.OK.value if response.status == HTTPStatus.PARTIAL_CONTENT else response.status,
        content_type=media_type(header(response, "Content-Type")),
        etag=header(response, "ETag")[:_LONGEST_VALIDATOR],
        last_modified=header(response, "Last-Modified")[:_LONGEST_VALIDATOR],
        size=_size(response),
    )


def page_read(head: CrawledPage, parts: PageParts) -> CrawledPage:
    """What the markup says, beside the head."""
    return replace(
        head,
        title=parts.title,
        lang=parts.lang,
        canonical=parts.canonical,
        structure=parts.structure,
        has_form=parts.has_form,
        links=parts.links,
        failure=Failure(FailureKind.EMPTY, "nothing stands on the page") if parts.empty else None,
    )


def file_read(head: CrawledPage) -> CrawledPage:
    """A document is a page of its own kind; any other file is none."""
    if is_document_type(head.content_type, head.url):
        return head
    return replace(head, failure=Failure(FailureKind.NOT_HTML, head.content_type or "no page, by its first bytes"))


def as_page(response: Response) -> HtmlResponse | None:
    """The answer as markup, also where its type is missing or broken and its first bytes tell.

    Scrapy takes the ending of the address for a type where the named one is no text: a picture at `/map.html` is none.
    """
    if not is_page_type(header(response, "Content-Type")):
        return None
    if isinstance(response, HtmlResponse):
        return response
    return response.replace(cls=HtmlResponse) if _MARKUP.match(response.body) else None


def _size(response: Response) -> int:
    """The bytes that came; where we stopped at the head, those that were announced (`Content-Range: bytes 0-0/1234`)."""
    if "download_stopped" not in response.flags:
        return len(response.body)
    whole = header(response, "Content-Range").rpartition("/")[2] or header(response, "Content-Length")
    return int(whole) if whole.isdecimal() and len(whole) <= _MOST_DIGITS else 0
