"""Letters from the outbox to the mail server, official mailboxes, calendars and the texts of letters.

Others call what is named here, `resending`, `previews` and `mailboxes`. Tests: tests/letters, tests/mailboxes.
"""

from diia_videoreception.services.letters.delivery import release
from diia_videoreception.services.letters.queueing import (
    queue,
    queue_address_changed,
    queue_address_code,
    queue_agency_alarm,
    queue_digest,
    queue_means_changed,
    tell_agency,
)

__all__ = [
    "queue",
    "queue_address_changed",
    "queue_address_code",
    "queue_agency_alarm",
    "queue_digest",
    "queue_means_changed",
    "release",
    "tell_agency",
]
