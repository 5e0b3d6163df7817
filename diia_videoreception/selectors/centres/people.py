"""The people of a centre for its head: who works there, and what keeps whom from acting for others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from diia_videoreception.models import CentreAccreditation, CentreInvitation, CentreMember
from diia_videoreception.rules.centres import (
    ActingFacts,
    ActingObstacle,
    CentreFunction,
    days_of_right,
    obstacles_to_acting,
)
from diia_videoreception.selectors.accounts.second_factor import enrolled_among, is_installed
from diia_videoreception.selectors.centres.rights import (
    accredited_until,
    facts_of,
    has_function,
    today_in,
)

SOON_DAYS = 14
"""How long before the end of a right the head is warned."""


@dataclass(frozen=True, slots=True)
class CentrePerson:
    """One member with what decides on their right.

    Attributes:
        obstacles: why they could not act if they signed in now with their second factor.
        days_left: for how many days after today training and test hold; None where one is missing.
    """

    member: CentreMember
    facts: ActingFacts
    obstacles: list[ActingObstacle]
    days_left: int | None

    @property
    def user(self) -> Any:
        return self.member.user

    @property
    def may_act(self) -> bool:
        return not self.obstacles

    @property
    def ends_soon(self) -> bool:
        return self.may_act and self.days_left is not None and self.days_left <= SOON_DAYS


def people_of_centre(head: CentreMember, *, now: datetime) -> list[CentrePerson]:
    """Return who works in the centre of this head; four queries however many they are."""
    if not head.is_head:
        return []
    members = list(
        CentreMember.objects.live().filter(centre=head.centre_id).select_related("centre", "user")
    )
    users = [member.user_id for member in members]
    accredited = accredited_until(users)
    enrolled = enrolled_among(users) if is_installed() else frozenset()
    has_decision = has_function(head.centre, CentreFunction.INTERMEDIATION)
    today = today_in(head.centre, now=now)
    found = []
    for member in members:
        facts = facts_of(
            member,
            has_decision=has_decision,
            accredited=accredited,
            has_second_factor=member.user_id in enrolled,
            is_proven=True,
        )
        obstacles = obstacles_to_acting(facts, today=today)
        days = days_of_right(facts, today=today)
        found.append(CentrePerson(member, facts, obstacles, days))
    return found


def trainings_of(person: CentrePerson) -> QuerySet[CentreAccreditation]:
    return CentreAccreditation.objects.filter(user=person.member.user_id)


def open_invitations(head: CentreMember) -> QuerySet[CentreInvitation]:
    """Return who has been invited to the centre of this head and has not come yet."""
    found = CentreInvitation.objects.open().filter(centre=head.centre_id)
    return found if head.is_head else found.none()


def last_day_of_right(person: CentrePerson) -> date | None:
    """Return the last day on which training and test both hold; None where one is missing."""
    days = (person.facts.training_until, person.facts.test_until)
    return min(day for day in days if day is not None) if all(days) else None
