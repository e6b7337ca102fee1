"""The outline of a page as a browser shows it: a script hands over each frame's tree, `rules.outline` cuts it up."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rules.model.outline import Outline
from rules.outline import assemble
from rules.outline_runs import Hole
from rules.outline_source import MAX_SCRIPT_LENGTH, MAX_SCRIPTS, Source
from rules.outline_tree import ATTRIBUTES, BUTTON_INPUTS, CARRIERS, LEAVES, SKIPPED, VALUE_NAMES, Node, Tree
from rules.outline_walk import BLOCK_TAGS, Limits

OUTLINE_LIMITS: dict[str, int] = {
    "nodes": Limits().nodes,
    "characters": 2 * Limits().characters,  # white space between elements counts here, and not in the outline
    "attribute": 4_000,
    "frames": 100,
    "scripts": MAX_SCRIPTS,
    "script": MAX_SCRIPT_LENGTH,
}
"""What the script reads at most of one frame; any of them may be given to it as `limits`."""

_BOXED = BLOCK_TAGS | {"img", "svg", "input", "select", "textarea", "iframe", "frame"}
_UNSTYLED = ("area", "br", "wbr", *sorted(CARRIERS))  # a browser hides `area` and carriers; none shows anything itself
_ELEMENT_PARTS = 8


def _script() -> str:
    settings = {
        "limits": OUTLINE_LIMITS,
        "skipped": sorted(SKIPPED),
        "carriers": sorted(CARRIERS),
        "value_names": sorted(VALUE_NAMES),
        "leaves": sorted(LEAVES),
        "attributes": sorted(ATTRIBUTES - {"srcdoc"}),  # what stands in a srcdoc is a frame, and read as one
        "boxed": sorted(_BOXED),
        "buttons": sorted(BUTTON_INPUTS),
        "unstyled": _UNSTYLED,
    }
    source = Path(__file__).with_suffix(".js").read_text("utf-8")
    return source[source.index("(limits) =>") :].rstrip().replace("__SETTINGS__", json.dumps(settings))


OUTLINE_SCRIPT: str = _script()
"""A function expression `(limits) => object`, to be called in our own world of one frame; what it gives is plain JSON."""


def merge_frames(frames: Sequence[Mapping[str, Any]]) -> Outline:
    """One outline from what the script gave in each frame, the page itself first.

    A frame stands where its element stands in its parent, and inherits that place; the script says which by `path`. A
    frame whose element is not found stands at the end of the page. Boxes are in the coordinates of their own frame.
    `frame`, where the caller sets it, is the frame's index in the outline; else its place in `frames`.
    """
    sources = [_source(frame) for frame in frames]
    indexes = [int(frame.get("frame", position)) for position, frame in enumerate(frames)]
    by_path = {tuple(frame.get("path", ())): source for frame, source in zip(frames, sources, strict=True)}
    urls = [""] * (max(indexes) + 1)
    standing: dict[Node, tuple[int, Source]] = {}
    for frame, source, index in zip(frames, sources, indexes, strict=True):
        urls[index] = source.url
        if source is not sources[0]:
            element = _element_of(by_path, tuple(frame.get("path", ()))) or _at_the_end(sources[0])
            standing.setdefault(element, (index, source))

    def enter(hole: Hole, _parent: Source) -> tuple[int, Source] | None:
        return standing.pop(hole.node, None)

    return assemble(sources[0], enter, urls, Limits(), rendered=True)


def _element_of(by_path: Mapping[tuple[int, ...], Source], path: tuple[int, ...]) -> Node | None:
    parent = by_path.get(path[:-1]) if path else None
    if parent is None:
        return None
    name = str(path[-1])
    return next((node for node in parent.tree.nodes if node.attributes.get("frame") == name), None)


def _at_the_end(page: Source) -> Node:
    root = page.tree.root
    element = Node("iframe", root, 1, {})
    root.children.append(element)
    return element


def _source(frame: Mapping[str, Any]) -> Source:
    return Source(
        url=frame["url"],
        tree=_tree(frame["items"]),
        title=frame.get("title", ""),
        canonical=frame.get("canonical", ""),
        base=frame.get("base", ""),
        structured=tuple(frame.get("structured", ())),
        truncated=bool(frame.get("truncated", False)),
    )


def _tree(items: Sequence[Sequence[Any]]) -> Tree:
    """The tree from the script's list: `[above, text]` or `[above, tag, nth, attributes, hiding, box, scope, parent + 1]`.

    `above` is what the item stands in when shadow trees are flattened; `parent` is given for what is assigned to a slot.
    Zeros at the end are left out.
    """
    made: list[Node | None] = []
    for item in items:
        above = made[item[0]] if item[0] >= 0 else None
        if len(item) == 2:  # noqa: PLR2004 - text: see above
            made.append(None)
            if above is not None:
                above.children.append(item[1])
            continue
        parts: list[Any] = [*item, *[0] * (_ELEMENT_PARTS - len(item))]
        _, tag, nth, attributes, hiding, box, scope, parent = parts
        node = Node(tag, made[parent - 1] if parent else above, nth, attributes or {}, scope)
        node.hiding = hiding
        node.box = (box[0], box[1], box[2], box[3]) if box else None
        if above is not None:
            above.children.append(node)
        made.append(node)
    nodes = [node for node in made if node is not None]
    return Tree(nodes[0] if nodes else Node("html", None, 1, {}), nodes)
