"""Saving and deleting reference data: agencies, units, officials, schedules, holidays.

Rights of moderators and substitutes are given by `services/accounts/staff_rights.py`.

The journal is about citizens' applications, so of all this it knows only who was let see them: as
which official a member of staff signs in.
"""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.errors import ActRefused, Incomplete, NobodySuitable, NotFound
from diia_videoreception.models import (
    Agency,
    Application,
    JournalAct,
    Occupancy,
    Official,
    ScheduleRule,
    Unit,
)
from diia_videoreception.selectors.access import (
    StaffUser,
    agencies_headed_by,
    agencies_moderated_by,
    officials_visible_to,
)
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.reference import (
    SELECTORS,
    colleagues_of,
    hours_in_force,
)
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, locked

Reference = TypeVar("Reference", bound=Model)


OF_PORTAL = frozenset(
    {
        "name",
        "short_name",
        "is_connected",
        "sms_abroad",
        "officials_see_phone",
        "official_feeds",
        "document_days",
        "document_ground",
        "minimum_level",
        "lead_days",
        "lead_time_policy",
        "time_zone",
        "conference",
        "spare_conference",
    }
)
"""What of an agency binds the portal or costs it, so that its operator says it."""


class StillNeeded(ActRefused):
    """Something else stands on this row: applications on an official, officials on a unit."""

    code = "still_needed"
    message = gettext_lazy(
        "You cannot delete this: there are applications or officials that depend on it."
    )


@act
def save_reference(instance: Reference, *, staff: StaffUser, now: datetime) -> Reference:
    """Save a new or changed row of reference data that its form has validated.

    Raises:
        NotFound: before or after the change it is not of the agencies of this member of staff.
        Incomplete: a unit would be part of another agency's unit, or of itself; or officials with
            applications would come to another agency.
    """
    if instance.pk is not None:
        _require_visible(instance, staff)
        _require_agency_kept(instance)
    if isinstance(instance, Unit):
        _require_tree(instance)
    instance.save()
    # Where a row belongs is told by what it refers to: asked once it is there, undone when wrong.
    _require_visible(instance, staff)
    return instance


@act
def save_agency(agency: Agency, *, staff: StaffUser, now: datetime) -> Agency:
    """Save an agency: its moderators keep contacts and instructions, the portal's operator everything.

    What binds the portal stays as the operator has it, whatever a moderator's form held.

    Raises:
        NotFound: it is not theirs to keep, or they may not add one.
    """
    if agency.pk is not None and locked(Agency.objects.filter(pk=agency.pk)).first() is None:
        raise NotFound
    if operates_portal(staff):
        agency.save()
        return agency
    if not agencies_moderated_by(staff).filter(pk=agency.pk).exists():
        raise NotFound
    kept = {field.name for field in Agency._meta.concrete_fields if not field.primary_key}
    agency.save(update_fields=kept - OF_PORTAL)
    return agency


@act
def save_official(official: Official, *, staff: StaffUser, now: datetime) -> Official:
    """Save an official of the own agencies; only their heads say who signs in as the official.

    Raises:
        NotFound: as `save_reference`.
        Incomplete: this member of staff may not connect this official.
        NobodySuitable: the user is not active.
    """
    known = Official.objects.select_for_update().filter(pk=official.pk).first()
    was = known.user_id if known is not None else None
    saved = save_reference(official, staff=staff, now=now)
    if saved.user_id == was:
        return saved
    if not agencies_headed_by(staff).filter(pk=saved.agency.pk).exists():
        raise Incomplete(
            fields={"user_name": _("Only the head of the agency connects officials with users.")}
        )
    if saved.user is not None and not saved.user.is_active:
        raise NobodySuitable
    journal.record(
        JournalAct.CONNECT_OFFICIAL if saved.user_id else JournalAct.DISCONNECT_OFFICIAL,
        subject=saved,
        staff_id=staff.pk,
        now=now,
        details={"was": was, "user": saved.user_id},
    )
    return saved


@act
def copy_hours(official_id: int, *, to: Collection[int], staff: StaffUser, now: datetime) -> int:
    """Give the recurring hours of an official to colleagues of the agency; what they have stays.

    Hours that have ended are left out, and those that somebody has already.

    Returns:
        How many entries of hours were added.

    Raises:
        NotFound: one of them is not of the agencies of this member of staff, or of another agency.
    """
    source = (
        officials_visible_to(staff).select_related("unit__agency").filter(pk=official_id).first()
    )
    if source is None:
        raise NotFound
    wanted = set(to)
    # Locked: who copies twice at once adds the hours once.
    # Colleagues alone: nobody makes those of another agency wait.
    visible = colleagues_of(staff, source).filter(pk__in=wanted).values("pk")
    found = list(locked(Official.objects.filter(pk__in=visible).order_by("pk")))
    if wanted - set(colleagues_of(staff, source).values_list("pk", flat=True)):
        raise NotFound
    hours = [_hours(rule) for rule in hours_in_force(source, now=now)]
    added = 0
    for official in found:
        known = {_hours(rule) for rule in official.schedule_rules.all()}
        new = [one for one in dict.fromkeys(hours) if one not in known]
        ScheduleRule.objects.bulk_create(
            ScheduleRule(official=official, **one._asdict()) for one in new
        )
        added += len(new)
    return added


class _Hours(NamedTuple):
    recurrence: str
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None


def _hours(rule: ScheduleRule) -> _Hours:
    return _Hours(*(getattr(rule, name) for name in _Hours._fields))


@act
def delete_reference(instance: Model, *, staff: StaffUser, now: datetime) -> None:
    """Delete a row of reference data and what belongs to it alone.

    Raises:
        NotFound: it is not of the agencies of this member of staff.
        StillNeeded: applications, officials or other lasting rows refer to it.
    """
    _require_visible(instance, staff)
    try:
        instance.delete()
    except ProtectedError as error:
        raise StillNeeded from error


def _require_visible(instance: Model, staff: StaffUser) -> None:
    if not SELECTORS[type(instance)](staff).filter(pk=instance.pk).exists():
        raise NotFound


def _require_agency_kept(instance: Model) -> None:
    """Keep officials whose times are taken with their agency, which their applications name too.

    Their rows are locked: nobody can take a time of theirs meanwhile.
    """
    if isinstance(instance, Official):
        officials = Official.objects.filter(pk=instance.pk)
        agency, field = instance.unit.agency_id, "unit"
    elif isinstance(instance, Unit):
        officials = Official.objects.filter(unit=instance.pk)
        agency, field = instance.agency_id, "agency"
    else:
        return
    keys = [
        official.pk
        for official in officials.select_for_update(of=("self",)).select_related("unit")
        if official.unit.agency_id != agency
    ]
    if keys and (
        Application.objects.filter(official__in=keys).exists()
        or Occupancy.objects.filter(official__in=keys).exists()
    ):
        raise Incomplete(
            fields={
                field: _(
                    "There are applications or reserved times in the current agency. Add the "
                    "official to the other agency as a new one."
                )
            }
        )


def _require_tree(unit: Unit) -> None:
    """Require that a unit is part of one of the same agency, and at no depth of itself."""
    if unit.pk is not None and unit.children.exclude(agency_id=unit.agency_id).exists():
        raise Incomplete(
            fields={"agency": _("First move the units inside this one to the agency.")}
        )
    above = unit.parent
    if above is not None and above.agency_id != unit.agency_id:
        raise Incomplete(fields={"parent": _("Choose a unit of the same agency.")})
    while above is not None:
        if above.pk == unit.pk:
            raise Incomplete(fields={"parent": _("A unit cannot be part of itself.")})
        above = above.parent
