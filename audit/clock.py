"""The one place that reads the clock; everything else is handed the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment now, in UTC, to the second's fraction."""
    return datetime.now(UTC)  # noqa: TID251 - this module is the exception that the rule speaks of


def stamp(moment: datetime) -> str:
    """A moment as ISO 8601 text in UTC, such as 2026-11-23T02:14:07Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
