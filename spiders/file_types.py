"""Which addresses and content types are pages, documents, or other files."""

from urllib.parse import urlsplit

from rules.model.page import LinkKind

_DOCUMENT_ENDINGS = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf"})
_MEDIA = (
    "jpg jpeg png gif webp avif svg ico bmp tif tiff eps mp3 m4a ogg wav mp4 m4v webm avi mov wmv zip gz tgz bz2 7z rar tar "
    "exe msi dmg iso apk css js mjs json xml rss atom csv tsv txt ics vcf epub gml gpx kml woff woff2 ttf eot"
)
_FILE_ENDINGS = _DOCUMENT_ENDINGS | frozenset(_MEDIA.split())
_DOCUMENT_TYPES = ("application/vnd.oasis.opendocument.", "application/vnd.openxmlformats-officedocument.")
_DOCUMENT_TYPES_WHOLE = frozenset(
    {
        "application/pdf",
        "application/x-pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/rtf",
        "text/rtf",
    }
)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})


def link_kind(url: str) -> LinkKind:
    """Whether a web address leads to a document or, as far as one can see from outside, to a page."""
    return LinkKind.DOCUMENT if _ending(url) in _DOCUMENT_ENDINGS else LinkKind.PAGE


def is_file(url: str) -> bool:
    """Whether the ending says that a page is not to be expected, so that the first bytes of the answer are enough."""
    return _ending(url) in _FILE_ENDINGS


def media_type(content_type: str) -> str:
    """The type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def is_page_type(content_type: str) -> bool:
    """Whether a browser shows this type as a page. A type that is missing or broken may turn out to be one."""
    kind = media_type(content_type)
    return "/" not in kind or kind in _PAGE_TYPES


def is_document_type(content_type: str, url: str) -> bool:
    """Whether this is a document that a person reads outside the browser.

    Many servers send documents as a bare stream of bytes; the ending then decides.
    """
    kind = media_type(content_type)
    if kind in {
        "application/octet-stream",
        "binary/octet-stream",
        "application/force-download",
        "application/download",
    }:
        return _ending(url) in _DOCUMENT_ENDINGS
    return kind in _DOCUMENT_TYPES_WHOLE or kind.startswith(_DOCUMENT_TYPES)


def _ending(url: str) -> str:
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
