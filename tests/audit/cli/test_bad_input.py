from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
WEBDRIVER = ("run", "https://a.example", "--engine", "webdriver")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run",), "name a TARGET or --pages FILE, not both"),
        (("run", "https://a.example", "--pages", "x"), "name a TARGET or --pages FILE, not both"),
        (("run", "file:///etc/passwd"), "is not an http(s) address"),
        (("run", "http://127.0.0.1:8000/"), "127.0.0.1:8000 is refused: 127.0.0.1 is a loopback address"),
        (("run", "http://[::ffff:10.0.0.1]/"), "a private address"),
        (("run", "http://2130706433/"), "127.0.0.1 is a loopback address"),
        (("run", "http://localhost/"), "--allow-private localhost"),
        (("run", "https://a.example", "--pace", "0"), "--pace 0 is for loopback only"),
        (("run", "https://a.example", "--pace", "-1"), "Expected `float` >= 0.0 - at `$.pace`"),
        (("run", "https://a.example", "--allow-private", "10.0.0.0/99"), "--allow-private"),
        (("run", "https://user:secret@a.example"), "the address holds a password or token"),
        (("run", "targets.toml"), "targets.toml: there is no such file"),
        (("run", "--pages", "urls.txt"), "urls.txt: cannot be read: No such file or directory"),
        (("run", "https://a.example", "--store", "file"), "Directory 'file' is a file"),
        (("run", "https://a.example", "--out", "file"), "is a file; name a folder"),
        (("report",), "there is no store in loket-store"),
        (("judge",), "there is no store in loket-store"),
        (("report", "--format", "word"), "there is no format 'word'"),
        (("schedule", "https://a.example", "--at", "25:00"), "is no time"),
        (("explain", "none"), "there is no rule 'none'"),
        (("nonsense",), "No such command 'nonsense'"),
        (("run", "https://a.example", "--engine", "lynx"), "Invalid value for '--engine'"),
        (("run", "https://a.example", "--webdriver-url", "http://localhost:4444"), "is for --engine webdriver"),
        ((*WEBDRIVER, "--webdriver-url", "localhost:4444"), "one looks like http://localhost:4444"),
        ((*WEBDRIVER, "--webdriver-url", "http://me:secret@localhost:4444"), "holds a user name or password"),
        ((*WEBDRIVER, "--webdriver-url", "http://grid.example:4444"), "cannot hold it"),
        ((*WEBDRIVER, "--webdriver-url", "http://127.0.0.1:9"), "nothing answers there"),
        ((*WEBDRIVER, "--unsafe-no-guard"), "--unsafe-no-guard is for a browser at --webdriver-url"),
        (("run", "https://a.example", "--browser", "x", "--browser-channel", "chrome"), "leave one of them out"),
        (("run", "https://a.example", "--browser-channel", "lynx"), "chromium, chrome, msedge. On this machine: "),
    ],
)
def test_a_bad_input_is_named_and_nothing_is_started(
    loket: Command, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    (tmp_path / "file").write_text("x")
    ended = loket(*words)
    assert ended.code == 2, ended.err
    assert message in ended.err
    assert "secret" not in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "loket-store").exists()


def test_the_help_of_every_command_has_an_example(loket: Command) -> None:
    from audit.cli import loket as group

    names = group.list_commands(None)  # type: ignore[arg-type]
    assert {"run", "crawl", "capture", "judge", "report", "compare", "schedule", "explain", "doctor", "demo"} <= set(
        names
    )
    for name in names:
        ended = loket(name, "--help")
        assert ended.code == 0
        assert f"loket {name}" in ended.out.partition("Examples:")[2], name


def test_a_schedule_is_printed_for_cron_and_systemd(loket: Command, tmp_path: Path) -> None:
    (tmp_path / "my targets.csv").write_text("agency,url\nA,https://a.example/\n")
    ended = loket("schedule", "my targets.csv", "--at", "3:05", "--store", "st%ore")
    assert ended.code == 0
    cron = ended.out.splitlines()[1]
    assert cron.startswith("5 3 * * *  ")
    assert f"run '{tmp_path}/my targets.csv' --store {tmp_path}/st\\%ore " in cron
    assert f"prune --store {tmp_path}/st\\%ore > /dev/null" in cron
    assert "OnCalendar=*-*-* 03:05:00" in ended.out
    assert "st%%ore" in ended.out


def test_a_comparison_needs_two_runs_that_exist(loket: Command, tmp_path: Path) -> None:
    from audit.store.store import Store

    Store(tmp_path / "loket-store").close()
    ended = loket("compare", "2025", "2026")
    assert ended.code == 2
    assert "no run whose id begins with '2025'" in ended.err
