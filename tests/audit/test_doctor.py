"""`loket doctor` as a person and as a program meet it."""

import json
from collections.abc import Iterator
from pathlib import Path

import click.testing
import pytest

from audit.cli import doctor
from audit.cli.diagnosis import Check, State

WELL = Check("Python", State.OK, "3.13.0")
ODD = Check("Fonts", State.WARNING, "no font was found", "install fonts")
ILL = Check("Chromium", State.MISSING, "none was found", "sudo apt-get install chromium-headless-shell")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the examination was asked for; its answer is put under "checks"."""
    asked: dict[str, object] = {"checks": (WELL, ODD, ILL)}

    def examine(*, store: Path, browser: str) -> Iterator[Check]:
        asked.update(store=store, browser=browser)
        yield from asked["checks"]  # type: ignore[misc]

    monkeypatch.setattr(doctor, "examine", examine)
    monkeypatch.delenv("LOKET_BROWSER", raising=False)
    return asked


def doctored(*words: str) -> click.testing.Result:
    return click.testing.CliRunner().invoke(doctor.command, list(words))


def test_each_thing_is_a_line_with_what_to_do_below_it(asked: dict[str, object]) -> None:
    assert doctored().output.splitlines() == [
        "ok      Python       3.13.0",
        "warning Fonts        no font was found",
        "                     -> install fonts",
        "missing Chromium     none was found",
        "                     -> sudo apt-get install chromium-headless-shell",
        "Loket cannot work here yet: see Chromium above.",
    ]


def test_something_missing_ends_in_3_and_a_warning_in_0(asked: dict[str, object]) -> None:
    assert doctored().exit_code == 3
    asked["checks"] = (WELL, ODD)
    ended = doctored()
    assert (ended.exit_code, ended.output.splitlines()[-1]) == (0, "Loket can work here.")


def test_a_program_gets_the_same_as_json(asked: dict[str, object]) -> None:
    ended = doctored("--json")
    assert ended.exit_code == 3
    assert [(check["name"], check["state"], check.get("mend", "")) for check in json.loads(ended.output)] == [
        ("Python", "ok", ""),
        ("Fonts", "warning", "install fonts"),
        ("Chromium", "missing", "sudo apt-get install chromium-headless-shell"),
    ]


def test_store_and_browser_are_those_that_would_be_used(
    asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    doctored()
    assert (asked["store"], asked["browser"]) == (Path("loket-store"), "")
    monkeypatch.setenv("LOKET_BROWSER", "/opt/chrome")
    doctored("--store", "/srv/loket")
    assert (asked["store"], asked["browser"]) == (Path("/srv/loket"), "/opt/chrome")
    doctored("--browser", "chromium")
    assert asked["browser"] == "chromium"


def test_markup_in_a_path_is_printed_as_it_is(asked: dict[str, object]) -> None:
    asked["checks"] = (Check("Store", State.OK, "[red]/srv[/red]"),)
    assert "[red]/srv[/red]" in doctored().output


def test_the_help_says_the_exit_codes_and_shows_examples() -> None:
    printed = doctored("--help").output
    assert "3 when something is missing" in " ".join(printed.split())
    assert "  loket doctor --store /srv/loket\n" in printed
