"""How the writing of an application stands to the time it is for: held, lost, or filed already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import LimitReached
from diia_videoreception.models import Application, Citizen, HoldUse
from diia_videoreception.selectors.booking.applications import applications_of, draft_of
from diia_videoreception.selectors.booking.availability import is_free
from diia_videoreception.selectors.booking.holds import last_hold_use
from diia_videoreception.services.booking.holds import can_reserve_again, limit_on_reserving_again

JUST_NOW = timedelta(minutes=30)
"""How long going back after filing shows that it is filed, rather than an empty form."""


def expired_use(citizen: Citizen, *, now: datetime) -> HoldUse | None:
    """Return the person's last hold, if it ran out and what was written for it is still kept."""
    use = last_hold_use(citizen)
    if use is None or use.outcome != HoldUse.Outcome.LIVE or use.expires_at > now:
        return None
    forgotten = use.expires_at + timedelta(hours=app_settings.draft_hours)
    return use if now < min(forgotten, use.start) else None


@dataclass(frozen=True, slots=True)
class SecondChance:
    """Whether a lost time can be had again; `limit` is what forbids it although it is free."""

    is_free: bool
    is_given: bool
    limit: LimitReached | None = None


def second_chance(use: HoldUse, *, now: datetime) -> SecondChance:
    if not is_free(use.official, start=use.start, now=now):
        return SecondChance(is_free=False, is_given=False)
    if can_reserve_again(use, now=now):
        return SecondChance(is_free=True, is_given=True)
    return SecondChance(True, False, limit_on_reserving_again(use, now=now))


def just_filed(citizen: Citizen, *, now: datetime) -> Application | None:
    """Return the application that a person who goes back has just filed; None once a new draft exists."""
    if draft_of(citizen) is not None:
        return None
    return applications_of(citizen).filter(submitted_at__gt=now - JUST_NOW).first()
