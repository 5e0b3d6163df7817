"""The right to act on behalf of people, computed whenever it is asked for; it is stored nowhere (B-16)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from diia_videoreception.models import Centre, CentreAccreditation, CentreDecision, CentreMember
from diia_videoreception.rules.centres import (
    ActingFacts,
    ActingObstacle,
    CentreFunction,
    CentreRole,
    obstacles_to_acting,
)
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.accounts.second_factor import has_device, is_verified

Kind = CentreAccreditation.Kind
Accredited = Mapping[tuple[int, str], date]
"""By user and kind, until which day."""


def accredited_until(users: Collection[int]) -> Accredited:
    """Return until when the trainings and tests of these hold, the longest of each; one query."""
    found = CentreAccreditation.objects.filter(user_id__in=users).order_by()
    rows = found.values_list("user_id", "kind").annotate(until=Max("valid_until"))
    return {(user, kind): until for user, kind, until in rows}


def has_function(centre: Centre, function: CentreFunction) -> bool:
    """Return whether a function is on: by a decision that has not ended."""
    return CentreDecision.objects.live().filter(centre=centre, function=function).exists()


def facts_of(
    member: CentreMember,
    *,
    has_decision: bool,
    accredited: Accredited,
    has_second_factor: bool,
    is_proven: bool,
) -> ActingFacts:
    """Return what decides on the right of a member, whose centre is there."""
    return ActingFacts(
        is_member=member.ended_at is None,
        is_centre_active=member.centre.is_active,
        has_decision=has_decision,
        is_blocked=member.is_blocked,
        role=CentreRole(member.role),
        training_until=accredited.get((member.user_id, Kind.TRAINING.value)),
        test_until=accredited.get((member.user_id, Kind.TEST.value)),
        has_second_factor=has_second_factor,
        is_proven=is_proven,
    )


def own_facts(user: StaffUser, member: CentreMember) -> ActingFacts:
    """Return what decides on the right of who asks: the second factor is that of this request.

    It is asked for whatever the portal asks of the role: nobody acts for others by a password.
    """
    return facts_of(
        member,
        has_decision=has_function(member.centre, CentreFunction.INTERMEDIATION),
        accredited=accredited_until([member.user_id]),
        has_second_factor=has_device(user) or is_verified(user),
        is_proven=is_verified(user),
    )


def own_obstacles(user: StaffUser, member: CentreMember, *, now: datetime) -> list[ActingObstacle]:
    """Return why who asks cannot act on behalf of people now; nothing means that they may."""
    return obstacles_to_acting(own_facts(user, member), today=today_in(member.centre, now=now))


def may_act_for_people(member: CentreMember, *, now: datetime) -> bool:
    """Return whether a member has the right to act just now, who gave their second factor a moment ago."""
    facts = facts_of(
        member,
        has_decision=has_function(member.centre, CentreFunction.INTERMEDIATION),
        accredited=accredited_until([member.user_id]),
        has_second_factor=True,
        is_proven=True,
    )
    obstacles = obstacles_to_acting(facts, today=today_in(member.centre, now=now))
    return bool(member.user.is_active) and not obstacles


def today_in(centre: Centre, *, now: datetime) -> date:
    """Return the day by the clock of the centre."""
    return now.astimezone(ZoneInfo(centre.time_zone)).date()
