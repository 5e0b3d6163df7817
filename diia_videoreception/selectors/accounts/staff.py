"""The people who work for an agency, as its head sees them, and whose second factor a head may reset."""

from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    Centre,
    CentreMember,
    Official,
    OfficialSubstitute,
)
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.models.looks import HELP
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by, roles_of, sees_all
from diia_videoreception.selectors.accounts.second_factor import (
    enrolled_among,
    is_installed,
    is_unproven,
    user_permissions,
)
from diia_videoreception.selectors.reference import substitutes_visible_to


@dataclass(slots=True)
class StaffPerson:
    """One member of staff with the rights that the one who looks may know of."""

    user: Any
    moderates: list[AgencyModerator] = field(default_factory=list)
    receives_as: list[Official] = field(default_factory=list)
    substitutes: list[OfficialSubstitute] = field(default_factory=list)
    has_second_factor: bool = False
    may_reset: bool = False


def heads(user: StaffUser) -> bool:
    """Return whether this member of staff heads at least one agency, or is a superuser."""
    return sees_all(user) or roles_of(user).is_head


def staff_visible_to(user: StaffUser) -> QuerySet[Any]:
    """Return the users who have a right in an agency that the user heads; for superusers themselves too."""
    entitled = _entitled_in(agencies_headed_by(user))
    if sees_all(user):
        entitled |= Q(is_superuser=True)
    users = get_user_model()._default_manager
    return users.filter(pk__in=users.filter(entitled).values("pk"))


def _entitled_in(agencies: QuerySet[Agency]) -> Q:
    """Return which users have a right in any of these agencies."""
    entitled = Q(moderated_agencies__agency__in=agencies) | Q(officials__unit__agency__in=agencies)
    return entitled | Q(substitutions__official__unit__agency__in=agencies)


def is_known_to(agency: Agency, user: StaffUser) -> bool:
    """Return whether somebody has, or has had as a substitute, a right in an agency."""
    entitled = _entitled_in(Agency.objects.filter(pk=agency.pk))
    return get_user_model()._default_manager.filter(entitled, pk=cast(int, user.pk)).exists()


def staff_reset_by(user: StaffUser) -> QuerySet[Any]:
    """Return whose second factor the user may reset, never the own one.

    A head those all of whose rights are in agencies, or all in centres, that they head themselves:
    nobody above them, nobody who heads beside them, and nobody with rights over users or centres, who
    could be superusers or heads: whom a head names as a substitute is not theirs for that.
    """
    users = get_user_model()._default_manager.exclude(pk=cast(int, user.pk))
    in_centres = CentreMember.objects.live().values("user")
    if sees_all(user):
        found = Q(pk__in=staff_visible_to(user).values("pk")) | Q(pk__in=in_centres)
        return users.filter(found)
    of_agencies = _reset_by_head_of_agency(user).exclude(pk__in=in_centres)
    theirs = Q(pk__in=of_agencies.values("pk")) | Q(pk__in=_reset_by_head_of_centre(user))
    return users.filter(theirs).exclude(pk__in=_managing_users().values("pk"))


def _reset_by_head_of_agency(user: StaffUser) -> QuerySet[Any]:
    elsewhere = Agency.objects.exclude(pk__in=agencies_headed_by(user).values("pk"))
    return (
        staff_visible_to(user)
        .exclude(pk__in=AgencyModerator.objects.filter(is_head=True).values("user"))
        .exclude(pk__in=AgencyModerator.objects.filter(agency__in=elsewhere).values("user"))
        .exclude(substitutions__official__unit__agency__in=elsewhere)
        .exclude(
            pk__in=Official.objects.filter(unit__agency__in=elsewhere, user__isnull=False).values(
                "user"
            )
        )
    )


def _reset_by_head_of_centre(user: StaffUser) -> QuerySet[Any]:
    """Return the keys of who works only in centres that the user heads, heads none, and has no right in an agency."""
    if user.pk is None or not user.is_active or is_unproven(user, Role.CENTRE):
        return CentreMember.objects.none().values("user")
    members = CentreMember.objects.live()
    own = members.filter(user_id=user.pk, role=CentreRole.HEAD, blocked_at__isnull=True)
    headed = own.filter(centre__state=Centre.State.ACTIVE).values("centre")
    heads_somewhere = members.filter(role=CentreRole.HEAD).values("user")
    return (
        members.filter(centre__in=headed)
        .exclude(user__in=members.exclude(centre__in=headed).values("user"))
        .exclude(user__in=heads_somewhere)
        .exclude(user__in=AgencyModerator.objects.values("user"))
        .exclude(user__in=Official.objects.filter(user__isnull=False).values("user"))
        .exclude(user__in=OfficialSubstitute.objects.values("user"))
        .values("user")
    )


def _managing_users() -> QuerySet[Any]:
    """Return superusers, who may make them, operators, who may make heads, the help desk, which sees any agency's, and auditors."""
    rights = Q()
    of_portal = [f"diia_videoreception.{codename}" for codename in (OPERATE, HELP, AUDIT)]
    for name in [*user_permissions(), *of_portal]:
        app, codename = name.split(".")
        rights |= Q(content_type__app_label=app, codename=codename)
    found = Permission.objects.filter(rights)
    return get_user_model()._default_manager.filter(
        Q(is_superuser=True) | Q(user_permissions__in=found) | Q(groups__permissions__in=found)
    )


def people_of(user: StaffUser) -> list[StaffPerson]:
    """Return the people whom the user sees, by their names; seven queries however many they are."""
    agencies = agencies_headed_by(user)
    order = ("last_name", "first_name", get_user_model().USERNAME_FIELD)
    known = {field.name for field in get_user_model()._meta.get_fields()}
    users = staff_visible_to(user).order_by(*(name for name in order if name in known), "pk")
    people = {one.pk: StaffPerson(one) for one in users}
    for right in AgencyModerator.objects.filter(agency__in=agencies).select_related("agency"):
        people[right.user_id].moderates.append(right)
    receiving = Official.objects.filter(unit__agency__in=agencies, user__isnull=False)
    for official in receiving.select_related("unit__agency"):
        people[cast(int, official.user_id)].receives_as.append(official)
    for substitute in substitutes_visible_to(user):
        people[substitute.user_id].substitutes.append(substitute)
    if is_installed():
        for key in enrolled_among(list(people)):
            people[key].has_second_factor = True
        for key in staff_reset_by(user).values_list("pk", flat=True):
            people[key].may_reset = people[key].has_second_factor
    return list(people.values())
