"""The whole run as one JSON document: everything that any report is made of, but for the pictures."""

from pathlib import Path

import msgspec

from reports.formats import Pictures, ReportFormat
from reports.whole_files import write_file
from rules.model.record import Record
from rules.model.run import RunResult

SCHEMA = 1


class WholeRun(Record, frozen=True):
    """The document: `schema` rises when a field changes its meaning; new fields may come at any time."""

    schema: int
    result: RunResult


def encode(result: RunResult) -> bytes:
    """The document on one line, with keys in the order of the records."""
    return msgspec.json.encode(WholeRun(schema=SCHEMA, result=result)) + b"\n"


def decode(document: bytes) -> RunResult:
    """The run in a document that `encode` wrote.

    Raises:
        ValueError: it is no such document, or of a newer schema.

    """
    whole = msgspec.json.decode(document, type=WholeRun)
    if whole.schema > SCHEMA:
        raise ValueError(f"this report has schema {whole.schema}; this Loket reads up to {SCHEMA}")
    return whole.result


def write(result: RunResult, out: Path, pictures: Pictures) -> Path:
    """Write the document."""
    del pictures  # JSON names them by their SHA-256
    return write_file(out, [encode(result)])


FORMAT = ReportFormat(name="json", suffix=".json", about="the whole run as one document", write=write)
