"""What can go wrong in an act: each refusal has a stable code and a text for the person.

Codes are part of the API and never change; texts are for reading and may.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class ActRefused(Exception):
    """An act that the rules do not allow. Nothing has been written."""

    code = "refused"
    message: str | Promise = _("You cannot do this.")
    status = HTTPStatus.CONFLICT
    wait_seconds: int | None = None
    """In how many seconds the same call may succeed, where that is always the same."""

    def retry_after(self, now: datetime) -> int | None:
        """Return in how many seconds the same call may succeed; None when time alone changes nothing."""
        return self.wait_seconds

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        # Joined before it is a text: the number may choose the words.
        return str(self.message % self.params if self.params else self.message)


class NotFound(ActRefused):
    """The thing does not exist, or is not this person's: the answer is the same."""

    code = "not_found"
    message = _("We could not find this.")
    status = HTTPStatus.NOT_FOUND


class WrongMethod(ActRefused):
    """A script asks in a way that the address does not know."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class Forbidden(ActRefused):
    code = "forbidden"
    message = _("You are not allowed to do this.")
    status = HTTPStatus.FORBIDDEN


class Busy(ActRefused):
    """Too many people want the same thing at once; the same call may succeed in a moment."""

    code = "busy"
    message = _("Many people are booking right now. Try again in a moment.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 1


class Unexpected(ActRefused):
    """An error that nobody foresaw; its number leads to the lines of the log."""

    code = "internal_error"
    message = _("Something went wrong on our side. Try again in a few minutes.")
    status = HTTPStatus.INTERNAL_SERVER_ERROR


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


class LevelTooLow(ActRefused):
    """The session's level of assurance is below what the agency asks for."""

    code = "level_too_low"
    message = _(
        "This agency asks you to sign in with a stronger method, for example an "
        "electronic signature."
    )
    status = HTTPStatus.FORBIDDEN


class ConsentRequired(ActRefused):
    code = "consent_required"
    message = _("Agree to the terms of the service first.")
    status = HTTPStatus.FORBIDDEN


class ServicePaused(ActRefused):
    code = "service_paused"
    message = _("Booking is paused for now. Try again later.")


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
    message = _("The time of the reception has changed to %(time)s. Nothing has been cancelled.")


class LimitReached(ActRefused):
    """A limit on open applications or on holds; `until` says when it ends, if it does."""

    code = "limit_reached"
    message = _("You have reached a limit.")
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, until: datetime | None = None, **params: object) -> None:
        self.until = until
        super().__init__(**params)

    def retry_after(self, now: datetime) -> int | None:
        if self.until is None:
            return None
        return max(1, math.ceil((self.until - now).total_seconds()))


class HoldLimitReached(LimitReached):
    code = "hold_limit_reached"
    message = _("You have reserved a time too often in 24 hours. Try again after %(day_and_time)s.")


class HoldCoolDown(LimitReached):
    code = "hold_cool_down"
    message = _(
        "You have reserved this official’s time twice without applying. Try again after %(moment)s."
    )


class OpenLimitOfficial(LimitReached):
    code = "open_limit_official"
    message = _(
        "You already have open applications to this official. Wait for a decision or cancel one of them."
    )


class OpenLimitTotal(LimitReached):
    code = "open_limit_total"
    message = _("You have too many open applications. Wait for a decision or cancel one of them.")


class TooManyRequests(LimitReached):
    code = "throttled"
    message = _("Too many attempts. Wait a few minutes and try again.")


class CaptchaFailed(ActRefused):
    code = "captcha_failed"
    message = _("Confirm that you are not a robot.")
    status = HTTPStatus.BAD_REQUEST


class ActInProgress(ActRefused):
    """A second click on one button: the first one is not answered yet."""

    code = "act_in_progress"
    message = _("We are already doing this. Wait a moment.")
    wait_seconds = 1


class PriorNumberUnknown(ActRefused):
    """A-42: the number must be the person's own, with the same official."""

    code = "prior_number_unknown"
    message = _("You do not have an application with this number.")
    status = HTTPStatus.BAD_REQUEST


class PriorNumberOtherOfficial(ActRefused):
    code = "prior_number_other_official"
    message = _(
        "The application with this number was made to another official. Leave the field "
        "empty or choose that official."
    )
    status = HTTPStatus.BAD_REQUEST


class Incomplete(ActRefused):
    """Something is missing or wrong; `fields` maps names to texts, `codes` to why, where it is known."""

    code = "incomplete"
    message = _("Fill in the missing answers.")
    status = HTTPStatus.BAD_REQUEST

    def __init__(
        self, *, fields: Mapping[str, str | Promise], codes: Mapping[str, str] | None = None
    ) -> None:
        self.fields = fields
        self.codes = codes or {}
        super().__init__()


class AlreadySubmitted(ActRefused):
    """The draft has been filed, from another tab or by going back; `public_id` is the application's."""

    code = "already_submitted"
    message = _("This application has already been submitted.")

    def __init__(self, *, public_id: UUID) -> None:
        self.public_id = public_id
        super().__init__()


class DraftChanged(ActRefused):
    """Somebody else has changed the same answers since they were read; `fields` names them."""

    code = "draft_changed"
    message = _(
        "This was changed elsewhere while you were editing. Read the draft again and "
        "choose which text to keep."
    )

    def __init__(self, *, fields: list[str]) -> None:
        self.fields = fields
        super().__init__()


class ShownDraftChanged(DraftChanged):
    """What is to be filed differs from what was shown; `fields` names what has changed."""

    message = _(
        "The application was changed in another tab or program after you opened this "
        "page. Check it again before you submit it."
    )


class RequestTooLarge(ActRefused):
    code = "request_too_large"
    message = _("This is too much at once.")
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class DocumentsTooLarge(RequestTooLarge):
    """A form with documents is too large; `limit` says how many megabytes one may have."""

    message = _("This is too much at once. Add documents one at a time, each up to %(limit)s MB.")


class RequestUnreadable(ActRefused):
    """The body of the request broke off or is no form."""

    code = "request_unreadable"
    message = _("Part of the form did not arrive. Go back and send it again.")
    status = HTTPStatus.BAD_REQUEST


class TooManyFiles(ActRefused):
    code = "too_many_files"
    message = _("You can add at most %(limit)s files.")
    status = HTTPStatus.BAD_REQUEST


class DocumentLimit(LimitReached):
    """The documents of one person in all come to too much; `params["megabytes"]` is the other bound."""

    code = "document_limit"
    message = _(
        "All your applications together can have up to %(files)s documents and "
        "%(megabytes)s MB. Remove files that you do not need from this application, or "
        "wait: we stop counting the documents of closed and cancelled applications one "
        "day after you added them. You can also submit the application without this file."
    )


class WrongState(ActRefused):
    """Somebody else acted first, or the act does not fit the state of the application."""

    code = "wrong_state"
    message = _("The application has changed since you opened it. Check it again.")


class AnswerChanged(ActRefused):
    """The text to the citizen was saved or sent by somebody else, or in another window."""

    code = "answer_changed"
    message = _(
        "The text has been changed or sent meanwhile. Look at it once more; what you have written "
        "is below."
    )


class AlreadySigned(ActRefused):
    code = "already_signed"
    message = _("This application is signed already.")


class TooLateToCancel(ActRefused):
    code = "too_late_to_cancel"
    message = _("The reception has already started: you cannot cancel it.")


class TimeOccupied(ActRefused):
    """An absence meets applications or holds that must be moved first."""

    code = "time_occupied"
    message = _("There are applications at this time: %(numbers)s. Move or decline them first.")


class TimeHeld(ActRefused):
    code = "time_held"
    message = _(
        "Someone is filling in an application for this time until %(until)s. Try again after that."
    )


class SessionEnded(ActRefused):
    code = "session_ended"
    message = _("You need to sign in again.")
    status = HTTPStatus.UNAUTHORIZED


class AnotherPerson(ActRefused):
    """The page was opened by somebody else than who is signed in now."""

    code = "another_person"
    message = _(
        "Someone else is now signed in. We did not save what was written on this page to "
        "their account. Sign in to your own account to continue."
    )


class CodeWrong(ActRefused):
    code = "code_wrong"
    message = _("This code is not correct. Check the letter or ask for a new code.")
    status = HTTPStatus.BAD_REQUEST


class CodeIncomplete(CodeWrong):
    """Not a code yet: nothing is compared and no attempt is lost."""

    code = "code_incomplete"
    message = _("The code has 6 digits. Enter all of them, as they are in the letter.")


class AddressMalformed(ActRefused):
    code = "email_malformed"
    message = _("Enter the address in the form name@example.com.")
    status = HTTPStatus.BAD_REQUEST


class PasswordNotShown(ActRefused):
    """The conference password is shown from 24 hours before the reception until its end."""

    code = "password_not_shown"
    message = _("You can see the password from 24 hours before the reception until it ends.")


class IdempotencyMismatch(ActRefused):
    code = "idempotency_mismatch"
    message = _("This Idempotency-Key was used for another request.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class IdempotencyInProgress(ActRefused):
    code = "idempotency_in_progress"
    message = _("The first request with this Idempotency-Key is still being answered.")


class ConferenceUnavailable(ActRefused):
    """The agency names a video conference that the portal's settings do not have."""

    code = "conference_unavailable"
    message = _(
        "This agency’s video conference “%(alias)s” is not set up. Tell the portal administrator."
    )


class AuthenticationTooOld(ActRefused):
    """The act needs a sign-in of the last FRESH_SIGN_IN_MINUTES (identity rule C.9)."""

    code = "fresh_sign_in_required"
    message = _("Sign in again to protect your account, then continue.")
    status = HTTPStatus.FORBIDDEN


class RegistrationClosed(ActRefused):
    """The portal has published no rules that a new person could agree to (A-13)."""

    code = "registration_closed"
    message = _("You cannot register on the portal yet: its rules are not published.")


class RulesChanged(ActRefused):
    """The edition that the person has read is not in force any more (A-13)."""

    code = "rules_changed"
    message = _("The rules have just changed. Read them and tick the box again.")


class OrganisationUnknown(ActRefused):
    """Only who is known by a certificate of an organisation represents it (A-14)."""

    code = "organisation_unknown"
    message = _("To represent an organisation, sign in with its key.")
    status = HTTPStatus.BAD_REQUEST


class LastStrongCredential(ActRefused):
    """Without it the person could not come back (identity rule C.9)."""

    code = "last_strong_means"
    message = _("This is your last strong sign-in method. Add another one first.")


class CheckNotAskable(ActRefused):
    code = "check_not_askable"
    message = _(
        "You cannot ask the citizen now: the reception is not upcoming, or a letter "
        "about it was sent less than a day ago."
    )


class LetterOutOfDate(ActRefused):
    code = "letter_out_of_date"
    message = _("This letter is out of date: there is a later one, or its time has passed.")


class LetterSentAgain(ActRefused):
    code = "letter_sent_again"
    message = _("This letter was sent again less than 10 minutes ago. Wait, or call the citizen.")


class RoomClosed(ActRefused):
    code = "room_closed"
    message = _("The room for this reception is not open now.")


class RoomFull(ActRefused):
    code = "room_full"
    message = _("The room is full. Wait until someone leaves.")


class WindowSuperseded(ActRefused):
    """The same person has come in by another window."""

    code = "superseded"
    message = _("You joined in another window. Continue there, or join again here.")


class NotAdmitted(ActRefused):
    code = "not_admitted"
    message = _("You have not been let in yet.")


class StaleSession(ActRefused):
    """The signal belongs to an earlier call: one of the two has come in anew."""

    code = "stale_session"
    message = _("You have been reconnected. Wait a moment.")


class SignalsPileUp(ActRefused):
    """The other page has not fetched what it was sent."""

    code = "signals_pile_up"
    message = _("The other side is not responding. Wait a moment.")
    status = HTTPStatus.TOO_MANY_REQUESTS
    wait_seconds = 3


class Malformed(ActRefused):
    """What a script of ours would never send."""

    code = "malformed"
    message = _("We could not read this. Reload the page.")
    status = HTTPStatus.BAD_REQUEST


class MessageLimit(ActRefused):
    code = "message_limit"
    message = _("This room is full of messages: you cannot send more.")


class MessageTooLong(ActRefused):
    code = "message_too_long"
    message = _("A message can have up to %(limit)s characters. Split it into several.")
    status = HTTPStatus.BAD_REQUEST
