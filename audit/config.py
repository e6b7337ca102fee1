"""Settings: defaults, then a file, then the environment, then flags; validated; a digest names them."""

import difflib
import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from rules.model.record import Record

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
ENVIRONMENT_PREFIX = "LOKET_"
_NO_SETTINGS = frozenset(
    {"LOKET_DATA", "LOKET_PYTHON", "LOKET_TEST_BROWSER", "LOKET_VENV", "LOKET_WITHOUT_BROWSER"}
)  # the launcher's and the tests' own
_YES, _NO = frozenset({"1", "on", "true", "yes"}), frozenset({"0", "false", "no", "off"})


class SettingsError(Exception):
    """A setting that cannot be used; the message names it, where it stands and what would be right."""


class Settings(Record, frozen=True, forbid_unknown_fields=True):
    """All that can be set. Times are in seconds.

    `timeout` is for one answer to the crawl, `deadline` for one page in the browser with everything that is done to it.
    `max_documents` is for the PDFs of one site that are opened beside the pages, 0 for none. `browser_channel` names a browser:
    one of this machine, or, with `webdriver_url`, one that a Selenium Grid has. `guard` False lets that one go out by itself.
    """

    pace: _Seconds = 2.0
    max_pages: _Count = 500
    max_depth: _Count = 10
    max_per_pattern: _Count = 60
    rounds: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    timeout: Annotated[float, msgspec.Meta(ge=1, le=600)] = 30.0
    deadline: Annotated[float, msgspec.Meta(ge=5, le=600)] = 45.0
    tabs: Annotated[int, msgspec.Meta(ge=0, le=16)] = 0
    contact_url: str = ""
    seed: str = ""
    all_pages: bool = False
    max_documents: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 15
    pictures: bool = True
    consent: Annotated[str, msgspec.Meta(pattern="^(none|reject)$")] = "none"
    axe_script: str = ""
    browser: str = ""
    browser_channel: str = ""
    engine: Annotated[str, msgspec.Meta(pattern="^(playwright|webdriver)$")] = "playwright"
    webdriver_url: str = ""
    sandbox: bool = True
    guard: bool = True
    allow_private: tuple[str, ...] = ()
    locale: str = ""

    @property
    def digest(self) -> str:
        """A short name of the settings: equal settings give runs that can be compared."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:16]


def load(
    flags: Mapping[str, Any], *, file: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """The settings in force; a flag that is None was not given.

    Raises:
        SettingsError: a file that cannot be read, an unknown name (in the file, or a variable that begins with LOKET_), or a
            value out of its range.

    """
    layers = [("the settings file", _from_file(file)), ("the environment", _from_environment(environment))]
    merged: dict[str, Any] = {}
    for where, layer in layers:
        _validated(layer, where)
        merged |= layer
    merged |= {name: value for name, value in flags.items() if value is not None}
    return _validated(merged, "the command line")


def _validated(values: Mapping[str, Any], where: str) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where}: {error}") from error


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {file} is not TOML in UTF-8: {error}") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    found: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in _NO_SETTINGS:
            continue
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if name not in types:
            raise SettingsError(f"the environment: there is no setting {variable}{_meant(variable, types)}")
        found[name] = _read(variable, text, types[name])
    return found


def _read(variable: str, text: str, form: object) -> object:
    """What a variable says: words for a list, yes or no for a switch, else the text, which is validated with the rest."""
    if form == tuple[str, ...]:
        return tuple(text.split())
    if form is not bool:
        return text
    if text.lower() not in _YES | _NO:
        raise SettingsError(f"the environment: {variable}={text!r} is neither yes nor no")
    return text.lower() in _YES


def _meant(variable: str, names: Iterable[str]) -> str:
    known = {name.upper(): f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in names}
    near = difflib.get_close_matches(variable.removeprefix(ENVIRONMENT_PREFIX), known, n=1)
    return f"; did you mean {known[near[0]]}?" if near else f"; there are {', '.join(sorted(known.values()))}"
