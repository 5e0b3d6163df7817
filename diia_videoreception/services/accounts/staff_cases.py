"""Telling staff of sign-ins that only they can sort out (identity rule C.9)."""

from datetime import datetime, timedelta

from diia_videoreception.models import JournalAct
from diia_videoreception.selectors.journal import sign_in_cases
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.matching import StaffCase
from diia_videoreception.services.transactions import act
from integrations.identity.base import Identity

NOTIFY_EVERY = timedelta(hours=1)
"""A program that tries again every second is one case."""


@act
def notify_staff(case: StaffCase, identity: Identity, *, now: datetime) -> None:
    """Write the case down, outside the refused act, whose writes are gone; once an hour."""
    first, *others = case.citizens
    details: dict[str, object] = {
        "reason": case.reason.value,
        "provider": identity.provider,
        "method": identity.method,
        "others": [str(other.public_id) for other in others],
    }
    recent = sign_in_cases().filter(
        subject_id=str(first.public_id), details=details, moment__gt=now - NOTIFY_EVERY
    )
    if not recent.exists():
        journal.record(JournalAct.SIGN_IN_CASE, subject=first, now=now, details=details)
