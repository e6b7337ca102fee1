"""What can be wrong with a store, said to a person."""


class StoreProblemError(Exception):
    """The store cannot be used; the message says why and what to do."""


class DamagedBlobError(StoreProblemError):
    """A blob's bytes no longer match its name."""
