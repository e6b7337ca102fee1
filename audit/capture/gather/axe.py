"""axe and the outline from every frame of a page: each frame read in our world, the results put together."""

import asyncio
import json
from typing import Any

import msgspec

from audit.capture.condition import Condition
from audit.capture.engine.tab import BrowserGone, Crashed, Frame, Tab
from audit.capture.gather.outline import OUTLINE_LIMITS, merge_frames
from rules.model.look import AxeResult
from rules.model.outline import Outline
from rules.model.record import Record

_FRAME_SECONDS = 8.0


class Reading(Record, frozen=True):
    """What was read from a page's frames; `errors` says of each reader that failed how it failed."""

    condition: Condition
    outline: Outline | None = None
    axe: AxeResult | None = None
    errors: tuple[str, ...] = ()


async def read(tab: Tab, frames: list[Frame], *, wanted: tuple[str, ...]) -> Reading:
    """Read a page whose frames are given, its top frame first.

    Raises:
        BrowserGone: the top frame cannot be read.

    """
    alone = len(frames) == 1
    found, errors = [], []
    unread: list[str] = []
    for frame in frames:
        here = tuple(
            reader for reader in wanted if (reader != "axe" or alone) and (reader != "condition" or frame is frames[0])
        )
        try:
            async with asyncio.timeout(None if frame is frames[0] else _FRAME_SECONDS):
                text = await tab.evaluate(frame, f"loket.read({json.dumps(here)}, {json.dumps(OUTLINE_LIMITS)})")
        except Crashed:
            raise
        except (BrowserGone, TimeoutError):
            if frame is frames[0]:
                raise
            unread.append(frame.url)
            continue
        found.append(json.loads(text))
        if found[-1].get("outline"):
            found[-1]["outline"]["frame"] = frames.index(frame)
        errors += [
            f"{key.removesuffix('_error')}: {value}" for key, value in found[-1].items() if key.endswith("_error")
        ]
    axe = found[0].get("axe")
    if "axe" in wanted and not alone:
        try:
            axe = await _axe_in_frames(tab, frames, unread)
        except Crashed:
            raise
        except BrowserGone as error:
            errors.append(f"axe: {error}")
    outlines = [part["outline"] for part in found if part.get("outline")]
    return Reading(
        condition=msgspec.convert(found[0].get("condition") or {}, Condition),
        outline=merge_frames(outlines) if found[0].get("outline") else None,
        axe=msgspec.convert({**axe, "unread_frames": [url for url in unread if url]}, AxeResult) if axe else None,
        errors=tuple(errors),
    )


async def _axe_in_frames(tab: Tab, frames: list[Frame], unread: list[str]) -> dict[str, Any]:
    """Each frame's part, outermost first as axe counts them, then the whole; a part that is missing is axe's `null`."""
    by_id = {frame.id: frame for frame in frames}
    parts: list[Any] = []
    index: dict[tuple[str, ...], int] = {}

    async def walk(frame: Frame, context: Any, path: tuple[str, ...]) -> None:
        given = json.dumps(context)
        children = json.loads(await tab.evaluate(frame, f"JSON.stringify(loket.axe.frames({given}))"))
        part = json.loads(await tab.evaluate(frame, f"loket.axe.partial({given}).then(JSON.stringify)"))
        parts.append(part)
        index[path] = frames.index(frame)
        for child, spec in zip(children, part["frames"], strict=True):
            inner = None
            try:
                async with asyncio.timeout(_FRAME_SECONDS):
                    inner = await _owned(tab, frame, child["frameSelector"], by_id)
                    await walk(inner, child["frameContext"], (*path, *_flat(spec["selector"])))
            except Crashed:
                raise
            except (BrowserGone, TimeoutError):
                parts.append(None)
                unread.append(inner.url if inner else "")

    await walk(frames[0], None, ())
    expression = f"loket.axe.finish({json.dumps(parts)}).then(JSON.stringify)"
    result: dict[str, Any] = json.loads(await tab.evaluate(frames[0], expression))
    for rule in result["rules"]:
        for node in rule["nodes"]:
            node["frame"] = index.get(tuple(node["path"]), 0)
    return result


async def _owned(tab: Tab, frame: Frame, selector: Any, by_id: dict[str, Frame]) -> Frame:
    """The frame inside the element that axe names.

    Raises:
        BrowserGone: it holds none, or none that we know.

    """
    handle = await tab.evaluate(frame, f"loket.axe.select({json.dumps(selector)})", by_value=False)
    described = await tab.call("DOM.describeNode", {"objectId": handle}, frame.wire) if handle else {"node": {}}
    inner = by_id.get(described["node"].get("frameId", ""))
    if inner is None:
        raise BrowserGone("the element holds no document")
    return inner


def _flat(selector: Any) -> tuple[str, ...]:
    parts = [part if isinstance(part, list) else [part] for part in selector]
    return tuple(str(word) for part in parts for word in part)


def with_axe(first: Reading, second: Reading) -> Reading:
    """Two readings of one page as one: all of the first, and axe of the second."""
    return Reading(first.condition, first.outline, second.axe, (*first.errors, *second.errors))
