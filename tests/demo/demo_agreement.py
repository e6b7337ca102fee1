"""Lays what Loket found on a demonstration site beside what an auditor found: nothing missing, nothing extra."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from audit.cli.demo.expectation import Expectations, ExpectedBarrier, ExpectedVerdict
from rules.model.failure import FailureKind
from rules.model.finding import Finding, Outcome, SubjectKind
from rules.model.run import SiteResult
from rules.registry import all_rules

BARRIERS = frozenset(rule.id for rule in all_rules() if rule.judge.__module__.startswith("rules.barriers"))


def disagreements(found: SiteResult, expected: Expectations, address: str) -> list[str]:
    """One line for each thing that is missing, extra or different."""
    return [
        *_differences("axe", _axe(found, address), {(f.rule, f.page): f.count for f in expected.finding}),
        *_differences("advice", _advice(found, address), {(a.rule, a.page): True for a in expected.advice}),
        *_verdicts(found, expected.verdict),
        *_barriers(found, expected.barrier),
        *_unseen(found, expected, address),
        *_differences(
            "document",
            {url.removeprefix(address): True for url in found.crawl.documents},
            {document.page: True for document in expected.document},
        ),
    ]


def _differences(what: str, found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> list[str]:
    lines = [f"{what}: missing {key}, {value}" for key, value in expected.items() if key not in found]
    lines += [f"{what}: extra {key}, {value}" for key, value in found.items() if key not in expected]
    both = [key for key in expected if key in found]
    return lines + [
        f"{what}: {key} is {found[key]}, not {expected[key]}" for key in both if found[key] != expected[key]
    ]


def _failed_axe(found: SiteResult) -> list[Finding]:
    return [f for f in found.findings if f.outcome is Outcome.FAILED and f.rule.startswith("axe/")]


def _axe(found: SiteResult, address: str) -> dict[tuple[str, str], int]:
    return {(f.rule, f.subject.id.removeprefix(address)): f.count for f in _failed_axe(found) if f.wcag}


def _advice(found: SiteResult, address: str) -> dict[tuple[str, str], bool]:
    return {(f.rule, f.subject.id.removeprefix(address)): True for f in _failed_axe(found) if not f.wcag}


def _service(finding: Finding) -> str:
    return finding.subject.id if finding.subject.kind is SubjectKind.SERVICE else ""


def _verdicts(found: SiteResult, expected: tuple[ExpectedVerdict, ...]) -> list[str]:
    by_subject = {
        (_service(f), f.channel): f for f in found.findings if f.channel is not None and f.verdict is not None
    }
    lines = _differences(
        "verdict",
        {key: (f.verdict, f.missing) for key, f in by_subject.items()},
        {(v.service, v.channel): (v.verdict, v.missing) for v in expected},
    )
    for verdict in expected:
        finding = by_subject.get((verdict.service, verdict.channel))
        if finding is not None:
            lines += _unquoted(finding, verdict.quote)
    return lines


def _unquoted(finding: Finding, quote: str) -> list[str]:
    if not quote or any(quote in evidence.quote for evidence in finding.evidence):
        return []
    quotes = [evidence.quote for evidence in finding.evidence]
    return [f"{finding.rule} of {finding.subject.id}: {quote!r} is not in the evidence {quotes}"]


def _barriers(found: SiteResult, expected: tuple[ExpectedBarrier, ...]) -> list[str]:
    failed = {
        (f.rule, _service(f) or f.subject.id): f
        for f in found.findings
        if f.rule in BARRIERS and f.outcome is Outcome.FAILED
    }
    lines = _differences("barrier", dict.fromkeys(failed, True), {(b.rule, b.service): True for b in expected})
    for barrier in expected:
        finding = failed.get((barrier.rule, barrier.service))
        if finding is not None:
            lines += _unquoted(finding, barrier.quote)
    return lines


def _unseen(found: SiteResult, expected: Expectations, address: str) -> list[str]:
    """Pages that were planned and not seen, one by one; pages that the crawl passed over, by their number per kind."""
    allowed = {page.page: page.reason for page in expected.not_looked_at}
    planned = {
        page.url.removeprefix(address): page.failure.kind
        for page in found.pages
        if not page.looked_at and page.failure is not None
    }
    lines = [
        f"not looked at: extra {page}, {kind}" for page, kind in planned.items() if kind not in allowed.get(page, ())
    ]
    of_crawl = [page for page in expected.not_looked_at if page.page not in planned]
    once = Counter(page.reason[0] for page in of_crawl if not page.page.endswith("*"))
    skipped = Counter({FailureKind(kind): number for kind, number in found.crawl.skipped.items()})
    many = {page.reason[0] for page in of_crawl if page.page.endswith("*")}
    lines += [f"not looked at: missing one of kind {kind}" for kind in many if skipped.pop(kind, 0) < 1]
    return lines + _differences("not looked at", dict(skipped), dict(once))
