"""A PDF is opened in a child process that it cannot break out of, hold up, or use to fill the memory."""

import asyncio
import io
import os
import signal
import time
from pathlib import Path

import pikepdf
import pytest
from pdf_files import (
    bomb,
    busy,
    form,
    in_circles,
    linked,
    nested_in_itself,
    page_tree_in_circles,
    scanned,
    tagged,
    with_text,
    written,
)
from pikepdf import Array, Dictionary, Encryption, Name, Permissions, String

from audit.capture.documents.contents import Limits, PdfContents
from audit.capture.documents.pdf_outline import outline_of
from audit.capture.documents.reader import read_pdf, reader_version
from rules.model.document import DocumentFacts
from rules.model.failure import FailureKind
from rules.model.outline import Field, Link, Outline

URL = "https://a.example/form.pdf"
LINES = ("Claim form", "Send this form to: PO Box 4, Northmere NM1 2AB")


def children() -> list[int]:
    """The processes that open documents now."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
            parent = int((entry.parent / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid() and b"audit.capture.documents.pdf_child" in words:
            found.append(int(entry.parent.name))
    return found


async def begun() -> int:
    """The process that opens a document, as soon as there is one."""
    while not (found := children()):  # noqa: ASYNC110 - nobody tells that a process has begun
        await asyncio.sleep(0.01)
    return found[0]


def opened(data: bytes, limits: Limits | None = None) -> PdfContents:
    contents = asyncio.run(read_pdf(data, limits or Limits()))
    assert children() == []
    return contents


def outline(data: bytes) -> Outline:
    return outline_of(opened(data), URL)


def texts(contents: PdfContents) -> list[str]:
    return [line.text for page in contents.pages for group in page.groups for line in group]


def test_a_form_is_told_with_its_words_its_fields_and_what_it_is_made_of() -> None:
    contents = opened(written(form(*LINES)))
    assert contents.facts == DocumentFacts(
        pages=1, title="Claim form", display_title=True, lang="en", form=True, signature_field=True
    )
    read = outline_of(contents, URL)
    assert (read.title, read.lang, read.medium, read.truncated) == ("Claim form", "en", "pdf", False)
    assert [block.text for block in read.blocks if block.text] == ["\n".join(LINES)]
    assert {block.selector for block in read.blocks} == {"#page=1"}


def test_fields_have_the_labels_that_are_read_aloud_and_a_choice_is_one_field() -> None:
    fields = [(block.field, block.shown.value) for block in outline(written(form(*LINES))).blocks if block.field]
    assert fields == [
        (Field("text", "Full name", "name", required=True), "now"),
        (Field("textarea", "why", "why"), "now"),
        (Field("checkbox", "I agree", "agree"), "now"),
        (Field("radio", "How you pay", "pay"), "now"),
        (Field("signature", "Signature", "sign"), "now"),
        (Field("text", "trap", "trap"), "never"),
    ]


def test_headings_are_those_that_are_tagged_also_by_a_name_of_the_document_s_own() -> None:
    data = written(tagged([("Kop", "Claim"), ("P", "First words."), ("H2", "By post"), ("P", "Write to us.")]))
    assert opened(data).facts.tagged
    assert [(block.tag, block.text, block.headings) for block in outline(data).blocks] == [
        ("h1", "Claim", ()),
        ("p", "First words.", ("Claim",)),
        ("h2", "By post", ("Claim",)),
        ("p", "Write to us.", ("Claim", "By post")),
    ]


def test_links_lead_to_web_addresses_only_and_no_action_is_ever_carried_out(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    pdf = linked(
        "Read more",
        Dictionary(S=Name.URI, URI=String("https://a.example/more")),
        Dictionary(S=Name.URI, URI=String("javascript:alert(1)")),
        Dictionary(S=Name.Launch, F=String("/usr/bin/touch"), P=String(str(trace))),
        Dictionary(S=Name.JavaScript, JS=String("app.launchURL('https://a.example/js')")),
        Dictionary(S=Name.GoToR, F=String("https://a.example/other.pdf")),
    )
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("/usr/bin/touch"), P=String(str(trace)))
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("x"), Dictionary(S=Name.JavaScript, JS=String("while(1);"))]))
    )
    [block] = outline(written(pdf)).blocks
    assert block.links == (Link("Read more", "https://a.example/more"),)
    assert not trace.exists()


def test_a_scan_says_nothing_and_proves_nothing_absent() -> None:
    data = written(scanned())
    assert opened(data).facts.empty_text
    assert (outline(data).blocks, outline(data).truncated) == ((), True)


def test_a_document_that_wants_a_password_is_locked() -> None:
    contents = opened(written(form(*LINES), Encryption(owner="o", user="u")))
    assert (contents.facts, contents.pages, contents.truncated) == (DocumentFacts(locked=True), (), True)


@pytest.mark.parametrize("reads_aloud", [True, False])
def test_a_document_that_only_forbids_something_is_read(reads_aloud: bool) -> None:
    allow = Permissions(accessibility=reads_aloud, extract=False, modify_form=False)
    contents = opened(
        written(form(*LINES), Encryption(owner="o", user="", R=3, aes=False, metadata=False, allow=allow))
    )
    assert texts(contents) == list(LINES)
    assert contents.facts.protected is not reads_aloud


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><p>Not found</p></html>",
        b"%PDF-1.7\n" + b"\x00\xff garbage" * 1000,
        written(form(*LINES))[:700],
        page_tree_in_circles(),
    ],
    ids=["empty", "markup", "garbage", "cut off", "page tree in circles"],
)
def test_what_does_not_open_is_broken_and_no_failure_of_ours(data: bytes) -> None:
    contents = opened(data)
    assert (contents.facts, contents.failure, contents.truncated) == (DocumentFacts(broken=True), None, True)


def test_a_document_without_its_table_of_objects_is_mended() -> None:
    whole = written(with_text(*LINES))
    assert texts(opened(whole[: whole.rindex(b"xref")] + b"trailer <</Root 1 0 R>>")) == list(LINES)


def test_circles_among_objects_come_to_an_end() -> None:
    read = outline(written(in_circles()))
    assert [block.text for block in read.blocks if block.text] == ["A form in circles"]
    assert read.blocks[1].field == Field("text", "Full name", "name", required=True)


def test_a_figure_that_draws_itself_costs_its_own_page_only() -> None:
    assert texts(opened(written(nested_in_itself()))) == ["Before the figure"]


def test_of_many_pages_the_first_are_read_and_the_rest_is_said_to_be_missing() -> None:
    contents = opened(written(with_text("Line", pages=10_000)))
    assert (len(contents.pages), contents.facts.pages, contents.truncated) == (50, 10_000, True)


def test_of_much_text_the_first_is_read() -> None:
    contents = opened(written(with_text("Twenty letters here.", pages=10)), Limits(characters=90))
    assert (len(texts(contents)), contents.truncated) == (4, True)


def test_content_that_inflates_to_gigabytes_ends_the_reading_and_what_was_read_stays() -> None:
    contents = opened(bomb(10))
    assert (texts(contents), contents.truncated, contents.failure) == (["Before the bomb"], True, None)


def test_a_document_that_needs_more_memory_than_there_may_be_is_too_large() -> None:
    pdf = pikepdf.open(io.BytesIO(bomb(2)))
    del pdf.pages[0]
    contents = opened(written(pdf))
    assert (contents.failure and contents.failure.kind, contents.pages) == (FailureKind.TOO_LARGE, ())


def test_a_page_that_takes_too_long_ends_the_reading_and_what_was_read_stays() -> None:
    began = time.monotonic()
    contents = opened(written(busy(20_000_000)), Limits(seconds=2, last_seconds=4))
    assert (texts(contents), contents.truncated, contents.failure) == (["Before the drawing"], True, None)
    assert time.monotonic() - began < 10


def test_a_document_that_holds_the_clock_up_is_a_deadline() -> None:
    contents = opened(written(busy(20_000_000)), Limits(wall_seconds=1.5))
    assert contents.failure is not None
    assert contents.failure.kind is FailureKind.DEADLINE


def test_more_bytes_than_may_be_read_are_too_large() -> None:
    contents = opened(written(form(*LINES)), Limits(bytes=100))
    assert contents.failure is not None
    assert contents.failure.kind is FailureKind.TOO_LARGE


def test_a_child_that_crashes_is_a_failure() -> None:
    contents = asyncio.run(_opened_while_children_die(signal.SIGSEGV))
    assert contents.failure is not None
    assert contents.failure.kind is FailureKind.CRASHED
    assert children() == []


def test_a_child_that_the_system_kills_is_followed_by_one_other() -> None:
    assert asyncio.run(_opened_while_children_die(signal.SIGKILL)).failure is None
    contents = asyncio.run(_opened_while_children_die(signal.SIGKILL, signal.SIGKILL))
    assert contents.failure is not None
    assert contents.failure.kind is FailureKind.DEADLINE
    assert children() == []


async def _opened_while_children_die(*signals: signal.Signals) -> PdfContents:
    reading = asyncio.create_task(read_pdf(written(form(*LINES))))
    killed: set[int] = set()
    for number in signals:
        while not (new := set(children()) - killed):  # noqa: ASYNC110 - no event tells of a child's birth
            await asyncio.sleep(0.01)
        (child,) = new
        os.kill(child, number)
        killed.add(child)
    return await reading


def test_who_gives_up_waiting_leaves_no_process_behind() -> None:
    async def given_up() -> None:
        reading = asyncio.create_task(read_pdf(written(busy(20_000_000))))
        await begun()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(given_up())
    assert children() == []


def test_the_child_gives_away_what_it_does_not_need() -> None:
    async def seen() -> tuple[str, str, bytes]:
        reading = asyncio.create_task(read_pdf(written(busy(20_000_000)), Limits(wall_seconds=20)))
        process = Path(f"/proc/{await begun()}")
        while not _is_confined(limits := (process / "limits").read_text(encoding="utf-8")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        status, environment = (process / "status").read_text(encoding="utf-8"), b""
        if os.getuid() != 0:
            environment = (process / "environ").read_bytes()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return limits, status, environment

    limits, status, environment = asyncio.run(seen())
    most = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert (most["Max address space"], most["Max file size"], most["Max processes"]) == ("1000000000", "0", "0")
    assert b"HOME=" not in environment
    if os.getuid() == 0:
        assert "Uid:\t65534\t65534\t65534\t65534" in status


def _is_confined(limits: str) -> bool:
    return any(line.startswith("Max open files") and " 32 " in line for line in limits.splitlines())


def test_the_reader_names_itself_with_its_versions() -> None:
    assert reader_version().startswith("pdf pikepdf ")
    assert ", pdfminer.six 20" in reader_version()
