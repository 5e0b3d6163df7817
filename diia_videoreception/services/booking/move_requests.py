"""What a citizen may ask for once a time is confirmed: another one. The confirmed one stands meanwhile.

Nothing is occupied by a wish. A moderator grants it as every move (`moderation.confirm_other_time`: the
citizen has agreed to what they ask for), proposes another time instead, or refuses.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import AgencyNews, Application, JournalAct, Letter, MoveRequest
from diia_videoreception.rules import move_requests as rules
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.rules.transitions import Act, acts_from
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.booking.move_requests import (
    asked_lately,
    open_request,
    requests_of,
)
from diia_videoreception.selectors.booking.proposals import open_proposal
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import occupancy
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.booking.seating import require_seat_open
from diia_videoreception.services.booking.states import change_state, end_request
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, lock_citizen, locking_act
from diia_videoreception.wording import long_moment_and_zone, short_moment_and_zone


@locking_act
def request_move(
    *,
    actor: SignedIn,
    public_id: uuid.UUID,
    starts: Collection[datetime],
    reason: str,
    now: datetime,
    shown: datetime | None = None,
) -> MoveRequest:
    """Ask the agency to move the citizen's confirmed reception to one of the wished times.

    Args:
        starts: Beginnings of free times of the same official that may be applied for now.
        shown: The beginning of the reception as the citizen saw it; without it, whenever it is.

    Raises:
        NotFound: it is not this citizen's.
        ReceptionMoved: it begins at another time than the `shown` one.
        WrongState: it is not confirmed.
        TooLateToMove: it begins within 2 hours, or has begun.
        MoveRequestOpen, AnswerProposalFirst: something waits for an answer already.
        MoveLimitCase, MoveLimitDay: they have asked too often.
        Incomplete: there is no reason, or no time, or too much of it.
        OutsideSchedule, TooEarly, TooLate: a time cannot be applied for.
        SlotTaken, OwnTimeTaken: official or citizen is not free then.
    """
    missing = _("Write why you ask for another time: the agency will read it.")
    cleaned = typed_text(reason, name="reason", most=MAX_REASON, missing=missing)
    lock_citizen(actor.citizen)
    application = _lock_own(actor, public_id)
    if shown is not None and application.start != shown:
        zone = application.official.agency.time_zone
        raise errors.ReceptionMoved(time=long_moment_and_zone(application.start, zone))
    _require_possible(application, now=now)
    wished = _wished(application, starts, now=now)
    # One that has ended unnoticed goes first: an application has one.
    end_request(application, MoveRequest.Answer.EXPIRED, now=now)
    MoveRequest.objects.filter(application=application, is_last=True).update(is_last=False)
    request = MoveRequest.objects.create(
        application=application,
        start=application.start,
        wished=wished,
        reason=cleaned,
        made_at=now,
        deadline=rules.request_deadline(application.start),
    )
    change_state(application, Act.REQUEST_MOVE, now=now)
    journal.record(JournalAct.REQUEST_MOVE, subject=application, citizen=actor.citizen, now=now)
    letters.notify_agency(application, AgencyNews.Kind.MOVE_REQUESTED, now=now)
    return request


def _require_possible(application: Application, *, now: datetime) -> None:
    if Act.REQUEST_MOVE not in acts_from(application.state):
        raise errors.WrongState
    if rules.request_deadline(application.start) <= now:
        raise errors.TooLateToMove
    if open_request(application, now=now):
        raise errors.MoveRequestOpen
    if open_proposal(application, now=now):
        raise errors.AnswerProposalFirst
    require_within_limits(application, now=now)


def require_within_limits(application: Application, *, now: datetime) -> None:
    """Check that the citizen has not asked too often; pages ask before they show a form.

    Raises:
        MoveLimitCase, MoveLimitDay
    """
    if MoveRequest.objects.filter(application=application).count() >= rules.MAX_PER_CASE:
        raise errors.MoveLimitCase
    until = rules.day_limit_until(asked_lately(application.citizen, now=now), now)
    if until is not None:
        zone = application.official.agency.time_zone
        raise errors.MoveLimitDay(until=until, moment=short_moment_and_zone(until, zone))


def _wished(
    application: Application, starts: Collection[datetime], *, now: datetime
) -> Sequence[str]:
    """Return the wished times as they are kept, each looked at once more under the locks."""
    times = sorted(set(starts))
    if not times:
        raise errors.Incomplete(fields={"times": _("Choose at least one time.")})
    if len(times) > rules.MAX_TIMES:
        too_many = _("Choose %(count)s times at most.") % {"count": rules.MAX_TIMES}
        raise errors.Incomplete(fields={"times": too_many})
    if application.start in times:
        raise errors.Incomplete(fields={"times": _("This is the time that you have already.")})
    resources = occupancy.resources_of(application)
    own = application.occupancies.values_list("pk", flat=True).first()
    for start in times:
        slot = availability.offered_slot(application.official, start=start, now=now)
        require_seat_open(application, slot)
        occupancy.require_free(occupancy.look(resources, slot, now=now), besides=own)
        other = occupancy.own_reception_at(application.citizen, slot, now=now, besides=application)
        if other is not None:
            raise errors.OwnTimeTaken(**occupancy.params_of(other))
    return [start.isoformat() for start in times]


@locking_act
def withdraw(
    *, actor: SignedIn, public_id: uuid.UUID, request_id: uuid.UUID, now: datetime
) -> Application:
    """Take the citizen's open request back: the confirmed time stands, the agency is told.

    Withdrawing once more what one has withdrawn gives the application back unchanged.

    Raises:
        NotFound: it is not this citizen's.
        MoveRequestClosed: it was answered, or has ended by itself.
    """
    application = _lock_own(actor, public_id)
    request = requests_of(actor.citizen, public_id).filter(public_id=request_id).first()
    if request is None:
        raise errors.NotFound
    if request.answer == MoveRequest.Answer.WITHDRAWN:
        return application
    if not request.is_open(now):
        raise errors.MoveRequestClosed
    end_request(application, MoveRequest.Answer.WITHDRAWN, now=now)
    change_state(application, Act.WITHDRAW_MOVE, now=now)
    journal.record(JournalAct.WITHDRAW_MOVE, subject=application, citizen=actor.citizen, now=now)
    letters.notify_agency(application, AgencyNews.Kind.MOVE_WITHDRAWN, now=now)
    return application


@locking_act
def refuse(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    words: str,
    now: datetime,
) -> Application:
    """Refuse the open request with words: the confirmed time stands, the citizen is told.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, or there is no open request.
        Incomplete: there are no words, or too many.
    """
    missing = _("Write the reason: the citizen will read it.")
    cleaned = typed_text(words, name="words", most=MAX_REASON, missing=missing)
    application = lock_case(moderator, public_id, version, now=now)
    if open_request(application, now=now) is None:
        raise errors.WrongState
    end_request(application, MoveRequest.Answer.REFUSED, now=now, words=cleaned)
    change_state(application, Act.REFUSE_MOVE, now=now)
    journal.record(JournalAct.REFUSE_MOVE, subject=application, staff_id=moderator.pk, now=now)
    letters.queue(
        Letter.Kind.MOVE_REFUSED, application=application, now=now, facts={"reason": cleaned}
    )
    return application


@act
def expire(request_key: int, *, now: datetime) -> int:
    """Note that nobody has answered a request, and tell the citizen; it has ended by itself.

    Returns:
        Whether it was noted here.
    """
    found = MoveRequest.objects.select_related("application").get(pk=request_key).application
    application = _locked(found)
    request = MoveRequest.objects.filter(pk=request_key, answer="", deadline__lte=now).first()
    if request is None:
        return 0
    end_request(application, MoveRequest.Answer.EXPIRED, now=now)
    change_state(application, Act.EXPIRE_MOVE, now=now)
    journal.record(JournalAct.EXPIRE_MOVE, subject=application, now=now)
    letters.queue(Letter.Kind.MOVE_UNANSWERED, application=application, now=now)
    return 1


def _lock_own(actor: SignedIn, public_id: uuid.UUID) -> Application:
    """Lock official and application of this citizen.

    Raises:
        NotFound: there is none.
    """
    found = Application.objects.filter(citizen=actor.citizen, public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    return _locked(found)


def _locked(found: Application) -> Application:
    occupancy.lock_all(occupancy.resources_of(found))
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("official__unit__agency", "official__user", "citizen", "reception")
        .get(pk=found.pk)
    )
