"""What staff read in the journal beside the history of applications."""

from django.db.models import QuerySet

from diia_videoreception.models import JournalRecord

SIGN_IN_CASE = "citizen.sign_in_case"
"""The act by which the journal keeps a sign-in that only staff can sort out."""


def sign_in_cases() -> QuerySet[JournalRecord]:
    """The sign-ins that only staff can sort out, newest first; without personal data."""
    return JournalRecord.objects.filter(subject_kind="citizen", act=SIGN_IN_CASE).order_by(
        "-moment", "-pk"
    )
