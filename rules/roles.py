"""What a page is for, guessed from its address, the words of the links that lead to it, and its title."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from urllib.parse import unquote, urlsplit

from rules.lexicon import languages, lexicon
from rules.lexicon.phrase import fold
from rules.model.page import PageRole
from rules.model.url import variant_key

_HOME_PATHS = re.compile(
    r"^/?(?:(?:nl|en|de|fr|home|index|default|start|startseite|accueil)(?:[-_][a-z]{2})?(?:\.\w{2,5})?/?)?$"
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv)$", re.IGNORECASE)
_DOCUMENT_TYPES = ("application/pdf", "application/msword", "application/vnd.", "application/rtf", "text/csv")
_SEPARATORS = re.compile(r"[-_+.~%/]+")
_TITLE_CUT = re.compile(r"\s[|\-\u2013\u2014:·»]\s")
_MOST_WORDS = 6  # longer words are a headline, which names no function
# Narrow roles first: "accessibility statement" is a statement though it may stand under /help.
_ORDER = (
    PageRole.STATEMENT,
    PageRole.LOGIN,
    PageRole.SITEMAP,
    PageRole.SEARCH,
    PageRole.CONTACT,
    PageRole.LEGAL,
    PageRole.HELP,
)

# Roles whose name may be followed by more words: "Log in to your account", "Accessibility statement for this site".
_LED = frozenset({PageRole.STATEMENT, PageRole.LOGIN})
_SUFFIX = re.compile(r"\.\w{2,5}$")
_MOST_OPENED = 12  # words: "Find the right contact or telephone number for your question"
# Roles that a folder hands down to all that lies in it; what lies under "contact" may be about anything.
_INHERITED = frozenset(_ORDER) - {PageRole.CONTACT}


def guess_role(
    url: str,
    *,
    title: str = "",
    anchors: Sequence[str] = (),
    start: str = "",
    service_pages: Sequence[str] = (),
    has_form: bool = False,
    content_type: str = "",
) -> PageRole:
    """The role of a page. A page named as a service's own is one, whatever its words; the start page is the home page."""
    path = unquote(urlsplit(url).path)
    fixed = _by_address(url, path, start, service_pages, content_type)
    if fixed is not None:
        return fixed
    named = _named(path, title, anchors)
    if named is not None:
        return named
    texts = _texts(path, title, anchors)
    if has_form or _says(PageRole.FORM, texts):
        return PageRole.FORM
    return PageRole.SERVICE if _says(PageRole.SERVICE, texts) else PageRole.OTHER


def _by_address(url: str, path: str, start: str, service_pages: Sequence[str], content_type: str) -> PageRole | None:
    """A role that the address alone decides."""
    if content_type.lower().startswith(_DOCUMENT_TYPES) or _DOCUMENT.search(path):
        return PageRole.DOCUMENT
    key = variant_key(url)
    if start and key == variant_key(start):
        return PageRole.HOME
    if any(key == variant_key(page) for page in service_pages):
        return PageRole.SERVICE
    if _HOME_PATHS.match(path.lower()) and not urlsplit(url).query:
        return PageRole.HOME
    return None


def _named(path: str, title: str, anchors: Sequence[str]) -> PageRole | None:
    """A role whose words are the whole of the last part of the path, of a link's words, or of the title's beginning."""
    segments = [_SEPARATORS.sub(" ", segment).strip() for segment in path.strip("/").split("/") if segment]
    last = segments[-1] if segments else ""
    if any(fold(segment) in _words("news") for segment in segments[:-1]):
        return None  # a news item about the offices is not the page of the offices
    head = _TITLE_CUT.split(title)[0]
    for role in _ORDER:
        if _is(role, last):
            return role
    for role in _ORDER:
        if _is(role, head) or _mostly(role, anchors[:5]):
            return role
    for role in _ORDER:
        if role in _INHERITED and any(_is(role, segment) for segment in segments[:-1]):
            return role
    return None


def _mostly(role: PageRole, anchors: Sequence[str]) -> bool:
    """Whether most of the links to a page name it so; one odd link among others tells nothing."""
    return 2 * sum(_is(role, anchor) for anchor in anchors) > len(anchors)


def _texts(path: str, title: str, anchors: Sequence[str]) -> list[str]:
    return [_SEPARATORS.sub(" ", path), _TITLE_CUT.split(title)[0], *anchors[:5]]


def _is(role: PageRole, text: str) -> bool:
    """Whether the text is no more than a name of the role: all of its words, but for little ones."""
    folded = _without_suffix(text)
    if role is PageRole.CONTACT and _opens_with_contact(folded):
        return True
    if not folded or len(folded.split()) > _MOST_WORDS:
        return False
    return folded in _words(role.value) or (
        role in _LED and any(folded.startswith(f"{word} ") for word in _words(role.value))
    )


@lru_cache(maxsize=1024)
def _without_suffix(text: str) -> str:
    return fold(_SUFFIX.sub("", text)).strip()


def _opens_with_contact(folded: str) -> bool:
    """Whether a text begins by saying that one can get in touch: "Contact the agency", "Find a phone number"."""
    return 0 < len(folded.split()) <= _MOST_OPENED and any(
        hit.group == "roles.contact_opening" and hit.start == 0
        for lang in languages()
        for hit in lexicon(lang).scan_label(folded)
    )


def _says(role: PageRole, texts: Iterable[str]) -> bool:
    group = f"roles.{role.value}"
    return any(hit.group == group for text in texts for lang in languages() for hit in lexicon(lang).scan_label(text))


@cache
def _words(name: str) -> frozenset[str]:
    """The names of a role (or of news, which has none) in all languages, as they stand in addresses and links."""
    return frozenset(fold(word).replace("-", " ") for lang in languages() for word in lexicon(lang).names.get(name, ()))
