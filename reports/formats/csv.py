"""One row per finding, for spreadsheets.

UTF-8 with a byte order mark, because Excel reads a CSV without one in the machine's own encoding and spoils every ë and €;
every other reader passes over it. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from reports.finding_rows import Row, finding_rows
from reports.formats import Pictures, ReportFormat
from reports.rule_words import RuleWords
from reports.whole_files import write_file
from reports.wording import load_words
from rules.model.run import RunInfo, RunResult

COLUMNS = (
    "run", "measured_at", "agency", "agency_name", "site", "site_name", "service", "page", "rule", "rule_version",
    "outcome", "mode", "channel", "verdict", "missing", "reason", "impact", "wcag", "act", "level", "role", "count",
    "message", "quote", "quote_lang", "selector", "snippet", "evidence_page", "taken_at", "artifact",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"


def lines(result: RunResult) -> Iterator[bytes]:
    """The rows, each with its end; the first names the columns."""
    yield (BYTE_ORDER_MARK + _line(COLUMNS)).encode()
    words = RuleWords(load_words("en"))
    for row in finding_rows(result):
        yield _line([guarded(cell) for cell in _cells(row, result.run, words)]).encode()


def guarded(cell: str) -> str:
    """The cell, so that no spreadsheet runs it: text from a web page must never become a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell


def _cells(row: Row, run: RunInfo, words: RuleWords) -> Sequence[str]:
    finding, place = row.finding, row.place
    first = finding.evidence[0] if finding.evidence else None
    return (
        run.id,
        run.started_at,
        place.agency.id if place.agency else "",
        place.agency.name if place.agency else "",
        finding.subject.site,
        place.site.name if place.site else "",
        row.service,
        row.page,
        finding.rule,
        finding.rule_version,
        finding.outcome,
        finding.mode,
        finding.channel or "",
        finding.verdict or "",
        "; ".join(finding.missing),
        finding.reason,
        finding.impact,
        "; ".join(finding.wcag),
        "; ".join(finding.act),
        row.level,
        finding.role,
        str(finding.count),
        words.message(finding),
        first.quote if first else "",
        first.lang if first else "",
        first.selector if first else "",
        first.html if first else "",
        first.page if first else "",
        first.taken_at if first else "",
        first.artifact if first else "",
    )


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def write(result: RunResult, out: Path, pictures: Pictures) -> Path:
    """Write the rows."""
    del pictures  # a row names artifacts by their SHA-256
    return write_file(out, lines(result))


FORMAT = ReportFormat(name="csv", suffix=".csv", about="a row per finding, for spreadsheets", write=write)
