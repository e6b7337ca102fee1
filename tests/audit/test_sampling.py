import msgspec
from hypothesis import given as any_of
from hypothesis import strategies as st

from audit.sampling import draw, given, with_documents
from rules.model.failure import Failure, FailureKind
from rules.model.page import Page, PageRole, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Service

HOME = Page(url="https://a.example/", role=PageRole.HOME, structure="h")
CONTACT = Page(url="https://a.example/contact", role=PageRole.CONTACT, depth=1, structure="c")
NEWS = [Page(url=f"https://a.example/news/{n}", depth=2, structure="n") for n in range(40)]


def slots(sample: Sample, kind: SlotKind) -> list[tuple[str, str]]:
    return [(slot.name, slot.url) for slot in sample.slots if slot.kind is kind]


def test_every_fixed_type_has_a_slot_and_empty_ones_are_named() -> None:
    sample = draw([HOME, CONTACT], [], seed="s")
    assert slots(sample, SlotKind.FIXED) == [
        ("home", HOME.url),
        ("contact", CONTACT.url),
        ("help", ""),
        ("legal", ""),
        ("login", ""),
        ("search", ""),
        ("sitemap", ""),
        ("statement", ""),
    ]


def test_a_service_keeps_its_page_also_when_the_crawl_could_not_fetch_it() -> None:
    broken = Page(url="https://a.example/x", failure=Failure(FailureKind.HTTP_ERROR, "500"))
    sample = draw([HOME, broken], [Service(id="x", name="X", pages=(broken.url,))], seed="s")
    assert slots(sample, SlotKind.SERVICE) == [("x", broken.url)]
    assert broken.url not in [url for _, url in slots(sample, SlotKind.RANDOM)]


def test_a_home_page_that_could_not_be_fetched_is_planned_where_there_is_no_other() -> None:
    closed = Page(url=HOME.url, role=PageRole.HOME, failure=Failure(FailureKind.ROBOTS, "closed"))
    other = Page(url="https://a.example/nl/", role=PageRole.HOME, depth=1)
    assert slots(draw([closed], [], seed="s"), SlotKind.FIXED)[0] == ("home", closed.url)
    assert slots(draw([closed, other], [], seed="s"), SlotKind.FIXED)[0] == ("home", other.url)


def test_documents_are_not_for_the_browser() -> None:
    sample = draw([HOME, Page(url="https://a.example/f.pdf", role=PageRole.DOCUMENT)], [], seed="s", all_pages=True)
    assert sample.urls == (HOME.url,)


def test_a_template_is_seen_once_on_its_page_nearest_to_home() -> None:
    assert ("n", "https://a.example/news/0") in slots(draw([HOME, *NEWS], [], seed="s"), SlotKind.TEMPLATE)


def test_the_random_part_is_a_tenth_of_the_rest_and_depends_on_the_seed_alone() -> None:
    services = [Service(id=f"s{n}", name="S", pages=(f"https://a.example/s/{n}",)) for n in range(50)]
    first = draw([HOME, *NEWS], services, seed="one")
    structured = {slot.url for slot in first.slots if slot.url and slot.kind is not SlotKind.RANDOM}
    assert len(slots(first, SlotKind.RANDOM)) >= len(structured) / 10
    assert first == draw([HOME, *reversed(NEWS)], services, seed="one")
    assert slots(first, SlotKind.RANDOM) != slots(draw([HOME, *NEWS], services, seed="two"), SlotKind.RANDOM)


def test_a_later_round_fills_empty_slots_and_never_redraws() -> None:
    first = draw([HOME, *NEWS], [], seed="s")
    later = draw([HOME, *NEWS, CONTACT], [], seed="s", earlier=first)
    assert set(first.urls) <= set(later.urls)
    assert ("contact", CONTACT.url) in slots(later, SlotKind.FIXED)
    assert ("contact", "") not in slots(later, SlotKind.FIXED)


def test_all_pages_means_all_pages() -> None:
    assert set(draw([HOME, *NEWS], [], seed="s", all_pages=True).urls) == {HOME.url, *(page.url for page in NEWS)}


def test_all_pages_names_those_behind_a_wall_and_no_dead_link() -> None:
    login = Page(url="https://a.example/mine", failure=Failure(FailureKind.LOGIN))
    dead = Page(url="https://a.example/gone", failure=Failure(FailureKind.HTTP_ERROR, "status 404"))
    sample = draw([HOME, login, dead], [], seed="s", all_pages=True)
    assert set(sample.urls) == {HOME.url, login.url}
    assert login.url not in draw([HOME, login, dead], [], seed="s").urls


def test_given_pages_are_taken_as_they_are() -> None:
    assert given(["https://a.example/x"]).slots == (SampleSlot(SlotKind.GIVEN, "given", "https://a.example/x"),)


@any_of(st.lists(st.sampled_from([HOME, CONTACT, *NEWS]), unique_by=lambda page: page.url), st.text(max_size=5))
def test_drawing_twice_gives_the_same_and_every_page_once(pages: list[Page], seed: str) -> None:
    sample = draw(pages, [], seed=seed)
    assert sample == draw(pages, [], seed=seed)
    assert len(set(sample.urls)) == len(sample.urls)
    assert set(sample.urls) <= {page.url for page in pages}


def pdf(name: str, depth: int = 2, anchor: str = "") -> Page:
    return Page(
        url=f"https://a.example/{name}.pdf",
        role=PageRole.DOCUMENT,
        depth=depth,
        anchors=(anchor,) if anchor else (),
        content_type="application/pdf",
    )


def documents(links: dict[str, list[str]], *found: Page, most: int = 15, services: int = 1) -> list[tuple[str, str]]:
    """The document slots of services s0, s1, … at /s/0, /s/1, … ; addresses without their beginning and ending."""
    offered = [Service(id=f"s{n}", name="S", pages=(f"https://a.example/s/{n}",)) for n in range(services)]
    linked = {
        f"https://a.example/{page}": [f"https://a.example/{name}.pdf" for name in names]
        for page, names in links.items()
    }
    known = [HOME, CONTACT, *found]
    sample = with_documents(draw(known, offered, seed="s"), known, offered, linked, most=most)
    assert with_documents(sample, known, offered, linked, most=most) == sample
    return [(name, url[18:-4]) for name, url in slots(sample, SlotKind.DOCUMENT)]


def test_each_service_has_the_documents_that_its_pages_link_to() -> None:
    links = {"s/0": ["a", "b"], "s/1": ["b"], "news/1": ["c"]}
    assert documents(links, pdf("a"), pdf("b"), pdf("c"), services=2) == [("s0", "a"), ("s1", "b"), ("s0", "b")]


def test_the_contact_page_has_documents_too() -> None:
    assert documents({"contact": ["letter"]}, pdf("letter")) == [("contact", "letter")]


def test_forms_come_first_then_what_few_pages_link_to() -> None:
    links = {"s/0": ["terms", "leaflet", "near", "claim"], "": ["terms"], "contact": []}
    found = [pdf("terms"), pdf("leaflet"), pdf("near", depth=1), pdf("claim", depth=5, anchor="Application form (PDF)")]
    assert documents(links, *found) == [("s0", "claim"), ("s0", "near"), ("s0", "leaflet")]


def test_when_there_is_room_for_few_each_service_gets_one_before_any_gets_two() -> None:
    links = {f"s/{n}": [f"{n}a", f"{n}b"] for n in range(3)}
    found = [pdf(f"{n}{letter}") for n in range(3) for letter in "ab"]
    assert documents(links, *found, services=3, most=4) == [("s0", "0a"), ("s1", "1a"), ("s2", "2a"), ("s0", "0b")]
    assert documents(links, *found, services=3, most=0) == []


def test_only_pdfs_that_can_be_fetched_are_opened() -> None:
    gone = msgspec.structs.replace(pdf("gone"), failure=Failure(FailureKind.HTTP_ERROR, "404"))
    markup = msgspec.structs.replace(pdf("markup"), content_type="text/html", role=PageRole.OTHER)
    word = Page(url="https://a.example/w.docx", role=PageRole.DOCUMENT, content_type="application/msword")
    unnamed = Page(url="https://a.example/get?id=1.pdf", role=PageRole.DOCUMENT, content_type="application/pdf")
    links = {"s/0": ["gone", "markup", "get?id=1"]}
    assert documents(links, gone, markup, word, unnamed) == [("s0", "get?id=1")]


def test_documents_are_kept_when_a_later_round_draws_on_and_change_no_random_draw() -> None:
    service = Service(id="s0", name="S", pages=("https://a.example/s/0",))
    links = {"https://a.example/s/0": ["https://a.example/a.pdf"]}
    plain = draw([HOME, *NEWS, pdf("a")], [service], seed="s")
    first = with_documents(plain, [HOME, *NEWS, pdf("a")], [service], links, most=15)
    later = draw([HOME, *NEWS, pdf("a"), CONTACT], [service], seed="s", earlier=first)
    assert slots(later, SlotKind.DOCUMENT) == [("s0", "https://a.example/a.pdf")]
    assert slots(later, SlotKind.RANDOM) == slots(
        draw([HOME, *NEWS, pdf("a"), CONTACT], [service], seed="s", earlier=plain), SlotKind.RANDOM
    )
