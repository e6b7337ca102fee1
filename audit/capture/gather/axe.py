"""axe and the outline from every frame of a page: each frame read in our world, the results put together."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec

from audit.capture.condition import Condition
from audit.capture.engine.contract import BrowserGone, Crashed, F, Tab
from audit.capture.gather.outline import OUTLINE_LIMITS, merge_frames
from audit.capture.gather.page_json import decoded
from rules.model.look import AxeResult
from rules.model.outline import Outline

_FRAME_SECONDS = 8.0
_MOST_FRAMES = 50


@dataclass(frozen=True)
class Reading:
    """What was read from a page's frames; `errors` says of each reader that failed how it failed.

    `parts` are what the outline's script gave in each frame, the page itself first; `unread` frames are missing from them.
    """

    condition: Condition
    parts: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    unread: bool = False
    axe: AxeResult | None = None
    errors: tuple[str, ...] = ()

    @property
    def has_outline(self) -> bool:
        """Whether the page's own outline was read."""
        return bool(self.parts) and self.parts[0]["frame"] == 0

    @cached_property
    def outline(self) -> Outline | None:
        """One outline of the parts, put together when it is first asked for; None where the page's own is not among them."""
        if not self.has_outline:
            return None
        outline = merge_frames(self.parts)
        return msgspec.structs.replace(outline, truncated=True) if self.unread else outline


async def read(tab: Tab[F], frames: list[F], *, wanted: tuple[str, ...]) -> Reading:
    """Read a page whose frames are given, its top frame first.

    A frame that shows no document of its own is passed over; one that cannot be read makes the outline truncated, for
    what it says is missing.

    Raises:
        BrowserGone: the top frame cannot be read.

    """
    top, *others = frames
    inner = [frame for frame in others if frame.loaded]
    apart = bool(others) or tab.axe_apart
    found = [await _read_frame(tab, top, 0, wanted if not apart else _without("axe", wanted))]
    unread: list[F] = inner[_MOST_FRAMES:]
    for frame in inner[:_MOST_FRAMES]:
        try:
            async with asyncio.timeout(_FRAME_SECONDS):
                found.append(
                    await _read_frame(tab, frame, frames.index(frame), _without("axe", _without("condition", wanted)))
                )
        except Crashed:
            raise
        except (BrowserGone, TimeoutError):
            unread.append(frame)
    axe, strangers = found[0].get("axe"), [frame.url for frame in unread]
    errors = [f"{key}: {part[key]}" for part in found for key in part if key.endswith("_error")]
    if "axe" in wanted and apart:
        try:
            axe = await _axe_in_frames(tab, frames, strangers)
        except Crashed:
            raise
        except BrowserGone as error:
            errors.append(f"axe: {error}")
    return Reading(
        condition=msgspec.convert(found[0].get("condition") or {}, Condition),
        parts=tuple(part["outline"] for part in found if part.get("outline")),
        unread=bool(unread),
        axe=msgspec.convert({**axe, "unread_frames": list(dict.fromkeys(strangers))}, AxeResult) if axe else None,
        errors=tuple(errors),
    )


def _without(reader: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name != reader)


async def _read_frame(tab: Tab[F], frame: F, index: int, wanted: tuple[str, ...]) -> dict[str, Any]:
    text = await tab.evaluate(frame, f"loket.read({json.dumps(wanted)}, {json.dumps(OUTLINE_LIMITS)})")
    found: dict[str, Any] = decoded(text)
    if found.get("outline"):
        found["outline"]["frame"] = index
    return found


async def _axe_in_frames(tab: Tab[F], frames: list[F], unread: list[str]) -> dict[str, Any]:
    """Each frame's part, outermost first as axe counts them, then the whole; a part that is missing is axe's `null`."""
    by_id = {frame.id: frame for frame in frames if frame.loaded}
    parts: list[Any] = []
    index: dict[tuple[str, ...], int] = {}

    async def walk(frame: F, context: Any, path: tuple[str, ...]) -> None:
        given = json.dumps(context)
        children = decoded(await tab.evaluate(frame, f"JSON.stringify(loket.axe.frames({given}))"))
        part = decoded(await tab.run_axe(frame, given))
        parts.append(part)
        index[path] = frames.index(frame)
        for child, spec in zip(children, part["frames"], strict=True):
            inner, before = None, len(parts)
            if child["inert"]:
                parts.append(None)
                continue
            try:
                async with asyncio.timeout(_FRAME_SECONDS):
                    inner = await _owned(tab, frame, child["frameSelector"], by_id)
                    await walk(inner, child["frameContext"], (*path, *_flat(spec["selector"])))
            except Crashed:
                raise
            except (BrowserGone, TimeoutError):
                parts[before:] = [None]
                unread.extend([inner.url] if inner else [])

    await walk(frames[0], None, ())
    expression = f"loket.axe.finish({json.dumps(parts)}).then(JSON.stringify)"
    result: dict[str, Any] = decoded(await tab.evaluate(frames[0], expression))
    for rule in result["rules"]:
        for node in rule["nodes"]:
            node["frame"] = index.get(tuple(node["path"]), 0)
    return result


async def _owned(tab: Tab[F], frame: F, selector: Any, by_id: dict[str, F]) -> F:
    """The frame inside the element that axe names.

    Raises:
        BrowserGone: it holds none, or none that we know.

    """
    inner = by_id.get(await tab.frame_in(frame, f"loket.axe.select({json.dumps(selector)})"))
    if inner is None:
        raise BrowserGone("the element holds no document")
    return inner


def _flat(selector: Any) -> tuple[str, ...]:
    parts = [part if isinstance(part, list) else [part] for part in selector]
    return tuple(str(word) for part in parts for word in part)


def with_axe(first: Reading, second: Reading) -> Reading:
    """Two readings of one page as one: all of the first, and axe of the second."""
    return replace(first, axe=second.axe, errors=(*first.errors, *second.errors))
