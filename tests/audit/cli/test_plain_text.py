"""Strings from a page are data on every way out: terminal, log, JSON, CSV, HTML, file names."""

import csv as csv_reader
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from audit.cli.plain_text import PlainFormatter, json_text, printable, printable_lines
from audit.cli.progress import JsonLines, PlainLines
from audit.cli.schedule import command as schedule
from reports.addresses import Addresses
from reports.formats import all_formats
from rules.model.finding import Evidence, Finding, Mode, Outcome, Subject, SubjectKind
from rules.model.page import PageRole
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import PageResult, RunInfo, RunResult, SiteResult

HOSTILE = {
    "a window's title": "\x1b]0;owned\x07",
    "a colour": "\x1b[31mred",
    "an eight-bit control": "\x9b31mred",
    "a link of a terminal": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "the clipboard": "\x1b]52;c;bWFsaWNpb3Vz\x07",
    "a carriage return": "good\rbad",
    "a new line": "good\nERROR: forged",
    "a line separator": "good\u2028bad",
    "a turn of direction": "abc\u202egpj.exe",
    "an isolate": "abc\u2066def\u2069",
    "nothing to see": "pay\u200bpal\ufeff\u00ad",
    "a tag character": "x\U000e0041",
    "NUL": "a\x00b",
    "backspaces": "safe\x08\x08\x08\x08evil",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'",
    "a formula": '=HYPERLINK("http://evil.example","click")',
    "a formula after a blank": " \t@SUM(1)",
    "a formula's other sign": "-2+3+cmd|' /C calc'!A0",
    "rich markup": "[bold red]x[/]",
    "a template": "{{ 7*7 }}{% raw %}",
    "a lone surrogate's stand-in": "\ufffd",
    "a path": "../../../../etc/passwd",
    "a drive": "C:\\Windows\\CON",
    "TOML": '"]\n[[agency]]\nid = "x"',
}
ACTING = frozenset(map(chr, (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)))) | set(
    "\u2028\u202e\u2066\u2069\u200b\ufeff"
)
each = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


@each
def test_a_terminal_shows_it_on_one_line_and_obeys_nothing(text: str) -> None:
    assert printable(text).isprintable()
    assert all(line.isprintable() for line in printable_lines(text).split("\n"))


@each
def test_progress_shows_it_on_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    for lines in (PlainLines(), JsonLines()):
        lines.stage(text, "crawl", 3)
        lines.page(text)
        lines.say(text)
    told = capsys.readouterr().err
    assert all(line.isprintable() for line in told.splitlines())
    assert "ERROR: forged" not in told.splitlines()


@each
def test_a_log_line_is_one_line_and_holds_no_secret(text: str) -> None:
    record = logging.LogRecord("x", logging.WARNING, "x", 1, "%s was not read whole: %s", ("/a?token=Zq7x", text), None)
    line = PlainFormatter("%(levelname)s: %(message)s").format(record)
    assert line.isprintable()
    assert "Zq7x" not in line


@each
def test_json_for_a_terminal_says_the_same_and_obeys_nothing(text: str) -> None:
    shown = json_text(json.dumps({"a": text}, ensure_ascii=False).encode())
    assert json.loads(shown) == {"a": text}
    assert ACTING.isdisjoint(shown)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run in which every string of a page is hostile, in every format."""
    folder = tmp_path_factory.mktemp("reports")
    pages, findings, services = [], [], []
    for number, text in enumerate(HOSTILE.values()):
        url = f"https://agency.example/{number}"
        services.append(Service(id=f"{number} {text}", name=text, pages=(url,)))
        pages.append(PageResult(url, PageRole.SERVICE, title=text, lang=text[:20], looked_at=True, browser=text))
        evidence = Evidence(page=url, quote=text, deciding=(text,), selector=text, html=text, headings=(text,))
        subject = Subject(SubjectKind.PAGE, "www", url)
        params = {"help": text}
        findings.append(
            Finding(
                rule="axe/label",
                rule_version="1",
                subject=subject,
                outcome=Outcome.FAILED,
                mode=Mode.AUTOMATIC,
                evidence=(evidence,),
                params=params,
            )
        )
    site = Site(id="www", name=HOSTILE["markup"], start="https://agency.example/", services=tuple(services))
    agency = Agency(id=HOSTILE["a path"], name=HOSTILE["a turn of direction"], sites=(site,))
    result = RunResult(
        run=RunInfo(id="20261123T021407Z", started_at="2026-11-23T02:14:07Z", finished_at="2026-11-23T03:14:07Z"),
        portfolio=Portfolio(id="p", agencies=(agency,)),
        sites=(SiteResult(agency=agency.id, site="www", pages=tuple(pages), findings=tuple(findings)),),
    )
    return {
        name: form.write(result, folder / f"report{form.suffix}", lambda _: None)
        for name, form in all_formats().items()
    }


def test_a_spreadsheet_finds_no_formula(reports: dict[str, Path]) -> None:
    with reports["csv"].open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv_reader.reader(file) for cell in row]
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@") and cell[:1]] == []
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_a_page_of_the_report_holds_no_markup_and_no_control_of_a_stranger(reports: dict[str, Path]) -> None:
    texts = [file.read_text(encoding="utf-8") for file in reports["html"].parent.glob("*.html")]
    assert texts
    for text in texts:
        assert "<script" not in text
        assert "onerror=alert(1)>" not in text
        assert ACTING.isdisjoint(text)


def test_the_machines_formats_stay_what_they_are(reports: dict[str, Path]) -> None:
    for line in reports["jsonl"].read_bytes().splitlines():
        json.loads(line)
    document = json.loads(reports["json"].read_bytes())
    titles = [page["title"] for page in document["result"]["sites"][0]["pages"]]
    assert titles == list(HOSTILE.values())


@each
def test_a_file_name_stays_in_its_folder(text: str) -> None:
    names = Addresses("en")
    made = [names.agency(text), names.service(text, text), names.problem(text, text), names.chain(text)]
    assert [name for name in made if not name.replace("-", "").replace(".", "").isalnum() or ".." in name] == []
    assert all(len(name) < 200 for name in made)


def test_a_schedule_quotes_what_it_is_given(tmp_path: Path) -> None:
    from click.testing import CliRunner

    targets = tmp_path / "a b; rm -rf $(x).toml"
    targets.write_text('[portfolio]\nid = "p"\n', encoding="utf-8")
    told: Any = CliRunner().invoke(schedule, [str(targets)])
    assert "; rm" not in told.output.replace(f"'{targets}'", "").replace(f'"{targets}"', "")
