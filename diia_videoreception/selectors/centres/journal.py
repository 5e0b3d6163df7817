"""What was done in a centre, for its head."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from diia_videoreception.models import CentreMember, JournalRecord


def records_of_centre(head: CentreMember) -> QuerySet[JournalRecord]:
    """Return the records about the centre of this head, newest first; nobody else gets any."""
    found = JournalRecord.objects.filter(
        subject_kind="centre", subject_id=str(head.centre.public_id)
    ).order_by("-moment", "-pk")
    return found if head.is_head else found.none()


def names_of_actors(records: Iterable[JournalRecord]) -> dict[str, str]:
    """Return how the staff are called who did what these records tell, by the id that is recorded; one query."""
    keys = {record.actor_id for record in records if record.actor_kind == JournalRecord.Actor.STAFF}
    users = get_user_model()._default_manager.filter(pk__in=keys)
    return {str(user.pk): user.get_full_name() or user.get_username() for user in users}
