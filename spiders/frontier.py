"""Which links are followed, in what order, and what is said of those that are not. Pure: no network, no clock."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from urllib.parse import urlsplit

from msgspec.structs import replace

from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage
from rules.model.url import has_secret, in_scope, normalise, origin, url_pattern, variant_key
from spiders.file_types import is_file
from spiders.lanes import Lane, Visit
from spiders.logins import is_login
from spiders.order import CrawlOrder
from spiders.traps import trap

_MOST_HOPS = 10
_MOST_ANCHORS = 8
_MOST_LEFT = 5_000
_SOURCES = ("start", "service", "given", "browser", "link", "sitemap")  # the first names an address best
_NAMED = frozenset({"start", "service", "given"})  # somebody asked for these: neither depth nor pattern stops them
_SITEMAP_RANK = 5  # links rank twice their depth; a sitemap knows no depth, and stands behind what two clicks reach


class Frontier:
    """The addresses of one site that a crawl knows, each handed out once.

    `permitted` says whether robots.txt lets us ask for an address; `preferred` whether an address, with the words of a
    link to it, looks like what an audit wants first. Every address in scope that is offered ends in one of three ways:
    `take` hands it out, `offer` says at once why not, or `leftovers` says so at the end.
    """

    def __init__(
        self, order: CrawlOrder, *, permitted: Callable[[str], bool], preferred: Callable[[str, str], bool]
    ) -> None:
        self._order = order
        self._permitted = permitted
        self._preferred = preferred
        self._pages = Lane(order.max_pages - order.fetched_pages)
        self._files = Lane(order.max_pages - order.fetched_files)
        self._retries: deque[Visit] = deque()
        self._begun = {variant_key(url): url for url in order.visited}
        self._anchors: dict[str, dict[str, None]] = {}
        self._patterns = Counter(map(url_pattern, order.visited))
        self._passed_over: dict[str, CrawledPage] = {}

    @property
    def open(self) -> bool:
        """Whether a visit waits and may start."""
        return self._pages.open or self._files.open or bool(self._retries)

    @property
    def exhausted(self) -> bool:
        """Whether the budget for pages ended before the pages did."""
        return self._pages.budget <= 0 and next(self._pages.rest(), None) is not None

    def offer(self, visit: Visit, anchors: Sequence[str] = ()) -> CrawledPage | None:
        """Take in an address; the record to tell when it will not be asked for, None when it waits or is known."""
        if has_secret(visit.url):
            visit = replace(visit, url=_bare(visit.url))
            return _record(visit, anchors, Failure(FailureKind.OUT_OF_SCOPE, "the address carries a secret"))
        visit = replace(visit, file=is_file(visit.url))
        key = variant_key(visit.url)
        if key in self._begun:
            if key in self._anchors:
                self._remember(key, anchors)
            return None
        lane = self._lane(visit)
        waiting = lane.get(key)
        failure = None if waiting else self._refusal(visit)
        if failure and failure.kind is FailureKind.BUDGET:
            if key in self._passed_over or len(self._passed_over) < _MOST_LEFT:
                self._passed_over[key] = _record(visit, anchors, failure)
            return None
        if failure:
            self._begun[key] = visit.url
            return _record(visit, anchors, failure)
        self._passed_over.pop(key, None)
        new_words = self._remember(key, anchors)
        merged = replace(_merged(waiting, visit), url=waiting.url) if waiting else visit
        if new_words or merged != waiting:
            lane.put(key, merged, self._rank(visit, anchors))
        return None

    def take(self) -> Visit | None:
        """The next visit to make: pages, then files, then second tries; None when nothing may start now."""
        visit = self._pages.take() or self._files.take()
        if visit is None:
            return self._retries.popleft() if self._retries else None
        self._begun[variant_key(visit.url)] = visit.url
        return visit

    def again(self, visit: Visit) -> None:
        """Let a visit that ended in a passing failure be made once more, after all others."""
        self._retries.append(replace(visit, tries=visit.tries + 1))

    def anchors(self, visit: Visit) -> tuple[str, ...]:
        """The words of all links that led to a visit that has ended; they are forgotten with this."""
        keys = {variant_key(url): None for url in (visit.url, *visit.passed)}
        words = chain.from_iterable(self._anchors.pop(key, {}) for key in keys)
        return tuple(dict.fromkeys(words))[:_MOST_ANCHORS]

    def redirected(self, visit: Visit, location: str) -> Visit | Failure | str:
        """Where a redirect leads: a visit to be made at once, a failure, or the address of a page that is known already.

        A target that still waits is taken out of its turn, so that one page is one visit under whatever address.
        """
        target = normalise(location, visit.url)
        if target is None:
            return Failure(FailureKind.HTTP_ERROR, "the redirect leads to something that is no web address")
        failure = self._dead_end(visit, target, has_secret(location))
        if failure is not None:
            return failure
        return self._moved(
            replace(visit, url=target, passed=(*visit.passed, visit.url), etag="", last_modified="", tries=0)
        )

    def leftovers(self) -> Iterator[CrawledPage]:
        """What is known and was not visited: for want of budget, or behind a limit of depth or pattern; 5,000 at most."""
        left = chain(self._pages.rest(), self._files.rest())
        failure = Failure(FailureKind.BUDGET, f"not visited: the limit of {self._order.max_pages} was reached")
        waiting = (_record(visit, tuple(self._anchors.get(key, ())), failure) for key, visit in left)
        return islice(chain(waiting, self._passed_over.values()), _MOST_LEFT)

    def _dead_end(self, visit: Visit, target: str, secret: bool) -> Failure | None:
        passed = (*visit.passed, visit.url)
        place = _bare(target)
        if is_login(target) and not any(map(is_login, passed)):
            self._offer_login(visit, target)
            return Failure(FailureKind.LOGIN, f"the redirect leads to {place}, where one signs in")
        if secret or not in_scope(target, self._order.scope):
            return Failure(FailureKind.OUT_OF_SCOPE, f"the redirect leads to {place}")
        if target in passed:
            return Failure(FailureKind.REDIRECT_LOOP, f"the redirects lead back to {place}; cookies are not kept")
        if len(passed) > _MOST_HOPS:
            return Failure(FailureKind.REDIRECT_LOOP, f"more than {_MOST_HOPS} redirects, the last to {place}")
        if not self._permitted(target):
            return Failure(FailureKind.ROBOTS, f"the redirect leads to {place}, which robots.txt closes")
        return None

    def _moved(self, visit: Visit) -> Visit | str:
        key = variant_key(visit.url)
        if key in map(variant_key, visit.passed):
            return visit
        claimed = self._pages.claim(key) or self._files.claim(key)
        if key in self._begun:
            self._lane(visit).budget += 1  # the redirect cost no page
            if key in self._anchors:
                self._remember(key, self.anchors(replace(visit, url=visit.passed[0])))
            return self._begun[key]
        self._begun[key] = visit.url
        return _merged(claimed, visit) if claimed else visit

    def _offer_login(self, visit: Visit, target: str) -> None:
        """The page at which one signs in is a page too, where it is the site's own."""
        if in_scope(target, self._order.scope) and not has_secret(target):
            self.offer(Visit(target, depth=visit.depth + 1, found_on=visit.found_on))

    def _lane(self, visit: Visit) -> Lane:
        return self._files if visit.file else self._pages

    def _refusal(self, visit: Visit) -> Failure | None:
        if not in_scope(visit.url, self._order.scope):
            return Failure(FailureKind.OUT_OF_SCOPE, "the address lies outside the site's scope")
        if not self._permitted(visit.url):
            return Failure(FailureKind.ROBOTS, "robots.txt closes this address")
        if visit.source in _NAMED:
            return None
        if visit.depth > self._order.max_depth:
            return Failure(FailureKind.BUDGET, f"not visited: more than {self._order.max_depth} clicks from the start")
        if maze := trap(visit.url):
            return Failure(FailureKind.BUDGET, f"not visited: {maze}")
        return self._crowd(visit.url)

    def _crowd(self, url: str) -> Failure | None:
        """Count an address under its pattern; the failure when the pattern has had its share."""
        pattern = url_pattern(url)
        most = self._order.max_per_pattern
        if self._patterns[pattern] >= most:
            return Failure(FailureKind.BUDGET, f"not visited: more than {most} addresses of the form {pattern}")
        self._patterns[pattern] += 1
        return None

    def _rank(self, visit: Visit, anchors: Sequence[str]) -> tuple[int, ...]:
        wanted = visit.source in _NAMED or self._preferred(visit.url, anchors[0] if anchors else "")
        return (_SITEMAP_RANK if visit.source == "sitemap" else 2 * visit.depth, not wanted)

    def _remember(self, key: str, anchors: Sequence[str]) -> bool:
        """Keep the words of a link; whether any of them are new."""
        words = self._anchors.setdefault(key, {})
        new = [anchor for anchor in anchors if anchor and anchor not in words][: _MOST_ANCHORS - len(words)]
        words.update(dict.fromkeys(new))
        return bool(new)


def _merged(waiting: Visit, visit: Visit) -> Visit:
    """Two ways to one address: the better source names it, a link's depth beats a sitemap's guess, validators stay."""
    best = min(waiting, visit, key=lambda found: (_SOURCES.index(found.source), found.depth))
    return replace(
        visit,
        source=best.source,
        depth=best.depth,
        found_on=best.found_on,
        etag=waiting.etag or visit.etag,
        last_modified=waiting.last_modified or visit.last_modified,
    )


def _record(visit: Visit, anchors: Sequence[str], failure: Failure) -> CrawledPage:
    return CrawledPage(
        url=visit.url,
        depth=visit.depth,
        found_on=visit.found_on,
        anchors=tuple(anchors),
        source=visit.source,
        failure=failure,
    )


def _bare(url: str) -> str:
    """An address as far as it may be written down: without user, query and fragment."""
    clean = normalise(url) or ""
    return origin(clean) + urlsplit(clean).path
