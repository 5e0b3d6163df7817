"""Self-service workplaces: whether they serve now, who is at them, and what staff see of it.

Staff see a state, never who it is or what was entered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.crypto import constant_time_compare

from diia_videoreception.models import (
    Centre,
    CentreDecision,
    CentreHours,
    CentreMember,
    CentreWorkplace,
    PairedBrowser,
    VisitorSession,
)
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.centres import CentreFunction, Period
from diia_videoreception.rules.kiosk import (
    PRACTICE,
    RATE_WITHIN,
    EndReason,
    PlaceStanding,
    end_reason,
    is_open,
)
from diia_videoreception.selectors.centres.rights import has_function


class PlaceState(StrEnum):
    """What staff see of a place."""

    NOT_PAIRED = "not_paired"
    OUT_OF_ORDER = "out_of_order"
    CLOSED = "closed"
    FREE = "free"
    IN_USE = "in_use"
    NEEDS_HELP = "needs_help"


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place as staff see it.

    Attributes:
        since: when the visitor began, or called; None where nobody is.
        visitor: whose session it is; None where nobody is.
    """

    place: CentreWorkplace
    state: PlaceState
    since: datetime | None = None
    visitor: VisitorSession | None = None


def token_hash(token: str) -> str:
    """Return how what a cookie of a place or of a visitor holds is remembered here."""
    return lookup_hash("kiosk", token)


def hours_of_centre(centre: Centre) -> list[Period]:
    found = CentreHours.objects.filter(centre=centre, workplace=None)
    return [row.period for row in found]


def local_time(centre: Centre, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(centre.time_zone))


def serves(place: CentreWorkplace) -> bool:
    """Return whether a place may serve at all, whatever the hour: it works, and the centre may."""
    return (
        place.kind == CentreWorkplace.Kind.SELF_SERVICE
        and place.state == CentreWorkplace.State.WORKING
        and place.centre.is_active
        and has_function(place.centre, CentreFunction.SELF_SERVICE)
    )


def standing_of(place: CentreWorkplace, *, now: datetime) -> PlaceStanding:
    """Return whether a place, whose centre is there, serves visitors now."""
    if not serves(place):
        return PlaceStanding.OUT_OF_ORDER
    is_now = is_open(hours_of_centre(place.centre), local_time(place.centre, now))
    return PlaceStanding.OPEN if is_now else PlaceStanding.CLOSED


def visitor_with(browser: PairedBrowser, token: str, *, now: datetime) -> VisitorSession | None:
    """Return who is at the place of this browser, if their cookie holds this token."""
    found = VisitorSession.objects.live(now).filter(workplace=browser.workplace_id).first()
    if found is None or not constant_time_compare(found.token_hash, token_hash(token)):
        return None
    found.workplace = browser.workplace
    return found


def just_finished(place: CentreWorkplace, *, now: datetime) -> VisitorSession | None:
    """Return who finished at a place a moment ago and may still stand there; None once the next has begun.

    Who only tried the place out has nothing to rate.
    """
    last = VisitorSession.objects.filter(workplace=place).order_by("-pk").first()
    if last is None or last.end_reason != EndReason.FINISHED or last.ended_at is None:
        return None
    if last.step == PRACTICE:
        return None
    return last if now - last.ended_at <= RATE_WITHIN else None


def places_seen_by(member: CentreMember, *, now: datetime) -> list[ShownPlace]:
    """Return the self-service places of the member's centre and how they stand; three queries for any number."""
    centre = member.centre
    opened = is_open(hours_of_centre(centre), local_time(centre, now))
    return [_shown(place, opened=opened, now=now) for place in _places(member)]


def _places(member: CentreMember) -> QuerySet[CentreWorkplace]:
    decisions = CentreDecision.objects.live().filter(
        centre=OuterRef("centre"), function=CentreFunction.SELF_SERVICE
    )
    visitors = Prefetch(
        "visitor_sessions", queryset=VisitorSession.objects.open(), to_attr="open_visitors"
    )
    return (
        CentreWorkplace.objects.filter(
            centre=member.centre_id, kind=CentreWorkplace.Kind.SELF_SERVICE
        )
        .exclude(state=CentreWorkplace.State.REVOKED)
        .annotate(has_decision=Exists(decisions))
        .select_related("paired_browser", "centre")
        .prefetch_related(visitors)
    )


def _shown(place: CentreWorkplace, *, opened: bool, now: datetime) -> ShownPlace:
    may = place.centre.is_active and place.has_decision  # type: ignore[attr-defined]
    browser = getattr(place, "paired_browser", None)
    open_visitors: Iterable[VisitorSession] = place.open_visitors  # type: ignore[attr-defined]
    visitor = next(
        (
            one
            for one in open_visitors
            if end_reason(seen_at=one.seen_at, ends_at=one.ends_at, now=now) is None
        ),
        None,
    )
    if visitor is not None:
        called = visitor.needs_help_since
        state = PlaceState.NEEDS_HELP if called else PlaceState.IN_USE
        return ShownPlace(place, state, called or visitor.started_at, visitor)
    if not may or place.state != CentreWorkplace.State.WORKING:
        return ShownPlace(place, PlaceState.OUT_OF_ORDER)
    if browser is None or not browser.is_paired:
        return ShownPlace(place, PlaceState.NOT_PAIRED)
    return ShownPlace(place, PlaceState.FREE if opened else PlaceState.CLOSED)


def place_seen_by(member: CentreMember, place: CentreWorkplace, *, now: datetime) -> ShownPlace:
    """Return how one place of the member's centre stands."""
    found = [one for one in places_seen_by(member, now=now) if one.place.pk == place.pk]
    return found[0] if found else ShownPlace(place, PlaceState.OUT_OF_ORDER)
