"""Findings and pages as flat rows, for the formats that other programs read."""

from collections.abc import Iterator

from rules.model.finding import Finding, SubjectKind
from rules.model.portfolio import Agency, Site
from rules.model.record import Record
from rules.model.run import PageResult, RunResult, SiteResult
from rules.registry import rule_named


class Place(Record, frozen=True):
    """Whose finding or page a row is about. `site` is None for a site that the portfolio does not name."""

    agency: Agency | None = None
    site: Site | None = None

    @property
    def start(self) -> str:
        """The site's first page, for findings that rest on no page."""
        return self.site.start if self.site else ""


class Row(Record, frozen=True):
    """One finding with where it belongs. `page` is the subject, else the first page of evidence, else the site's start."""

    finding: Finding
    place: Place
    page: str
    service: str = ""
    level: str = ""


def places(result: RunResult) -> dict[str, Place]:
    """Each site's place, by site id."""
    return {site.id: Place(agency=agency, site=site) for agency in result.portfolio.agencies for site in agency.sites}


def page_rows(result: RunResult) -> Iterator[tuple[PageResult, SiteResult, Place]]:
    """Every planned page of every site, in the order of the sample."""
    known = places(result)
    for site in result.sites:
        place = known.get(site.site, Place())
        for page in site.pages:
            yield page, site, place


def finding_rows(result: RunResult) -> Iterator[Row]:
    """Every finding: site by site, then those of chains."""
    known = places(result)
    for site in result.sites:
        place = known.get(site.site, Place())
        for finding in site.findings:
            yield _row(finding, place)
    for finding in result.chain_findings:
        yield _row(finding, known.get(finding.subject.site, Place()))


def _row(finding: Finding, place: Place) -> Row:
    subject = finding.subject
    proof = finding.evidence[0].page if finding.evidence else place.start
    page = subject.id if subject.kind is SubjectKind.PAGE else proof
    service = subject.id if subject.kind is SubjectKind.SERVICE else ""
    return Row(finding=finding, place=place, page=page, service=service, level=finding.level or _level(finding.rule))


def _level(rule: str) -> str:
    """How binding a rule is, for findings that do not say so themselves; empty for a rule that is no longer there."""
    try:
        return rule_named(rule).level
    except KeyError:
        return ""
