"""Tells a page that says something from a login form that stands in its place."""

from rules.model.outline import Block, Outline, Shown

_AROUND = frozenset({"banner", "navigation", "contentinfo", "search"})
_MOST_FIELDS = 4  # name, password, "remember me", a code
_MOST_WORDS = 60


def is_only_login(outline: Outline) -> bool:
    """Whether the page's content asks for a password and says next to nothing beside it.

    The reading is strict, because a page that is called a login is not judged: few fields, one of them for a password, and
    fewer words than any description of a service needs.
    """
    content = [block for block in outline.blocks if block.landmark not in _AROUND and block.shown is Shown.NOW]
    fields = [block.field for block in content if block.field is not None]
    return (
        any(field.kind == "password" for field in fields)
        and len(fields) <= _MOST_FIELDS
        and sum(len(_text(block).split()) for block in content) <= _MOST_WORDS
    )


def _text(block: Block) -> str:
    return "" if block.field is not None else block.text
