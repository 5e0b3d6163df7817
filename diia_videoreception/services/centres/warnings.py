"""Telling people in time that their training or their test ends; the right itself ends without anybody's act."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet

from diia_videoreception.models import CentreAccreditation, CentreMember, Letter
from diia_videoreception.selectors.centres.people import SOON_DAYS
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import letters
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import act, locked

BATCH = 500


def warn_ending(*, now: datetime) -> int:
    """Write to who works in a centre and whose training or test ends within two weeks; of each end once.

    Returns:
        How many were told.
    """
    keys = list(_ending(now).values_list("pk", flat=True)[:BATCH])
    return sum_of_acts(partial(_warn, key, now=now) for key in keys)


def _ending(now: datetime) -> QuerySet[CentreAccreditation]:
    """Return those that end soon and that nothing longer of the same kind takes the place of."""
    longer = CentreAccreditation.objects.filter(
        user=OuterRef("user"), kind=OuterRef("kind"), valid_until__gt=OuterRef("valid_until")
    )
    works = CentreMember.objects.live().filter(user=OuterRef("user"), blocked_at__isnull=True)
    # A day more on both sides than any time zone needs; `_warn` looks at the day of the centre.
    return CentreAccreditation.objects.filter(
        ~Exists(longer),
        Exists(works),
        warned_at__isnull=True,
        valid_until__gte=now.date() - timedelta(days=1),
        valid_until__lte=now.date() + timedelta(days=SOON_DAYS + 1),
    ).order_by("valid_until", "pk")


@act
def _warn(key: int, *, now: datetime) -> int:
    """Look again under the lock: somebody else may have told meanwhile."""
    found = locked(_ending(now).filter(pk=key)).select_related("centre", "user").first()
    if found is None or not 0 <= (found.valid_until - today_in(found.centre, now=now)).days <= (
        SOON_DAYS
    ):
        return 0
    found.warned_at = now
    found.save(update_fields=["warned_at"])
    letters.notify_user(Letter.Kind.CENTRE_RIGHT_ENDS, found.user, now=now, accreditation=found.pk)
    return 1
