"""Maps what axe says about a page to findings: one for each of its rules, and its words replaced by ours.

violations → failed, incomplete → cantTell (never failed), passes → passed, inapplicable → inapplicable. A rule with both
violations and incomplete nodes is failed, and `params["unsure"]` counts the others. Experimental rules cannot fail a page: what
they find a person must judge. A page that was read only in part proves no absence, so that its passes are untested.
"""

from collections.abc import Iterable, Iterator, Mapping

from rules.accessibility.axe_words import AxeWords, words_for
from rules.accessibility.criteria import INFORMATIONAL, binding, criteria_of_tags
from rules.accessibility.roles import role_of_rule
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind
from rules.model.look import AxeNode, AxeOutcome, AxeResult, AxeRule
from rules.model.page import PageRole
from rules.model.record import Record
from rules.model.view import PageView, SiteView
from rules.registry import Layer, Rule

__all__ = ["PREFIX", "RULE", "AxeWords", "findings_of", "judge", "words_for"]

PREFIX = "axe/"
_ID = "axe"
_VERSION = "1.0"
_NOT_RUN = "axe_not_run"
_PARTIAL = "partial"
_OUTCOMES = {
    AxeOutcome.VIOLATIONS: Outcome.FAILED,
    AxeOutcome.INCOMPLETE: Outcome.CANT_TELL,
    AxeOutcome.PASSES: Outcome.PASSED,
    AxeOutcome.INAPPLICABLE: Outcome.INAPPLICABLE,
}
_WEIGHT = tuple(_OUTCOMES)
_PIERCES = " >>> "  # between the selectors of frames and shadow hosts on the way to an element


class Source(Record, frozen=True):
    """Where a result came from: the page as subject, its address, and the stored artifact."""

    subject: Subject
    page: str
    artifact: str = ""
    taken_at: str = ""
    partial: bool = False


def judge(view: SiteView) -> Iterator[Finding]:
    """The findings of axe on every page of a site that was looked at; a look that failed says `page_read` elsewhere.

    axe is for web pages: on a document it is neither run nor missed.
    """
    for page in view.pages:
        if page.role is PageRole.DOCUMENT:
            continue
        subject = Subject(kind=SubjectKind.PAGE, site=view.site.id, id=page.url)
        if page.axe is not None:
            yield from findings_of(page.axe, _source(page, subject))
        elif page.outline is not None and page.failure is None:
            yield Finding(rule=_ID, rule_version=_VERSION, subject=subject, outcome=Outcome.UNTESTED, reason=_NOT_RUN)


def findings_of(result: AxeResult, source: Source) -> Iterator[Finding]:
    """One finding for each rule in an axe result, with axe's version as the rule's."""
    by_id: dict[str, dict[AxeOutcome, AxeRule]] = {}
    for rule in result.rules:
        by_id.setdefault(rule.id, {})[rule.outcome] = rule
    for parts in by_id.values():
        yield _finding(parts, result, source)


def _finding(parts: Mapping[AxeOutcome, AxeRule], result: AxeResult, source: Source) -> Finding:
    worst = min(parts, key=_WEIGHT.index)
    rule = parts[worst]
    wcag = criteria_of_tags(rule.tags)
    outcome, reason = _outcome(rule, source)
    return Finding(
        rule=PREFIX + rule.id,
        rule_version=result.version,
        subject=source.subject,
        outcome=outcome,
        params=_params(rule, parts, worst, result),
        evidence=tuple(_evidence(rule.nodes, source)),
        wcag=wcag,
        act=rule.act_ids,
        impact=rule.impact if outcome in (Outcome.FAILED, Outcome.CANT_TELL) else "",
        role=role_of_rule(rule.id, wcag),
        level=_level(rule, wcag),
        reason=reason,
        count=rule.count or len(rule.nodes),
    )


def _outcome(rule: AxeRule, source: Source) -> tuple[Outcome, str]:
    outcome = _OUTCOMES[rule.outcome]
    if outcome is Outcome.FAILED and "experimental" in rule.tags:
        return Outcome.CANT_TELL, ""
    if source.partial and outcome in (Outcome.PASSED, Outcome.INAPPLICABLE):
        return Outcome.UNTESTED, _PARTIAL
    return outcome, ""


def _level(rule: AxeRule, wcag: tuple[str, ...]) -> str:
    obsolete = any(tag.endswith("-obsolete") for tag in rule.tags)
    return INFORMATIONAL if obsolete else binding(wcag)


def _params(rule: AxeRule, parts: Mapping[AxeOutcome, AxeRule], worst: AxeOutcome, result: AxeResult) -> dict[str, str]:
    params = {"help": rule.help, "help_url": rule.help_url}
    if worst is AxeOutcome.VIOLATIONS and (unsure := parts.get(AxeOutcome.INCOMPLETE)):
        params["unsure"] = str(unsure.count or len(unsure.nodes))
    if result.unread_frames:
        params["unread_frames"] = str(len(result.unread_frames))
    return {name: value for name, value in params.items() if value}


def _evidence(nodes: Iterable[AxeNode], source: Source) -> Iterator[Evidence]:
    for node in nodes:
        yield Evidence(
            page=source.page,
            selector=_PIERCES.join(node.target),
            html=node.html,
            summary=node.summary,
            box=node.box,
            attributes={"frame": str(node.frame)} if node.frame else {},
            artifact=source.artifact,
            taken_at=source.taken_at,
        )


def _source(page: PageView, subject: Subject) -> Source:
    return Source(
        subject=subject,
        page=page.url,
        artifact=page.axe_artifact,
        taken_at=page.taken_at,
        partial=page.partial,
    )


RULE = Rule(
    id=_ID,
    version=_VERSION,
    name="What axe finds on a page",
    applies_to=(SubjectKind.PAGE,),
    judge=judge,
    needs=(Layer.AXE,),
    role="front_end_development",
    level="mandatory",
)
