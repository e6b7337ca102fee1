"""Every threat that the documentation names is held by a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_the_table_has_rows_and_the_readme_leads_to_it() -> None:
    assert len(ROWS) > 20
    assert "](docs/security.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_each_threat_names_a_test_that_exists(row: str) -> None:
    threat, held, test = (cell.strip() for cell in row.strip("|").split("|"))
    assert threat
    assert held
    named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
    assert named, test
    assert named[2] in names_in(ROOT / named[1])
