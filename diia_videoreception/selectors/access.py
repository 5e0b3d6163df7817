"""What staff may see: moderators their agencies, officials their own receptions, superusers all.

Who came by a request without the second factor that a role needs sees nothing of that role's.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import NamedTuple, cast

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    Application,
    Citizen,
    Official,
    OfficialSubstitute,
    Unit,
)
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.rules.transitions import RECEPTION_STATES
from diia_videoreception.selectors.accounts.second_factor import is_unproven

StaffUser = AbstractBaseUser | AnonymousUser
TIME_TO_CONCLUDE = timedelta(days=5)
"""How long after the last day a substitute still writes what became of the receptions."""


def sees_all(user: StaffUser) -> bool:
    """Return whether no agency bounds what this member of staff sees."""
    is_superuser = user.is_active and bool(getattr(user, "is_superuser", False))
    return is_superuser and not is_unproven(user, Role.SUPERUSER)


def has_portal_right(user: StaffUser, role: Role, holds: Callable[[StaffUser], bool]) -> bool:
    """Return whether somebody holds a right over the whole portal, and has proven it; superusers have each.

    Args:
        holds: Whether the permission is theirs, proven or not.
    """
    if sees_all(user):
        return True
    if getattr(user, "is_superuser", False):
        return False
    return user.is_active and holds(user) and not is_unproven(user, role)


def agencies_moderated_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies whose applications this member of staff moderates (A-57)."""
    if not user.is_authenticated or not user.is_active:
        return Agency.objects.none()
    if sees_all(user):
        return Agency.objects.all()
    return Agency.objects.filter(
        moderators__user_id=user.pk, moderators__is_head__in=_proven_rights(user)
    )


def _proven_rights(user: StaffUser) -> list[bool]:
    """Return which rights in agencies count for this user now, by whether they are those of a head."""
    roles = ((False, Role.MODERATOR), (True, Role.HEAD))
    return [is_head for is_head, role in roles if not is_unproven(user, role)]


def agencies_headed_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies where this member of staff says who signs in as which official."""
    moderated = agencies_moderated_by(user)
    if user.pk is None or sees_all(user):
        return moderated
    return moderated.filter(moderators__user_id=user.pk, moderators__is_head=True)


def officials_of(user: StaffUser) -> QuerySet[Official]:
    """Return the officials that this member of staff is, or substitutes now or soon.

    Being a superuser makes nobody an official.
    """
    if not _may_receive(user):
        return Official.objects.none()
    own = Official.objects.filter(user_id=cast(int, user.pk)).values_list("pk")
    # By OR, PostgreSQL would read every official of the country to find one.
    return Official.objects.filter(
        pk__in=own.order_by().union(_substitutions(user).order_by().values_list("official"))
    )


def held_by(user: StaffUser) -> Q:
    """Return which applications are for this member of staff as an official, or as a substitute on its day."""
    if not _may_receive(user):
        return Q(pk__in=[])
    on_its_day = _substitutions(user).filter(
        official=OuterRef("official"),
        starts_at__lte=OuterRef("start"),
        ends_at__gt=OuterRef("start"),
    )
    return Q(official__user_id=user.pk) | Q(Exists(on_its_day))


def _may_receive(user: StaffUser) -> bool:
    return user.pk is not None and user.is_active and not is_unproven(user, Role.OFFICIAL)


def _substitutions(user: StaffUser) -> QuerySet[OfficialSubstitute]:
    """Return the user's substitutions that are not long over; of what may be seen it is always asked now."""
    since = timezone.now() - TIME_TO_CONCLUDE
    return OfficialSubstitute.objects.filter(user_id=cast(int, user.pk), ends_at__gt=since)


class Roles(NamedTuple):
    """What a member of staff is here: `agencies` are those moderated, by key, each with its time zone."""

    agencies: Mapping[int, str]
    is_official: bool
    is_head: bool = False


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
        moderated = AgencyModerator.objects.filter(
            user_id=user.pk, is_head__in=_proven_rights(user)
        ).order_by()
        rows = moderated.values_list(
            "agency", "agency__time_zone", Exists(officials_of(user)), "is_head"
        )
        found = list(rows)
        if found:
            agencies = {key: zone for key, zone, *_ in found}
            return Roles(agencies, found[0][2], any(is_head for *_, is_head in found))
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
    return Application.objects.select_related("official__unit__agency", "citizen", "clarification")


def receptions_of(user: StaffUser) -> QuerySet[Application]:
    """Return what the user receives or has received as an official: confirmed, and not called off since."""
    return Application.objects.filter(held_by(user), state__in=RECEPTION_STATES).select_related(
        "official__unit__agency", "citizen", "reception", "representation"
    )


def receptions_conducted_by(user: StaffUser) -> QuerySet[Application]:
    """Return what the user may conclude: own appointed receptions, or those of officials that they moderate."""
    own = held_by(user) & Q(state__in=RECEPTION_STATES)
    moderated = Q(agency__in=agencies_moderated_by(user))
    return Application.objects.filter(own | moderated).select_related(
        "official__unit__agency", "citizen", "reception", "representation"
    )


def citizens_visible_to(user: StaffUser) -> QuerySet[Citizen]:
    """Return the people whose applications the user moderates; superusers, who sort out sign-ins, all."""
    if sees_all(user):
        return Citizen.objects.all()
    return Citizen.objects.filter(pk__in=applications_visible_to(user).values("citizen"))
