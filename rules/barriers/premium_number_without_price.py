"""Is there a number that costs more than a call, without what it costs?"""

from collections.abc import Iterator

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    cannot_tell,
    failed,
    findings,
    inapplicable,
    numbers,
    passed,
    statements,
    untested,
)
from rules.channels.statement import Statement
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "premium_number_without_price"
_ROLE = "Customer contact centre"
_DEAR = frozenset({"premium", "shared"})
_NEAR = 4  # blocks between a number and its price


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    pages = tuple({page.url: page for page in (*ground.own, *ground.general)}.values())
    dear = [said for said in numbers(pages) if said.mention.attributes.get("type") in _DEAR]
    priced = {said.mention.value for said in dear if _priced_near(said)}
    unpriced = [said for said in dear if said.mention.value not in priced]
    certain = [said for said in unpriced if not _prices(said)]
    if certain:
        return failed(certain, number=certain[0].mention.attributes.get("number", certain[0].mention.value))
    if unpriced:
        return cannot_tell(unpriced, "price_elsewhere_on_page")
    if ground.unread:
        return untested(ground.unread)
    return passed(dear) if dear else inapplicable()


def _prices(number: Statement) -> tuple[Statement, ...]:
    """What the number's page says of the price of a call."""
    return tuple(
        said
        for said in statements((number.page,), MentionKind.PRICE, MentionKind.COST)
        if said.mention.kind is MentionKind.COST or "per" in said.mention.attributes
    )


def _priced_near(number: Statement) -> bool:
    return any(abs(said.mention.block - number.mention.block) <= _NEAR for said in _prices(number))


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="A number with a charge has no price",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
