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
