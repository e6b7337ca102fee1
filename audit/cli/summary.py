"""What a run found, in three lines for a terminal, and the exit code that follows from it."""

from collections import Counter
from pathlib import Path

from audit.cli.exits import DONE, FINDINGS, NOT_LOOKED_AT
from rules.model.finding import Channel, Finding, Outcome, SubjectKind, Verdict
from rules.model.page import SlotKind
from rules.model.run import PageResult, RunResult, SiteResult

SEVERITIES = ("minor", "moderate", "serious", "critical")


def lines(result: RunResult, report: Path) -> tuple[str, str, str]:
    """Where the report is, what it says about the channels, and what it says about the pages."""
    return f"Report: {report}", _channels(result), _pages(result)


def exit_code(result: RunResult, fail_on: str) -> int:
    """1 for a failed finding at or above `fail_on`, else 3 when a target could not be looked at, else 0."""
    if fail_on in SEVERITIES and any(_severity(finding) >= SEVERITIES.index(fail_on) for finding in _failed(result)):
        return FINDINGS
    return NOT_LOOKED_AT if any(_unseen(site, given=bool(result.portfolio.pages)) for site in result.sites) else DONE


def _channels(result: RunResult) -> str:
    parts = []
    for channel in Channel:
        verdicts = Counter(
            finding.verdict
            for site in result.sites
            for finding in site.findings
            if finding.channel is channel and finding.subject.kind is _judged_by(site)
        )
        parts.append(f"{channel.value} {verdicts[Verdict.OFFERED]} of {verdicts.total()}")
    what = "services" if any(_judged_by(site) is SubjectKind.SERVICE for site in result.sites) else "sites"
    return f"Offered without the internet, of the {what}: {', '.join(parts)}."


def _judged_by(site: SiteResult) -> SubjectKind:
    services = any(finding.subject.kind is SubjectKind.SERVICE for finding in site.findings)
    return SubjectKind.SERVICE if services else SubjectKind.SITE


def _pages(result: RunResult) -> str:
    pages = [page for site in result.sites for page in site.pages]
    seen = sum(page.looked_at for page in pages)
    problems = {
        finding.rule for finding in _failed(result) if finding.wcag and finding.subject.kind is SubjectKind.PAGE
    }
    affected = {finding.subject.id for finding in _failed(result) if finding.rule in problems}
    checks = "1 accessibility check" if len(problems) == 1 else f"{len(problems)} accessibility checks"
    where = "1 page" if len(affected) == 1 else f"{len(affected)} pages"
    return f"Looked at {seen} of {len(pages)} planned pages; {checks} found a problem, on {where}."


def _failed(result: RunResult) -> list[Finding]:
    return [finding for site in result.sites for finding in site.findings if finding.outcome is Outcome.FAILED]


def _severity(finding: Finding) -> int:
    """A channel that is not offered, or a barrier, blocks people: critical; axe says of the rest how bad it is."""
    if finding.impact in SEVERITIES:
        return SEVERITIES.index(finding.impact)
    return len(SEVERITIES) - 1 if not finding.rule.startswith("axe/") else 0


def _unseen(site: SiteResult, *, given: bool) -> bool:
    """Whether a page that the targets name, or a site's home page, could not be looked at."""
    named = {SlotKind.SERVICE, SlotKind.GIVEN}
    missed = any(
        not page.looked_at and (_is_home(page) or any(slot.kind in named for slot in page.slots)) for page in site.pages
    )
    return site.failure is not None or missed or (not given and not any(page.looked_at for page in site.pages))


def _is_home(page: PageResult) -> bool:
    return page.role.value == "home"
