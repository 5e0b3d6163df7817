"""What was done in a centre, for its head."""

from django.db.models import QuerySet

from diia_videoreception.models import CentreMember, JournalRecord


def records_of_centre(head: CentreMember) -> QuerySet[JournalRecord]:
    """Return the records about the centre of this head, newest first; nobody else gets any."""
    found = JournalRecord.objects.filter(
        subject_kind="centre", subject_id=str(head.centre.public_id)
    ).order_by("-moment", "-pk")
    return found if head.is_head else found.none()
