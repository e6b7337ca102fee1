"""Addresses that lead into an endless maze: links that nest into themselves, parameters without end."""

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

_LONGEST = 2000
_MOST_FOLDERS = 20
_MOST_PARAMETERS = 12
_MOST_REPEATS = 3


def trap(url: str) -> str:
    """Why following this address is likely to have no end; empty when it looks like any other."""
    if len(url) > _LONGEST:
        return f"the address has more than {_LONGEST} characters"
    parts = urlsplit(url)
    folders = [segment for segment in parts.path.split("/") if segment]
    if len(folders) > _MOST_FOLDERS:
        return f"the address is more than {_MOST_FOLDERS} folders deep"
    if _most_common(folders) > _MOST_REPEATS:
        return f"a part of the address is repeated more than {_MOST_REPEATS} times"
    parameters = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if len(parameters) > _MOST_PARAMETERS or _most_common(parameters) > _MOST_REPEATS:
        return "the address has too many parameters"
    return ""


def _most_common(words: list[str]) -> int:
    return max(Counter(words).values(), default=0)
