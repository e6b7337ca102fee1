"""One module per channel or fact: what a page says, without judging it.

A module with a function `find(reading)` is a finder: a new fact is a new file, and nothing is edited for it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from rules.facts.attachment import attached
from rules.facts.country import countries_of
from rules.facts.language import page_language
from rules.facts.passage import Reading, read
from rules.model.mention import Mention, PageFacts
from rules.model.outline import Outline

__all__ = ["read_facts"]

Finder = Callable[[Reading], Iterator[Mention]]


def read_facts(outline: Outline, *, country: str = "", lang: str = "", body: str = "") -> PageFacts:
    """What the page says about its channels, in document order; the language is read from the text unless it is given.

    `body` is the name of the body whose site it is, where known: its own lines are not another body's.
    """
    page = lang or page_language(outline)
    reading = read(outline, countries_of(outline, country, page), page, body)
    mentions = [mention for find in _finders() for mention in find(reading)]
    mentions.sort(key=lambda mention: mention.block)
    if outline.medium == "pdf":
        mentions = [msgspec.structs.replace(mention, source="pdf") for mention in mentions]
    return PageFacts(url=outline.url, lang=page, mentions=tuple(attached(reading, mentions)))


@cache
def _finders() -> tuple[Finder, ...]:
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        finder = getattr(importlib.import_module(f"{__name__}.{module.name}"), "find", None)
        if callable(finder):
            found.append(finder)
    return tuple(found)
