"""`loket inspect` says for each saved page what it offers, and names the files that it could not read."""

import json

import pytest
from click.testing import CliRunner

from audit.cli.exits import BAD_INPUT
from audit.cli.inspect import command

PAGE = "<html lang=nl><body><main><h1>Contact</h1><p>Bel ons op 14 020.</p></main></body></html>"


def run(*words):
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "contact.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_each_page_is_one_line_of_json(page):
    lines = [json.loads(line) for line in run(page, page, "--format", "jsonl").output.splitlines()]
    assert [(line["path"], line["lang"], line["phone"], line["counter"]) for line in lines] == [
        (str(page), "nl", True, False)
    ] * 2


def test_the_words_that_decided_are_quoted(page):
    [found] = json.loads(run(page, "--country", "NL").output)
    [phone] = [mention for mention in found["mentions"] if mention["kind"] == "phone"]
    assert (phone["quote"], phone["value"]) == ("Bel ons op 14 020.", "14020")


def test_a_page_without_mentions_says_so(tmp_path):
    file = tmp_path / "empty.html"
    file.write_text("<p>Hallo</p>", encoding="utf-8")
    [found] = json.loads(run(file).output)
    assert found["mentions"] == []
    assert [found[name] for name in ("phone", "counter", "paper", "digital_only")] == [False] * 4


def test_a_plain_text_is_read_paragraph_by_paragraph(tmp_path):
    file = tmp_path / "brief.txt"
    file.write_text("U kunt niet bellen.\n\nPostadres: Postbus 20 <b>\n", encoding="utf-8")
    [found] = json.loads(run(file, "--lang", "nl").output)
    assert (found["phone"], found["paper"]) == (False, True)


def test_a_file_that_is_not_there_is_named_and_the_others_are_judged(page, tmp_path):
    result = run(tmp_path / "gone.html", page, "--format", "jsonl")
    assert result.exit_code == BAD_INPUT
    assert "gone.html" in result.stderr
    assert "1 of 2 files could not be read" in result.stderr
    assert json.loads(result.stdout.splitlines()[0])["phone"]


def test_a_language_without_words_is_refused(page):
    result = run(page, "--lang", "zz")
    assert result.exit_code == BAD_INPUT
    assert "there are no words for 'zz'; there are for de, en, fr, nl" in result.stderr


def test_a_country_without_a_plan_is_refused(page):
    result = run(page, "--country", "XX")
    assert result.exit_code == BAD_INPUT
    assert "numbering plan" in result.stderr
