"""What a crawl reads from a page's markup: its title, its links, its forms, and where it sends its visitors on."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement
from parsel import Selector

from rules.model.page import FoundLink, LinkKind
from rules.model.record import Record
from rules.model.url import has_secret, in_scope, normalise
from spiders.file_types import link_kind
from spiders.skeleton import skeleton_digest

_MOST_LINKS = 5_000
_LONGEST_WORDS = 200
_SHORT = 2_000  # characters: a page with a sign-in form beside its content says more
_SOONEST = 5.0  # seconds: a page that sends its visitors on sooner is not there to be read
_REFRESH = re.compile(
    r"""\s*(?P<wait>\d+\.?\d*|\.\d+)\s*[;,]?\s*(?:url\s*=)?\s*(?P<quote>["']?)(?P<url>.*?)(?P=quote)\s*""",
    re.IGNORECASE,
)
_CLOSINGS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # browsers read on behind them, libxml2 2.14 does not
_DRAWN = ("img", "script", "iframe", "frame", "svg", "object", "embed", "video", "canvas", "input", "button")
_NO_FIELD = frozenset({"hidden", "submit", "button", "image", "reset", "search"})
_SEARCH_NAME = re.compile(
    r"(?:.*[_.\-\[])?(?:q|s|query|qs|terms?|searchword|keywords?|trefwoord|.*search.*|.*zoek.*|.*recherche.*|such(?:e|begriff|wort))\]?",
    re.IGNORECASE,
)
_SEARCH_PLACE = re.compile(r"search|zoek|recherche|/suche", re.IGNORECASE)
_ASIDE = frozenset({"aside", "details", "dialog", "footer", "header", "nav"})
_ASIDE_ROLES = frozenset({"banner", "complementary", "contentinfo", "dialog", "navigation"})
_WIDGET = re.compile(
    r"feed-?back|rate-?this|\brating|\bsurvey\b|\bpoll\b|helpful|usefulness|report-?(?:a-?)?problem|rprt-?prblm|\bcomment(?:s|aires?)?\b"
    r"|news-?letter|mailing-?list|subscri|nieuwsbrief|abonneer|beoordeel|enqu[eê]te|infolettre|lettre-?d-?information"
    r"|umfrage|bewertung|kommentar|rundbrief|abonnier|cookie",
    re.IGNORECASE,
)
_NEAR = 3  # elements around a form whose names tell what it is
_WORDS_WITHOUT_BODY = "//text()[not(ancestor::title or ancestor::script or ancestor::style or ancestor::noscript)]"
_FEW = 2  # a page that asks for one thing looks something up


class PageParts(Record, frozen=True):
    """A page as the crawl sees it.

    `has_form` says that a form can be what the page is for, `refresh` is where it sends its visitors at once, `follow`
    whether robots may follow its links, `signs_in` whether all that it asks for is a password.
    """

    title: str = ""
    lang: str = ""
    canonical: str = ""
    links: tuple[FoundLink, ...] = ()
    has_form: bool = False
    signs_in: bool = False
    follow: bool = True
    refresh: str = ""
    structure: str = ""
    empty: bool = False


def read_page(html: str, url: str, scope: Sequence[str]) -> PageParts:
    """Read the page that stands at `url`. Links are normalised; those with secrets in them are left out."""
    root = Selector(text=_CLOSINGS.sub("", html), type="html").root
    base = _base(root, url)
    canonical = next((normalise(href, base) for href in _relations(root, "canonical")), None)
    return PageParts(
        title=_words(next((element.text_content() for element in root.iter("title")), "")),
        lang=(root.get("lang") or root.get("xml:lang") or "").strip(),
        canonical=canonical if canonical and in_scope(canonical, scope) else "",
        links=tuple(dict.fromkeys(_links(root, url, base, scope))),
        has_form=any(_asks(form) and _is_purpose(form) for form in root.iter("form")),
        signs_in=_signs_in(root),
        follow=_follow(root),
        refresh=_refresh(root, base),
        structure=skeleton_digest(root),
        empty=_is_empty(root),
    )


def _base(root: HtmlElement, url: str) -> str:
    written = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
    return normalise(written, url) or url


def _relations(root: HtmlElement, relation: str) -> Iterator[str]:
    for element in root.iter("link"):
        if relation in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element.get("href") or ""


def _links(root: HtmlElement, url: str, base: str, scope: Sequence[str]) -> Iterator[FoundLink]:
    left = _MOST_LINKS
    for element in root.iter("a", "area", "link"):
        href = (element.get("href") or "").strip()
        if not href or (element.tag == "link" and not _is_translation(element)):
            continue
        link = _link(href, _anchor(element), base, scope)
        if link is not None and link.url != url:
            yield link
            left -= 1
        if not left:
            return


def _is_translation(element: HtmlElement) -> bool:
    return bool(element.get("hreflang")) and "alternate" in (element.get("rel") or "").lower().split()


def _link(href: str, anchor: str, base: str, scope: Sequence[str]) -> FoundLink | None:
    """The link, or None when it is none that anybody could follow: a script, data, a broken address, or one with a secret."""
    scheme = href.partition(":")[0].lower()
    if scheme in {"tel", "mailto"}:
        return FoundLink("".join(href.split()) if scheme == "tel" else href, LinkKind(scheme), anchor, in_scope=False)
    url = normalise(href, base)
    if url is None or has_secret(href):
        return None
    return FoundLink(url, link_kind(url), anchor, in_scope(url, scope))


def _anchor(element: HtmlElement) -> str:
    """The words of a link: what stands in it, else its name for those who do not see it, else its picture's."""
    if element.tag == "link":
        return _words(element.get("title") or "")
    named = (
        element.get("aria-label"),
        element.get("title"),
        element.get("alt"),
        *(image.get("alt") for image in element.iter("img")),
    )
    return _words(element.text_content()) or next((_words(name) for name in named if name and name.strip()), "")


def _words(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_WORDS]


def _asks(form: HtmlElement) -> bool:
    """Whether a form asks for anything but what to search for."""
    if (form.get("role") or "").lower() == "search" or _SEARCH_PLACE.search(form.get("action") or ""):
        return False
    return any(_is_question(field) for field in form.iter("input", "select", "textarea"))


def _is_purpose(form: HtmlElement) -> bool:
    """Whether a form can be what its page is for: it asks for several things, and is no widget beside the content."""
    around = list(form.iterancestors())
    if any(element.tag in _ASIDE or (element.get("role") or "").lower() in _ASIDE_ROLES for element in around):
        return False
    names = " ".join(
        element.get(name) or "" for element in (form, *around[:_NEAR]) for name in ("id", "class", "name", "action")
    )
    if _WIDGET.search(names):
        return False
    asked = {
        field.get("name") or field.get("id") or f"{field.tag} {number}"
        for number, field in enumerate(form.iter("input", "select", "textarea"))
        if _is_question(field) and (field.get("type") or "").lower() != "checkbox"
    }
    return len(asked) >= _FEW


def _is_question(field: HtmlElement) -> bool:
    kind = (field.get("type") or "text").lower() if field.tag == "input" else ""
    return kind not in _NO_FIELD and not _SEARCH_NAME.fullmatch(field.get("name") or field.get("id") or "")


def _signs_in(root: HtmlElement) -> bool:
    forms = [form for form in root.iter("form") if _asks(form)]
    passwords = [
        field for form in forms for field in form.iter("input") if (field.get("type") or "").lower() == "password"
    ]
    return len(forms) == 1 and len(passwords) == 1 and len(_all_words(root)) < _SHORT


def _follow(root: HtmlElement) -> bool:
    """Whether the page lets robots follow its links (https://www.rfc-editor.org/rfc/rfc9309 leaves this to HTML)."""
    for element in root.iter("meta"):
        if (element.get("name") or "").strip().lower() == "robots":
            words = re.split(r"[\s,]+", (element.get("content") or "").lower())
            if "nofollow" in words or "none" in words:
                return False
    return True


def _refresh(root: HtmlElement, base: str) -> str:
    for element in root.iter("meta"):
        if (element.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        if next(element.iterancestors("noscript"), None) is not None:
            continue
        found = _REFRESH.fullmatch(element.get("content") or "")
        if found and found["url"] and float(found["wait"]) <= _SOONEST:
            return normalise(found["url"], base) or ""
    return ""


def _is_empty(root: HtmlElement) -> bool:
    """Whether nothing would be drawn even if scripts ran: no text, and nothing that could bring content."""
    if next(root.iter(*_DRAWN), None) is not None:
        return False
    return not _all_words(root)


def _all_words(root: HtmlElement) -> str:
    """The words of the page. libxml2 makes no body before an element that it does not know, and leaves `main` in the head."""
    body = root.find(".//body")
    texts = [body.text_content()] if body is not None else root.xpath(_WORDS_WITHOUT_BODY)
    return " ".join(" ".join(texts).split())
