"""Why a conference or its room does not let somebody do something."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import ActRefused


class PasswordNotShown(ActRefused):
    """The conference password is shown around the reception only."""

    code = "password_not_shown"
    message = _(
        "You can see the password from 15 minutes before the reception until 15 minutes after it."
    )


class ConferenceUnavailable(ActRefused):
    """The agency names a video conference that the portal's settings do not have."""

    code = "conference_unavailable"
    message = _(
        "This agency’s video conference “%(alias)s” is not set up. Tell the portal administrator."
    )


class ConferenceDown(ActRefused):
    """The server that carries sound and picture does not answer."""

    code = "conference_down"
    message = _("The video server is not responding. Try again in a moment.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 3


class NoOtherConference(ActRefused):
    """The agency has nothing in reserve, or the portal's settings do not have it."""

    code = "no_other_conference"
    message = _("Your agency has no other video conference to switch to.")


class RoomClosed(ActRefused):
    code = "room_closed"
    message = _("The room for this reception is not open now.")


class RoomFull(ActRefused):
    code = "room_full"
    message = _("The room is full. Wait until someone leaves.")


class GuestLimit(ActRefused):
    code = "guest_limit"
    message = _("You have invited as many guests as one reception may have: %(limit)s.")


class LinkInvalid(ActRefused):
    """The secret of a guest's link is none of ours, or of another link."""

    code = "link_invalid"
    message = _("This link does not work. Ask the agency to send it again.")
    status = HTTPStatus.NOT_FOUND


class LinkSpent(ActRefused):
    """The link has been opened in another browser."""

    code = "link_spent"
    message = _(
        "This link has been used in another browser. If it was not you, ask the agency for a new one."
    )


class GuestAccessEnded(ActRefused):
    """A guest's access was withdrawn, or this browser never had any."""

    code = "guest_ended"
    message = _("Your access to this reception has ended.")
    status = HTTPStatus.FORBIDDEN


class EndTooEarly(ActRefused):
    """Nobody has met in the room yet and its time has not come: ending it would shut the citizen out."""

    code = "end_too_early"
    message = _("You can end the reception once it has begun or the citizen has been let in.")


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


class SignatureNotAsked(ActRefused):
    """Nobody asks the citizen to sign this document any more."""

    code = "signature_not_asked"
    message = _("You are not asked to sign this document any more. Return to the conversation.")


class DocumentSigned(ActRefused):
    code = "document_signed"
    message = _("This document is signed already.")


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
