"""What our scripts hand over from a page, as JSON: read so that all of it can be stored."""

import json
from typing import Any

import msgspec

_HALF = "\\ud"  # how JSON.stringify begins half of a character, which scripts can write and no encoding holds


def decoded(text: str) -> Any:
    """The value of a JSON text; each half of a character in it is U+FFFD, the sign for what cannot be read."""
    if _HALF not in text:
        return msgspec.json.decode(text)
    return json.loads(whole(json.dumps(json.loads(text), ensure_ascii=False)))


def whole(text: str) -> str:
    """A text with U+FFFD for each half of a character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
