"""Accessibility findings of one site, grouped by rule: one row, one page of the report, however many places there are."""

from collections.abc import Iterable, Sequence

from rules.model.finding import Evidence, Finding, Outcome, SubjectKind
from rules.model.record import Record

AXE = "axe/"
AXE_ITSELF = "axe"  # that axe could not be run on a page
IMPACTS = ("critical", "serious", "moderate", "minor", "")
WORST_FIRST = (Outcome.FAILED, Outcome.CANT_TELL, Outcome.PASSED)


class PagePlaces(Record, frozen=True):
    """Where a rule found something on one page: how many places, and those that were kept as evidence."""

    page: str
    places: int
    evidence: tuple[Evidence, ...] = ()


class RuleGroup(Record, frozen=True):
    """Everything that one rule found on one site with one outcome (failed, or cantTell)."""

    site: str
    rule: str
    rule_version: str
    outcome: Outcome
    impact: str = ""
    wcag: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    role: str = ""
    mode: str = ""
    message: str = ""
    help_url: str = ""
    pages: tuple[PagePlaces, ...] = ()

    @property
    def places(self) -> int:
        """The number of places on all pages together."""
        return sum(page.places for page in self.pages)


def about_accessibility(finding: Finding) -> bool:
    """Whether a finding is about the accessibility of a page, rather than about a channel or a barrier."""
    if finding.subject.kind is not SubjectKind.PAGE or finding.verdict is not None:
        return False
    return finding.rule == AXE_ITSELF or finding.rule.startswith(AXE) or bool(finding.wcag)


def worst_outcomes(findings: Iterable[Finding]) -> dict[str, Outcome]:
    """For each rule that applied to some page, the worst outcome on any page of the site."""
    worst: dict[str, Outcome] = {}
    for finding in findings:
        if finding.outcome in WORST_FIRST:
            before = worst.get(finding.rule, Outcome.PASSED)
            worst[finding.rule] = min(before, finding.outcome, key=WORST_FIRST.index)
    return worst


def groups_of(findings: Iterable[Finding], outcome: Outcome) -> tuple[RuleGroup, ...]:
    """The groups of one outcome: the heaviest effect first, then the most places, then by name."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome is outcome:
            by_rule.setdefault(finding.rule, []).append(finding)
    groups = [_group(found) for found in by_rule.values()]
    return tuple(sorted(groups, key=lambda group: (_weight(group.impact), -group.places, group.rule)))


def _group(findings: Sequence[Finding]) -> RuleGroup:
    first = findings[0]
    pages = [
        PagePlaces(page=found.subject.id, places=found.count or len(found.evidence) or 1, evidence=found.evidence)
        for found in findings
    ]
    return RuleGroup(
        site=first.subject.site,
        rule=first.rule,
        rule_version=first.rule_version,
        outcome=first.outcome,
        impact=min((found.impact for found in findings), key=_weight),
        wcag=first.wcag,
        act=first.act,
        role=first.role,
        mode=first.mode,
        message=next((piece.summary for found in findings for piece in found.evidence if piece.summary), ""),
        help_url=next((found.params["help_url"] for found in findings if found.params.get("help_url")), ""),
        pages=tuple(sorted(pages, key=lambda page: (-page.places, page.page))),
    )


def _weight(impact: str) -> int:
    return IMPACTS.index(impact) if impact in IMPACTS else len(IMPACTS)
