"""Which addresses a crawl asks for first among those that are equally far away: what an audit cannot do without."""

from functools import lru_cache

from rules.model.page import PageRole
from rules.roles import guess_role

_OTHERS = frozenset({PageRole.OTHER, PageRole.DOCUMENT, PageRole.HOME})


@lru_cache(maxsize=8192)
def wanted_first(url: str, anchor: str) -> bool:
    """Whether an address, with the words of a link to it, looks like a page with a function: contact, service, form, help."""
    return guess_role(url, anchors=(anchor,) if anchor else ()) not in _OTHERS
