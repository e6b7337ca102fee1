"""What can be wrong with a store, said to a person."""

from rules.model.failure import Failure, FailureKind


class StoreProblemError(Exception):
    """The store cannot be used; the message says why and what to do."""


class StoreBrokenError(StoreProblemError):
    """The machine lets the store down: its disk is full or read-only, its folder is gone, its ledger is damaged."""


class BlobError(StoreBrokenError):
    """A blob that a row names cannot be had; what it was part of counts as not looked at."""

    said = ""

    @property
    def failure(self) -> Failure:
        """How a look ends of which this is a part; says nothing of where the store is."""
        return Failure(FailureKind.DAMAGED, self.said)


class MissingBlobError(BlobError):
    """A row names a blob that the store does not hold."""

    said = "what was stored of it is gone"


class DamagedBlobError(BlobError):
    """A blob's bytes no longer match its name."""

    said = "what was stored of it is damaged"
