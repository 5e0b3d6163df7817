"""The moment at which tests take place, unless they say another."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday, 23 November 2026, 10:00 in Kyiv."""
