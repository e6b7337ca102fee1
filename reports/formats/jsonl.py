"""One JSON object a line: first every planned page, then every finding; for programs, and for the evaluation's scores.

A page: `kind` "page", `page`, `looked_at`, `reason` (failure kind; empty when looked at), `detail`, `role`, `title`,
`site`, `agency`, `run`, `taken_at`, `partial`, `slots`.
A finding: `kind` "finding", `page`, `rule`, `rule_version`, `outcome`, `mode`, `wcag`, `act`, `selectors`, `message`,
`evidence`, `subject`, `agency`, `site`, `service`, `channel`, `verdict`, `missing`, `reason`, `impact`, `level`, `role`,
`count`, `run`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reports.finding_rows import Place, Row, finding_rows, page_rows
from reports.formats import Pictures, ReportFormat
from reports.rule_words import RuleWords
from reports.whole_files import write_file
from reports.wording import load_words
from rules.model.run import PageResult, RunResult, SiteResult


def lines(result: RunResult) -> Iterator[bytes]:
    """The lines, each with its end."""
    run = result.run.id
    for page, site, place in page_rows(result):
        yield msgspec.json.encode(_page(page, site, place, run)) + b"\n"
    words = RuleWords(load_words("en"))
    for row in finding_rows(result):
        yield msgspec.json.encode(_finding(row, run, words)) + b"\n"


def _page(page: PageResult, site: SiteResult, place: Place, run: str) -> dict[str, Any]:
    return {
        "kind": "page",
        "page": page.url,
        "looked_at": page.looked_at,
        "reason": page.failure.kind if page.failure else "",
        "detail": page.failure.detail if page.failure else "",
        "role": page.role,
        "title": page.title,
        "site": site.site,
        "agency": place.agency.id if place.agency else site.agency,
        "run": run,
        "taken_at": page.taken_at,
        "partial": page.partial,
        "slots": [f"{slot.kind}: {slot.name}" for slot in page.slots],
    }


def _finding(row: Row, run: str, words: RuleWords) -> dict[str, Any]:
    finding = row.finding
    return {
        "kind": "finding",
        "page": row.page,
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "outcome": finding.outcome,
        "mode": finding.mode,
        "wcag": finding.wcag,
        "act": finding.act,
        "selectors": [piece.selector for piece in finding.evidence if piece.selector],
        "message": words.message(finding),
        "evidence": msgspec.to_builtins(finding.evidence),
        "subject": msgspec.to_builtins(finding.subject),
        "agency": row.place.agency.id if row.place.agency else "",
        "site": finding.subject.site,
        "service": row.service,
        "channel": finding.channel or "",
        "verdict": finding.verdict or "",
        "missing": finding.missing,
        "reason": finding.reason,
        "impact": finding.impact,
        "level": row.level,
        "role": finding.role,
        "count": finding.count,
        "run": run,
    }


def write(result: RunResult, out: Path, pictures: Pictures) -> Path:
    """Write the lines."""
    del pictures  # the lines name artifacts by their SHA-256
    return write_file(out, lines(result))


FORMAT = ReportFormat(name="jsonl", suffix=".jsonl", about="a line per page and a line per finding", write=write)
