"""A visitor at a self-service workplace: begins, is seen to be there, calls for help, and is wiped."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import (
    Incomplete,
    NotFound,
    PlaceClosed,
    PlaceOutOfOrder,
    WrongState,
)
from diia_videoreception.models import (
    CentreWorkplace,
    CitizenSession,
    JournalAct,
    PairedBrowser,
    VisitorSession,
    VisitRating,
)
from diia_videoreception.rules.kiosk import (
    ABSENCE,
    MAX_RATING,
    VISIT,
    EndReason,
    PlaceStanding,
    end_reason,
    extended,
)
from diia_videoreception.rules.visits import VisitMode
from diia_videoreception.selectors.centres.kiosks import just_finished, standing_of, token_hash
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal
from diia_videoreception.services.booking import leaving
from diia_videoreception.services.centres.guard import member_in
from diia_videoreception.services.kiosk.ending import NO_CALL, end_visit
from diia_videoreception.services.kiosk.pairing import new_token
from diia_videoreception.services.transactions import act, locked

STRAGGLERS = timedelta(minutes=10)
"""How long after a visit what came too late for its end is looked for."""
TOUCH_EVERY = timedelta(seconds=10)
BATCH = 200


class VisitBeginning(NamedTuple):
    """A visit that has begun, the token of the visitor and the next one of the browser."""

    visitor: VisitorSession
    token: str
    browser_token: str


@act
def begin(browser: PairedBrowser, *, now: datetime) -> VisitBeginning:
    """Begin a visit at the place of a browser; whoever was there before is wiped.

    Raises:
        PlaceClosed, PlaceOutOfOrder: nobody is served there now.
    """
    row = locked(PairedBrowser.objects.filter(pk=browser.pk)).get()
    place = browser.workplace
    standing = standing_of(place, now=now)
    if standing is PlaceStanding.OUT_OF_ORDER or not row.is_paired:
        raise PlaceOutOfOrder
    if standing is PlaceStanding.CLOSED:
        raise PlaceClosed
    for before in VisitorSession.objects.open().filter(workplace=place):
        before.workplace = place
        over = end_reason(seen_at=before.seen_at, ends_at=before.ends_at, now=now)
        end_visit(before, over or EndReason.NEXT, now=now)
    token, browser_token = new_token(), new_token()
    row.next_hash = token_hash(browser_token)
    row.save(update_fields=["next_hash"])
    visitor = VisitorSession.objects.create(
        workplace=place,
        token_hash=token_hash(token),
        started_at=now,
        seen_at=now,
        ends_at=now + VISIT,
    )
    _record(JournalAct.BEGIN_SELF_SERVICE, visitor, now=now)
    return VisitBeginning(visitor, token, browser_token)


def keep_alive(visitor: VisitorSession, *, step: str, now: datetime) -> None:
    """Note that a visitor is there, and on which page; a page that only asks brings none."""
    values: dict[str, object] = {}
    if now - visitor.seen_at >= TOUCH_EVERY:
        values["seen_at"] = visitor.seen_at = now
    if step and step != visitor.step:
        values["step"] = visitor.step = step
    if values:
        VisitorSession.objects.live(now).filter(pk=visitor.pk).update(**values)


@act
def end(visitor: VisitorSession, *, now: datetime, idle: bool = False) -> None:
    """End a visit as the visitor wishes, or as the screen does that waited in vain; ending it again is no error."""
    end_visit(visitor, EndReason.IDLE if idle else EndReason.FINISHED, now=now)


@act
def rate(place: CentreWorkplace, value: int, *, now: datetime) -> bool:
    """Take how the visitor who has just finished at a place rates it (B-69); of several answers the first counts.

    The answer is kept by its day alone: whose it is nobody can find out.

    Args:
        value: from 1 to `MAX_RATING`.

    Returns:
        Whether it was taken; not where nobody has just finished there, or they have rated already.

    Raises:
        Incomplete: there is no such value.
    """
    if not 1 <= value <= MAX_RATING:
        raise Incomplete(fields={"rating": _("Choose one.")})
    visitor = just_finished(place, now=now)
    if visitor is None:
        return False
    if not VisitorSession.objects.filter(pk=visitor.pk, is_rated=False).update(is_rated=True):
        return False
    VisitRating.objects.create(
        centre=place.centre,
        day=today_in(place.centre, now=now),
        mode=VisitMode.SELF_SERVICE.value,
        value=value,
    )
    return True


@act
def call_for_help(visitor: VisitorSession, *, now: datetime) -> None:
    """Call an administrator to the place; calling again changes nothing."""
    waiting = VisitorSession.objects.live(now).filter(pk=visitor.pk, needs_help_since=None)
    if waiting.update(needs_help_since=now):
        _record(JournalAct.CALL_FOR_HELP, visitor, now=now)


@act
def cancel_call(visitor: VisitorSession, *, now: datetime) -> None:
    """Take the call back; without one nothing changes."""
    if _called(visitor, now=now):
        _record(JournalAct.CANCEL_CALL, visitor, now=now)


@act
def promise_help(
    centre_id: uuid.UUID, visitor_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Say that somebody of the centre is on their way, so that the screen says it; said twice, the first counts.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `answer_call`.
        WrongState: nobody has called.
    """
    visitor = _visitor(centre_id, visitor_id, staff, now=now)
    if visitor.needs_help_since is None:
        raise WrongState
    if visitor.help_promised_at is None:
        VisitorSession.objects.filter(pk=visitor.pk).update(help_promised_at=now)
        _record(JournalAct.PROMISE_HELP, visitor, staff=staff, now=now)


@act
def answer_call(
    centre_id: uuid.UUID, visitor_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Note that somebody of the centre has come to the visitor.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not work in the centre, or there is no such visitor.
        WrongState: nobody has called, or somebody has come already.
    """
    visitor = _visitor(centre_id, visitor_id, staff, now=now)
    if not _called(visitor, now=now):
        raise WrongState
    _record(JournalAct.ANSWER_CALL, visitor, staff=staff, now=now)


@act
def extend(
    centre_id: uuid.UUID, visitor_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> datetime:
    """Give a visitor more time, as much as a visit has.

    Returns:
        Until when the visit lasts now: no longer than `MAX_VISIT` in all.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `answer_call`.
        WrongState: it lasts as long as one can already.
    """
    visitor = _visitor(centre_id, visitor_id, staff, now=now)
    until = extended(started_at=visitor.started_at, ends_at=visitor.ends_at)
    if until == visitor.ends_at:
        raise WrongState
    VisitorSession.objects.filter(pk=visitor.pk).update(ends_at=until)
    _record(JournalAct.EXTEND_SELF_SERVICE, visitor, staff=staff, now=now)
    return until


@act
def end_by_staff(
    centre_id: uuid.UUID, visitor_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Wipe what a visitor has left behind who went away.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `answer_call`.
    """
    visitor = _visitor(centre_id, visitor_id, staff, now=now)
    end_visit(visitor, EndReason.STAFF, now=now)


def end_overdue(*, now: datetime) -> int:
    """End the visits whose time is over and that nobody has ended; gives how many there were.

    What a page had under way when its visit ended, such as a draft that saves itself, goes too.
    """
    just_ended = CitizenSession.objects.filter(visitor__ended_at__gt=now - STRAGGLERS)
    for session in just_ended.select_related("citizen", "visitor"):
        _sweep(session, now=now)
    overdue = VisitorSession.objects.open().exclude(ends_at__gt=now, seen_at__gt=now - ABSENCE)
    found = overdue.select_related("workplace__centre").order_by("pk")[:BATCH]
    return sum(_end_overdue(visitor, now=now) for visitor in found)


@act
def _sweep(session: CitizenSession, *, now: datetime) -> None:
    visitor = session.visitor
    if visitor is not None and visitor.ended_at is not None:
        leaving.leave(session.citizen, since=session.started_at, until=visitor.ended_at, now=now)


@act
def _end_overdue(visitor: VisitorSession, *, now: datetime) -> bool:
    over = end_reason(seen_at=visitor.seen_at, ends_at=visitor.ends_at, now=now)
    return end_visit(visitor, over or EndReason.IDLE, now=now)


def _called(visitor: VisitorSession, *, now: datetime) -> bool:
    found = VisitorSession.objects.live(now).filter(pk=visitor.pk).exclude(needs_help_since=None)
    return bool(found.update(**NO_CALL))


def _visitor(
    centre_id: uuid.UUID, visitor_id: uuid.UUID, staff: AbstractBaseUser, *, now: datetime
) -> VisitorSession:
    """Return a visitor for any member of the centre, locked."""
    member = member_in(centre_id, staff)
    found = VisitorSession.objects.live(now).filter(
        public_id=visitor_id, workplace__centre=member.centre_id
    )
    visitor = locked(found.select_related("workplace__centre")).first()
    if visitor is None:
        raise NotFound
    return visitor


def _record(
    done: JournalAct,
    visitor: VisitorSession,
    *,
    now: datetime,
    staff: AbstractBaseUser | None = None,
) -> None:
    place = visitor.workplace
    journal.record(
        done,
        subject=place.centre,
        staff_id=staff.pk if staff is not None else None,
        now=now,
        details={"workplace": str(place.public_id)},
    )
