"""Does a form ask for proof of being human that not everybody can give?"""

from collections.abc import Iterator, Sequence

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    cannot_tell,
    failed,
    findings,
    inapplicable,
    offline_ways,
    pages_with_forms,
    passed,
    statements,
    untested,
    why_forms_unread,
)
from rules.channels.statement import SITE_LANDMARKS, Statement
from rules.facts.captcha import provider_of
from rules.model.finding import Finding, SubjectKind
from rules.model.look import Uncollected
from rules.model.mention import MentionKind
from rules.model.view import PageView, SiteView
from rules.registry import Layer, Rule

_ID = "captcha_without_alternative"
_ROLE = "Front-end developer"
_DOUBTS = {"puzzle": "puzzle_may_appear", "perhaps": "puzzle_may_appear", "image": "way_in_footer"}


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    pages = pages_with_forms(ground)
    seen = statements(pages, MentionKind.CAPTCHA)
    asking = [said for said in seen if said.mention.attributes["asks"] != "none" and not _has_alternative(said)]
    certain = [said for said in asking if said.mention.attributes["asks"] == "image" and not offline_ways(said.page)]
    if certain:
        return failed(certain)
    if asking:
        return cannot_tell(asking, _DOUBTS[asking[0].mention.attributes["asks"]], name=asking[0].mention.value)
    shown = {said.page.url for said in seen}
    for page in pages:
        name = _loaded(page) if page.url not in shown and statements((page,), MentionKind.FORM) else ""
        if name and not _content_ways(page):
            doubt = cannot_tell((), "loaded_but_not_shown", name=name)
            return Conclusion(
                outcome=doubt.outcome, key=doubt.key, pages=(page,), reason=doubt.reason, params=doubt.params
            )
    unread = ground.unread or why_forms_unread(pages) or _why_requests_unknown(pages)
    if unread:
        return untested(unread)
    return passed(seen) if statements(pages, MentionKind.FORM) else inapplicable()


def _why_requests_unknown(pages: Sequence[PageView]) -> str:
    """Why it cannot be told what a page with a form loads: the browser's engine does not tell it."""
    unknown = any(
        Uncollected.REQUESTS in page.uncollected and statements((page,), MentionKind.FORM) and not _content_ways(page)
        for page in pages
    )
    return "requests_unknown" if unknown else ""


def _has_alternative(said: Statement) -> bool:
    """Whether it can be heard as well as seen, or the page's content names a way that needs no test."""
    return "alternative" in said.mention.attributes or _content_ways(said.page)


def _content_ways(page: PageView) -> bool:
    return any(way.mention.landmark not in SITE_LANDMARKS for way in offline_ways(page))


def _loaded(page: PageView) -> str:
    """The provider of a test that the page loads and that may ask something, by the requests of the page."""
    for request in page.requests:
        name, asks = provider_of(request.url)
        if name and asks != "none":
            return name
    return ""


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A test against programs has no alternative",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    needs=(Layer.TEXT, Layer.REQUESTS),
    role=_ROLE,
)
