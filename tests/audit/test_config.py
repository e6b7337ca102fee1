from pathlib import Path

import pytest

from audit.config import Settings, SettingsError, load


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "loket.toml"
    file.write_text("pace = 5\nmax_pages = 10\nmax_depth = 3\n")
    environment = {"LOKET_PACE": "4", "LOKET_MAX_PAGES": "20", "LOKET_DATA": "elsewhere", "HOME": "x"}
    assert load({"pace": 1.0, "max_pages": None}, file=file, environment=environment) == Settings(
        pace=1.0, max_pages=20, max_depth=3
    )


def test_a_list_in_the_environment_is_words() -> None:
    assert load({}, environment={"LOKET_ALLOW_PRIVATE": "localhost 10.0.0.0/8"}).allow_private == (
        "localhost",
        "10.0.0.0/8",
    )


@pytest.mark.parametrize(
    ("flags", "environment", "message"),
    [
        ({"pace": -1.0}, {}, "the command line: Expected `float` >= 0.0 - at `$.pace`"),
        ({}, {"LOKET_TABS": "many"}, "the environment: Expected `int`, got `str` - at `$.tabs`"),
        (
            {"consent": "accept"},
            {},
            "the command line: Expected `str` matching regex '^(none|reject)$' - at `$.consent`",
        ),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_place(
    flags: dict[str, object], environment: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=r".") as caught:
        load(flags, environment=environment)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("LOKET_PICTURE", "the environment: there is no setting LOKET_PICTURE; did you mean LOKET_PICTURES?"),
        ("LOKET_MAXPAGES", "the environment: there is no setting LOKET_MAXPAGES; did you mean LOKET_MAX_PAGES?"),
        ("LOKET_XYZ", "the environment: there is no setting LOKET_XYZ; there are LOKET_ALLOW_PRIVATE, LOKET_ALL_PAGES"),
    ],
)
def test_a_variable_that_is_no_setting_is_named(variable: str, message: str) -> None:
    with pytest.raises(SettingsError, match=r".") as caught:
        load({}, environment={variable: "1"})
    assert str(caught.value).startswith(message)


def test_what_the_launcher_and_the_tests_read_is_no_setting() -> None:
    environment = {"LOKET_VENV": "x", "LOKET_PYTHON": "x", "LOKET_WITHOUT_BROWSER": "1", "LOKET_DATA": "x"}
    assert load({}, environment=environment) == Settings()


@pytest.mark.parametrize(
    ("text", "meant"), [("no", False), ("Off", False), ("0", False), ("yes", True), ("TRUE", True)]
)
def test_a_switch_in_the_environment_is_yes_or_no(text: str, meant: bool) -> None:
    assert load({}, environment={"LOKET_PICTURES": text}).pictures is meant


def test_a_switch_that_is_neither_is_named() -> None:
    with pytest.raises(SettingsError, match="LOKET_PICTURES='maybe' is neither yes nor no"):
        load({}, environment={"LOKET_PICTURES": "maybe"})


def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "loket.toml"
    file.write_text("paces = 5\n")
    with pytest.raises(SettingsError, match="paces"):
        load({}, file=file, environment={})


def test_a_missing_settings_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read the settings file"):
        load({}, file=tmp_path / "none.toml", environment={})


def test_equal_settings_have_one_name() -> None:
    assert Settings(pace=1).digest == Settings(pace=1).digest != Settings(pace=2).digest
