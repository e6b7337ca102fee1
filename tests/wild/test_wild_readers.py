"""Whatever strangers send, what reads it raises nothing but what it documents: one odd page must not cost a night's run."""

import ast
import contextlib
import json
import tempfile
from collections.abc import Iterator
from importlib import import_module
from inspect import getsource
from pathlib import Path

import msgspec
import pytest
import wild_data as wild
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wild_readers import READERS

from audit.capture.gather.outline import merge_frames
from audit.capture.gather.page_json import decoded
from audit.capture.gather.requests import EVENTS, Traffic
from audit.capture.gather.response import response_of
from audit.guest.addresses import AllowList
from audit.targets import TargetsError, portfolio_of, portfolio_of_pages
from rules.model.url import in_scope
from rules.outline import from_html
from spiders.frontier import Frontier
from spiders.lanes import Visit
from spiders.order import CrawlOrder
from spiders.reader import read_page
from spiders.robots_rules import RobotsRules
from spiders.sitemaps import Sitemap, SitemapWalk

patient = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# Modules that do nothing but read what strangers wrote: each of their public functions must be among the readers.
READING = (
    "audit.capture.condition", "audit.capture.failures", "audit.capture.documents.pdf_outline", "audit.guest.target",
    "rules.facts", "rules.facts.address", "rules.facts.captcha", "rules.facts.language", "rules.facts.login",
    "rules.facts.numbers", "rules.login_page", "rules.model.url", "rules.outline", "rules.roles", "spiders.answers",
    "spiders.challenge", "spiders.failures", "spiders.file_types", "spiders.logins", "spiders.preference", "spiders.reader",
    "spiders.sitemaps", "spiders.traps",
)  # fmt: skip
# Public there, and fed by our own code alone.
OURS = {
    "rules.facts.login.find": "read_facts calls it",
    "rules.facts.captcha.find": "read_facts calls it",
    "rules.outline.assemble": "from_html and merge_frames call it",
    "rules.outline.structure_digest": "takes what rules.outline_structure made",
    "spiders.answers.page_read": "takes what read_page made",
    "spiders.failures.of_exception": "takes what Scrapy raised",
    "spiders.failures.worth_retrying": "takes a failure of ours",
}


@pytest.mark.parametrize("name", READERS)
def test_a_reader_raises_only_what_it_documents(name: str) -> None:
    reader = READERS[name]

    @patient
    @given(st.tuples(*reader.arguments))
    def feed(arguments: tuple[object, ...]) -> None:
        with contextlib.suppress(*reader.documented):
            found = reader.read(*arguments, **reader.named)
            if isinstance(found, Iterator):
                list(found)

    feed()


def test_every_public_function_of_the_modules_that_read_is_fed() -> None:
    public = {
        f"{name}.{node.name}"
        for name in READING
        for node in ast.parse(getsource(import_module(name))).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert public - set(READERS) - set(OURS) == set()
    assert set(OURS) - public == set()


@patient
@given(wild.frames())
def test_what_the_browser_hands_over_can_be_stored(frames: list[dict[str, object]]) -> None:
    assert msgspec.json.encode(merge_frames(frames))


@patient
@given(
    st.recursive(
        wild.any_text, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(wild.any_text, inner, max_size=2)
    )
)
def test_what_a_script_of_ours_hands_over_can_be_stored(value: object) -> None:
    assert msgspec.json.encode(decoded(json.dumps(value)))


@patient
@given(wild.wild_bytes)
def test_what_a_page_of_bytes_says_can_be_stored(data: bytes) -> None:
    assert msgspec.json.encode(from_html(data, wild.START))


@patient
@given(wild.markup)
def test_what_the_crawl_reads_can_be_told_on(markup: str) -> None:
    text = markup.encode("utf-8", "replace").decode()  # Scrapy's text holds no halves of characters
    assert msgspec.json.encode(read_page(text, wild.START, wild.SCOPE))


@patient
@given(st.lists(wild.hosts, max_size=2))
def test_an_allow_list_is_read_or_refused_in_words(hosts: list[str]) -> None:
    with contextlib.suppress(ValueError):
        AllowList.parse(hosts)


_LINES = """[[agency]]|name = 'A'|name = 3|[[agency.site]]|start = 'https://a.example/'|start = 'http://['|scope = ['a.example']
scope = 'x'|[[agency.site.service]]|pages = [1]|pages = ['/a']|agency = 1|[[chain]]|[[chain.step]]|site = 'a'|[portfolio]|id = []
country = 'ZZ'|norm = '?'""".replace("\n", "|").split("|")
_TOML = st.lists(st.sampled_from(_LINES), max_size=12).map("\n".join)
_CSV = st.lists(st.sampled_from(["agency,url", "a,https://a.example/", ",", "a,http://[", '"', "a,b,c,d", "\x00"])).map(
    "\n".join
)


@patient
@given(
    st.sampled_from([".toml", ".csv", ".txt"]), st.one_of(wild.wild_bytes, _TOML.map(str.encode), _CSV.map(str.encode))
)
def test_any_targets_file_is_read_or_refused_in_words(suffix: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"targets{suffix}"
        path.write_bytes(data)
        with contextlib.suppress(TargetsError):
            assert (portfolio_of_pages(path) if suffix == ".txt" else portfolio_of(str(path))).agencies


@patient
@given(st.lists(st.tuples(wild.addresses, wild.texts), max_size=6), wild.urls)
def test_a_frontier_takes_any_address(offered: list[tuple[str, str]], location: str) -> None:
    frontier = Frontier(
        CrawlOrder(seeds=(), scope=wild.SCOPE, user_agent="Loket", proxy="", max_pages=3),
        permitted=lambda _: True,
        preferred=lambda *_: False,
    )
    for url, anchor in offered:
        frontier.offer(Visit(url), [anchor])
    while visit := frontier.take():
        frontier.redirected(visit, location)
        frontier.anchors(visit)
    assert all(page.failure for page in frontier.leftovers())


@patient
@given(st.dictionaries(wild.urls, wild.any_text, max_size=2), wild.urls)
def test_any_robots_txt_gives_rules(robots: dict[str, str], url: str) -> None:
    rules = RobotsRules(robots, "Mozilla/5.0 (compatible; Loket/1)")

    assert rules.permitted(url) in {True, False}
    assert all(isinstance(place, str) for place in rules.sitemaps())


@patient
@given(st.lists(wild.urls, max_size=5), st.lists(wild.urls, max_size=5), st.sampled_from([wild.START, ""]))
def test_a_walk_through_sitemaps_stays_on_the_site(pages: list[str], sitemaps: list[str], base: str) -> None:
    walk = SitemapWalk(wild.SCOPE)

    assert all(in_scope(url, wild.SCOPE) for url in walk.pages(Sitemap(pages=tuple(pages)), base))
    assert all(in_scope(url, wild.SCOPE) for url in walk.to_read(sitemaps, base))


@patient
@given(
    st.lists(
        st.tuples(
            st.sampled_from(EVENTS),
            st.fixed_dictionaries(
                {
                    "requestId": st.sampled_from(["1", "2"]),
                    "request": st.fixed_dictionaries({"url": wild.addresses}),
                    "response": st.fixed_dictionaries(
                        {"url": wild.addresses, "status": wild.statuses, "mimeType": wild.texts}
                        | {"headers": st.dictionaries(wild.texts, wild.texts, max_size=3)}
                    ),
                    "headers": st.dictionaries(st.sampled_from(["Set-Cookie", "x"]), wild.texts, max_size=2),
                    "type": st.sampled_from(["Document", "Script", "Media"]),
                    "frameId": st.just("frame"),
                    "loaderId": st.sampled_from(["1", "2"]),
                    "dataLength": st.integers(0, 10_000),
                }
            ),
        ),
        max_size=8,
    )
)
def test_any_traffic_is_counted_and_can_be_stored(events: list[tuple[str, dict[str, object]]]) -> None:
    traffic = Traffic(frame="frame", max_response=9_000, max_page=20_000, max_requests=3, now=lambda: 0.0)
    for name, event in events:
        traffic.handle(name, event)

    assert msgspec.json.encode((traffic.requests(), response_of(traffic)))
