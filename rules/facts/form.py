"""Form: the fields of forms on the page, as far as they matter to whether a person can go on without the internet."""

from collections.abc import Iterator

from rules.facts.passage import Reading
from rules.model.mention import Mention, MentionKind
from rules.model.outline import Shown

_UNTOLD = frozenset({"hidden", "submit", "button", "image", "reset", "search", "password"})


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per form field that a person fills in; attributes hold its kind and whether it must be filled in."""
    for index, block in enumerate(reading.outline.blocks):
        field = block.field
        if field is None or field.kind in _UNTOLD or block.landmark == "search" or block.shown is Shown.NEVER:
            continue
        yield Mention(
            kind=MentionKind.FORM,
            quote=field.label[:300],
            value=field.name,
            deciding=(field.label,) if field.label else (),
            landmark=block.landmark,
            headings=block.headings,
            shown=block.shown,
            block=index,
            selector=block.selector,
            attributes={"kind": field.kind, "required": "yes" if field.required else "no"},
        )
