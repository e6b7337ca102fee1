"""Which pages the browser looks at, and why: a sample along WCAG-EM, drawn without I/O and repeatable by its seed.

Structured part: fixed page types, each service's pages, forms, distinct templates. Random part: at least 10 % of the
structured part (W3C, WCAG-EM 1.0, step 3: https://www.w3.org/TR/WCAG-EM/#step3). Documents: those that the pages of a
service link to, so that each type of service is seen with one where it has any (Implementing Decision (EU) 2018/1524,
annex I, 3.2: https://eur-lex.europa.eu/eli/dec_impl/2018/1524/oj); they are opened, not shown by the browser.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from rules.lexicon import languages, lexicon
from rules.model.failure import FailureKind
from rules.model.page import Page, PageRole, Sample, SampleSlot, SlotKind
from rules.model.portfolio import Service

FIXED_TYPES = (
    PageRole.HOME,
    PageRole.CONTACT,
    PageRole.HELP,
    PageRole.LEGAL,
    PageRole.LOGIN,
    PageRole.SEARCH,
    PageRole.SITEMAP,
    PageRole.STATEMENT,
)
_CONTACT_PAGES = 3  # a site often has one page a channel: phone, visiting, writing
_FORM_PAGES = 5
_TEMPLATES = 15
_RANDOM_SHARE = 0.1
_RANDOM_LEAST = 2
_BEHIND_A_WALL = frozenset(
    {FailureKind.LOGIN, FailureKind.CHALLENGE, FailureKind.CONSENT_WALL, FailureKind.TOO_LARGE, FailureKind.TLS}
)
"""Pages that are there and that we may not or cannot read: they belong to "all pages", and each is named with its reason."""
_LINKING_ROLES = (PageRole.FORM, PageRole.CONTACT)  # beside the services' pages
_DOCUMENTS_EACH = 3
_WORDS_READ = 5


def draw(
    pages: Sequence[Page],
    services: Sequence[Service],
    *,
    seed: str,
    all_pages: bool = False,
    earlier: Sample | None = None,
) -> Sample:
    """The sample of these pages; `earlier` is extended by what is new, never redrawn.

    Documents and pages that could not be fetched for a lasting reason fill no slot, except a service's own pages, and the
    home page where there is no other: that they could not be read must be seen.
    """
    candidates = [page for page in pages if page.role is not PageRole.DOCUMENT and not _hopeless(page)]
    found_home = any(page.role is PageRole.HOME for page in candidates)
    lost_home = [] if found_home else [page for page in pages if page.role is PageRole.HOME]
    slots = [*_fixed([*candidates, *lost_home]), *_services(services), *_forms(candidates), *_templates(candidates)]
    if earlier is not None:
        slots = _extended(earlier, slots)
    if all_pages:
        chosen = {slot.url for slot in slots}
        walled = [page for page in pages if page.failure is not None and page.failure.kind in _BEHIND_A_WALL]
        slots += [
            SampleSlot(SlotKind.ALL, "all", page.url) for page in (*candidates, *walled) if page.url not in chosen
        ]
    slots += _random(candidates, slots, seed)
    return Sample(slots=tuple(slots), seed=seed)


def given(urls: Iterable[str]) -> Sample:
    """The sample of `--pages`: exactly these."""
    return Sample(slots=tuple(SampleSlot(SlotKind.GIVEN, "given", url) for url in urls))


def with_documents(
    sample: Sample,
    pages: Sequence[Page],
    services: Sequence[Service],
    links: Mapping[str, Collection[str]],
    *,
    most: int,
) -> Sample:
    """The sample with PDFs that its pages link to (`links`: page to documents), at most `most` of them in all.

    At most three for each service and for the forms and the contact pages, in turn, so that each has one before any has
    two; forms before other documents, and what few pages link to before what all of them do. None is ever dropped.
    """
    documents = {
        page.url: page for page in pages if page.role is PageRole.DOCUMENT and page.is_pdf and not _hopeless(page)
    }
    linking = Counter(document for targets in links.values() for document in set(targets))
    ranked = sorted(documents.values(), key=lambda page: (not _called_form(page), linking[page.url], _nearness(page)))
    rounds: list[list[SampleSlot]] = []
    for name, sources in _linking(sample, pages, services):
        linked = {document for source in sources for document in links.get(source, ())}
        rounds.append([SampleSlot(SlotKind.DOCUMENT, name, page.url) for page in ranked if page.url in linked])
    slots = list(sample.slots)
    for slot in (slot for turn in zip_longest(*rounds) for slot in turn if slot is not None):
        chosen = {other.url for other in slots if other.kind is SlotKind.DOCUMENT}
        of_name = sum(other.kind is SlotKind.DOCUMENT and other.name == slot.name for other in slots)
        if slot not in slots and of_name < _DOCUMENTS_EACH and (slot.url in chosen or len(chosen) < most):
            slots.append(slot)
    return Sample(slots=tuple(slots), seed=sample.seed)


def _linking(sample: Sample, pages: Sequence[Page], services: Sequence[Service]) -> Iterator[tuple[str, Sequence[str]]]:
    """Whose links to documents matter: each service's pages, and the form and contact pages that were chosen."""
    for service in services:
        yield service.id, service.pages
    chosen = frozenset(sample.urls)
    for role in _LINKING_ROLES:
        yield role.value, [page.url for page in pages if page.role is role and page.url in chosen]


def _called_form(page: Page) -> bool:
    """Whether the words of the links to a document call it a form."""
    return any(
        hit.group == "paper.form"
        for words in page.anchors[:_WORDS_READ]
        for lang in languages()
        for hit in lexicon(lang).scan_label(words)
    )


def _hopeless(page: Page) -> bool:
    return page.failure is not None and page.failure.kind.permanent


def _fixed(pages: Sequence[Page]) -> list[SampleSlot]:
    slots = []
    for role in FIXED_TYPES:
        most = _CONTACT_PAGES if role is PageRole.CONTACT else 1
        found = sorted((page for page in pages if page.role is role), key=_nearness)[:most]
        slots += [SampleSlot(SlotKind.FIXED, role.value, page.url) for page in found]
        if not found:
            slots.append(SampleSlot(SlotKind.FIXED, role.value))
    return slots


def _services(services: Sequence[Service]) -> list[SampleSlot]:
    return [SampleSlot(SlotKind.SERVICE, service.id, url) for service in services for url in service.pages]


def _forms(pages: Sequence[Page]) -> list[SampleSlot]:
    forms = sorted((page for page in pages if page.role is PageRole.FORM), key=_nearness)[:_FORM_PAGES]
    return [SampleSlot(SlotKind.FORM, "form", page.url) for page in forms] or [SampleSlot(SlotKind.FORM, "form")]


def _templates(pages: Sequence[Page]) -> list[SampleSlot]:
    """The page nearest to home of each template, the most used templates first."""
    by_structure: dict[str, list[Page]] = {}
    for page in pages:
        if page.structure:
            by_structure.setdefault(page.structure, []).append(page)
    often = sorted(by_structure.items(), key=lambda item: (-len(item[1]), item[0]))[:_TEMPLATES]
    return [SampleSlot(SlotKind.TEMPLATE, structure, min(group, key=_nearness).url) for structure, group in often]


def _extended(earlier: Sample, drawn: Sequence[SampleSlot]) -> list[SampleSlot]:
    """The earlier slots, with empty ones filled and new ones added; nothing that was chosen is dropped."""
    filled = {(slot.kind, slot.name) for slot in earlier.slots if slot.url}
    new = {(slot.kind, slot.name): slot for slot in drawn if slot.url and (slot.kind, slot.name) not in filled}
    kept = [slot if slot.url else new.pop((slot.kind, slot.name), slot) for slot in earlier.slots]
    return [*kept, *new.values()]


def _random(pages: Sequence[Page], slots: Sequence[SampleSlot], seed: str) -> list[SampleSlot]:
    """Seeded draws among the pages that no slot holds: the order of SHA-256(seed, URL), so anybody can repeat it."""
    chosen = {slot.url for slot in slots if slot.url and slot.kind is not SlotKind.DOCUMENT}
    drawn_before = sum(slot.kind is SlotKind.RANDOM for slot in slots)
    wanted = max(_RANDOM_LEAST, math.ceil(_RANDOM_SHARE * (len(chosen) - drawn_before))) - drawn_before
    rest = sorted((page.url for page in pages if page.url not in chosen), key=lambda url: _ticket(seed, url))
    numbered = enumerate(rest[: max(0, wanted)], start=drawn_before + 1)
    return [SampleSlot(SlotKind.RANDOM, f"draw {number}", url) for number, url in numbered]


def _ticket(seed: str, url: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{url}".encode()).digest()


def _nearness(page: Page) -> tuple[int, int, str]:
    return page.depth, len(page.url), page.url
