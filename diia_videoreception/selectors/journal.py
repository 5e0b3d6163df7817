"""What staff read in the journal beside the history of applications."""

from django.db.models import QuerySet

from diia_videoreception.models import JournalAct, JournalRecord


def sign_in_cases() -> QuerySet[JournalRecord]:
    """Return the sign-ins that only staff can sort out, newest first; without personal data."""
    return JournalRecord.objects.filter(
        subject_kind="citizen", act=JournalAct.SIGN_IN_CASE
    ).order_by("-moment", "-pk")
