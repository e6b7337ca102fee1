"""The pictures of a report: which stored picture shows an element, what part of it to show, and the files themselves."""

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from reports.rule_groups import RuleGroup
from rules.model.finding import Evidence, fingerprint
from rules.model.record import Record
from rules.model.run import PageResult, PictureRef, SiteResult

FOLDER = "evidence"
CROPS_AT_MOST = 3
MARGIN = 56.0
NARROWEST, SHALLOWEST = 360.0, 120.0
WIDEST, TALLEST = 1280.0, 800.0
Box = tuple[float, float, float, float]


class Crop(Record, frozen=True):
    """A cut from a picture with an element marked; `view` and `mark` are left, top, width, height in pixels of the page."""

    file: str
    page: str
    taken_at: str
    html: str
    view: Box
    mark: Box


class Album:
    """Cuts what a page of the report shows out of the stored pictures, and writes each cut once.

    The pictures themselves may show more than the finding, and stay in the store. Those that are no longer kept, or that
    cannot be read, are left out: the finding stands without its picture.
    """

    def __init__(self, root: Path, pictures: Callable[[str], bytes | None]) -> None:
        self._root = root
        self._pictures = pictures
        self._files: dict[tuple[str, Box], str] = {}

    def crops(self, group: RuleGroup, site: SiteResult) -> list[Crop]:
        """Cuts for the elements of a group, each markup once, as far as the site's pictures show them."""
        found: dict[str, Crop] = {}
        for evidence, page, picture, mark in _pictured(group, site):
            if len(found) == CROPS_AT_MOST:
                break
            view = _view(mark, picture.box)
            file = "" if evidence.html in found else self._file(picture, view)
            if file:
                found[evidence.html] = Crop(
                    file=file, page=page.url, taken_at=page.taken_at, html=evidence.html, view=view, mark=mark
                )
        return list(found.values())

    def _file(self, picture: PictureRef, view: Box) -> str:
        key = (picture.sha256, view)
        if key not in self._files:
            jpeg = self._pictures(picture.sha256)
            cut = _cut(jpeg, picture.box, view) if jpeg is not None else b""
            self._files[key] = self._written(cut) if cut else ""
        return self._files[key]

    def _written(self, jpeg: bytes) -> str:
        name = f"{FOLDER}/{hashlib.sha256(jpeg).hexdigest()[:32]}.jpg"
        (self._root / FOLDER).mkdir(exist_ok=True)
        (self._root / name).write_bytes(jpeg)
        return name


def _cut(jpeg: bytes, box: Box, view: Box) -> bytes:
    """The part of a picture that `view` names, as a JPEG without any metadata; empty when the picture cannot be read."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as whole:
            scale = whole.width / box[2]
            left, top = (view[0] - box[0]) * scale, (view[1] - box[1]) * scale
            right, bottom = left + view[2] * scale, top + view[3] * scale
            cut = whole.convert("RGB").crop((round(left), round(top), round(right), round(bottom)))
    except (OSError, ValueError, Image.DecompressionBombError):
        return b""
    written = io.BytesIO()
    cut.save(written, "JPEG", quality=80)
    return written.getvalue()


def _pictured(group: RuleGroup, site: SiteResult) -> Iterator[tuple[Evidence, PageResult, PictureRef, Box]]:
    marked: dict[str, tuple[PageResult, PictureRef, Box]] = {}
    for page in site.pages:
        for picture in page.pictures:
            for name, box in picture.marks.items():
                marked.setdefault(name, (page, picture, box))
    for place in group.pages:
        for evidence in place.evidence:
            if (name := fingerprint(group.rule, evidence.html)) in marked:
                yield evidence, *marked[name]


def _view(mark: Box, box: Box) -> Box:
    """The mark with some of what stands around it, inside the picture; of an element larger than a screen, its start."""
    left, width = _stretch(mark[0], min(mark[2], WIDEST), NARROWEST, box[0], box[2])
    top, height = _stretch(mark[1], min(mark[3], TALLEST), SHALLOWEST, box[1], box[3])
    return (left, top, width, height)


def _stretch(start: float, size: float, least: float, low: float, room: float) -> tuple[float, float]:
    wanted = min(max(size + 2 * MARGIN, least), room)
    begin = min(max(start + size / 2 - wanted / 2, low), low + room - wanted)
    return (float(round(begin)), float(round(wanted)))
