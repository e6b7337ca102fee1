"""A folder of pages that opens from disk, in every language that there are words for; no script, nothing from elsewhere."""

from pathlib import Path

from jinja2 import Environment, PackageLoader
from msgspec import structs

from reports.album import Album
from reports.compare import FINE, compare
from reports.edition import Edition, Report
from reports.formats import Pictures, ReportFormat, csv, jsonl
from reports.journeys import journeys
from reports.pages import all_pages
from reports.rule_groups import about_accessibility
from reports.scorecard import scorecard
from reports.whole_files import write_folder
from reports.wording import languages
from rules.model.finding import Finding
from rules.model.run import RunResult

STARTS_AT = "index.html"
ASSETS = ("loket.css", "loket.svg")


def write(result: RunResult, out: Path, pictures: Pictures) -> Path:
    """Write the folder: pages, style, pictures of findings, and what was found as data."""
    report = prepared(result)

    def fill(folder: Path) -> None:
        album = Album(folder, pictures)
        for lang in languages():
            edition = Edition(report, lang, album)
            for page in all_pages(edition):
                (folder / page.address(edition.addresses)).write_text(edition.html(page), encoding="utf-8")
        _write_assets(folder)
        said = published(result)
        jsonl.write(said, folder / "findings.jsonl", pictures)
        csv.write(said, folder / "findings.csv", pictures)

    return write_folder(out, fill) / STARTS_AT


def published(result: RunResult) -> RunResult:
    """The run without the accessibility checks that found nothing: nine tenths of its bulk, and no reader looks for them.

    The other formats hold them all.
    """
    sites = tuple(
        structs.replace(site, findings=tuple(finding for finding in site.findings if _says_something(finding)))
        for site in result.sites
    )
    return structs.replace(result, sites=sites)


def _says_something(finding: Finding) -> bool:
    return finding.outcome not in FINE or not about_accessibility(finding)


def prepared(result: RunResult) -> Report:
    """Everything that the pages show, counted and compared once for all languages."""
    cards = scorecard(result)
    return Report(
        result=result,
        cards=cards,
        journeys=journeys(result, cards),
        comparison=compare(result.previous, result) if result.previous else None,
        before=scorecard(result.previous) if result.previous else None,
        helps=helps(result),
    )


def helps(result: RunResult) -> dict[str, str]:
    """What axe itself says of each of its rules that the run speaks of."""
    runs = (result, result.previous) if result.previous else (result,)
    return {
        finding.rule: finding.params["help"]
        for run in runs
        for site in run.sites
        for finding in site.findings
        if "help" in finding.params
    }


def _write_assets(folder: Path) -> None:
    environment = Environment(loader=PackageLoader("reports", "templates"), autoescape=False, trim_blocks=True)  # noqa: S701 - a style sheet and a drawing of ours
    for name in ASSETS:
        (folder / name).write_text(environment.get_template(f"{name}.j2").render(), encoding="utf-8")


FORMAT = ReportFormat(name="html", suffix="", about="a folder of pages that opens from disk", write=write)
