"""Hours: when a place is open or a line is answered, in the syntax of OpenStreetMap."""

from collections.abc import Iterator

from rules.facts.passage import Reading
from rules.model.mention import Mention, MentionKind


def find(reading: Reading) -> Iterator[Mention]:
    """Every block that gives weekdays with times; attribute `of` is what they are the hours of, as far as words say."""
    for passage in reading.passages:
        if passage.block.field is not None:
            continue
        hours = passage.hours
        if hours is None:
            continue
        around = passage.groups | passage.label_groups
        of = "phone" if "hours.phone" in around and "counter.place" not in around else "place"
        if "hours.digital" in around:
            of = "digital"
        yield passage.mention(MentionKind.HOURS, hours.start, hours.end, value=hours.value, attributes={"of": of})
