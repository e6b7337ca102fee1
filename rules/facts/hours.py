"""Hours: when a place is open or a line is answered, in the syntax of OpenStreetMap."""

from collections.abc import Iterator

from rules.facts.hours_owner import owner
from rules.facts.passage import Reading
from rules.model.mention import Mention, MentionKind


def find(reading: Reading) -> Iterator[Mention]:
    """Every block that gives weekdays with times; attribute `of` is what they are the hours of, as far as words say."""
    for passage in reading.passages:
        hours = passage.hours_with_days if passage.said.has_digit and passage.block.field is None else None
        if hours is None:
            continue
        end = min(hours.end, len(passage.text))
        yield passage.mention(
            MentionKind.HOURS,
            min(hours.start, end) if passage.hours is not None else 0,
            end if passage.hours is not None else len(passage.text),
            value=hours.value,
            attributes={"of": owner(reading, passage)},
        )
