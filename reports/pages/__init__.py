"""One module per kind of page; each says which pages there are and what they show, and a template lays it out."""

from collections.abc import Iterator

from reports.edition import Edition, Page
from reports.pages import agencies, changes, index, journeys, problems, services


def all_pages(edition: Edition) -> Iterator[Page]:
    """Every page of an edition."""
    for kind in (index, agencies, services, problems, journeys, changes):
        yield from kind.pages(edition)
