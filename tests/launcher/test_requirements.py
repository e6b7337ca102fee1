"""The lock files hold what pyproject.toml asks for, by hash, and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
FILES = ("locked.txt", "locked-dev.txt")


def text_of(file: str) -> str:
    return (REPOSITORY / "requirements" / file).read_text(encoding="utf-8")


def entries(file: str) -> list[str]:
    """Each pinned release with its hashes, on one line."""
    lines = [line for line in text_of(file).splitlines() if not line.startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").split("\n") if entry.strip()]


def pins(file: str) -> dict[str, set[str]]:
    """Releases by name; numpy and its like have one for old Pythons and one for new."""
    found: dict[str, set[str]] = {}
    for entry in entries(file):
        name, version = re.match(r"([\w.-]+)==([^ ;]+)", entry).groups()  # type: ignore[union-attr]
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def asked_for(file: str) -> list[Requirement]:
    project = PROJECT["project"]
    words = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    if file == "locked-dev.txt":
        words += project["optional-dependencies"]["dev"]
    return [Requirement(text) for text in words]


@pytest.mark.parametrize("file", FILES)
def test_every_dependency_is_locked_to_a_release_that_it_allows(file: str) -> None:
    locked = pins(file)
    missing = [
        str(asked)
        for asked in asked_for(file)
        if not any(
            asked.specifier.contains(Version(version)) for version in locked.get(canonicalize_name(asked.name), ())
        )
    ]
    assert missing == [], "make the lock files anew: sh requirements/lock"


@pytest.mark.parametrize("file", FILES)
def test_every_locked_release_has_hashes(file: str) -> None:
    assert [entry for entry in entries(file) if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", FILES)
def test_no_lock_file_names_a_registry_or_a_machine(file: str) -> None:
    assert re.findall(r"(?m)://.*|^\s*-[^-].*|^--.*|^\S*/.*|/(?:home|root|tmp|Users)/.*", text_of(file)) == []


def test_the_development_environment_serves_every_command_too() -> None:
    plain, development = pins("locked.txt"), pins("locked-dev.txt")
    assert {name: development.get(name) for name in plain} == plain
