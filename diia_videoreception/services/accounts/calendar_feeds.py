"""Making, using and ending the secret addresses that calendars read."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import Forbidden
from diia_videoreception.models import CalendarFeed, JournalAct
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.calendar_feeds import HASH_KIND, audiences_of
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, lock_citizen

SECRET_BYTES = 16
"""128 bits."""
DAY = timedelta(days=1)

Audience = CalendarFeed.Audience


@act
def make_feed(*, actor: SignedIn, now: datetime) -> str:
    """Make the citizen's address; the one before ends.

    Returns:
        The secret, which nobody can read again.
    """
    citizen = actor.citizen
    lock_citizen(citizen)
    CalendarFeed.objects.filter(citizen=citizen).delete()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.create(
        audience=Audience.CITIZEN,
        citizen=citizen,
        secret_hash=lookup_hash(HASH_KIND, secret),
        created_at=now,
        used_at=now,
    )
    journal.record(JournalAct.MAKE_FEED, subject=citizen, citizen=citizen, now=now)
    return secret


@act
def end_feed(*, actor: SignedIn, now: datetime) -> bool:
    """End the citizen's address at once; tells whether there was one."""
    citizen = actor.citizen
    lock_citizen(citizen)
    ended, _rows = CalendarFeed.objects.filter(citizen=citizen).delete()
    if ended:
        journal.record(JournalAct.END_FEED, subject=citizen, citizen=citizen, now=now)
    return bool(ended)


@act
def make_staff_feed(*, user: AbstractBaseUser, audience: Audience, now: datetime) -> str:
    """Make the address of a member of staff for one of their roles; the one before ends.

    Returns:
        As `make_feed`.

    Raises:
        Forbidden: they have no such role, or the agencies of the official allow no addresses.
    """
    if audience not in audiences_of(user):
        raise Forbidden
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        user_id=user.pk,
        audience=audience,
        defaults={
            "secret_hash": lookup_hash(HASH_KIND, secret),
            "created_at": now,
            "used_at": now,
        },
    )
    details: dict[str, object] = {"audience": audience.value}
    journal.record(
        JournalAct.MAKE_STAFF_FEED, subject=user, staff_id=user.pk, now=now, details=details
    )
    return secret


@act
def end_staff_feed(*, user: AbstractBaseUser, audience: Audience, now: datetime) -> bool:
    """End an address at once; tells whether there was one."""
    ended, _rows = CalendarFeed.objects.filter(user_id=user.pk, audience=audience).delete()
    if ended:
        details: dict[str, object] = {"audience": audience.value}
        journal.record(
            JournalAct.END_STAFF_FEED, subject=user, staff_id=user.pk, now=now, details=details
        )
    return bool(ended)


def note_use(feed: CalendarFeed, *, now: datetime) -> None:
    """Remember that a calendar reads it, once a day; a log of access, no change of anything told."""
    CalendarFeed.objects.filter(pk=feed.pk, used_at__lte=now - DAY).update(used_at=now)
