"""PDF files, good ones and ones made to break whoever opens them, built as tests need them."""

import io
import zlib
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

_LEFT, _TOP, _LEADING = 72, 780, 16


def written(pdf: Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = io.BytesIO()
    pdf.save(out, encryption=encryption or False)
    return out.getvalue()


def with_text(*lines: str, pages: int = 1) -> Pdf:
    """A PDF with these lines on each page, one under the other."""
    pdf = pikepdf.new()
    for _ in range(pages):
        _page(pdf, _shown(enumerate(lines)))
    return pdf


def form(*lines: str) -> Pdf:
    """A form: text, a name that must be filled in, a box to tick, a choice of two, a signature, and a button."""
    pdf = with_text(*lines)
    choice = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("pay"), TU=String("How you pay")))
    fields = [
        _widget(pdf, 500, T=String("name"), TU=String("Full name"), FT=Name.Tx, Ff=2),
        _widget(pdf, 480, T=String("why"), FT=Name.Tx, Ff=1 << 12),
        _widget(pdf, 460, T=String("agree"), TU=String("I agree"), FT=Name.Btn),
        _widget(pdf, 440, Parent=choice),
        _widget(pdf, 420, Parent=choice),
        _widget(pdf, 400, T=String("sign"), TU=String("Signature"), FT=Name.Sig),
        _widget(pdf, 380, T=String("print"), FT=Name.Btn, Ff=1 << 16),
        _widget(pdf, 360, T=String("number"), FT=Name.Tx, Ff=1),
        _widget(pdf, 340, T=String("trap"), FT=Name.Tx, F=2),
    ]
    pdf.pages[0].obj.Annots = Array(fields)
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    pdf.Root.Lang = String("en")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo["/Title"] = "Claim form"
    return pdf


def tagged(lines: Sequence[tuple[str, str]]) -> Pdf:
    """A tagged PDF: each line with the type of its structure element, `Kop` being this document's own word for H1."""
    pdf = pikepdf.new()
    content = "\n".join(
        f"/{kind} <</MCID {number}>> BDC {_shown([(number, text)])} EMC" for number, (kind, text) in enumerate(lines)
    )
    page = _page(pdf, content)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary(Kop=Name.H1)))
    kids = [
        pdf.make_indirect(Dictionary(S=Name(f"/{kind}"), P=root, Pg=page, K=number))
        for number, (kind, _) in enumerate(lines)
    ]
    root.K = Array([pdf.make_indirect(Dictionary(S=Name.Document, P=root, K=Array(kids)))])
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return pdf


def linked(text: str, *actions: Dictionary) -> Pdf:
    """A line of text with a link over it for each action."""
    pdf = with_text(text)
    box = Array([_LEFT - 5, _TOP - 5, _LEFT + 500, _TOP + 15])
    links = [
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action)) for action in actions
    ]
    pdf.pages[0].obj.Annots = Array(links)
    return pdf


def scanned() -> Pdf:
    """A page that is one picture."""
    pdf = pikepdf.new()
    page = _page(pdf, "q 500 0 0 700 50 50 cm /Im0 Do Q")
    image = pdf.make_stream(bytes(64 * 64))
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    image.Width, image.Height, image.BitsPerComponent = 64, 64, 8
    page.Resources.XObject = Dictionary(Im0=image)
    return pdf


def bomb(gigabytes: int) -> bytes:
    """A page whose content inflates to so much; the file holds a thousandth of it."""
    block = bytes(10_000_000)
    packer = zlib.compressobj(9)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    pdf = with_text("Before the bomb")
    bombed = _page(pdf, "")
    bombed.Contents = pikepdf.Stream(pdf, packed + again * (gigabytes * 100), Filter=Name.FlateDecode)
    return written(pdf)


def nested_in_itself() -> Pdf:
    """Text, and a figure that draws itself."""
    pdf = with_text("Before the figure")
    figure = pdf.make_stream(b"/F1 Do")
    figure.Type, figure.Subtype, figure.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
    figure.Resources = Dictionary(XObject=Dictionary(F1=figure))
    second = _page(pdf, "/F1 Do")
    second.Resources.XObject = Dictionary(F1=figure)
    return pdf


def in_circles() -> Pdf:
    """Structure elements, fields and bookmarks that lead back to themselves."""
    pdf = form("A form in circles")
    element = pdf.make_indirect(Dictionary(S=Name.Sect))
    element.K = Array([element, element])
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(K=element, RoleMap=Dictionary(A=Name.B, B=Name.A, Sect=Name.A))
    )
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    field = pdf.pages[0].obj.Annots[0]
    field.Parent = field
    outlines = pdf.make_indirect(Dictionary())
    outlines.First = outlines
    pdf.Root.Outlines = outlines
    return pdf


def page_tree_in_circles() -> bytes:
    """The tree of pages holds itself."""
    return (
        b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type /Pages /Count 2 /Kids [2 0 R 2 0 R]>> endobj\ntrailer <</Root 1 0 R /Size 3>>\n%%EOF\n"
    )


def busy(operators: int) -> Pdf:
    """A page that is drawn with so many operators."""
    pdf = with_text("Before the drawing")
    _page(pdf, "0 0 m 1 1 l S q Q " * (operators // 5))
    return pdf


def _page(pdf: Pdf, content: str) -> Dictionary:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Contents = pdf.make_stream(content.encode("cp1252"))
    page.Resources = Dictionary(Font=Dictionary(F0=font))
    return page


def _shown(lines: object) -> str:
    """The operators that show numbered lines of text."""
    escaped = ((number, text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")) for number, text in lines)  # type: ignore[attr-defined]
    return "\n".join(f"BT /F0 12 Tf {_LEFT} {_TOP - number * _LEADING} Td ({text}) Tj ET" for number, text in escaped)


def _widget(pdf: Pdf, bottom: int, **entries: object) -> pikepdf.Object:
    box = Array([72, bottom, 300, bottom + 15])
    return pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=box, **entries))
