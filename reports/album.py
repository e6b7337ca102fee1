"""The pictures of a report: which stored picture shows an element, what part of it to show, and the files themselves."""

from collections.abc import Callable, Iterator
from pathlib import Path

from reports.rule_groups import AXE, RuleGroup
from rules.model.finding import Evidence, fingerprint
from rules.model.record import Record
from rules.model.run import PageResult, PictureRef, SiteResult

FOLDER = "evidence"
CROPS_AT_MOST = 3
MARGIN = 56.0
NARROWEST, SHALLOWEST = 360.0, 120.0
JPEG_START = b"\xff\xd8\xff"
Box = tuple[float, float, float, float]


class Crop(Record, frozen=True):
    """A part of a picture with an element marked; all boxes are left, top, width, height in pixels of the page."""

    file: str
    page: str
    taken_at: str
    html: str
    box: Box
    view: Box
    mark: Box


class Album:
    """Writes each picture that a page shows into the report once; pictures that are no longer kept are left out.

    Only pictures of findings are published. Those of whole pages may show more than the finding, and stay in the store.
    """

    def __init__(self, root: Path, pictures: Callable[[str], bytes | None]) -> None:
        self._root = root
        self._pictures = pictures
        self._files: dict[str, str | None] = {}

    def crops(self, group: RuleGroup, site: SiteResult) -> list[Crop]:
        """Crops for the elements of a group, each markup once, as far as the site's pictures show them."""
        found: dict[str, Crop] = {}
        for evidence, page, picture, mark in _pictured(group, site):
            if len(found) == CROPS_AT_MOST:
                break
            file = None if evidence.html in found else self._file(picture.sha256)
            if file is not None:
                found[evidence.html] = Crop(
                    file=file,
                    page=page.url,
                    taken_at=page.taken_at,
                    html=evidence.html,
                    box=picture.box,
                    view=_view(mark, picture.box),
                    mark=mark,
                )
        return list(found.values())

    def _file(self, sha256: str) -> str | None:
        if sha256 not in self._files:
            self._files[sha256] = self._written(sha256)
        return self._files[sha256]

    def _written(self, sha256: str) -> str | None:
        jpeg = self._pictures(sha256) if sha256.isalnum() else None
        if jpeg is None or not jpeg.startswith(JPEG_START):
            return None
        name = f"{FOLDER}/{sha256}.jpg"
        (self._root / FOLDER).mkdir(exist_ok=True)
        (self._root / name).write_bytes(jpeg)
        return name


def _pictured(group: RuleGroup, site: SiteResult) -> Iterator[tuple[Evidence, PageResult, PictureRef, Box]]:
    marked: dict[str, tuple[PageResult, PictureRef, Box]] = {}
    for page in site.pages:
        for picture in page.pictures:
            if picture.kind == "finding":
                for name, box in picture.marks.items():
                    marked.setdefault(name, (page, picture, box))
    for place in group.pages:
        for evidence in place.evidence:
            for rule in (group.rule.removeprefix(AXE), group.rule):
                if (name := fingerprint(rule, evidence.html)) in marked:
                    yield evidence, *marked[name]


def _view(mark: Box, box: Box) -> Box:
    """The mark with some of what stands around it, inside the picture."""
    left, width = _stretch(mark[0], mark[2], NARROWEST, box[0], box[2])
    top, height = _stretch(mark[1], mark[3], SHALLOWEST, box[1], box[3])
    return (left, top, width, height)


def _stretch(start: float, size: float, least: float, low: float, room: float) -> tuple[float, float]:
    wanted = min(max(size + 2 * MARGIN, least), room)
    begin = min(max(start + size / 2 - wanted / 2, low), low + room - wanted)
    return (round(begin, 1), round(wanted, 1))
