"""Reference data as staff may see it: moderators that of their agencies, superusers all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from diia_videoreception.models import (
    Absence,
    Agency,
    AgencyModerator,
    Holiday,
    Official,
    OfficialSubstitute,
    RefusalReason,
    ScheduleException,
    ScheduleRule,
    Unit,
    VisitPhrase,
)
from diia_videoreception.selectors.access import (
    StaffUser,
    agencies_headed_by,
    agencies_moderated_by,
    officials_visible_to,
    roles_of,
    sees_all,
    units_visible_to,
)
from diia_videoreception.selectors.centres.access import operates_portal


def moderates(user: StaffUser) -> bool:
    """Return whether this member of staff moderates at least one agency, or is a superuser."""
    return sees_all(user) or bool(roles_of(user).agencies)


def agencies_without_address(user: StaffUser) -> QuerySet[Agency]:
    """Return the user's connected agencies whose moderators nobody can tell of anything."""
    return agencies_moderated_by(user).filter(is_connected=True, email="")


def agencies_kept_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies whose details this member of staff keeps; of those alone that they moderate, more is seen."""
    return Agency.objects.all() if operates_portal(user) else agencies_moderated_by(user)


def agencies_staffed_by(user: StaffUser) -> QuerySet[Agency]:
    """Return the agencies in which this member of staff gives a right: as a head, or as the operator to a head."""
    return Agency.objects.all() if operates_portal(user) else agencies_headed_by(user)


def schedule_rules_visible_to(user: StaffUser) -> QuerySet[ScheduleRule]:
    return ScheduleRule.objects.filter(
        official__unit__agency__in=agencies_moderated_by(user)
    ).select_related("official__unit__agency")


def schedule_exceptions_visible_to(user: StaffUser) -> QuerySet[ScheduleException]:
    return ScheduleException.objects.filter(
        official__unit__agency__in=agencies_moderated_by(user)
    ).select_related("official__unit__agency")


def colleagues_of(user: StaffUser, official: Official) -> QuerySet[Official]:
    """Return the other officials of an official's agency, for who moderates it."""
    same = officials_visible_to(user).filter(unit__agency=official.unit.agency_id)
    return same.exclude(pk=official.pk).select_related("unit")


def hours_in_force(official: Official, *, now: datetime) -> QuerySet[ScheduleRule]:
    """Return the recurring hours of an official that have not ended yet."""
    today = now.astimezone(ZoneInfo(official.agency.time_zone)).date()
    return official.schedule_rules.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def absences_visible_to(user: StaffUser) -> QuerySet[Absence]:
    return Absence.objects.filter(
        official__unit__agency__in=agencies_moderated_by(user)
    ).select_related("official__unit__agency")


def holidays_visible_to(user: StaffUser) -> QuerySet[Holiday]:
    """Holidays hold for every agency: only superusers manage them."""
    return Holiday.objects.all() if sees_all(user) else Holiday.objects.none()


def moderators_visible_to(user: StaffUser) -> QuerySet[AgencyModerator]:
    """Return who moderates the agencies that the user heads; the operator sees the heads of each agency."""
    seen = Q(agency__in=agencies_headed_by(user))
    if operates_portal(user):
        seen |= Q(is_head=True)
    return AgencyModerator.objects.filter(seen).select_related("agency", "user")


def substitutes_visible_to(user: StaffUser) -> QuerySet[OfficialSubstitute]:
    """Return who substitutes officials of the agencies that the user heads."""
    headed = OfficialSubstitute.objects.filter(official__unit__agency__in=agencies_headed_by(user))
    return headed.select_related("official__unit__agency", "user")


def refusal_reasons_visible_to(user: StaffUser) -> QuerySet[RefusalReason]:
    """Return the reasons for refusal of the agencies that the user heads."""
    headed = RefusalReason.objects.filter(agency__in=agencies_headed_by(user))
    return headed.select_related("agency")


def visit_phrases_visible_to(user: StaffUser) -> QuerySet[VisitPhrase]:
    """Return the phrase bank of all centres, for the portal's operator."""
    found = VisitPhrase.objects.all()
    return found if operates_portal(user) else found.none()


SELECTORS: dict[type[Model], Callable[[StaffUser], QuerySet[Any]]] = {
    Agency: agencies_moderated_by,
    Unit: units_visible_to,
    Official: officials_visible_to,
    ScheduleRule: schedule_rules_visible_to,
    ScheduleException: schedule_exceptions_visible_to,
    Absence: absences_visible_to,
    Holiday: holidays_visible_to,
    AgencyModerator: moderators_visible_to,
    OfficialSubstitute: substitutes_visible_to,
    RefusalReason: refusal_reasons_visible_to,
    VisitPhrase: visit_phrases_visible_to,
}
"""For each kind of reference data, what a member of staff may see and change."""
