"""The child process: a PDF on its input, one line of JSON on its output, and nothing else that it could reach or use up.

Run as `python -m audit.capture.documents.pdf_child`. It limits itself before it reads a byte: memory, processor time, no
file longer than nothing, a handful of open files, no process of its own; as root it becomes nobody. It ends with the
process that started it. Nothing in a document is ever carried out: no script, no program, no link.
"""

import ctypes
import io
import logging
import os
import resource
import signal
import sys
from types import FrameType

import msgspec
import pikepdf

from audit.capture.documents.contents import Limits, PdfContents, PdfPage
from audit.capture.documents.faults import FAULTS
from audit.capture.documents.pdf_structure import Structure, mended, read_structure
from audit.capture.documents.pdf_text import TextPages
from audit.machine import NOBODY
from rules.model.document import DocumentFacts
from rules.model.failure import Failure, FailureKind

_OPEN_FILES = 32
_PR_SET_PDEATHSIG = 1


class OutOfTimeError(BaseException):
    """The processor time is used up; raised wherever the reading is, and caught by nothing on the way."""


def main() -> None:
    """Read, tell, end."""
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    confine(limits)
    data = sys.stdin.buffer.read(limits.bytes + 1)
    sys.stdout.buffer.write(msgspec.json.encode(contents_of(data, limits)) + b"\n")


def confine(limits: Limits) -> None:
    """Take from this process what it does not need. There is no way back."""
    logging.disable(logging.CRITICAL)  # pdfminer complains of every fault of every document
    signal.signal(signal.SIGXCPU, _out_of_time)
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds, limits.last_seconds),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if (
        sys.platform == "linux"
    ):  # last: whoever becomes another user is forgotten by the one whose death it was to hear of
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def contents_of(data: bytes, limits: Limits) -> PdfContents:
    """What a PDF holds, as far as time and memory reach."""
    if len(data) > limits.bytes:
        return PdfContents(failure=Failure(FailureKind.TOO_LARGE, f"more than {limits.bytes / 1e6:g} MB"))
    structure = Structure(DocumentFacts())
    pages: list[PdfPage] = []
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            structure = read_structure(pdf, limits)
            texts = TextPages(mended(pdf), structure, limits)
        for groups in texts:
            pages.append(PdfPage(groups, tuple(structure.fields.get(len(pages), ()))))
    except pikepdf.PasswordError:
        return PdfContents(DocumentFacts(locked=True), truncated=True)
    except FAULTS:
        return PdfContents(msgspec.structs.replace(structure.facts, broken=True), tuple(pages), truncated=True)
    except MemoryError:
        return _cut(structure, pages, Failure(FailureKind.TOO_LARGE, "opening it takes more memory than one may use"))
    except OutOfTimeError:
        return _cut(structure, pages, Failure(FailureKind.DEADLINE, "opening it takes longer than one may"))
    whole = structure.whole and texts.whole and len(pages) == structure.facts.pages
    return PdfContents(_with_text(structure, pages), tuple(pages), truncated=not whole)


def _cut(structure: Structure, pages: list[PdfPage], failure: Failure) -> PdfContents:
    """What was read before a limit was reached; a failure when that is nothing."""
    if not any(page.groups for page in pages):
        return PdfContents(structure.facts, truncated=True, failure=failure)
    return PdfContents(structure.facts, tuple(pages), truncated=True)


def _with_text(structure: Structure, pages: list[PdfPage]) -> DocumentFacts:
    said = any(line.text for page in pages for group in page.groups for line in group)
    return msgspec.structs.replace(structure.facts, empty_text=bool(pages) and not said)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)  # the system says it every second; once is enough
    raise OutOfTimeError


if __name__ == "__main__":
    main()
