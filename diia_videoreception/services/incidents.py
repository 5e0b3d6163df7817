"""Errors that nobody foresaw: a number for the person, under which the log tells the engineer what failed."""

import logging
import secrets

from diia_videoreception.services.outbox import for_log

logger = logging.getLogger(__name__)

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that look or sound alike: numbers are told over the phone."""


def report(error: BaseException | None) -> str:
    """Logs an unexpected error without personal data and gives its number, like «7F3A-94BC»."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(8))
    number = f"{signs[:4]}-{signs[4:]}"
    words = for_log(error) if isinstance(error, Exception) else "unknown"
    logger.error("Unexpected error %s: %s", number, words)
    return number
