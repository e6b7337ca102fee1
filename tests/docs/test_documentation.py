import re
import tomllib
from pathlib import Path

import pytest
from reference import PAGE, commands

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands(), "write it anew: python tests/docs/reference.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_documentation_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_targets_file_of_the_readme_is_a_good_one(tmp_path: Path) -> None:
    from audit.targets import portfolio_of

    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "targets.toml"
    file.write_text(example, encoding="utf-8")
    portfolio = portfolio_of(str(file))
    assert portfolio.chains[0].steps[0].service == portfolio.agencies[0].sites[0].services[0].id
    assert set(tomllib.loads(example)) == {"portfolio", "agency", "chain"}


def test_every_option_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = set(re.findall(r"--[a-z][a-z-]+", commands()))
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known
