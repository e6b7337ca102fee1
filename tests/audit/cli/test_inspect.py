"""`loket inspect` says for each saved page what it offers, and names the files that it could not read."""

import json
import multiprocessing
import os

import msgspec
import pytest
from click.testing import CliRunner

from audit.cli import saved_pages
from audit.cli.exits import BAD_INPUT
from audit.cli.inspect import command

PAGE = "<html lang=nl><body><main><h1>Contact</h1><p>Bel ons op 14 020.</p></main></body></html>"


def run(*words):
    return CliRunner().invoke(command, [str(word) for word in words])


def _die():
    os._exit(1)


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


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("picture.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is neither an HTML page nor a plain text"),
        ("form.html", b"%PDF-1.7\n", "is a PDF; what is read here are HTML pages and plain texts"),
    ],
)
def test_a_file_that_is_no_page_is_named(tmp_path, name, content, problem):
    file = tmp_path / name
    file.write_bytes(content)
    result = run(file)
    assert (result.exit_code, result.stdout) == (BAD_INPUT, "[]\n")
    assert result.stderr.splitlines()[0] == f"{file}: {problem}"


def test_a_folder_is_named_with_what_to_write_instead(tmp_path):
    assert (
        run(tmp_path).stderr.splitlines()[0]
        == f"{tmp_path}: is a folder; name the pages in it, such as {tmp_path}/*.html"
    )


def test_a_page_in_wide_characters_is_a_page(tmp_path):
    file = tmp_path / "wide.html"
    file.write_bytes(PAGE.encode("utf-16"))
    [found] = json.loads(run(file).output)
    assert found["phone"]


def test_a_file_whose_name_is_no_text_is_read(tmp_path):
    file = tmp_path / os.fsdecode(b"caf\xe9.html")
    file.write_text(PAGE, encoding="utf-8")
    [found] = json.loads(run(file).output)
    assert (found["path"], found["phone"]) == (f"{tmp_path}/caf\ufffd.html", True)


def test_the_list_is_one_json_text_as_a_formatter_would_write_it(page):
    output = run(page, page).stdout
    assert output == msgspec.json.format(output, indent=2) + "\n"
    assert len(json.loads(output)) == 2


@pytest.fixture
def many_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(saved_pages, "_WORTHWHILE", 10)
    monkeypatch.setattr("audit.machine.cores", lambda: 2)
    files = [tmp_path / f"{number}.html" for number in range(90)]
    for number, file in enumerate(files):
        file.write_text(PAGE.replace("14 020", f"020 - 624 11 {number:02}"), encoding="utf-8")
    files[40].unlink()
    return files


def test_many_files_are_answered_in_order_and_as_one_would_be(many_pages):
    here = [saved_pages._answer(file, "", "NL") for file in many_pages]
    assert list(saved_pages.answers(many_pages, "", "NL")) == here
    assert multiprocessing.active_children() == []


def test_the_first_answer_comes_before_all_files_were_asked_for(many_pages):
    found = saved_pages.answers(many_pages, "", "NL")
    assert next(found).path == str(many_pages[0])
    found.close()
    assert multiprocessing.active_children() == []


def test_what_a_process_does_not_answer_is_looked_at_here(many_pages, monkeypatch):
    monkeypatch.setattr("audit.processes.begin_one", _die)
    assert [bool(answer.found) for answer in saved_pages.answers(many_pages, "", "NL")] == [
        number != 40 for number in range(90)
    ]


def test_a_language_without_words_is_refused(page):
    result = run(page, "--lang", "zz")
    assert result.exit_code == BAD_INPUT
    assert "there are no words for 'zz'; there are for de, en, fr, nl" in result.stderr


def test_a_country_without_a_plan_is_refused(page):
    result = run(page, "--country", "XX")
    assert result.exit_code == BAD_INPUT
    assert "numbering plan" in result.stderr
