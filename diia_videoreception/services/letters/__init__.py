"""Letters from the outbox to the mail server, official mailboxes, calendars and the texts of letters.

Writes letters and mailboxes, and reads what a letter tells; it decides nothing.
Others call what is named below, and calendars, delivery, digests, evenings, feeds, mailboxes, own_texts, previews, reminders, rendering, resending, text_messages.
Tests: tests/letters, tests/mailboxes.
"""

from diia_videoreception.services.letters.delivery import send_from_cabinet
from diia_videoreception.services.letters.queueing import (
    facts_of_clarification,
    facts_of_closing,
    facts_of_extension,
    facts_of_move,
    facts_of_passing_on,
    facts_of_proposal,
    facts_of_reassignment,
    facts_of_written_answer,
    phone_for_news,
    queue,
    queue_address_changed,
    queue_address_code,
    queue_credential_changed,
    queue_waiting,
    reaches,
)
from diia_videoreception.services.letters.queueing_for_centres import (
    queue_access_refused,
    queue_centre_invitation,
    queue_slip,
    queue_to_phone,
)
from diia_videoreception.services.letters.queueing_for_staff import (
    notify_agency,
    notify_of_case,
    notify_official,
    notify_user,
    queue_agency_alarm,
    queue_digest,
    queue_objection,
    queue_overdue_alarm,
)

__all__ = [
    "facts_of_clarification",
    "facts_of_closing",
    "facts_of_extension",
    "facts_of_move",
    "facts_of_passing_on",
    "facts_of_proposal",
    "facts_of_reassignment",
    "facts_of_written_answer",
    "notify_agency",
    "notify_of_case",
    "notify_official",
    "notify_user",
    "phone_for_news",
    "queue",
    "queue_access_refused",
    "queue_address_changed",
    "queue_address_code",
    "queue_agency_alarm",
    "queue_centre_invitation",
    "queue_credential_changed",
    "queue_digest",
    "queue_objection",
    "queue_overdue_alarm",
    "queue_slip",
    "queue_to_phone",
    "queue_waiting",
    "reaches",
    "send_from_cabinet",
]
