"""The ground form of everything that flows through Loket: frozen, typed, and written as JSON without loss."""

import msgspec


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=False, gc=False):
    """A frozen value; equal content is the same value.

    Unknown fields are passed over when reading, so that artifacts written by a newer Loket can still be judged. Python's
    search for cycles passes over records: they are most of what a run makes, and nothing frozen can hold itself.
    """
