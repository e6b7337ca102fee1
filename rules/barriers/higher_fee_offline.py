"""Does the service cost more at a counter, on paper or by phone than through the internet?"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules.barriers.barrier import VERSION
from rules.barriers.ground import (
    Conclusion,
    Ground,
    cannot_tell,
    failed,
    findings,
    in_content,
    inapplicable,
    passed,
    statements,
    untested,
)
from rules.channels.statement import Statement
from rules.model.finding import Finding, SubjectKind
from rules.model.mention import MentionKind
from rules.model.view import SiteView
from rules.registry import Rule

_ID = "higher_fee_offline"
_ROLE = "Service owner"


def judge(view: SiteView) -> Iterator[Finding]:
    """One finding per service, or one for a site that names none."""
    return findings(view, _ID, _ROLE, _conclude)


def _conclude(ground: Ground) -> Conclusion:
    """The worst of what the sets of prices say that the pages themselves lay side by side."""
    priced = [
        said for said in in_content(statements(ground.own, MentionKind.PRICE)) if "way" in said.mention.attributes
    ]
    sets: dict[tuple[str, str], list[Statement]] = {}
    for said in priced:
        sets.setdefault((said.page.url, said.mention.attributes["set"]), []).append(said)
    compared = [(found, _compare(found)) for found in sets.values()]
    higher = [found for found, result in compared if result == "higher"]
    if higher:
        online, offline = (_of(higher[0], way)[0].mention.value for way in ("online", "offline"))
        return failed([said for found in higher for said in found], online=online, offline=offline)
    unclear = [said for found, result in compared if result == "unclear" for said in found]
    if unclear:
        return cannot_tell(unclear, "prices_unclear")
    if ground.unread:
        return untested(ground.unread)
    same = [said for found, result in compared if result == "not_higher" for said in found]
    return passed(same) if same else inapplicable()


def _compare(found: Sequence[Statement]) -> str:
    """What one set says: higher, not_higher, unclear, or "" where it holds the prices of one way only."""
    if any("more" in said.mention.attributes for said in found) or _of(found, "unclear"):
        return "unclear"
    online, offline = _of(found, "online"), _of(found, "offline")
    if not online or not offline:
        return ""
    items = {said.mention.attributes.get("item", "") for said in found}
    dearest, cheapest = max(_prices(offline)), min(_prices(online))
    if dearest <= cheapest:
        return "not_higher"
    one_each = len(items) == len(_prices(online)) == len(_prices(offline)) == 1
    return "higher" if one_each else "unclear"


def _of(found: Sequence[Statement], way: str) -> list[Statement]:
    return [said for said in found if said.mention.attributes["way"] == way]


def _prices(found: Sequence[Statement]) -> set[Decimal]:
    return {Decimal(said.mention.value) for said in found}


RULE = Rule(
    id=_ID,
    version=VERSION,
    name="It costs more without the internet",
    applies_to=(SubjectKind.SERVICE, SubjectKind.SITE),
    judge=judge,
    role=_ROLE,
)
