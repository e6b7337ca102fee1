import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formats import all_formats
from reports.formats import csv as csv_format
from reports.formats import json as json_format
from reports.formats import jsonl as jsonl_format

GOLDEN = Path(__file__).parents[1] / "golden"


def test_every_format_is_found_by_looking():
    assert list(all_formats()) == ["csv", "html", "json", "jsonl"]
    assert {name: form.suffix for name, form in all_formats().items()} == {
        "csv": ".csv",
        "html": "",
        "json": ".json",
        "jsonl": ".jsonl",
    }


def test_the_golden_run_is_stored_as_it_is(run):
    assert json_format.decode((GOLDEN / "run.json").read_bytes()) == run


@pytest.mark.parametrize("name", ["findings.jsonl", "findings.csv"])
def test_the_golden_run_gives_the_golden_file(run, tmp_path, name):
    form = all_formats()[name.rpartition(".")[2]]
    assert form.write(run, tmp_path / name, lambda _sha: None).read_bytes() == (GOLDEN / name).read_bytes()


def test_json_keeps_everything(run, tmp_path):
    out = all_formats()["json"].write(run, tmp_path / "run.json", lambda _sha: None)
    assert json_format.decode(out.read_bytes()) == run


def test_json_of_a_newer_schema_is_refused():
    with pytest.raises(ValueError, match="schema 99"):
        json_format.decode(
            b'{"schema": 99, "result": {"run": {"id": "r", "started_at": ""}, "portfolio": {"id": "", "agencies": []}}}'
        )


def test_json_that_is_no_report_is_refused():
    with pytest.raises(msgspec.ValidationError):
        json_format.decode(b"[]")


@pytest.fixture(scope="module")
def rows(run):
    return [json.loads(line) for line in jsonl_format.lines(run)]


def test_jsonl_has_a_line_for_every_planned_page(run, rows):
    pages = [row for row in rows if row["kind"] == "page"]
    assert [row["page"] for row in pages] == [page.url for site in run.sites for page in site.pages]
    assert {row["reason"] for row in pages if row["looked_at"]} == {""}
    assert {row["reason"] for row in pages if not row["looked_at"]} == {"timeout", "login", "robots", "challenge"}


def test_jsonl_has_a_line_for_every_finding(run, rows):
    findings = [row for row in rows if row["kind"] == "finding"]
    expected = [finding for site in run.sites for finding in site.findings] + list(run.chain_findings)
    assert [(row["rule"], row["outcome"]) for row in findings] == [(found.rule, found.outcome) for found in expected]


def test_a_page_finding_names_its_page_and_a_service_finding_its_evidence(rows):
    found = {(row["rule"], row["service"]): row for row in rows if row["kind"] == "finding"}
    assert found["axe/label", ""]["page"] == "https://www.vlietmeer.example/bezwaar"
    assert found["phone_offered", "parkeren"]["page"] == "https://www.vlietmeer.example/contact"
    assert found["phone_offered", "grofvuil"]["page"] == "https://www.vlietmeer.example/"


def test_jsonl_carries_what_scores_read(rows):
    row = next(row for row in rows if row.get("rule") == "axe/label")
    assert (row["wcag"], row["act"], row["selectors"][0]) == (
        ["4.1.2"],
        ["e086e5"],
        "form#gegevens > div:nth-child(2) > input.veld",
    )


def test_csv_opens_in_excel_and_every_row_has_every_column(run, tmp_path):
    out = all_formats()["csv"].write(run, tmp_path / "findings.csv", lambda _sha: None)
    text = out.read_bytes().decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert tuple(table[0]) == csv_format.COLUMNS
    assert {len(row) for row in table} == {len(csv_format.COLUMNS)}
    assert len(table) == 1 + sum(len(site.findings) for site in run.sites) + len(run.chain_findings)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0="])
def test_a_formula_becomes_text(start):
    assert csv_format.guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "offered", "https://a.example/?a=1", "14 0990", "€ 48", "a-b"])
def test_ordinary_cells_are_left_alone(cell):
    assert csv_format.guarded(cell) == cell


@given(st.text())
def test_no_cell_starts_as_a_formula(cell):
    assert not csv_format.guarded(cell).lstrip(" \u00a0").startswith(csv_format.FORMULA_STARTS)
