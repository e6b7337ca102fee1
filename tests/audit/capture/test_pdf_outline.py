"""The lines of a PDF become paragraphs as a reader sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.capture.documents.contents import PdfContents, PdfField, PdfLine, PdfPage, plain
from audit.capture.documents.pdf_outline import outline_of
from rules.model.document import DocumentFacts
from rules.model.outline import Field

URL = "https://a.example/form.pdf"


def line(text: str, right: float | None = None, level: int = 0) -> PdfLine:
    return PdfLine(text, 0.0, len(text) * 5.0 if right is None else right, 12.0, level)


def text_of(*lines: PdfLine) -> str:
    [block] = outline_of(PdfContents(pages=(PdfPage((lines,)),)), URL).blocks
    return block.text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Send the form to the municipality, then", "wait."], "Send the form to the municipality, then wait."),
        (["PO Box 4", "NM1 2AB Northmere, United Kingdom"], "PO Box 4\nNM1 2AB Northmere, United Kingdom"),
        (["We write to every house-", "hold."], "We write to every household."),
        (["We write to every house\u00ad", "hold."], "We write to every household."),
        (["Fill in pages 2-", "three."], "Fill in pages 2- three."),
        (["By post or in-", "Person."], "By post or in- Person."),
        (["  Wide   spaces\u200b and ", " signs "], "Wide spaces and signs"),
    ],
)
def test_a_full_line_runs_on_and_a_short_one_ends(lines: list[str], text: str) -> None:
    assert text_of(*map(line, lines)) == text


def test_headings_stand_over_what_follows_also_on_the_next_page() -> None:
    first = PdfPage(((line("Claim", level=1), line("By post", level=2), line("Write to us.")),))
    second = PdfPage(
        ((line("Still by post."),), (line("At the counter", level=2),)), (PdfField(Field("text", "Name")),)
    )
    read = outline_of(PdfContents(DocumentFacts(pages=2), (first, second)), URL)
    assert [(block.tag, block.text, block.headings, block.selector) for block in read.blocks] == [
        ("h1", "Claim", (), "#page=1"),
        ("h2", "By post", ("Claim",), "#page=1"),
        ("p", "Write to us.", ("Claim", "By post"), "#page=1"),
        ("p", "Still by post.", ("Claim", "By post"), "#page=2"),
        ("h2", "At the counter", ("Claim",), "#page=2"),
        ("input", "", ("Claim", "At the counter"), "#page=2"),
    ]


def test_what_no_text_may_hold_is_left_out() -> None:
    assert plain("a\x00\ud800b\n c", 4) == "a b"


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=4))
def test_any_lines_give_blocks_with_text_or_none(groups: list[list[str]]) -> None:
    page = PdfPage(tuple(tuple(line(text) for text in group) for group in groups))
    blocks = outline_of(PdfContents(pages=(page,)), URL).blocks
    assert all(block.text.strip() == block.text != "" for block in blocks)
