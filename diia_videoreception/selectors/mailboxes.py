"""How the making of official mailboxes goes, for staff: numbers and answers, never addresses."""

from dataclasses import dataclass

from diia_videoreception.models import OfficialMailbox

ERRORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class MailboxCounts:
    """How many citizens wait, how many were given up, and what the mail server said last."""

    waiting: int
    failed: int
    errors: list[str]


def mailbox_counts() -> MailboxCounts:
    """Count the mailboxes that are not there yet."""
    states = OfficialMailbox.State
    missing = OfficialMailbox.objects.exclude(state=states.READY)
    errors = missing.exclude(last_error="").order_by("last_error").values_list("last_error")
    return MailboxCounts(
        waiting=missing.filter(state=states.WAITING).count(),
        failed=missing.filter(state=states.FAILED).count(),
        errors=[error for (error,) in errors.distinct()[:ERRORS_SHOWN]],
    )
