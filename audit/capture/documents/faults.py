"""What the PDF libraries raise on a document that is broken, or made to break them: nearly everything."""

import struct
import zlib

import pikepdf
from pdfminer.psexceptions import PSException

FAULTS = (
    PSException,
    pikepdf.PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # RecursionError is one
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""Told as a part that could not be read; the rest of the document is read on."""
