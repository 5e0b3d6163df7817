"""What staff read in the journal beside the history of applications."""

import uuid

from django.db.models import Q, QuerySet

from diia_videoreception.models import Citizen, JournalAct, JournalRecord
from diia_videoreception.selectors.access import StaffUser, sees_all
from diia_videoreception.selectors.centres.access import operates_portal


def sign_in_cases() -> QuerySet[JournalRecord]:
    """Return the sign-ins that only staff can sort out, newest first; without personal data."""
    return JournalRecord.objects.filter(
        subject_kind="citizen", act=JournalAct.SIGN_IN_CASE
    ).order_by("-moment", "-pk")


def citizen_of_case(user: StaffUser, public_id: uuid.UUID) -> QuerySet[Citizen]:
    """Return the account with this id to who sorts out sign-ins: superusers any, the operator what a case names."""
    found = Citizen.objects.filter(public_id=public_id)
    if sees_all(user):
        return found
    named = Q(subject_id=str(public_id)) | Q(details__others__icontains=str(public_id))
    is_open = operates_portal(user) and sign_in_cases().filter(named).exists()
    return found if is_open else found.none()
