import io
import json

import pytest

from audit.cli.progress import Count, JsonLines, MovingLine, PlainLines, Quiet, chosen, printable


def test_plain_lines_say_when_a_stage_begins_and_how_it_ended() -> None:
    stream = io.StringIO()
    with PlainLines(stream) as progress:
        progress.stage("Site", "crawl", 2)
        progress.page("https://a.example/\x1b[2J")
        progress.done()
        progress.say("robots.txt says wait")
        progress.done()
    lines = stream.getvalue().splitlines()
    assert lines[:2] == ["crawl Site: begins, 2 pages", "robots.txt says wait"]
    assert lines[2].startswith("crawl Site: 2 of 2, ")
    assert len(lines) == 3


def test_a_stage_that_is_not_done_says_how_long_it_may_take_and_where_it_is() -> None:
    stream = io.StringIO()
    with PlainLines(stream) as progress:
        progress.stage("Site", "capture", 4)
        progress.page("https://a.example/slow")
        progress.done(1)
    assert stream.getvalue().splitlines()[-1].endswith(" s left, at https://a.example/slow")


def test_a_stage_without_anything_to_count_has_no_closing_line() -> None:
    stream = io.StringIO()
    with PlainLines(stream) as progress:
        progress.stage("Site", "judge", 0)
    assert stream.getvalue() == "judge Site: begins\n"


def test_json_lines_are_one_object_an_event() -> None:
    stream = io.StringIO()
    with JsonLines(stream) as progress:
        progress.stage("Site", "crawl", 0)
        progress.page("https://a.example/")
        progress.done()
        progress.say("words")
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["stage", "page", "done", "say"]
    assert events[2]["done"] == events[2]["total"] == 1
    assert {event["stage"] for event in events} == {"crawl"}


def test_a_moving_line_takes_markup_and_control_characters_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    with MovingLine() as progress:
        progress.stage("[red]Site\x1b[31m", "crawl", 3)
        progress.page("https://a.example/" + "x" * 100)
        progress.done(2, total=5)
        progress.say("[bold]not bold")
    assert "[bold]not bold" in capsys.readouterr().err


def test_a_total_that_was_too_low_grows() -> None:
    count = Count()
    count.begin("Site", "crawl", 1)
    count.add(3, None)
    assert (count.done, count.total) == (3, 3)


def test_without_a_terminal_the_lines_are_plain() -> None:
    assert type(chosen(quiet=False, json_log=False)) is PlainLines
    assert type(chosen(quiet=True, json_log=True)) is Quiet
    assert type(chosen(quiet=False, json_log=True)) is JsonLines


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Quiet() as progress:
        progress.stage("Site", "crawl", 1)
        progress.page("u")
        progress.done()
        progress.say("words")
    assert capsys.readouterr() == ("", "")


def test_what_moves_a_terminal_is_not_printed() -> None:
    assert printable("a\x1b]0;title\x07\u202eb\n") == "a\ufffd]0;title\ufffd\ufffdb\ufffd"
