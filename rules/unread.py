"""Why pages do not prove that something is absent: only what was read to its end can."""

from collections.abc import Sequence

from rules.model.view import PageView


def why_unread(pages: Sequence[PageView], none: str = "") -> tuple[str, str]:
    """A failure's kind, or a reason, and the address of the page; empty when all were read. `none` when there is no page."""
    if not pages:
        return none, ""
    for page in pages:
        if not page.read:
            return (page.failure.kind.value if page.failure is not None else "partial"), page.url
    return "", ""


def why_site_unread(contact: Sequence[PageView], home: Sequence[PageView]) -> tuple[str, str]:
    """The same for the pages that speak for a whole site.

    Where the home page could not be read, that no contact page was found says nothing of its own.
    """
    of_contact, of_home = why_unread(contact, "no_contact_page"), why_unread(home, "no_home_page")
    first, second = (of_contact, of_home) if contact or not home else (of_home, of_contact)
    return first if first[0] else second
