"""Reads a PDF's objects with pikepdf: what it is made of, its fields and links, and which text is tagged as a heading."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from audit.capture.documents.contents import Limits, PdfField, plain
from audit.capture.documents.faults import FAULTS
from rules.model.document import DocumentFacts
from rules.model.outline import Field

Rect = tuple[float, float, float, float]

_WEB = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_LEVEL = re.compile(r"/H([1-6])?")
_MOST_NODES = 50_000
_MOST_ANNOTATIONS = 5_000
_MOST_PARENTS = 32
_RECTANGLE = 4
_READ_ONLY, _REQUIRED, _MULTILINE, _PASSWORD, _RADIO, _PUSH_BUTTON = 1, 1 << 1, 1 << 12, 1 << 13, 1 << 15, 1 << 16
_HIDDEN, _NO_VIEW = 1 << 1, 1 << 5
_MAY_EXTRACT, _MAY_READ_ALOUD = 1 << 4, 1 << 9  # either opens the text to a screen reader (ISO 32000-1, table 22)


@dataclass
class Structure:
    """What the objects of a PDF tell. Pages count from 0; `headings` gives the level of marked content (page, MCID)."""

    facts: DocumentFacts
    fields: dict[int, list[PdfField]] = field(default_factory=dict)
    links: dict[int, list[tuple[Rect, str]]] = field(default_factory=dict)
    headings: dict[tuple[int, int], int] = field(default_factory=dict)
    whole: bool = True


def read_structure(pdf: Pdf, limits: Limits) -> Structure:
    """What the objects of an open PDF tell; a part that is broken is left out, and `whole` then says so."""
    found = Structure(DocumentFacts(pages=len(pdf.pages)))
    places = {pdf.pages[number].obj.objgen: number for number in range(min(len(pdf.pages), limits.pages))}
    for read in (_read_annotations, _read_headings, _read_facts):
        try:
            read(pdf, found, places, limits)
        except FAULTS:
            found.whole = False
    return found


def mended(pdf: Pdf) -> bytes:
    """The PDF written anew: open to everyone, its table of objects rebuilt, its streams as they were."""
    out = io.BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        encryption=False,
    )
    return out.getvalue()


def _read_facts(pdf: Pdf, found: Structure, _places: dict[tuple[int, int], int], _limits: Limits) -> None:
    root = pdf.Root
    form = _at(root, "/AcroForm")
    fields = [one.field.kind for page in found.fields.values() for one in page]
    found.facts = DocumentFacts(
        pages=len(pdf.pages),
        title=_title(pdf),
        display_title=_at(root, "/ViewerPreferences", "/DisplayDocTitle") is True,
        lang=_string(_at(root, "/Lang")),
        tagged=_at(root, "/MarkInfo", "/Marked") is True and _at(root, "/StructTreeRoot") is not None,
        bookmarks=_at(root, "/Outlines", "/First") is not None,
        form=bool(fields) or _at(form, "/XFA") is not None,
        xfa=_at(form, "/XFA") is not None,
        signature_field="signature" in fields,
        protected=pdf.is_encrypted and not pdf.encryption.P & (_MAY_EXTRACT | _MAY_READ_ALOUD),
        creator=_string(_at(pdf.trailer, "/Info", "/Creator")),
        producer=_string(_at(pdf.trailer, "/Info", "/Producer")),
    )


def _title(pdf: Pdf) -> str:
    written = _string(_at(pdf.trailer, "/Info", "/Title"))
    if written or _at(pdf.Root, "/Metadata") is None:
        return written
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return plain(metadata.get("dc:title") or "")


def _read_annotations(pdf: Pdf, found: Structure, places: dict[tuple[int, int], int], limits: Limits) -> None:
    seen: set[tuple[int, int]] = set()
    for number in range(len(places)):
        boxes: list[tuple[Rect, PdfField]] = []
        for annotation in islice(_items(pdf.pages[number].obj.get("/Annots")), _MOST_ANNOTATIONS):
            kind, box = _at(annotation, "/Subtype"), _rectangle(annotation)
            if kind == Name.Widget and (one := _field(annotation, seen)) is not None:
                boxes.append((box, one))
            elif kind == Name.Link and (target := _target(annotation)):
                found.links.setdefault(number, []).append((box, target))
        boxes.sort(key=lambda one: (-one[0][3], one[0][0]))
        if boxes:
            found.fields[number] = [one for _, one in boxes]
        if len(seen) > limits.fields or sum(map(len, found.links.values())) > limits.links:
            found.whole = False
            return


def _target(annotation: pikepdf.Object) -> str:
    """Where a link leads; scripts, programs and places inside the document are no links for us."""
    if _at(annotation, "/A", "/S") != Name.URI:
        return ""
    target = _string(_at(annotation, "/A", "/URI"))
    return target if _WEB.match(target) else ""


def _field(widget: pikepdf.Object, seen: set[tuple[int, int]]) -> PdfField | None:
    """The field that a widget stands for, the first time that one of its widgets comes; None when nobody fills it in."""
    chain = list(_upwards(widget))
    named = next((node for node in chain if _at(node, "/T") is not None), widget)
    identity = named.objgen if named.is_indirect else (-len(seen) - 1, 0)
    flags = next((int(value) for node in chain if isinstance(value := _at(node, "/Ff"), int)), 0)
    kind = _kind(next((str(value) for node in chain if (value := _at(node, "/FT")) is not None), ""), flags)
    if identity in seen or not kind or flags & _READ_ONLY:
        return None
    seen.add(identity)
    name = ".".join(reversed([_string(text) for node in chain if (text := _at(node, "/T")) is not None]))
    label = next((_string(text) for node in chain if (text := _at(node, "/TU")) is not None), "")
    shown = _at(widget, "/F")
    return PdfField(
        Field(kind, plain(label or name), plain(name), required=bool(flags & _REQUIRED)),
        hidden=isinstance(shown, int) and bool(shown & (_HIDDEN | _NO_VIEW)),
    )


def _kind(type_name: str, flags: int) -> str:
    """The kind of a field in the words of HTML, which has none for a signature; empty for a push button."""
    if type_name == "/Btn":
        return "" if flags & _PUSH_BUTTON else "radio" if flags & _RADIO else "checkbox"
    if type_name == "/Tx":
        return "password" if flags & _PASSWORD else "textarea" if flags & _MULTILINE else "text"
    return {"/Ch": "select", "/Sig": "signature"}.get(type_name, "")


def _upwards(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """A field's node and those that it inherits from; a circle ends."""
    passed: set[tuple[int, int]] = set()
    for _ in range(_MOST_PARENTS):
        yield node
        passed.add(node.objgen)
        above = _at(node, "/Parent")
        if not isinstance(above, Dictionary) or above.objgen in passed:
            return
        node = above


def _read_headings(pdf: Pdf, found: Structure, places: dict[tuple[int, int], int], _limits: Limits) -> None:
    """Walk the structure tree: what lies in a heading is a heading, whatever it is itself."""
    root = _at(pdf.Root, "/StructTreeRoot")
    if not isinstance(root, Dictionary):
        return
    roles = _at(root, "/RoleMap")
    seen: set[tuple[int, int]] = set()
    waiting = [(kid, -1, 0) for kid in reversed(list(islice(_items(root.get("/K")), _MOST_NODES)))]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, page, level = waiting.pop()
        if isinstance(node, int):
            if level and page >= 0:
                found.headings[page, node] = level
            continue
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        if node.is_indirect:
            seen.add(node.objgen)
        own = _at(node, "/Pg")
        page = places.get(own.objgen, -1) if isinstance(own, Dictionary) else page
        if isinstance(content := node.get("/MCID"), int):
            waiting.append((content, page, level))
            continue
        level = level or _level(node, roles)
        kids = list(islice(_items(node.get("/K")), _MOST_NODES))
        waiting.extend((kid, page, level) for kid in reversed(kids))
    found.whole = False


def _level(node: pikepdf.Object, roles: object) -> int:
    """The heading level that a structure element's type stands for, through the document's own names; 0 for none."""
    name = _at(node, "/S")
    for _ in range(_MOST_PARENTS):
        level = _LEVEL.fullmatch(str(name))
        if level is not None:
            return int(level[1] or 1)
        above = _at(roles, str(name))
        if above is None or above == name:
            break
        name = above
    return 0


def _at(node: object, *path: str) -> object:
    """What lies under these names; None where the path breaks off, or where a name leads to what is no dictionary."""
    for name in path:
        if not isinstance(node, Dictionary) or not name.startswith("/"):
            return None
        node = node.get(name)
    return node


def _items(node: object) -> Iterator[pikepdf.Object]:
    """The members of an array; what is no array is its own only member."""
    if isinstance(node, Array):
        yield from node
    elif isinstance(node, pikepdf.Object | int):
        yield node  # type: ignore[misc]  # whole numbers come as Python's own


def _string(value: object) -> str:
    return plain(value) if isinstance(value, pikepdf.String) else ""


def _rectangle(annotation: pikepdf.Object) -> Rect:
    corners = [float(number) for number in islice(_items(_at(annotation, "/Rect")), _RECTANGLE)]
    if len(corners) < _RECTANGLE:
        return (0.0, 0.0, 0.0, 0.0)
    left, bottom, right, top = corners
    return (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
