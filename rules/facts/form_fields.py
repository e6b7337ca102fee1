"""The forms of a page: fields that belong together, with the buttons behind them, as far as an outline tells."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.model.outline import Block, Field, Outline, Shown

_AROUND = frozenset({"banner", "navigation", "contentinfo", "search"})
_NOT_FILLED = frozenset({"hidden", "submit", "button", "image", "reset", "search"})
_TYPED = frozenset({"text", "email", "tel", "textarea", "textbox", "number", "date", "url"})
_BUTTONS_FAR = 4  # blocks between the last field and the buttons of its form


@dataclass(slots=True)
class Form:
    """Fields up to the next button that is not among them; `first` and `last` are indexes of blocks of the outline."""

    fields: list[tuple[int, Field]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The index of the first field's block."""
        return self.fields[0][0]

    @property
    def last(self) -> int:
        """The index of the last field's block."""
        return self.fields[-1][0]

    @property
    def typed(self) -> list[tuple[int, Field]]:
        """The fields that words are typed into."""
        return [(index, field) for index, field in self.fields if field.kind in _TYPED]

    @property
    def logs_in(self) -> bool:
        """Whether the form asks for a password that somebody already has; one that is chosen here opens an account."""
        passwords = [field for _, field in self.fields if field.kind == "password"]
        return len(passwords) == 1 and passwords[0].autocomplete != "new-password"


def forms(outline: Outline) -> Iterator[Form]:
    """The forms in the content of the page, in document order; what nobody can ever see (a trap for programs) is left out."""
    form = Form()
    for index, block in enumerate(outline.blocks):
        asked = block.field
        if asked is not None:
            if asked.kind in _NOT_FILLED or block.landmark in _AROUND or block.shown is Shown.NEVER:
                continue
            if form.fields and (form.buttons or block.frame != form.blocks[-1].frame):
                yield form
                form = Form()
            form.fields.append((index, asked))
            form.blocks.append(block)
        elif form.fields and _is_button(block) and index - form.last <= _BUTTONS_FAR:
            form.buttons.append(block.text)
    if form.fields:
        yield form


def _is_button(block: Block) -> bool:
    return block.tag == "button" or block.role == "button"
