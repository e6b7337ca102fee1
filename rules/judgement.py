"""Judges a site with every rule of the registry, and a chain by its weakest known step."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from rules.chains import weakest_link
from rules.facts import read_facts
from rules.model.finding import Finding, Outcome, Subject, SubjectKind
from rules.model.mention import PageFacts
from rules.model.portfolio import Chain
from rules.model.view import PageView, ServiceView, SiteView
from rules.paths import clicks
from rules.registry import all_rules

PAGE_READ = "page_read"
_VERSION = "1.0"


def judge(view: SiteView, facts: Mapping[str, PageFacts] = MappingProxyType({})) -> tuple[Finding, ...]:
    """All findings about one site: rules in order of their ids, each in the order of the sample.

    `facts` are those that were read already, by page.
    """
    view = with_clicks(with_facts(view, facts))
    found = list(_unread_pages(view))
    for rule in all_rules():
        found.extend(rule.judge(view))
    return tuple(found)


def judge_chain(chain: Chain, findings: Mapping[str, Sequence[Finding]]) -> tuple[Finding, ...]:
    """What a chain offers as a whole, from the findings of its steps' sites (by site id)."""
    return tuple(weakest_link.judge(chain, findings))


def with_facts(view: SiteView, known: Mapping[str, PageFacts] = MappingProxyType({})) -> SiteView:
    """The view with facts for each page that has an outline; those that are not known by its URL are read now."""
    pages = {page.url: _read(page, view, known) for page in view.pages}
    services = tuple(
        ServiceView(
            service=service.service,
            pages=tuple(pages.get(page.url) or _read(page, view, known) for page in service.pages),
            documents=tuple(pages.get(page.url) or _read(page, view, known) for page in service.documents),
        )
        for service in view.services
    )
    return msgspec.structs.replace(view, pages=tuple(pages.values()), services=services)


def with_clicks(view: SiteView) -> SiteView:
    """The view with the number of clicks to each page, unless it has them."""
    return view if view.clicks else msgspec.structs.replace(view, clicks=clicks(view))


def _read(page: PageView, view: SiteView, known: Mapping[str, PageFacts]) -> PageView:
    if page.outline is None or page.facts is not None:
        return page
    facts = known.get(page.url)
    if facts is None:
        facts = read_facts(page.outline, country=view.country, body=view.site.name)
    return msgspec.structs.replace(page, facts=facts)


def _unread_pages(view: SiteView) -> Iterator[Finding]:
    """One finding for each page that could not be looked at: untested, never failed and never passed."""
    for page in view.pages:
        if page.outline is None or page.failure is not None:
            reason = page.failure.kind.value if page.failure is not None else "not_looked_at"
            yield Finding(
                rule=PAGE_READ,
                rule_version=_VERSION,
                subject=Subject(kind=SubjectKind.PAGE, site=view.site.id, id=page.url),
                outcome=Outcome.UNTESTED,
                key="not_read",
                params={"detail": page.failure.detail if page.failure is not None else ""},
                reason=reason,
            )
