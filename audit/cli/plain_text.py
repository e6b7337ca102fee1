"""Text from strangers on its way to a terminal or a log: it is shown, and cannot act."""

import json
import logging
import re

from rules.redaction import redacted_text

# Controls, soft hyphens, marks of direction and other characters without a shape; new lines stay.
_OBEYED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def printable(text: str) -> str:
    """One line of text without what could move a terminal's cursor, colour it, or turn its words around."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def printable_lines(text: str) -> str:
    """The same for text of several lines, which stay lines."""
    return "\n".join(map(printable, text.splitlines()))


def json_text(document: bytes) -> str:
    """A JSON document, the same to every reader, in which characters that a terminal would obey are written as escapes."""
    return _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], document.decode())


class PlainFormatter(logging.Formatter):
    """A log line: one line whatever a page put into it, without control characters, secrets and persons."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging looks for
        """The line without a traceback, which logging adds."""
        return printable(redacted_text(super().formatMessage(record)))


def log_plainly() -> None:
    """Have warnings and worse printed to standard error, plainly."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter("%(levelname)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
