"""What a document is made of, beside what it says: whether it can be filled in, signed, and read by who cannot see it."""

from rules.model.record import Record


class DocumentFacts(Record, frozen=True):
    """One PDF. Luxembourg's simplA11yPDFCrawler looks at the same things, and the names are near to its columns.

    `form` says that it has fields to fill in, `xfa` that only a few programs can show them. `empty_text` says that no text
    was found: as a rule the pages were scanned. `tagged` says that its structure is marked for screen readers, `protected`
    that its text is closed to them, `locked` that it opens with a password only, `broken` that it does not open at all.
    Source of the names: https://github.com/accessibility-luxembourg/simplA11yPDFCrawler
    """

    pages: int = 0
    title: str = ""
    display_title: bool = False
    lang: str = ""
    tagged: bool = False
    bookmarks: bool = False
    form: bool = False
    xfa: bool = False
    signature_field: bool = False
    empty_text: bool = False
    protected: bool = False
    locked: bool = False
    broken: bool = False
    creator: str = ""
    producer: str = ""
