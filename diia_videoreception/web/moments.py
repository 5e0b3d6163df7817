"""Moments in links and forms."""

from datetime import UTC, datetime


def moment_value(moment: datetime) -> str:
    """Return the moment as links and forms carry it: 2026-12-01T08:30Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") + "Z"
