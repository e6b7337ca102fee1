import csv
import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Command = Callable[..., Any]
FAST = ("--pace", "0", "--allow-private", "127.0.0.1", "--no-pictures")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def children(pid: int) -> set[int]:
    """Every process below one, by /proc."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            child = int(status.parent.name)
            found |= {child} | children(child)
    return found


def alive(pids: set[int]) -> set[int]:
    living = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state not in {"Z", "X"}:
            living.add(pid)
    return living


def test_a_site_is_crawled_looked_at_judged_and_reported(small_site: Any, loket: Command, tmp_path: Path) -> None:
    ended = loket("run", small_site.url, *FAST, "--all-pages")
    assert ended.code == 0, ended.err
    report, channels, pages = ended.out.splitlines()
    assert report == "Report: report/index.html"
    assert channels.startswith("Offered without the internet, of the sites: phone 1 of 1")
    assert pages.startswith("Looked at 10 of 10 planned pages")
    assert (tmp_path / "report" / "index.html").is_file()
    assert loket("report", "--format", "jsonl", "--out", "found.jsonl").code == 0
    found = lines(tmp_path / "found.jsonl")
    assert sum(line["kind"] == "page" and line["looked_at"] for line in found) == 10
    images = [line for line in found if line.get("rule") == "axe/image-alt" and line["outcome"] == "failed"]
    assert len(images) == 8
    assert images[0]["wcag"] == ["1.1.1"]
    assert loket("report", "--format", "csv", "--out", "found.csv").code == 0
    with (tmp_path / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) > 10
    assert loket("report", "--format", "json", "--out", "found.json").code == 0
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))


def test_exactly_the_pages_of_a_list_are_looked_at(small_site: Any, loket: Command, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text(f"{small_site.url}p1\n{small_site.url}none\n")
    ended = loket("run", "--pages", "urls.txt", *FAST)
    assert ended.code == 3, ended.err
    assert "/p2" not in small_site.asked
    assert loket("report", "--format", "jsonl", "--out", "found.jsonl").code == 0
    pages = {line["page"]: line["reason"] for line in lines(tmp_path / "found.jsonl") if line["kind"] == "page"}
    assert pages == {f"{small_site.url}p1": "", f"{small_site.url}none": "http_error"}


def test_judging_again_needs_no_site(small_site: Any, loket: Command) -> None:
    assert loket("run", small_site.url, *FAST, "--quiet").code == 0
    small_site.asked.clear()
    assert loket("judge", "--quiet").code == 0
    assert small_site.asked == []


def test_the_stages_can_be_run_one_by_one(small_site: Any, loket: Command) -> None:
    first = loket("crawl", small_site.url, *FAST)
    assert first.code == 0
    assert "did not come to its end" in loket("report").err
    assert loket("capture").code == 0
    assert loket("judge").code == 0
    report = loket("report")
    assert report.err == ""
    assert report.out.splitlines()[2].startswith("Looked at ")
    second = loket("crawl", small_site.url, *FAST)
    assert second.out != first.out, "the run had come to its end, so that the crawl of the next night begins a new one"


def test_findings_at_or_above_a_level_are_told_to_the_scheduler(small_site: Any, loket: Command) -> None:
    assert loket("run", small_site.url, *FAST, "--quiet", "--fail-on", "critical").code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stage", ["crawl", "capture"])
def test_stopping_takes_five_seconds_and_leaves_nothing_behind(
    small_site: Any, start: Command, tmp_path: Path, number: signal.Signals, stage: str
) -> None:
    small_site.delay = 0.3
    process: subprocess.Popen[str] = start("run", small_site.url, *FAST, "--json-log", "--all-pages")
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line)
        if event["event"] == "done" and event["stage"] == stage and event["done"] >= 2:
            break
    below = children(process.pid)
    told_at = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - told_at < 5
    assert process.returncode == 130
    assert "the same command goes on from here" in err
    assert below
    wait_until(lambda: not alive(below), 2)
    small_site.delay = 0
    again = start("run", small_site.url, *FAST, "--all-pages")
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert "Going on with run" in err
    assert "Looked at 10 of 10 planned pages" in out
    assert not [path for path in tmp_path.glob(".*") if "report" in path.name]


@pytest.mark.parametrize("stage", ["crawl", "capture"])
def test_a_killed_run_goes_on_where_it_was(small_site: Any, start: Command, loket: Command, stage: str) -> None:
    small_site.delay = 0.2
    process: subprocess.Popen[str] = start("run", small_site.url, *FAST, "--json-log", "--all-pages")
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line)
        if event["event"] == "done" and event["stage"] == stage and event["done"] >= 3:
            break
    below = children(process.pid)
    process.kill()
    process.communicate()
    wait_until(lambda: not alive(below), 5)
    small_site.asked.clear()
    small_site.delay = 0
    ended: Any = loket("run", small_site.url, *FAST, "--all-pages")
    assert ended.code == 0, ended.err
    assert "Going on with run" in ended.err
    assert "Looked at 10 of 10 planned pages" in ended.out
    if stage == "capture":
        assert sum(path.startswith("/p") for path in small_site.asked) < 8


def test_a_second_start_on_the_same_site_is_refused(small_site: Any, start: Command, loket: Command) -> None:
    small_site.delay = 0.5
    first: subprocess.Popen[str] = start("run", small_site.url, *FAST)
    wait_until(lambda: len(small_site.asked) > 1)
    second = loket("run", small_site.url, *FAST)
    assert second.code == 75
    assert f"127.0.0.1:{small_site.port} is visited by run" in second.err
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)
