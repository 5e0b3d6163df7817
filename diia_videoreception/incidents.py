"""Errors that nobody foresaw: a number for the person, under which the log tells the engineer what failed."""

import logging

from integrations.common.failures import traceback_without_message
from integrations.common.readable_codes import readable_code

logger = logging.getLogger(__name__)


def report(error: BaseException | None) -> str:
    """Log an unexpected error without personal data and give its number, like «7F3A-94BC»."""
    number = f"{readable_code(4)}-{readable_code(4)}"
    words = traceback_without_message(error) if isinstance(error, Exception) else "unknown"
    logger.error("Unexpected error %s: %s", number, words)
    return number
