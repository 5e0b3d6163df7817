"""The places of a centre and their hours. The computer of a place is made, renamed and shut out with it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from device_check.services import workplaces as machines
from diia_videoreception.errors import (
    Incomplete,
    NotFound,
    SeatBooked,
    TooManyInCentre,
    WorkplaceNameTaken,
    WrongState,
)
from diia_videoreception.models import Centre, CentreHours, CentreWorkplace, JournalAct
from diia_videoreception.rules.centres import (
    MAX_PERIODS_A_DAY,
    HoursProblem,
    Period,
    problem_of_hours,
)
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.booking.centre_seats import upcoming_at
from diia_videoreception.services import journal
from diia_videoreception.services.centres.guard import head_in
from diia_videoreception.services.transactions import act, locked
from diia_videoreception.wording import long_moment_and_zone

MAX_WORKPLACES = 100
State = CentreWorkplace.State


@act
def make_workplace(
    centre_id: uuid.UUID,
    *,
    kind: CentreWorkplace.Kind,
    label: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreWorkplace:
    """Add a place to the centre, and its computer to the device check.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not head the centre.
        Incomplete: it has no name.
        WorkplaceNameTaken: another place has it.
        TooManyInCentre: there are enough.
    """
    centre = head_in(centre_id, staff).centre
    line = _free_label(centre, label)
    if _places(centre).count() >= MAX_WORKPLACES:
        raise TooManyInCentre(limit=MAX_WORKPLACES)
    machine = machines.create_workplace(
        label=line, site_code=centre.code, kind=kind.value, now=now, is_managed=True
    )
    place = CentreWorkplace.objects.create(
        centre=centre, machine=machine, kind=kind, label=line, created_at=now
    )
    _record(JournalAct.MAKE_WORKPLACE, place, staff, now=now, kind=kind.value)
    return place


@act
def rename(
    centre_id: uuid.UUID,
    place_id: uuid.UUID,
    *,
    label: str,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreWorkplace:
    """Call a place otherwise, and its computer with it.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, Incomplete, WorkplaceNameTaken: as `make_workplace`.
    """
    place = _place(centre_id, place_id, staff)
    place.label = _free_label(place.centre, label, besides=place)
    place.save(update_fields=["label"])
    machines.rename_workplace(public_id=place.machine.public_id, label=place.label, now=now)
    _record(JournalAct.RENAME_WORKPLACE, place, staff, now=now)
    return place


@act
def pause(
    centre_id: uuid.UUID, place_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> CentreWorkplace:
    """Let nobody begin anything at a place until it works again.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_workplace`.
        WrongState: it is paused already.
    """
    return _change(centre_id, place_id, staff, State.WORKING, State.PAUSED, now=now)


@act
def resume(
    centre_id: uuid.UUID, place_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> CentreWorkplace:
    """Let a paused place work again.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_workplace`.
        WrongState: it works.
    """
    return _change(centre_id, place_id, staff, State.PAUSED, State.WORKING, now=now)


def _change(
    centre_id: uuid.UUID,
    place_id: uuid.UUID,
    staff: AbstractBaseUser,
    was: CentreWorkplace.State,
    state: CentreWorkplace.State,
    *,
    now: datetime,
) -> CentreWorkplace:
    place = _place(centre_id, place_id, staff)
    if place.state != was:
        raise WrongState
    place.state = state
    place.save(update_fields=["state"])
    paused = state is State.PAUSED
    done = JournalAct.PAUSE_WORKPLACE if paused else JournalAct.RESUME_WORKPLACE
    _record(done, place, staff, now=now)
    return place


@act
def revoke(
    centre_id: uuid.UUID, place_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Take a place away for good: its computer is shut out, its name is free again.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_workplace`.
        SeatBooked: receptions are to be held from it.
    """
    place = _locked_place(centre_id, place_id, staff)
    last = upcoming_at(place, now=now).last()
    if last is not None:
        raise SeatBooked(moment=long_moment_and_zone(last.start, place.centre.time_zone))
    place.state = State.REVOKED
    place.save(update_fields=["state"])
    machines.revoke(public_id=place.machine.public_id, now=now, by_host=True)
    _record(JournalAct.REVOKE_WORKPLACE, place, staff, now=now)


@act
def set_sign_language(
    centre_id: uuid.UUID,
    place_id: uuid.UUID,
    *,
    has_sign_language: bool,
    staff: AbstractBaseUser,
    now: datetime,
) -> CentreWorkplace:
    """Tell whether somebody helps in sign language at a seat for video receptions (B-63).

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_workplace`; it is no such seat, too.
    """
    place = _place(centre_id, place_id, staff)
    if place.kind != CentreWorkplace.Kind.VIDEO_SEAT:
        raise NotFound
    if place.has_sign_language != has_sign_language:
        place.has_sign_language = has_sign_language
        place.save(update_fields=["has_sign_language"])
        _record(
            JournalAct.SET_SEAT_SIGN_LANGUAGE, place, staff, now=now, is_there=has_sign_language
        )
    return place


@act
def set_hours(
    centre_id: uuid.UUID,
    place_id: uuid.UUID | None,
    *,
    periods: Sequence[Period],
    staff: AbstractBaseUser,
    now: datetime,
) -> None:
    """Put the hours of a week in the place of those before: of the centre, or of one of its places.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_workplace`.
        Incomplete: hours are turned round, overlap, or are too many for a day; the field is the day.
    """
    centre = head_in(centre_id, staff).centre
    place = _place(centre_id, place_id, staff) if place_id is not None else None
    problem = problem_of_hours(periods)
    if problem is not None:
        what, weekday = problem
        raise Incomplete(fields={f"day_{weekday}": _words_of(what)})
    CentreHours.objects.filter(centre=centre, workplace=place).delete()
    CentreHours.objects.bulk_create(
        CentreHours(centre=centre, workplace=place, **period._asdict()) for period in periods
    )
    about = {"workplace": str(place.public_id)} if place is not None else {}
    journal.record(
        JournalAct.SET_CENTRE_HOURS,
        subject=centre,
        staff_id=staff.pk,
        now=now,
        details={"periods": len(periods), **about},
    )


def _words_of(problem: HoursProblem) -> str:
    if problem is HoursProblem.TURNED_ROUND:
        return _("The end must be after the beginning.")
    if problem is HoursProblem.OVERLAP:
        return _("These hours overlap.")
    return _("At most %(most)s periods a day.") % {"most": MAX_PERIODS_A_DAY}


def _places(centre: Centre) -> QuerySet[CentreWorkplace]:
    return CentreWorkplace.objects.filter(centre=centre).exclude(state=State.REVOKED)


def _place(centre_id: uuid.UUID, place_id: uuid.UUID, staff: AbstractBaseUser) -> CentreWorkplace:
    centre = head_in(centre_id, staff).centre
    place = _places(centre).select_related("machine").filter(public_id=place_id).first()
    if place is None:
        raise NotFound
    place.centre = centre
    return place


def _locked_place(
    centre_id: uuid.UUID, place_id: uuid.UUID, staff: AbstractBaseUser
) -> CentreWorkplace:
    """Return a place of which nobody claims a time meanwhile."""
    place = _place(centre_id, place_id, staff)
    locked(CentreWorkplace.objects.filter(pk=place.pk)).get()
    return place


def _free_label(centre: Centre, label: str, *, besides: CentreWorkplace | None = None) -> str:
    line = clean_line(label)
    if not line:
        raise Incomplete(fields={"label": _("Give the place a name, such as “Place no. 1”.")})
    others = _places(centre).filter(label=line)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise WorkplaceNameTaken
    return line


def _record(
    act_: JournalAct,
    place: CentreWorkplace,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    **details: object,
) -> None:
    journal.record(
        act_,
        subject=place.centre,
        staff_id=staff.pk,
        now=now,
        details={"workplace": str(place.public_id), **details},
    )
