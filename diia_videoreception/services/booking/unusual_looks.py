"""Telling the heads of an agency that somebody has opened unusually many of its cases, and their answer."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import LooksReviewed, NotFound
from diia_videoreception.models import Agency, AgencyModerator, JournalAct, Letter, UnusualLooks
from diia_videoreception.models.unusual_looks import MAX_WORDS
from diia_videoreception.selectors.accounts.unusual_looks import (
    UnusualFinding,
    agency_of,
    unusual_looks_seen_by,
    unusual_now,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import act, insert_new, locked


def alarm_heads(*, now: datetime) -> int:
    """Write down who has opened unusually many cases of an agency, and tell its heads, once a day.

    Returns:
        How many such rows are new.
    """
    return sum_of_acts(partial(_alarm, one, now=now) for one in unusual_now(now=now))


@act
def _alarm(finding: UnusualFinding, *, now: datetime) -> int:
    agency = agency_of(finding)
    if agency is None:
        return 0
    found = UnusualLooks(
        agency=agency,
        staff_id=finding.staff_id,
        day=now.astimezone(ZoneInfo(agency.time_zone)).date(),
        found_at=now,
        why=[what.value for what in finding.why],
        hour=finding.counts.hour,
        cases=finding.counts.day,
        outside=finding.counts.outside,
        usual=finding.usual,
    )
    if not insert_new(found):
        return 0
    details: dict[str, object] = {"user": finding.staff_id, "why": found.why}
    journal.record(JournalAct.FLAG_LOOKS, subject=agency, now=now, details=details)
    for user in _told(agency, finding.staff_id):
        letters.notify_user(Letter.Kind.UNUSUAL_LOOKS, user, now=now, found=str(found.public_id))
    return 1


def _told(agency: Agency, staff_id: str) -> list[Any]:
    """Return the heads of an agency; superusers where nobody else heads it than whom it is about."""
    heads = AgencyModerator.objects.filter(agency=agency, is_head=True, user__is_active=True)
    users: list[Any] = [right.user for right in heads.select_related("user").order_by("pk")]
    if not users or [str(user.pk) for user in users] == [staff_id]:
        superusers = get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
        users = list(superusers.order_by("pk"))
    return [user for user in users if str(user.pk) != staff_id]


@act
def review(*, staff: AbstractBaseUser, public_id: uuid.UUID, words: str, now: datetime) -> None:
    """Write what a head has found out about unusual looks; once, in their own words.

    Raises:
        NotFound: it is not of an agency that they head, or is about themselves.
        Incomplete: there are no words, or too many.
        LooksReviewed: somebody was faster.
    """
    visible = unusual_looks_seen_by(staff).values("pk")
    found = locked(UnusualLooks.objects.filter(pk__in=visible, public_id=public_id)).first()
    if found is None:
        raise NotFound
    text = typed_text(
        words, name="words", most=MAX_WORDS, missing=_("Write what you have found out.")
    )
    if found.reviewed_at is not None:
        raise LooksReviewed
    found.reviewed_at, found.words = now, text
    found.reviewed_by_id = staff.pk
    found.save(update_fields=["reviewed_at", "words", "reviewed_by"])
    journal.record(
        JournalAct.REVIEW_LOOKS,
        subject=found.agency,
        staff_id=staff.pk,
        now=now,
        details={"user": found.staff_id, "day": found.day.isoformat()},
    )
