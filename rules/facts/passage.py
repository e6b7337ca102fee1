"""A page made ready for reading: each block with its language, its phrases, its sentences, and what stands around it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rules.facts.kept import kept
from rules.facts.language import page_language
from rules.facts.opening_hours import Hours, opening_hours, spans_in, weekdays_in
from rules.facts.wording import Sentence, Wording, wording
from rules.lexicon.phrase import fold
from rules.model.mention import Mention, MentionKind, Polarity, Purpose
from rules.model.outline import Block, Outline, Shown

__all__ = ["HEADING_TAGS", "Passage", "Reading", "Sentence", "read"]

_QUOTE = 300
_NAME = 3  # up to so many words are a name, not a statement
_HEADER_NAME = 6
_LINK_NAME = 4  # and a link's name is often a verb with its object
_DAYS = 30  # a block of at most this length before the hours can hold their days
_LABEL = 60  # a block or heading of at most this length can be the label of what follows
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Passage:
    """One block of a page, with what is needed to understand it: what its text says by itself, and what stands before it."""

    def __init__(self, index: int, block: Block, said: Wording, before: "Passage | None" = None) -> None:
        self.index = index
        self.block = block
        self.before = before
        self.said = said
        self.lang = said.lang
        self.words = said.words
        self.text = said.text
        self.folded = said.folded
        self.hits = said.hits
        self.groups = said.groups

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The block's sentences; a line break ends one."""
        return self.said.sentences

    @property
    def hours(self) -> Hours | None:
        """The opening hours that the block gives."""
        return self.said.hours

    @kept
    def hours_with_days(self) -> Hours | None:
        """The block's hours with days that stand before it: in a header cell, or in a short block of their own."""
        if not self.said.has_digit or self.hours is not None:
            return self.hours
        days = self._days_before()
        if not (self.said.has_span or spans_in(days + self.folded, self.words, len(days))):
            return None
        return None if weekdays_in(self.folded, self.words) else opening_hours(days + self.folded, self.words)

    def _days_before(self) -> str:
        """What can hold the days of this block's hours, and the space behind it."""
        headers = [fold(label) for label in self.block.table_headers]
        days = [label for label in headers if weekdays_in(label, self.words)]
        if not days and self.before is not None and len(self.before.text) <= _DAYS:
            days = [self.before.folded]
        return "".join(f"{label} " for label in days)

    @kept
    def label_groups(self) -> frozenset[str]:
        """What stands as a label over the block: its last two headings, its table headers, a short block just before."""
        labels = [*self.block.headings[-2:], *self.block.table_headers]
        found = list(filter(None, map(self.words.groups_in, labels)))
        before = self.before
        if before is not None and before.is_label_for(self):
            found.append(before.groups if before.lang == self.lang else self.words.groups_in(before.text))
        return frozenset().union(*found)

    @kept
    def heading_groups(self) -> frozenset[str]:
        """The groups of the nearest heading."""
        headings = self.block.headings
        return self.words.groups_in(headings[-1]) if headings else frozenset()

    def is_label_for(self, following: "Passage") -> bool:
        """Whether this block can be the label of the one that follows: short, and in the same section."""
        return (
            len(self.text) <= _LABEL
            and bool(self.text)
            and (self.block.headings == following.block.headings or self.block.tag in HEADING_TAGS)
            and self.block.landmark == following.block.landmark
        )

    @kept
    def bare_label(self) -> bool:
        """Whether the block is no more than the name of something that stands elsewhere: a link, a heading, a menu item."""
        words = len(self.text.split())
        linked = bool(self.block.links) and sum(len(link.text) for link in self.block.links) >= len(self.text) - 3
        if linked and all(len(link.text.split()) <= _LINK_NAME for link in self.block.links):
            return True
        if words > (_HEADER_NAME if self.block.tag in {"th", "dt"} else _NAME):
            return False
        return (
            self.block.tag in HEADING_TAGS
            or self.block.role in {"button", "heading", "link", "menuitem", "tab"}
            or self.block.tag in {"button", "summary", "label", "legend", "option", "img", "th", "dt"}
            or self.block.landmark == "navigation"
        )

    def mention(
        self,
        kind: MentionKind,
        start: int,
        end: int,
        *,
        value: str = "",
        deciding: Iterable[str] = (),
        polarity: Polarity = Polarity.AFFIRMED,
        purpose: Purpose = Purpose.PUBLIC,
        owner: str = "",
        source: str = "text",
        attributes: dict[str, str] | None = None,
    ) -> Mention:
        """A mention that stands in this block; the quote is the sentence around `start`."""
        return Mention(
            kind=kind,
            quote=self.quote(start, end),
            value=value,
            deciding=tuple(dict.fromkeys(deciding)) or (self.text[start:end],),
            polarity=polarity,
            purpose=purpose,
            owner=owner,
            source=source,
            lang=self.lang,
            landmark=self.block.landmark,
            headings=self.block.headings,
            shown=self.block.shown,
            block=self.index,
            selector=self.block.selector,
            attributes=attributes or {},
        )

    def quote(self, start: int, end: int) -> str:
        """The sentences that hold this part of the text, at most 300 characters around it."""
        held = [sentence for sentence in self.sentences if sentence.start < end and start < sentence.end]
        left, right = (held[0].start, held[-1].end) if held else (start, end)
        if right - left > _QUOTE:
            left = max(left, start - (_QUOTE - min(end - start, _QUOTE)) // 2)
            right = min(right, left + _QUOTE)
        return " ".join(self.text[left:right].split())


@dataclass(frozen=True)
class Reading:
    """A page as the finders read it: its passages that are in a language of ours, and the countries whose numbers it may hold."""

    outline: Outline
    lang: str
    countries: tuple[str, ...]
    passages: tuple[Passage, ...] = field(repr=False)
    body: str = ""  # the name of the body whose site it is, where known

    def after(self, passage: Passage) -> Passage | None:
        """The passage that follows, if any."""
        at = self._places[passage.index] + 1
        return self.passages[at] if at < len(self.passages) else None

    def passage(self, index: int) -> Passage | None:
        """The passage of the block with this index in the outline, if it was read."""
        place = self._places.get(index)
        return self.passages[place] if place is not None else None

    def saying(self, *groups: str) -> Iterator[Passage]:
        """The passages with a phrase of one of these groups, in order; the form fields are left out."""
        places = {place for group in groups for place in self._by_group.get(group, ())}
        return (self.passages[place] for place in sorted(places))

    @property
    def title(self) -> str:
        """What the page calls itself: its first heading, else its title."""
        return self._first_heading or self.outline.title

    def is_own(self, body: str) -> bool:
        """Whether the page is that body's own: its title, its address, its first heading or its site names it."""
        return re.search(rf"\b{re.escape(fold(body).removesuffix('s'))}", self._names) is not None

    @cached_property
    def _first_heading(self) -> str:
        return next((block.text for block in self.outline.blocks if block.tag == "h1"), "")

    @cached_property
    def _names(self) -> str:
        outline = self.outline
        return fold(f"{outline.title} {outline.url} {outline.canonical} {self._first_heading} {self.body}")

    @cached_property
    def _by_group(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, passage in enumerate(self.passages):
            if passage.block.field is None:
                for group in passage.groups:
                    found.setdefault(group, []).append(place)
        return found

    @cached_property
    def _places(self) -> dict[int, int]:
        return {passage.index: place for place, passage in enumerate(self.passages)}


def read(outline: Outline, countries: tuple[str, ...], lang: str = "", body: str = "") -> Reading:
    """The page's passages; what nobody can ever see, what asks for an answer, and other languages are left out."""
    page = lang or page_language(outline)
    passages: list[Passage] = []
    before: Passage | None = None
    for index, block in enumerate(outline.blocks):
        if not block.text or block.shown is Shown.NEVER:
            continue
        said = wording(block.text, page)
        if said is None:
            continue
        before = Passage(index, block, said, before)
        passages.append(before)
    return Reading(outline, page, countries, tuple(passages), body)
