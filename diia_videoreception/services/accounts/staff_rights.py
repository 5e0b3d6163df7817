"""Who moderates an agency and who substitutes its officials: its head says it, each time with a record.

Who heads an agency, superusers say.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, NotFound
from diia_videoreception.models import AgencyModerator, JournalAct, OfficialSubstitute
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by, sees_all
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act


@act
def save_moderator(right: AgencyModerator, *, staff: StaffUser, now: datetime) -> AgencyModerator:
    """Give the right to moderate an agency that this member of staff heads, or change one.

    Raises:
        NotFound: it is not theirs to give, or is a right of a head while they are no superuser.
        Incomplete: the person cannot sign in to the admin.
    """
    known = AgencyModerator.objects.select_for_update().filter(pk=right.pk).first()
    if known is not None:
        _require_given_by(known, staff)
        if (known.user_id, known.agency_id) != (right.user_id, right.agency_id):
            raise Incomplete(fields={"user_name": _("Take this right away and give a new one.")})
    _require_given_by(right, staff)
    if not right.user.is_active or not right.user.has_perm("wagtailadmin.access_admin"):
        raise Incomplete(
            fields={
                "user_name": _(
                    "This user cannot open the admin. Ask the administrators of the portal to add "
                    "them to the group of moderators."
                )
            }
        )
    right.save()
    _record(JournalAct.GIVE_RIGHT, right, staff=staff, now=now)
    return right


@act
def take_moderator(right: AgencyModerator, *, staff: StaffUser, now: datetime) -> None:
    """Take the right to moderate away; it ends with the next request of that person.

    Raises:
        NotFound: as `save_moderator`.
    """
    _require_given_by(right, staff)
    _record(JournalAct.TAKE_RIGHT, right, staff=staff, now=now)
    right.delete()


def _require_given_by(right: AgencyModerator, staff: StaffUser) -> None:
    """Require that a right is within the staff's own agency, and not as high as their own."""
    if sees_all(staff):
        return
    if right.is_head or not agencies_headed_by(staff).filter(pk=right.agency_id).exists():
        raise NotFound


def _record(act_: JournalAct, right: AgencyModerator, *, staff: StaffUser, now: datetime) -> None:
    journal.record(
        act_,
        subject=right.user,
        staff_id=staff.pk,
        now=now,
        details={"agency": right.agency_id, "head": right.is_head},
    )


@act
def save_substitute(
    substitute: OfficialSubstitute, *, staff: StaffUser, now: datetime
) -> OfficialSubstitute:
    """Let somebody hold the receptions of an official of the own agency for some days.

    Raises:
        NotFound: the official is not of an agency that this member of staff heads.
        Incomplete: the days are over or turned round, or the person cannot sign in or is the official.
    """
    known = OfficialSubstitute.objects.select_for_update().filter(pk=substitute.pk).first()
    for one in (known, substitute):
        if one is not None:
            _require_headed(one, staff)
    zone = ZoneInfo(substitute.official.agency.time_zone)
    after = substitute.last_day + timedelta(days=1)
    substitute.starts_at = datetime.combine(substitute.first_day, time.min, zone)
    substitute.ends_at = datetime.combine(after, time.min, zone)
    if substitute.first_day > substitute.last_day:
        raise Incomplete(fields={"last_day": _("The last day must not be before the first day.")})
    if substitute.ends_at <= now:
        raise Incomplete(fields={"last_day": _("These days are over.")})
    if not substitute.user.is_active:
        raise Incomplete(fields={"user_name": _("This user cannot sign in.")})
    if substitute.user_id == substitute.official.user_id:
        raise Incomplete(fields={"user_name": _("This person is the official.")})
    substitute.save()
    _record_substitute(JournalAct.NAME_SUBSTITUTE, substitute, staff=staff, now=now)
    return substitute


@act
def withdraw_substitute(substitute: OfficialSubstitute, *, staff: StaffUser, now: datetime) -> None:
    """End a substitution at once.

    Raises:
        NotFound: as `save_substitute`.
    """
    _require_headed(substitute, staff)
    _record_substitute(JournalAct.WITHDRAW_SUBSTITUTE, substitute, staff=staff, now=now)
    substitute.delete()


def _require_headed(substitute: OfficialSubstitute, staff: StaffUser) -> None:
    if not agencies_headed_by(staff).filter(pk=substitute.official.agency.pk).exists():
        raise NotFound


def _record_substitute(
    act_: JournalAct, substitute: OfficialSubstitute, *, staff: StaffUser, now: datetime
) -> None:
    journal.record(
        act_,
        subject=substitute.official,
        staff_id=staff.pk,
        now=now,
        details={
            "user": substitute.user_id,
            "first_day": substitute.first_day.isoformat(),
            "last_day": substitute.last_day.isoformat(),
        },
    )
