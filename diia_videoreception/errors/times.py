"""Why a time cannot be had."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from diia_videoreception.errors.base import ActRefused, LimitReached


class SlotTaken(ActRefused):
    code = "slot_taken"
    message = _("Someone has just taken this time. Choose another.")


class TimeTaken(ActRefused):
    """The citizen is to be received elsewhere at this time; `params`, if any, say by whom and when."""

    message_naming: str | Promise

    def __str__(self) -> str:
        return str(self.message_naming % self.params) if self.params else str(self.message)


class OwnTimeTaken(TimeTaken):
    """The citizen is to be received by somebody else at this time; `params` say by whom and when."""

    code = "own_time_taken"
    message = _("You already have a reception at this time. Choose another time.")
    message_naming = _(
        "You already have a reception at this time: %(number)s, %(official)s, %(time)s. "
        "Choose another time or cancel that one."
    )


class CitizenTimeTaken(TimeTaken):
    """For staff: the citizen has another reception at this time; which one, if it is of their agencies."""

    code = "citizen_time_taken"
    message = _(
        "The citizen has a reception with another agency at this time. Choose another time."
    )
    message_naming = _(
        "The citizen has another reception at this time: %(number)s, %(official)s, "
        "%(time)s. Choose another time."
    )


class CitizenTimeHeld(ActRefused):
    """For staff: the citizen is writing to another official, and holds this time for it."""

    code = "citizen_time_held"
    message = ngettext_lazy(
        "The citizen is filling in another application for this time. "
        "Choose another time or try again in %(minutes)s minute.",
        "The citizen is filling in another application for this time. "
        "Choose another time or try again in %(minutes)s minutes.",
        "minutes",
    )

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class SeatClosed(ActRefused):
    """The seat of the centre has other hours."""

    code = "seat_closed"
    message = _("The place at the centre is closed at this time. Choose another time.")


class SeatUnavailable(ActRefused):
    code = "seat_unavailable"
    message = _("This place at the centre cannot be chosen now. Choose another place.")


class OutsideSchedule(ActRefused):
    code = "outside_schedule"
    message = _(
        "The official does not receive citizens at this time. Choose a time from the schedule."
    )


class TooEarly(ActRefused):
    """The start is nearer than the agency's lead time allows (A-32)."""

    code = "too_early"
    message = ngettext_lazy(
        "You must apply at least %(days)s day before the reception. Choose a later time.",
        "You must apply at least %(days)s days before the reception. Choose a later time.",
        "days",
    )

    def __init__(self, *, days: int) -> None:
        if not days:
            self.message = _("This time has already started. Choose a later time.")
        super().__init__(days=days)


class TooLate(ActRefused):
    """The start lies beyond the booking horizon."""

    code = "too_late"
    message = _("This time is too far ahead. Choose an earlier time.")


class AgencyNotConnected(ActRefused):
    code = "agency_not_connected"
    message = _("This agency does not offer video receptions on this portal yet.")


class OfficialUnavailable(ActRefused):
    code = "official_unavailable"
    message = _("This official does not offer video receptions now. Choose another official.")


class HoldExists(ActRefused):
    code = "hold_exists"
    message = _("You have already reserved a time.")


class HoldExpired(ActRefused):
    code = "hold_expired"
    message = _("Your reservation of this time has ended. We have saved what you wrote.")


class HoldMoved(ActRefused):
    """Another time is held than the one shown; `params` say which."""

    code = "hold_moved"
    message = _(
        "The time was changed in another tab. You have now reserved %(time)s, "
        "%(official)s. Check it before you continue."
    )


class ReceptionMoved(ActRefused):
    """The reception is at another time than the one shown; `params` say when."""

    code = "reception_moved"
    message = _("The time of the reception has changed to %(time)s. Nothing else has changed.")


class AbsencePause(LimitReached):
    """The agency lets people wait who did not come; `until` says how long."""

    code = "absence_pause"
    message = _(
        "It is recorded that you did not come to the reception %(number)s. You can apply to this agency again "
        "from %(moment)s. If the record is wrong, object to it on the page of that application."
    )


class HoldLimitReached(LimitReached):
    code = "hold_limit_reached"
    message = _("You have reserved a time too often in 24 hours. Try again after %(day_and_time)s.")


class HoldCoolDown(LimitReached):
    code = "hold_cool_down"
    message = _(
        "You have reserved this official’s time twice without applying. Try again after %(moment)s."
    )


class TimeOccupied(ActRefused):
    """An absence meets applications that must be moved first."""

    code = "time_occupied"
    message = _("There are applications at this time: %(numbers)s. Move or decline them first.")


class ReceptionsPaused(ActRefused):
    """For staff: nobody is absent from a reception that the agency could not hold."""

    code = "receptions_paused"
    message = _("The receptions were paused then: the citizen was not absent.")


class ShownChanged(ActRefused):
    """For staff: what they decided on is not what there is by now."""

    code = "shown_changed"
    message = _("Something has changed meanwhile. Look at the list again: nothing was saved.")


class TooManyTouched(ActRefused):
    """For staff: a change of a schedule touches more applications than can be decided on together."""

    code = "too_many_touched"
    message = _("This change touches more than %(most)s applications. Make it in parts.")


class AbsenceExists(ActRefused):
    """For staff: an absence meets another one."""

    code = "absence_exists"
    message = _(
        "The official already has an absence from %(start)s to %(end)s. Change or delete that one."
    )


class TimeHeld(ActRefused):
    code = "time_held"
    message = _(
        "Someone is filling in an application for this time until %(until)s. Try again after that."
    )


class TimeOffered(ActRefused):
    """For staff: somebody who waits is asked whether they take a time, which is kept for them until then."""

    code = "time_offered"
    message = _(
        "A time in it is offered to someone who waits, until %(until)s. Try again after that."
    )


class ProposalOpen(ActRefused):
    """For staff: both times are the citizen's until they answer, or the proposal is withdrawn."""

    code = "proposal_open"
    message = _(
        "Another time has been proposed and waits for the citizen’s answer. Withdraw the proposal first."
    )


class MoveRequestOpen(ActRefused):
    """The citizen has asked already; one request waits at a time."""

    code = "move_request_open"
    message = _(
        "You have already asked to move this reception. Wait for the answer or withdraw it."
    )


class MoveRequestClosed(ActRefused):
    """The request was answered, withdrawn or has ended by itself; the application says how it stands."""

    code = "move_request_closed"
    message = _(
        "This request to move the reception is closed. Below you see which time is yours now."
    )


class AnswerProposalFirst(ActRefused):
    """The agency has proposed another time, which waits for the citizen's answer."""

    code = "answer_proposal_first"
    message = _(
        "The agency has proposed another time. Accept it, or refuse it and say what suits you."
    )


class TooLateToMove(ActRefused):
    """The reception begins in less than 2 hours, or has begun."""

    code = "too_late_to_move"
    message = _("It is too late to move this reception. Call the agency or cancel the application.")


class MoveLimitCase(LimitReached):
    code = "move_limit_case"
    message = _(
        "You have asked to move this reception as often as is possible. Call the agency or cancel "
        "the application."
    )


class MoveLimitDay(LimitReached):
    code = "move_limit_day"
    message = _("You have asked to move receptions too often. Try again after %(moment)s.")


class ProposedTooSoon(ActRefused):
    """For staff: the citizen has to agree to a time so near before it is set."""

    code = "proposed_too_soon"
    message = ngettext_lazy(
        "This time is less than %(hours)s hour away. Call the citizen: if they agree, set it as "
        "an agreed time.",
        "This time is less than %(hours)s hours away. Call the citizen: if they agree, set it as "
        "an agreed time.",
        "hours",
    )

    def __init__(self, *, hours: int) -> None:
        super().__init__(hours=hours)


class ProposalTooLate(ActRefused):
    """For staff: there must be an answer 2 hours before either time, and that is now or past."""

    code = "proposal_too_late"
    message = _(
        "There is too little time left for an answer. Call the citizen: if they agree, set it as an "
        "agreed time."
    )


class ClarificationTooLate(ActRefused):
    """For staff: the citizen has to answer 2 hours before the reception, and that is now or past."""

    code = "clarification_too_late"
    message = _("There is too little time left for an answer. Call the citizen and ask.")


class ClarificationClosed(ActRefused):
    """The question was answered, withdrawn or has expired; the application says how it stands."""

    code = "clarification_closed"
    message = _(
        "You can no longer answer this question: its deadline has passed, or it was answered or "
        "withdrawn. Below you see how your application stands now."
    )


class ProposalClosed(ActRefused):
    """The proposed time was answered, withdrawn or has expired; the application says how it stands."""

    code = "proposal_closed"
    message = _(
        "You can no longer answer this proposal: its deadline has passed, or it was answered or "
        "withdrawn. Below you see which time is yours now."
    )


class TimeIsFree(ActRefused):
    """Nobody has to wait for what can be chosen."""

    code = "time_is_free"
    message = _("There are free times on the days that suit you. Choose one in the schedule.")


class QueueLimit(ActRefused):
    """The person waits for as many officials as one can."""

    code = "queue_limit"
    message = ngettext_lazy(
        "You can wait for %(most)s official at once. Leave a queue first.",
        "You can wait for %(most)s officials at once. Leave a queue first.",
        "most",
    )

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class OfferClosed(ActRefused):
    """What was offered was answered, or its deadline has passed."""

    code = "offer_closed"
    message = _("This time is not offered to you any more.")
