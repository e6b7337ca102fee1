"""Pictures of what was found: each finding once on a site, and the whole page where that was asked for."""

import asyncio
import json

from audit.capture.engine.contract import Box, BrowserGone, F, Tab
from audit.capture.gather.axe import Reading
from rules.model.finding import fingerprint
from rules.model.look import AxeOutcome, Mark, Picture
from rules.redaction import persons_in, redacted_text

_CLIP = (1280.0, 1600.0)
_WHOLE_HEIGHT = 8000.0
_MARGIN = 24.0
_SHORTEST_NAME = 3
_MOST_PERSONS = 300
_ONE_IS_CHEAPER = 3  # from so many clips on, one picture of the whole page costs less


async def take(tab: Tab[F], reading: Reading, pictured: set[str], *, whole: bool) -> tuple[Picture, ...]:
    """The pictures of one page. `pictured` holds the fingerprints that the site has already, and is added to.

    A picture that cannot be taken is left out: the finding stands without it.
    """
    marks = _new_marks(reading, pictured)
    if not marks and not whole:
        return ()
    pictured.update(mark.fingerprint for mark in marks)
    try:
        persons = _persons(reading)
        if reading.condition.filled or persons:
            for frame in await tab.frames():
                await tab.evaluate(frame, f"loket.mask({json.dumps(persons)})")
        return await _shoot(tab, marks, *await tab.size(), whole=whole)
    except (BrowserGone, asyncio.CancelledError) as error:
        pictured.difference_update(mark.fingerprint for mark in marks)
        if tab.worn or not isinstance(error, BrowserGone):
            raise
        return ()


def _persons(reading: Reading) -> list[str]:
    """The names and mail addresses of people on the page; initials alone would hide half of it."""
    blocks = reading.outline.blocks if reading.outline else ()
    found = dict.fromkeys(word for block in blocks for word in persons_in(block.text) if len(word) >= _SHORTEST_NAME)
    return list(found)[:_MOST_PERSONS]


async def _shoot(tab: Tab[F], marks: list[Mark], width: float, height: float, *, whole: bool) -> tuple[Picture, ...]:
    page: Box = (0.0, 0.0, min(width, 2 * _CLIP[0]), min(height, _WHOLE_HEIGHT))
    inside = [mark for mark in marks if _within(mark.box, page)]
    groups = _groups(marks)
    if whole or len(groups) >= _ONE_IS_CHEAPER:
        pictures = [await _clip(tab, "page" if whole else "finding", page, inside)]
        groups = _groups([mark for mark in marks if mark not in inside])[: _ONE_IS_CHEAPER - 1]
    else:
        pictures = []
    for group in groups:
        pictures.append(await _clip(tab, "finding", _around(group, width, height), group))
    return tuple(pictures)


async def _clip(tab: Tab[F], kind: str, box: Box, marks: list[Mark]) -> Picture:
    return Picture(kind=kind, jpeg=await tab.photograph(box), box=box, marks=tuple(marks))


def _new_marks(reading: Reading, pictured: set[str]) -> list[Mark]:
    """The findings that have a place on the page and are not pictured yet, each once, from the top of the page down."""
    marks: dict[str, Mark] = {}
    for rule in reading.axe.rules if reading.axe else ():
        if rule.outcome not in (AxeOutcome.VIOLATIONS, AxeOutcome.INCOMPLETE):
            continue
        for node in rule.nodes:
            name = fingerprint(f"axe/{rule.id}", redacted_text(node.html))  # as it is stored
            if node.box and name not in pictured and name not in marks and _has_place(node.box):
                marks[name] = Mark(name, node.box)
    return sorted(marks.values(), key=lambda mark: (mark.box[1], mark.box[0]))


def _has_place(box: Box) -> bool:
    left, top, width, height = box
    return width > 0 and height > 0 and left + width > 0 and top + height > 0


def _within(box: Box, page: Box) -> bool:
    return box[0] < page[2] and box[1] < page[3]


def _groups(marks: list[Mark]) -> list[list[Mark]]:
    """Marks that fit into one clip together, from the top of the page down."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and mark.box[1] + mark.box[3] - groups[-1][0].box[1] + 2 * _MARGIN <= _CLIP[1]:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _around(marks: list[Mark], width: float, height: float) -> Box:
    """The part of the page that holds these marks with a margin, no larger than one clip may be."""
    left = max(0.0, min(mark.box[0] for mark in marks) - _MARGIN)
    top = max(0.0, min(mark.box[1] for mark in marks) - _MARGIN)
    right = min(width, max(mark.box[0] + mark.box[2] for mark in marks) + _MARGIN)
    bottom = min(height, max(mark.box[1] + mark.box[3] for mark in marks) + _MARGIN)
    return left, top, max(1.0, min(right - left, _CLIP[0])), max(1.0, min(bottom - top, _CLIP[1]))
