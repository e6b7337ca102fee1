from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model.failure import Failure, FailureKind
from rules.model.page import CrawledPage
from rules.model.url import variant_key
from spiders.frontier import Frontier
from spiders.lanes import Visit
from spiders.order import CrawlOrder

SITE = "https://gemeente.example"


def frontier(
    *,
    permitted: Callable[[str], bool] = lambda _: True,
    preferred: Callable[[str, str], bool] = lambda *_: False,
    **order: Any,
) -> Frontier:
    usual: dict[str, Any] = {"seeds": (), "scope": ("gemeente.example",), "user_agent": "Loket", "proxy": ""}
    return Frontier(CrawlOrder(**usual | order), permitted=permitted, preferred=preferred)


def drain(frontier: Frontier) -> list[str]:
    taken = []
    while visit := frontier.take():
        taken.append(visit.url.removeprefix(SITE))
    return taken


def offer(frontier: Frontier, *paths: str, **how: Any) -> list[CrawledPage | None]:
    return [frontier.offer(Visit(SITE + path, **how)) for path in paths]


def kind(record: CrawledPage | None) -> FailureKind | None:
    return record.failure.kind if record and record.failure else None


def test_pages_come_breadth_first_with_what_is_wanted_first_and_files_last() -> None:
    waiting = frontier(preferred=lambda url, anchor: "contact" in url or anchor == "Paspoort")
    offer(waiting, "/form.pdf", "/deep", depth=2)
    offer(waiting, "/a", "/contact", "/b", depth=1)
    waiting.offer(Visit(f"{SITE}/c", depth=1), ("Paspoort",))
    offer(waiting, "/", depth=0, source="start")
    assert drain(waiting) == ["/", "/contact", "/c", "/a", "/b", "/deep", "/form.pdf"]


def test_a_sitemap_stands_behind_what_two_clicks_reach() -> None:
    waiting = frontier()
    offer(waiting, "/mapped", "/both", depth=1, source="sitemap")
    offer(waiting, "/three", depth=3)
    offer(waiting, "/two", depth=2)
    offer(waiting, "/both", depth=1)
    assert drain(waiting) == ["/both", "/two", "/mapped", "/three"]


def test_a_better_way_to_an_address_that_waits_improves_its_place_and_its_record() -> None:
    waiting = frontier()
    offer(waiting, "/far", depth=4, found_on="old")
    offer(waiting, "/near", depth=2)
    offer(waiting, "/far", depth=1, found_on="new")
    assert waiting.take() == Visit(f"{SITE}/far", depth=1, found_on="new")


@pytest.mark.parametrize("variant", ["/page/", "/page?utm_source=x", "/page#part", "//page"])
def test_variants_of_a_page_are_one_page(variant: str) -> None:
    waiting = frontier()
    offer(waiting, "/page", variant)
    assert drain(waiting) == ["/page"]
    assert offer(waiting, variant) == [None]
    assert not waiting.open


def test_what_was_visited_needs_no_visit() -> None:
    waiting = frontier(visited=(f"{SITE}/seen/",))
    assert offer(waiting, "/seen", "/new") == [None, None]
    assert drain(waiting) == ["/new"]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://elsewhere.example/", FailureKind.OUT_OF_SCOPE),
        (f"{SITE}/closed", FailureKind.ROBOTS),
        (f"{SITE}/?access_token=abcdef", FailureKind.OUT_OF_SCOPE),
        ("https://user:pass@gemeente.example/x", FailureKind.OUT_OF_SCOPE),
    ],
)
def test_what_may_not_be_asked_for_is_refused_at_once(url: str, wanted: FailureKind) -> None:
    waiting = frontier(permitted=lambda url: "closed" not in url)
    record = waiting.offer(Visit(url, source="start"))
    assert kind(record) is wanted
    assert record is not None
    assert "pass" not in record.url
    assert "abcdef" not in record.url
    assert waiting.take() is None


def test_robots_are_told_once() -> None:
    waiting = frontier(permitted=lambda _: False)
    assert [kind(record) for record in offer(waiting, "/a", "/a/", "/a?utm_medium=x")] == [
        FailureKind.ROBOTS,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("paths", "limits", "words"),
    [
        (["/deep"], {"max_depth": 2}, "more than 2 clicks"),
        (["/agenda/2026/1", "/agenda/2026/2", "/agenda/2027/3"], {"max_per_pattern": 2}, "of the form"),
        (["/x/x/x/x/x"], {}, "repeated more than 3 times"),
        (["/?" + "&".join(f"p{n}=1" for n in range(13))], {}, "too many parameters"),
        (["/?f=1&f=2&f=3&f=4"], {}, "too many parameters"),
        (["/" + "/".join(f"map{chr(97 + n)}" for n in range(21))], {}, "20 folders"),
        (["/" + "a" * 2000], {}, "2000 characters"),
    ],
)
def test_traps_are_not_entered_and_are_named_at_the_end(paths: list[str], limits: dict[str, Any], words: str) -> None:
    waiting = frontier(**limits)
    assert offer(waiting, *paths, depth=3) == [None] * len(paths)
    assert drain(waiting) == paths[:-1]
    [left] = waiting.leftovers()
    assert left.url == SITE + paths[-1]
    assert left.failure is not None
    assert left.failure.kind is FailureKind.BUDGET
    assert words in left.failure.detail


@pytest.mark.parametrize("source", ["start", "service", "given"])
def test_what_somebody_asked_for_is_stopped_by_no_limit_of_depth_or_pattern(source: str) -> None:
    waiting = frontier(max_depth=0, max_per_pattern=0)
    offer(waiting, "/service/1", depth=1, source=source)
    assert drain(waiting) == ["/service/1"]


def test_an_address_found_again_on_a_shorter_way_is_visited_after_all() -> None:
    waiting = frontier(max_depth=2)
    offer(waiting, "/page", depth=3)
    offer(waiting, "/page", depth=2)
    assert drain(waiting) == ["/page"]
    assert list(waiting.leftovers()) == []


def test_the_budget_counts_pages_and_files_apart_and_the_rest_is_left_in_order() -> None:
    waiting = frontier(max_pages=2)
    offer(waiting, "/1.pdf", "/2.pdf", "/3.pdf", "/a", "/b", "/c", depth=1)
    assert drain(waiting) == ["/a", "/b", "/1.pdf", "/2.pdf"]
    assert waiting.exhausted
    assert not waiting.open
    assert [left.url.removeprefix(SITE) for left in waiting.leftovers()] == ["/c", "/3.pdf"]


def test_at_most_five_thousand_leftovers_are_named() -> None:
    waiting = frontier(max_pages=1, max_per_pattern=3000, max_depth=1)
    for number in range(3000):
        offer(waiting, f"/{number}", depth=1)
        offer(waiting, f"/deep/{number}", depth=2)
    assert waiting.take() is not None
    assert len(list(waiting.leftovers())) == 5000


def test_a_second_try_costs_no_budget_and_comes_last() -> None:
    waiting = frontier(max_pages=2)
    offer(waiting, "/a", "/b", "/c")
    first = waiting.take()
    assert first is not None
    waiting.again(first)
    assert drain(waiting) == ["/b", "/a"]
    assert [left.url for left in waiting.leftovers()] == [f"{SITE}/c"]


def test_the_words_of_all_links_to_a_page_are_kept_until_it_is_told() -> None:
    waiting = frontier()
    page = Visit(f"{SITE}/page")
    waiting.offer(page, ("Lees meer",))
    waiting.offer(Visit(f"{SITE}/page/"), ("Contact",))
    assert waiting.take() is not None
    waiting.offer(page, ("Bel ons", "Contact", ""))
    assert waiting.anchors(page) == ("Lees meer", "Contact", "Bel ons")
    assert waiting.anchors(page) == ()


def taken(waiting: Frontier, path: str) -> Visit:
    waiting.offer(Visit(SITE + path), (f"to {path}",))
    visit = waiting.take()
    assert visit is not None
    return visit


def test_a_redirect_takes_its_target_out_of_its_turn() -> None:
    waiting = frontier()
    visit = taken(waiting, "/old")
    waiting.offer(Visit(f"{SITE}/new", depth=1, etag='"x"'), ("the new one",))
    onward = waiting.redirected(visit, "/new")
    assert onward == Visit(f"{SITE}/new", etag='"x"', passed=(f"{SITE}/old",))
    assert waiting.anchors(onward) == ("the new one", "to /old")
    assert not waiting.open


def test_a_redirect_to_a_known_page_is_that_page_and_costs_nothing() -> None:
    waiting = frontier(max_pages=2)
    taken(waiting, "/page")
    visit = taken(waiting, "/old")
    assert waiting.redirected(visit, f"{SITE}/page/") == f"{SITE}/page"
    offer(waiting, "/next")
    assert drain(waiting) == ["/next"]


def test_a_redirect_to_a_variant_of_itself_goes_on() -> None:
    waiting = frontier()
    visit = taken(waiting, "/folder")
    assert waiting.redirected(visit, "/folder/") == Visit(f"{SITE}/folder/", passed=(f"{SITE}/folder",))


@pytest.mark.parametrize(
    ("location", "wanted", "detail"),
    [
        (
            "/start",
            FailureKind.REDIRECT_LOOP,
            "the redirects lead back to https://gemeente.example/start; cookies are not kept",
        ),
        (
            "https://elsewhere.example/a?b=c#d",
            FailureKind.OUT_OF_SCOPE,
            "the redirect leads to https://elsewhere.example/a",
        ),
        ("/in?token=abcdef", FailureKind.OUT_OF_SCOPE, "the redirect leads to https://gemeente.example/in"),
        (
            "https://u:p@gemeente.example/in",
            FailureKind.OUT_OF_SCOPE,
            "the redirect leads to https://gemeente.example/in",
        ),
        (
            "https://tma.digid.nl/aanvraag?x=1",
            FailureKind.LOGIN,
            "the redirect leads to https://tma.digid.nl/aanvraag, where one signs in",
        ),
        ("/inloggen", FailureKind.LOGIN, "the redirect leads to https://gemeente.example/inloggen, where one signs in"),
        (
            "/closed",
            FailureKind.ROBOTS,
            "the redirect leads to https://gemeente.example/closed, which robots.txt closes",
        ),
        ("javascript:void(0)", FailureKind.HTTP_ERROR, "the redirect leads to something that is no web address"),
    ],
)
def test_a_redirect_that_leads_to_no_page_says_where_without_its_query(
    location: str, wanted: FailureKind, detail: str
) -> None:
    waiting = frontier(permitted=lambda url: "closed" not in url)
    assert waiting.redirected(taken(waiting, "/start"), location) == Failure(wanted, detail)


def test_the_site_s_own_sign_in_page_is_a_page_too() -> None:
    waiting = frontier()
    waiting.redirected(taken(waiting, "/mijn"), "/inloggen")
    assert drain(waiting) == ["/inloggen"]


def test_a_sign_in_page_may_redirect_to_another() -> None:
    waiting = frontier()
    onward = waiting.redirected(taken(waiting, "/inloggen"), "/login/form")
    assert isinstance(onward, Visit)


paths = st.lists(
    st.sampled_from(["/", "/a", "/a/", "/b?x=1&y=2", "/b?y=2&x=1", "/c.pdf", "/closed/d", "/a//e", "/f/1", "/f/2"]),
    max_size=40,
)


@given(
    offered=paths,
    depths=st.lists(st.integers(0, 8), min_size=40, max_size=40),
    budget=st.integers(0, 6),
    per_pattern=st.integers(1, 3),
)
def test_every_address_that_is_offered_ends_in_exactly_one_way(
    offered: list[str], depths: list[int], budget: int, per_pattern: int
) -> None:
    waiting = frontier(
        permitted=lambda url: "closed" not in url, max_pages=budget, max_per_pattern=per_pattern, max_depth=5
    )
    ends: list[str] = []
    for path, depth in zip(offered, depths, strict=False):
        refused = waiting.offer(Visit(SITE + path, depth=depth))
        if refused:
            ends.append(refused.url)
        if depth == 4 and (visit := waiting.take()):
            ends.append(visit.url)
    while visit := waiting.take():
        ends.append(visit.url)
    ends += [left.url for left in waiting.leftovers()]
    keys = [variant_key(url) for url in ends]
    assert len(keys) == len(set(keys))
    assert set(keys) == {variant_key(SITE + path) for path in offered}


@given(hops=st.lists(st.text(max_size=12), max_size=30))
def test_redirects_end_whatever_they_say(hops: list[str]) -> None:
    waiting = frontier()
    onward: Visit | Failure | str = taken(waiting, "/start")
    for location in hops:
        if not isinstance(onward, Visit):
            break
        onward = waiting.redirected(onward, location)
    assert not isinstance(onward, Visit) or len(onward.passed) <= 10
