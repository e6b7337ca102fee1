"""Every pure function that reads what strangers wrote, with what it is fed and the exceptions that it documents.

A new one belongs here: `test_wild_readers.py` asks for it by name.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import wild_data as wild
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, Response

from audit.capture.condition import Condition
from audit.capture.documents.contents import Limits as PdfLimits
from audit.capture.documents.contents import PdfContents, PdfLine, PdfPage
from audit.guest.addresses import AllowList
from audit.guest.asking import Answer
from audit.guest.message import BadMessageError, Body, Request

_AGENT = "Mozilla/5.0 (compatible; Loket/1; +https://loket.example/)"


@dataclass(frozen=True)
class Reader:
    """A function, what each of its arguments is drawn from, and what it may raise."""

    read: Callable[..., Any]
    arguments: tuple[st.SearchStrategy[Any], ...]
    documented: tuple[type[Exception], ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


def _named(path: str) -> Callable[..., Any]:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _readers(*rows: tuple[Any, ...]) -> Iterator[tuple[str, Reader]]:
    for path, *arguments in rows:
        named = arguments.pop() if isinstance(arguments[-1], dict) else {}
        documented = (arguments.pop(),) if isinstance(arguments[-1], type) else ()
        yield path, Reader(_named(path), tuple(arguments), documented, named)


_heads = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from(
            [
                b"GET / HTTP/1.1",
                b"CONNECT [::1]:99 HTTP/1.1",
                b"HTTP/1.1 200 OK",
                b"\r\n",
                b"Host: a",
                b"Content-Length: -1",
                b"Transfer-Encoding: chunked, x",
                b": ",
                b"\x00",
                b"\t",
            ]
        )
    ).map(b"".join),
)
_asked = st.builds(
    Request,
    method=st.sampled_from([b"GET", b"CONNECT", b"OPTIONS"]),
    target=wild.urls.map(lambda url: url.encode("ascii", "replace")),
    minor=st.just(1),
    fields=st.just([]),
    body=st.just(Body()),
)
_sitemaps = st.one_of(
    wild.wild_bytes,
    wild.wild_bytes.map(gzip.compress),
    st.lists(
        st.sampled_from(
            [
                b"<urlset>",
                b"<url><loc>",
                b"http://[",
                b"&x;",
                b"</loc>",
                b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
                b"\x1f\x8b",
                b"<sitemap><loc>",
            ]
        )
    ).map(b"".join),
)
_packed = st.builds(
    Answer, status=st.just(200), encoding=st.sampled_from(["gzip", "deflate", "br", ""]), body=_sitemaps
)
_robots = st.dictionaries(
    st.just("https://a.example"),
    st.one_of(
        wild.any_text,
        st.lists(
            st.sampled_from(
                [
                    "User-agent: *",
                    "Disallow: /%",
                    "Allow: *$*",
                    "Crawl-delay: 1e999",
                    "Crawl-delay: -1",
                    "Request-rate: 1/0",
                    "Request-rate: 9/0s",
                    "Sitemap: http://[",
                    "Disallow: " + "*a" * 40,
                ]
            )
        ).map("\n".join),
    ),
)
_headers = st.dictionaries(
    st.sampled_from(
        [
            "Content-Type",
            "Content-Range",
            "Content-Length",
            "Location",
            "X-Loket-Guard",
            "Server",
            "ETag",
            "cf-mitigated",
        ]
    ),
    st.binary(max_size=40),
    max_size=5,
)
_answers = st.builds(Response, url=st.just(wild.START), status=wild.statuses, headers=_headers, body=wild.wild_bytes)
_pages = st.builds(HtmlResponse, url=st.just(wild.START), status=wild.statuses, headers=_headers, body=wild.wild_bytes)
_scopes = st.just(wild.SCOPE)
_conditions = st.builds(
    Condition,
    title=wild.any_text,
    text=wild.any_text,
    blank=st.booleans(),
    hollow=st.booleans(),
    password=st.booleans(),
    cover=wild.any_text,
)
_lines = st.builds(
    PdfLine, text=wild.texts, left=st.floats(), right=st.floats(), height=st.floats(), level=st.integers(0, 6)
)
_contents = st.builds(
    PdfContents,
    pages=st.lists(
        st.builds(PdfPage, groups=st.lists(st.lists(_lines, max_size=3).map(tuple), max_size=3).map(tuple)), max_size=2
    ).map(tuple),
)
_pdf_bytes = st.one_of(
    wild.wild_bytes,
    st.lists(
        st.sampled_from(
            [
                b"%PDF-1.7\n",
                b"1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n",
                b"trailer<</Root 1 0 R>>",
                b"xref\n0 9\n",
                b"startxref\n0\n",
                b"%%EOF",
                b"stream\n",
                b"<<" * 50,
                b"\x00",
            ]
        )
    ).map(b"".join),
)

READERS: dict[str, Reader] = dict(
    _readers(
        # The page as bytes, as text, as the browser hands it over, as a PDF.
        ("rules.outline.from_html", wild.wild_bytes, wild.urls),
        ("rules.outline_source.decode", wild.wild_bytes, wild.any_text),
        ("audit.capture.gather.outline.merge_frames", wild.frames()),
        ("audit.capture.documents.pdf_outline.outline_of", _contents, wild.urls),
        ("audit.capture.documents.pdf_child.contents_of", _pdf_bytes, st.just(PdfLimits())),
        ("audit.capture.documents.contents.plain", wild.any_text),
        ("spiders.reader.read_page", wild.markup, wild.urls, _scopes),
        ("rules.outline_names.spaced", wild.any_text),
        ("rules.outline_names.one_line", wild.any_text),
        ("rules.outline_tree.words", wild.any_text),
        # The outline: facts, inspection, judgement.
        ("rules.facts.read_facts", wild.outlines),
        ("rules.facts.address.has_address", wild.texts, st.just(("NL", "GB", "DE"))),
        ("rules.facts.address.find_address", wild.texts, st.just(("NL", "GB", "DE"))),
        ("rules.facts.address.has_street", wild.any_text),
        ("rules.facts.captcha.provider_of", wild.urls),
        ("rules.facts.language.page_language", wild.outlines),
        ("rules.facts.language.block_language", wild.any_text, wild.any_text, st.sampled_from(["nl", "en", "other"])),
        ("rules.facts.numbers.numbers_in", wild.any_text, st.just(("NL", "GB"))),
        ("rules.facts.numbers.parsed", wild.any_text, st.just(("NL", "GB"))),
        ("rules.facts.login.means_in", wild.any_text),
        ("rules.facts.amounts.amounts_in", wild.any_text),
        ("rules.facts.form_fields.forms", wild.outlines),
        ("rules.lexicon.phrase.fold", wild.any_text),
        ("rules.inspection.inspect", wild.outlines),
        ("rules.login_page.is_only_login", wild.outlines),
        ("rules.judgement.judge", wild.site_views),
        ("rules.paths.clicks", wild.site_views),
        ("rules.roles.guess_role", wild.addresses),
        ("rules.model.finding.fingerprint", wild.texts, wild.texts),
        # Addresses and hosts.
        ("rules.model.url.normalise", wild.urls, wild.urls),
        ("rules.model.url.variant_key", wild.urls),
        ("rules.model.url.has_secret", wild.urls),
        ("rules.model.url.without_secret", wild.urls),
        ("rules.model.url.secret_name", wild.any_text),
        ("rules.redaction.redacted_text", wild.any_text),
        ("rules.redaction.redacted", wild.outlines),
        ("rules.model.url.in_scope", wild.urls, st.lists(wild.urls, max_size=2)),
        ("rules.model.url.default_scope", wild.urls),
        ("rules.model.url.url_pattern", wild.urls),
        ("rules.model.url.origin", wild.urls),
        ("rules.model.host.normal_host", wild.hosts),
        ("rules.model.host.is_address", wild.hosts),
        ("audit.guest.addresses.refusal", wild.hosts, st.just(AllowList())),
        ("audit.guest.addresses.host_refusal", wild.hosts, st.just(80), st.just(AllowList())),
        ("spiders.file_types.link_kind", wild.addresses),
        ("spiders.file_types.is_file", wild.addresses),
        ("spiders.logins.is_login", wild.addresses),
        ("spiders.preference.wanted_first", wild.addresses, wild.any_text),
        ("spiders.traps.trap", wild.addresses),
        # What the crawl is answered.
        ("spiders.answers.head_read", _answers, wild.crawled_pages),
        ("spiders.answers.file_read", wild.crawled_pages),
        ("spiders.answers.as_page", _answers),
        (
            "spiders.challenge.challenge",
            wild.statuses,
            st.dictionaries(wild.texts, wild.any_text, max_size=3),
            wild.markup,
        ),
        ("spiders.failures.of_answer", _pages, {"guarded": True}),
        ("spiders.failures.header", _answers, st.just("Content-Type")),
        ("spiders.failures.plain", wild.any_text),
        ("spiders.failures.status_words", wild.numbers),
        ("spiders.file_types.media_type", wild.any_text),
        ("spiders.file_types.is_page_type", wild.any_text),
        ("spiders.file_types.is_document_type", wild.any_text, wild.addresses),
        ("spiders.sitemaps.read_sitemap", _sitemaps),
        ("spiders.sitemaps.usual_sitemap", wild.urls),
        # What the guard, robots.txt and downloads are answered.
        ("audit.guest.message.parse_request", _heads, BadMessageError),
        ("audit.guest.message.parse_response", _heads, st.just(b"GET"), BadMessageError),
        ("audit.guest.target.parse_target", _asked, BadMessageError),
        ("audit.guest.asking.unpacked", _packed, st.just(500)),
        ("audit.guest.robots.allowed", _robots, wild.urls, st.just(_AGENT)),
        ("audit.guest.robots.crawl_delay", _robots, st.just("https://a.example"), st.just(_AGENT)),
        # What the browser tells.
        ("audit.capture.condition.wall", wild.urls, st.none() | wild.responses, _conditions),
        ("audit.capture.failures.net_failure", wild.any_text),
        ("audit.capture.failures.guard_failure", wild.any_text),
        ("audit.capture.failures.answer_failure", wild.statuses, wild.any_text, wild.any_text),
    )
)
"""The readers that are plain functions, by their full name."""
