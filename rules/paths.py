"""How many clicks lead from the home page, and from a service's pages, to every other page that was read.

Only links that a person can see count. What lies behind a page that nobody read is not known, so a page may be nearer than
is said here, never further.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rules.model.outline import Shown
from rules.model.page import PageRole
from rules.model.url import variant_key
from rules.model.view import PageView, SiteView

HOME = ""  # the name of the home page among the starts; the others are services' ids


def clicks(view: SiteView) -> dict[str, dict[str, int]]:
    """For the home page and for each service: how many clicks lead to each page, by its URL; unreached pages are left out."""
    linked = _linked(view.pages)
    starts: dict[str, Sequence[PageView]] = {HOME: view.with_role(PageRole.HOME)}
    starts |= {service.service.id: service.pages for service in view.services}
    return {name: _reached(pages, linked) for name, pages in starts.items() if pages}


def visible_links(page: PageView) -> Iterator[tuple[str, str]]:
    """The links of a page that a person can see: their words and their targets without a fragment."""
    if page.outline is None:
        return
    for block in page.outline.blocks:
        if block.links and block.shown is not Shown.NEVER:
            for link in block.links:
                yield link.text, link.href.partition("#")[0]


class Finder:
    """Finds the page that a link leads to; what was asked once is remembered, for menus return on every page."""

    def __init__(self, pages: Iterable[PageView]) -> None:
        """Of these pages; of two with one address the first."""
        self._by_key: dict[str, PageView] = {}
        for page in pages:
            self._by_key.setdefault(variant_key(page.url), page)
        self._by_href: dict[str, PageView | None] = {}

    def page(self, href: str) -> PageView | None:
        """The page at this address (without fragment), if it is one of them."""
        if href not in self._by_href:
            self._by_href[href] = self._by_key.get(variant_key(href))
        return self._by_href[href]


def _linked(pages: Sequence[PageView]) -> dict[str, tuple[str, ...]]:
    finder = Finder(pages)
    found = {}
    for page in pages:
        targets = dict.fromkeys(href for _, href in visible_links(page))
        led = (finder.page(href) for href in targets)
        found[page.url] = tuple(dict.fromkeys(target.url for target in led if target is not None))
    return found


def _reached(starts: Sequence[PageView], linked: Mapping[str, Sequence[str]]) -> dict[str, int]:
    distances = {page.url: 0 for page in starts}
    queue = deque(distances)
    while queue:
        url = queue.popleft()
        for target in linked.get(url, ()):
            if target not in distances:
                distances[target] = distances[url] + 1
                queue.append(target)
    return distances
