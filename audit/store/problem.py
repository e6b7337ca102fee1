"""What can be wrong with a store, said to a person."""


class StoreProblemError(Exception):
    """The store cannot be used; the message says why and what to do."""


class MissingBlobError(StoreProblemError):
    """A row names a blob that the store does not hold."""


class DamagedBlobError(StoreProblemError):
    """A blob's bytes no longer match its name."""
