"""The one form in which the tables keep times."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Now in UTC, ISO 8601 to the microsecond with a Z; later times sort later."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """An aware time in that form."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
