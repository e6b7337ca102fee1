"""What our scripts hand over from a page, as JSON: read so that all of it can be stored."""

import json
from typing import Any

_HALF = "\\ud"  # how JSON.stringify begins half of a character, which scripts can write and no encoding holds


def decoded(text: str) -> Any:
    """The value of a JSON text; each half of a character in it is U+FFFD, the sign for what cannot be read."""
    found = json.loads(text)
    if _HALF not in text:
        return found
    return json.loads(whole(json.dumps(found, ensure_ascii=False)))


def whole(text: str) -> str:
    """A text with U+FFFD for each half of a character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
