"""A program that acts for a citizen, and what it could send."""

from datetime import datetime

from django.conf import settings as portal_settings

from diia_videoreception.conf import RATES
from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity
from tests.harness.clock import NOW

API = "/videoreception/api/v1"


def identity(
    number: int = 0, *, level: Level = Level.SUBSTANTIAL, auth_time: datetime = NOW
) -> Identity:
    from integrations.identity.rnokpp import rnokpp_check_digit

    first_nine = f"{284_721_360 + number:09}"
    return Identity(
        provider="portal",
        subject=f"person-{number}",
        identifier_kind=IdentifierKind.RNOKPP,
        identifier=f"{first_nine}{rnokpp_check_digit(first_nine)}",
        last_name="Мельник",
        first_name="Ірина",
        level=level,
        method="bankid",
        auth_time=auth_time,
        email=f"citizen{number}@example.com",
    )


HOSTILE = [
    "0", "-1", "10000000000", "9" * 5000, "1e9", "٣", "NaN", "true", "", "\x00", "a\x00b", "\ud800",
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "2026-02-30",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "00000000-0000-0000-0000-000000000000",
    "'; DROP", "%s", "%(a)s", "../..", "[]", "{}", "x" * 3000, "й" * 1000, "\u202e", "\ufeff",
]  # fmt: skip
"""Values that some reader of numbers, dates, names or texts could stumble over."""


UNLIMITED = {
    **portal_settings.DIIA_VIDEORECEPTION,
    "THROTTLE": dict.fromkeys(RATES, "100000/min"),
}
