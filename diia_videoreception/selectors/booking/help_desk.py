"""What the help desk finds and sees: how an application stands, and nothing of what it is about."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from device_check.models import CheckRun
from diia_videoreception.models import Application, Citizen, JournalAct, JournalRecord
from diia_videoreception.rules.help_desk import OPEN_FOR, facts_fit
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.selectors.access import StaffUser, has_portal_right
from diia_videoreception.selectors.accounts.second_factor import helps
from diia_videoreception.selectors.booking.equipment import equipment_of

MAX_FOUND = 20
_ANY_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class HelpedCase:
    """All that the help desk is shown of an application, beside its letters.

    Attributes:
        until: When it closes for who opened it.
        run: The newest finished device check.
    """

    public_id: uuid.UUID
    number: str
    state: str
    agency: str
    agency_phone: str
    start: datetime
    zone: str
    until: datetime
    run: CheckRun | None
    run_is_valid: bool


def helps_citizens(user: StaffUser) -> bool:
    """Return whether this member of staff is of the help desk, and has proven it."""
    return has_portal_right(user, Role.HELP_DESK, helps)


def asked_about(typed: str) -> tuple[str, str] | None:
    """Return the column and the value that a number or a phone means, as people write it; None for neither."""
    try:
        return "number", str(parse_number(typed))
    except NumberError:
        pass
    try:
        return "phone", normalise_phone(typed)
    except PhoneError:
        return None


def fitting(
    user: StaffUser, asked: tuple[str, str] | None, *, surname: str, day: date
) -> list[Application]:
    """Return to the help desk the applications of a number or phone whose person and day are those; the newest first.

    One statement whatever was typed: how long it takes tells nobody what was wrong.
    """
    if not helps_citizens(user):
        return []
    column, value = asked or ("number", "")
    try:
        noon = datetime.combine(day, time(12), ZoneInfo("UTC"))
        near = (noon - timedelta(hours=12) - _ANY_ZONE, noon + timedelta(hours=12) + _ANY_ZONE)
    except OverflowError:
        return []
    # By the day first: applications of one day are few, and a phone has no index.
    rows = Application.objects.filter(start__range=near, **{column: value})
    found = rows.select_related("citizen", "official__unit__agency").order_by("-start", "-pk")
    return [
        one
        for one in found[:MAX_FOUND]
        if facts_fit(
            surname=surname,
            day=day,
            of_surname=one.citizen.last_name,
            of_day=one.start.astimezone(ZoneInfo(one.official.agency.time_zone)).date(),
        )
    ]


def open_until(user: StaffUser, public_id: uuid.UUID, *, now: datetime) -> datetime | None:
    """Return until when an application is open to this member of the help desk; None where it is not.

    The journal tells: nothing in a browser has to be trusted.
    """
    if not helps_citizens(user):
        return None
    opened = JournalRecord.objects.filter(
        subject_kind="application",
        subject_id=str(public_id),
        act=JournalAct.OPEN_FOR_HELP,
        actor_kind=JournalRecord.Actor.STAFF,
        actor_id=str(user.pk),
        moment__gt=now - OPEN_FOR,
        moment__lte=now,
    )
    moment = opened.order_by("-moment").values_list("moment", flat=True).first()
    return moment + OPEN_FOR if moment is not None else None


def application_helped(
    user: StaffUser, public_id: uuid.UUID, *, now: datetime
) -> QuerySet[Application]:
    """Return the application if it is open to this member of the help desk now, else nothing."""
    is_open = open_until(user, public_id, now=now) is not None
    return _with_parties(public_id) if is_open else Application.objects.none()


def opened(
    user: StaffUser, public_id: uuid.UUID, *, now: datetime
) -> tuple[Application, datetime] | None:
    """Return an application that is open to this member of the help desk, and until when; two statements."""
    until = open_until(user, public_id, now=now)
    application = _with_parties(public_id).first() if until is not None else None
    return (application, until) if application is not None and until is not None else None


def _with_parties(public_id: uuid.UUID) -> QuerySet[Application]:
    rows = Application.objects.select_related("official__unit__agency", "citizen", "clarification")
    return rows.filter(public_id=public_id)


def citizen_helped(user: StaffUser, public_id: uuid.UUID, *, now: datetime) -> QuerySet[Citizen]:
    """Return the person of an application that is open to this member of the help desk now."""
    opened = application_helped(user, public_id, now=now)
    return Citizen.objects.filter(pk__in=opened.values("citizen"))


def helped_case(application: Application, *, until: datetime, now: datetime) -> HelpedCase:
    """Return what is shown of an application that `application_helped` has given."""
    equipment = equipment_of(application, now=now, letters=())
    agency = application.official.agency
    return HelpedCase(
        public_id=application.public_id,
        number=application.number,
        state=str(application.state_in_words_at(now)),
        agency=agency.name,
        agency_phone=agency.phone,
        start=application.start,
        zone=agency.time_zone,
        until=until,
        run=equipment.run,
        run_is_valid=equipment.is_valid,
    )
