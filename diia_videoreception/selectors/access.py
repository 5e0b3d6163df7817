"""What staff may see: moderators their agencies, officials their own receptions, superusers all."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, Q, QuerySet

from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    Application,
    Citizen,
    Official,
    Unit,
)
from diia_videoreception.rules.transitions import RECEPTION_STATES

StaffUser = AbstractBaseUser | AnonymousUser


def sees_all(user: StaffUser) -> bool:
    """Return whether no agency bounds what this member of staff sees."""
    return user.is_active and bool(getattr(user, "is_superuser", False))


def agencies_moderated_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies whose applications this member of staff moderates (A-57)."""
    if not user.is_authenticated or not user.is_active:
        return Agency.objects.none()
    if sees_all(user):
        return Agency.objects.all()
    return Agency.objects.filter(moderators__user_id=user.pk)


def agencies_headed_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies where this member of staff says who signs in as which official."""
    moderated = agencies_moderated_by(user)
    if user.pk is None or sees_all(user):
        return moderated
    return moderated.filter(moderators__user_id=user.pk, moderators__is_head=True)


def officials_of(user: StaffUser) -> QuerySet[Official]:
    """Return the officials that this member of staff is; being a superuser makes nobody an official."""
    if user.pk is None or not user.is_active:
        return Official.objects.none()
    return Official.objects.filter(user_id=user.pk)


class Roles(NamedTuple):
    """What a member of staff is here: `agencies` are those moderated, by key, each with its time zone."""

    agencies: Mapping[int, str]
    is_official: bool


_ROLES = "_diia_videoreception_roles"


def roles_of(user: StaffUser) -> Roles:
    """Return the roles, asked for once in the life of a user object: a page asks at every menu item.

    For reading only; an act asks anew. Superusers moderate every agency, none of which is named.
    """
    if not hasattr(user, _ROLES):
        setattr(user, _ROLES, _ask_roles(user))
    roles: Roles = getattr(user, _ROLES)
    return roles


def _ask_roles(user: StaffUser) -> Roles:
    if user.pk is None or not user.is_active:
        return Roles({}, False)
    if not sees_all(user):
        moderated = AgencyModerator.objects.filter(user_id=user.pk).order_by()
        rows = moderated.values_list("agency", "agency__time_zone", Exists(officials_of(user)))
        found = list(rows)
        if found:
            return Roles({key: zone for key, zone, _ in found}, found[0][2])
    return Roles({}, officials_of(user).exists())


def units_visible_to(user: StaffUser) -> QuerySet[Unit]:
    return Unit.objects.filter(agency__in=agencies_moderated_by(user))


def officials_visible_to(user: StaffUser) -> QuerySet[Official]:
    return Official.objects.filter(unit__agency__in=agencies_moderated_by(user))


def applications_visible_to(user: StaffUser) -> QuerySet[Application]:
    """Return the applications to officials of the agencies that the user moderates."""
    if sees_all(user):
        return with_parties()
    return applications_of(agencies_moderated_by(user))


def applications_of(agencies: QuerySet[Agency] | Collection[int]) -> QuerySet[Application]:
    """Return the applications to officials of these agencies, or of those with these keys."""
    return with_parties().filter(agency__in=agencies)


def with_parties() -> QuerySet[Application]:
    """Return all applications with what screens of staff show of them; who may see which, others say."""
    return Application.objects.select_related("official__unit__agency", "citizen")


def receptions_of(user: StaffUser) -> QuerySet[Application]:
    """Return what the user receives or has received as an official: confirmed, and not called off since."""
    return Application.objects.filter(
        official__in=officials_of(user), state__in=RECEPTION_STATES
    ).select_related("official__unit__agency", "citizen", "reception")


def receptions_conducted_by(user: StaffUser) -> QuerySet[Application]:
    """Return what the user may conclude: own appointed receptions, or those of officials that they moderate."""
    own = Q(official__in=officials_of(user), state__in=RECEPTION_STATES)
    moderated = Q(agency__in=agencies_moderated_by(user))
    return Application.objects.filter(own | moderated).select_related(
        "official__unit__agency", "citizen", "reception"
    )


def citizens_visible_to(user: StaffUser) -> QuerySet[Citizen]:
    """Return the people whose applications the user moderates; superusers, who sort out sign-ins, all."""
    if sees_all(user):
        return Citizen.objects.all()
    return Citizen.objects.filter(pk__in=applications_visible_to(user).values("citizen"))
