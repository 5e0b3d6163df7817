"""Who moderates an agency and who substitutes its officials: its head says it, each time with a record.

Who heads an agency, the portal's operator says, and superusers.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, LastHead, NobodySuitable, NotFound
from diia_videoreception.models import Agency, AgencyModerator, JournalAct, OfficialSubstitute
from diia_videoreception.rules.substitutes import (
    DaysProblem,
    first_days,
    latest_last_day,
    problem_of_days,
)
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by, sees_all
from diia_videoreception.selectors.accounts.staff import is_known_to
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, locked
from diia_videoreception.wording import day_month_year


@act
def save_moderator(right: AgencyModerator, *, staff: StaffUser, now: datetime) -> AgencyModerator:
    """Give the right to moderate an agency that this member of staff heads, or change one.

    The portal's operator makes heads, also of who moderates the agency already.

    Raises:
        NotFound: it is not theirs to give, or is a right of a head while they are no operator.
        Incomplete: it would be another right, or the person has it already.
        NobodySuitable: the person cannot sign in to the admin.
        LastHead: nobody else heads the agency.
    """
    _lock_agency(right.agency_id)
    known = AgencyModerator.objects.select_for_update().filter(pk=right.pk).first()
    if known is not None:
        _require_taken_by(known, staff)
        if (known.user_id, known.agency_id) != (right.user_id, right.agency_id):
            raise Incomplete(fields={"user_name": _("Take this right away and give a new one.")})
    _require_given_by(right, staff)
    if not _opens_admin(right.user):
        raise NobodySuitable
    if known is None and right.is_head:
        # Who moderates the agency already comes to head it: there is one right a person.
        right.pk = _lesser_right(right)
    if right.pk is None and _has_right(right):
        raise Incomplete(fields={"user_name": _("This person has the right already.")})
    if known is not None and known.is_head and not right.is_head:
        _require_another_head(known)
    right.save()
    if known is not None and known.is_head and not right.is_head:
        _record(JournalAct.TAKE_RIGHT, known, staff=staff, now=now)
    _record(JournalAct.GIVE_RIGHT, right, staff=staff, now=now)
    return right


@act
def take_moderator(right: AgencyModerator, *, staff: StaffUser, now: datetime) -> None:
    """Take the right to moderate away; it ends with the next request of that person.

    Raises:
        NotFound: as `save_moderator`, or somebody else has taken it away meanwhile.
        LastHead: nobody else heads the agency.
    """
    _lock_agency(right.agency_id)
    known = AgencyModerator.objects.select_related("user").filter(pk=right.pk).first()
    if known is None:
        raise NotFound
    # As it is now: who was a moderator when the page was opened may head the agency meanwhile.
    _require_taken_by(known, staff)
    if known.is_head:
        _require_another_head(known)
    _record(JournalAct.TAKE_RIGHT, known, staff=staff, now=now)
    known.delete()


def _lock_agency(agency_key: int) -> None:
    """Let the rights in an agency change one after another."""
    locked(Agency.objects.filter(pk=agency_key)).only("pk").first()


def _has_right(right: AgencyModerator) -> bool:
    rights = AgencyModerator.objects.filter(agency=right.agency_id, user=right.user_id)
    return rights.exists()


def _require_another_head(right: AgencyModerator) -> None:
    """Require that somebody who can sign in heads the agency besides.

    Raises:
        LastHead: nobody does.
    """
    heads = AgencyModerator.objects.filter(
        agency=right.agency_id, is_head=True, user__is_active=True
    )
    if not heads.exclude(pk=right.pk).exists():
        raise LastHead


def _lesser_right(right: AgencyModerator) -> int | None:
    """Return the key of the right to moderate that who shall head the agency has there; None without one."""
    rights = AgencyModerator.objects.filter(agency=right.agency_id, user=right.user_id)
    return rights.filter(is_head=False).values_list("pk", flat=True).first()


def _require_given_by(right: AgencyModerator, staff: StaffUser) -> None:
    """Require a right that is the staff's to take, and of a head only for somebody else.

    Raises:
        NotFound: as `_require_taken_by`.
        Incomplete: an operator would head an agency and see its applications.
    """
    _require_taken_by(right, staff)
    if right.is_head and right.user_id == staff.pk and not sees_all(staff):
        raise Incomplete(fields={"user_name": _("You cannot make yourself the head of an agency.")})


def _require_taken_by(right: AgencyModerator, staff: StaffUser) -> None:
    """Require that a right is within the staff's own agency and not as high as their own, or of a head for the operator.

    Raises:
        NotFound: it is not.
    """
    headed = agencies_headed_by(staff).filter(pk=right.agency_id)
    if not (operates_portal(staff) if right.is_head else headed.exists()):
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
        Incomplete: the days are over, turned round, too many or too far off, or the person is the official.
        NobodySuitable: the person neither opens the admin nor is known to the agency.
    """
    known = OfficialSubstitute.objects.select_for_update().filter(pk=substitute.pk).first()
    for one in (known, substitute):
        if one is not None:
            _require_headed(one, staff)
    agency = substitute.official.agency
    zone = ZoneInfo(agency.time_zone)
    _require_days(substitute, now=now.astimezone(zone))
    if not _may_substitute(substitute.user, agency):
        raise NobodySuitable
    if substitute.user_id == substitute.official.user_id:
        raise Incomplete(fields={"user_name": _("This person is the official.")})
    after = substitute.last_day + timedelta(days=1)
    substitute.starts_at = datetime.combine(substitute.first_day, time.min, zone)
    substitute.ends_at = datetime.combine(after, time.min, zone)
    substitute.save()
    if known is not None and _holder(known) != _holder(substitute):
        _record_substitute(JournalAct.WITHDRAW_SUBSTITUTE, known, staff=staff, now=now)
    _record_substitute(JournalAct.NAME_SUBSTITUTE, substitute, staff=staff, now=now)
    return substitute


def _holder(substitute: OfficialSubstitute) -> tuple[int, int]:
    """Return who receives in whose place."""
    return substitute.user_id, substitute.official_id


def _opens_admin(user: AbstractBaseUser) -> bool:
    has_perm = getattr(user, "has_perm", None)
    return user.is_active and has_perm is not None and has_perm("wagtailadmin.access_admin")


def _may_substitute(user: AbstractBaseUser, agency: Agency) -> bool:
    return _opens_admin(user) or (user.is_active and is_known_to(agency, user))


def _require_days(substitute: OfficialSubstitute, *, now: datetime) -> None:
    """Require days that a substitution can have, before anything is reckoned with them.

    Args:
        now: By the clock of the agency.
    """
    first, last, today = substitute.first_day, substitute.last_day, now.date()
    earliest, latest = first_days(today)
    match problem_of_days(first, last, today=today):
        case DaysProblem.TURNED_ROUND:
            text = _("The last day must not be before the first day.")
            raise Incomplete(fields={"last_day": text})
        case DaysProblem.OVER:
            raise Incomplete(fields={"last_day": _("These days are over.")})
        case DaysProblem.BEGINS_OUTSIDE:
            text = _("Enter a first day from %(earliest)s to %(latest)s.")
            days = {"earliest": day_month_year(earliest), "latest": day_month_year(latest)}
            raise Incomplete(fields={"first_day": text % days})
        case DaysProblem.TOO_LONG:
            text = _(
                "Enter a last day not after %(day)s: somebody substitutes for three months at most, "
                "within the year to come."
            )
            day = day_month_year(latest_last_day(first, today=today))
            raise Incomplete(fields={"last_day": text % {"day": day}})


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
