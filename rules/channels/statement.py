"""A statement: a mention with the page that it stands on, and what the words around it say that it is for."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rules.lexicon import Lexicon, languages, lexicon
from rules.lexicon.phrase import fold
from rules.model.mention import DATA_SOURCES, Mention, Polarity, Purpose
from rules.model.outline import Block, Shown
from rules.model.portfolio import Service
from rules.model.record import Record
from rules.model.view import PageView

SITE_LANDMARKS = frozenset({"banner", "contentinfo", "navigation"})

_FINDS = frozenset({"number", "address", "form"})
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3  # letters of a word that can tell services apart
_LONG = 6  # a word of so many letters is found inside compounds too
_STEM = 0.75  # so much of a word stays the same in its other forms
_ENOUGH = 2 / 3  # of the words of a service's name


Key = tuple[str, int, str, str]


class Statement(Record, frozen=True):
    """A mention and the page that it stands on."""

    mention: Mention
    page: PageView

    @property
    def key(self) -> Key:
        """What tells it from every other statement about the same channel: page, block, quote and value."""
        return self.page.url, self.mention.block, self.mention.quote, self.mention.value

    @property
    def place(self) -> tuple[str, str, tuple[str, ...]]:
        """The section of a page that it stands in: page, landmark, headings."""
        return self.page.url, self.mention.landmark, self.mention.headings

    @property
    def offers(self) -> bool:
        """Whether it is a way in for the public: affirmed, for them, and where they can see it."""
        return (
            self.mention.polarity is Polarity.AFFIRMED
            and self.mention.purpose is Purpose.PUBLIC
            and self.mention.shown is not Shown.NEVER
            and self.mention.source not in DATA_SOURCES
            and "label" not in self.mention.attributes
        )

    @property
    def denies(self) -> bool:
        """Whether it says that the channel is not there. One closed place or line among others denies nothing."""
        return (
            self.mention.polarity is Polarity.DENIED
            and self.mention.purpose is Purpose.PUBLIC
            and "closed" not in self.mention.attributes
        )

    @property
    def finds(self) -> bool:
        """Whether it gives what one needs to go on: a number, an address, a form; hours alone do not."""
        return bool(self.mention.value) or bool(_FINDS & self.mention.attributes.keys())

    @property
    def matter(self) -> str:
        """The one matter that it is for, where it is not for all."""
        return self.mention.attributes.get("for", "")

    @property
    def in_frame(self) -> bool:
        """Whether it stands in the banner, the menu or the footer, which is the site's word and not the page's."""
        return self.mention.landmark in SITE_LANDMARKS


def words_of(lang: str) -> Lexicon:
    """The words of a mention's language; English where a finder of fields named none."""
    return lexicon(lang if lang in languages() else "en")


def section(statement: Statement, *, exact: bool = False) -> list[Block]:
    """The blocks of the statement's section of its page, and of those above it; `exact`: of its own section alone."""
    outline, path, landmark = statement.page.outline, statement.mention.headings, statement.mention.landmark
    if outline is None:
        return []
    return [
        block
        for block in outline.blocks
        if block.landmark == landmark
        and (block.headings == path if exact else block.headings == path[: len(block.headings)])
        and block.text
        and block.shown is not Shown.NEVER
    ]


def serves_everyone(statement: Statement) -> bool:
    """Whether words in the same section of the page, or in one above it, say that this is for all questions."""
    words = words_of(statement.mention.lang)
    return not statement.matter and any(
        hit.group == "contact.serves_all" for block in section(statement) for hit in words.scan_label(block.text)
    )


class Sections:
    """The folded texts of the sections that statements stand in, each section read once."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}

    def texts(self, statement: Statement) -> tuple[str, ...]:
        """The blocks of the statement's own section; none where no heading makes one."""
        place = statement.place
        if place not in self._texts:
            held = section(statement, exact=True) if statement.mention.headings else ()
            self._texts[place] = tuple(fold(block.text) for block in held)
        return self._texts[place]


def words_naming(statement: Statement, service: Service, around: Sequence[str]) -> frozenset[str]:
    """The words of the service's name that stand beside the statement or, in one block, `around` it; empty for too few."""
    stems = _stems(service.name)
    if not stems or (statement.matter and not names_matter(service.name, statement.matter)):
        return frozenset()
    outline, at = statement.page.outline, statement.mention.block
    beside = [statement.mention.quote, *statement.mention.headings[-2:]]
    if outline is not None and 0 <= at < len(outline.blocks):
        beside += [outline.blocks[at].text, *outline.blocks[at].table_headers]
    best = max((_held(text, stems) for text in (fold(" ".join(beside)), *around)), key=len)
    return best if _enough(best, stems) else frozenset()


def names_matter(name: str, matter: str) -> bool:
    """Whether a name holds the words of a matter."""
    stems = _stems(matter)
    return _enough(_held(fold(name), stems), stems)


@lru_cache(maxsize=1024)
def _stems(name: str) -> tuple[str, ...]:
    """What stays the same of the words of a name; words that say no more than that it is a service are left out."""
    idle = frozenset[str]().union(*(lexicon(lang).idle_words for lang in languages()))
    words = dict.fromkeys(_WORD.findall(fold(name)))
    return tuple(
        word[: max(_SHORTEST, round(len(word) * _STEM))]
        for word in words
        if len(word) >= _SHORTEST and word not in idle
    )


def _held(text: str, stems: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem for stem in stems if re.search(stem if len(stem) >= _LONG else rf"\b{stem}", text))


def _enough(held: frozenset[str], stems: tuple[str, ...]) -> bool:
    return bool(stems) and len(held) >= len(stems) * _ENOUGH
