"""What stands in the calendars that somebody reads by a secret address."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from diia_videoreception.models import Application, CalendarFeed, Citizen
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.transitions import RECEPTION_STATES
from diia_videoreception.selectors.access import (
    agencies_moderated_by,
    applications_visible_to,
    officials_of,
    receptions_of,
)

Audience = CalendarFeed.Audience

SHOWN_AFTER = timedelta(days=30)
"""How long a reception stays in calendars after its start."""
MAX_ENTRIES = 2000
HASH_KIND = "calendar_feed"


def feed_with(secret: str, *, now: datetime) -> CalendarFeed | None:
    """Return the feed of this secret, while it lives."""
    return (
        CalendarFeed.objects.live(now)
        .select_related("citizen", "user")
        .filter(secret_hash=lookup_hash(HASH_KIND, secret))
        .first()
    )


def feed_of_citizen(citizen: Citizen, *, now: datetime) -> CalendarFeed | None:
    """Return the address of a citizen, without its secret; None where there is none."""
    return CalendarFeed.objects.live(now).filter(citizen=citizen).first()


def feeds_of_user(user: AbstractBaseUser, *, now: datetime) -> list[CalendarFeed]:
    """Return the addresses of a member of staff, without their secrets."""
    return list(CalendarFeed.objects.live(now).filter(user_id=user.pk))


def audiences_of(user: AbstractBaseUser) -> list[Audience]:
    """Return as whom this member of staff may have an address now."""
    audiences = []
    if officials_of(user).filter(unit__agency__official_feeds=True).exists():
        audiences.append(Audience.OFFICIAL)
    if agencies_moderated_by(user).exists():
        audiences.append(Audience.MODERATOR)
    return audiences


def receptions_in(feed: CalendarFeed, *, now: datetime) -> list[Application]:
    """Return the appointed receptions that a feed shows, by their times; what was called off is gone.

    Of staff it is asked now what they may see. The second factor is not asked for: there is nothing in it
    but numbers and times.
    """
    rows = _visible(feed).filter(
        state__in=RECEPTION_STATES, start__gt=now - SHOWN_AFTER, reception__isnull=False
    )
    found = rows.select_related(None).select_related("agency", "reception")
    return list(found.order_by("start", "pk")[:MAX_ENTRIES])


def _visible(feed: CalendarFeed) -> QuerySet[Application]:
    if feed.citizen is not None:
        return Application.objects.filter(citizen=feed.citizen)
    if feed.user is None:
        return Application.objects.none()
    if feed.audience == Audience.OFFICIAL:
        return receptions_of(feed.user).filter(agency__official_feeds=True)
    return applications_visible_to(feed.user)
