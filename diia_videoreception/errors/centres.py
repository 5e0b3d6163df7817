"""Why something about a centre, its people or its places stays as it is."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import ActRefused


class CentreSuspended(ActRefused):
    """The operator has suspended the centre: its people look, and change nothing."""

    code = "centre_suspended"
    message = _("Access of the centre is suspended. Nothing can be changed until it is given back.")
    status = HTTPStatus.FORBIDDEN


class MemberBlocked(ActRefused):
    code = "member_blocked"
    message = _("Your work in this centre is blocked. Ask the head of the centre.")
    status = HTTPStatus.FORBIDDEN


class NotForOneself(ActRefused):
    code = "not_for_oneself"
    message = _("Nobody can do this for themselves. Ask another head or the portal operator.")
    status = HTTPStatus.FORBIDDEN


class AlreadyInCentre(ActRefused):
    code = "already_in_centre"
    message = _("This person works in the centre already.")


class TooManyInCentre(ActRefused):
    code = "too_many_in_centre"
    message = _("There are %(limit)s already. Take away what is not needed.")


class CentreCodeTaken(ActRefused):
    code = "centre_code_taken"
    message = _("Another centre has this code.")


class NotTimeToArrive(ActRefused):
    code = "not_time_to_arrive"
    message = _("Arrivals are noted from an hour before the reception until its end.")


class NotArrived(ActRefused):
    code = "not_arrived"
    message = _("First look at the person’s document and note that they have come.")


class SeatCodeInvalid(ActRefused):
    """The same answer for a wrong, an expired and a spent one, and for a reception that was moved."""

    code = "seat_code_invalid"
    message = _("This code is not valid. Ask the administrator of the centre for a new one.")
    status = HTTPStatus.FORBIDDEN


class SeatBooked(ActRefused):
    """Receptions are to be held from the seat; `params` say until when."""

    code = "seat_booked"
    message = _(
        "Receptions are to be held from this place, the last of them on %(moment)s. Pause the place: nobody new will "
        "choose it. It can be removed after them."
    )


class WorkplaceNameTaken(ActRefused):
    code = "workplace_name_taken"
    message = _("Another place of the centre has this name.")


class InvitationInvalid(ActRefused):
    """The same answer for a wrong, an expired, a spent and a withdrawn one."""

    code = "invitation_invalid"
    message = _("This invitation is not valid. Ask the head of the centre for a new one.")
    status = HTTPStatus.NOT_FOUND


class InvitationForAnother(ActRefused):
    code = "invitation_for_another"
    message = _(
        "This invitation was sent to another address than that of your account. Ask the head of "
        "the centre to invite the address of your account."
    )
    status = HTTPStatus.FORBIDDEN


class TestNotOpen(ActRefused):
    """No attempt can be begun now; `obstacle` says why."""

    code = "test_not_open"
    message = _("You cannot take the test now. Open its page to see why.")

    def __init__(self, *, obstacle: str) -> None:
        super().__init__()
        self.obstacle = obstacle


class TestTimeOver(ActRefused):
    code = "test_time_over"
    message = _("The time for this attempt is over. What you chose last was not saved.")


class NoRightToAct(ActRefused):
    """Acting on behalf of people is not open to this person now; `obstacles` says why."""

    code = "no_right_to_act"
    message = _("You cannot act on behalf of people now.")
    status = HTTPStatus.FORBIDDEN

    def __init__(self, *, obstacles: list[str]) -> None:
        super().__init__()
        self.obstacles = obstacles


class PairingCodeInvalid(ActRefused):
    """The same answer for a wrong, an expired and a spent one, and for a place that serves nobody."""

    code = "pairing_code_invalid"
    message = _("This code is not valid. Ask the head of the centre for a new one.")
    status = HTTPStatus.FORBIDDEN


class PlaceClosed(ActRefused):
    """Outside the hours of the centre its self-service places serve nobody."""

    code = "place_closed"
    message = _("This place is closed now.")


class PlaceOutOfOrder(ActRefused):
    """The place is paused or shut out, or the centre may not have it now."""

    code = "place_out_of_order"
    message = _("This place does not work for now. Go to an administrator.")
    status = HTTPStatus.FORBIDDEN


class StaffAtPlace(ActRefused):
    """A member of staff is signed in in the browser of a self-service place, which then serves nobody."""

    code = "staff_at_place"
    message = _(
        "A member of staff is signed in in this browser. Sign out: a place for visitors keeps no account of staff."
    )
    status = HTTPStatus.FORBIDDEN


class PhoneSignInGone(ActRefused):
    """The same answer for a wrong, an old and a used code, and after the end of the visit."""

    code = "phone_sign_in_gone"
    message = _("This code does not work any more. Show a new one on the screen of the place.")


class TooManyVisits(ActRefused):
    """Somebody holds as many visits at once as there are letters to tell them apart."""

    code = "too_many_visits"
    message = _("There are %(limit)s open visits already. End or hand over one of them first.")


class VisitChanged(ActRefused):
    """Another page or somebody else has changed the visit since it was shown."""

    code = "visit_changed"
    message = _("The visit was changed on another page. Look at it again.")


class SlipCodeWrong(ActRefused):
    """The same answer for a number that is not there, a wrong code and one that was tried too often."""

    code = "slip_code_wrong"
    message = _(
        "The number and the code do not fit, or the code works no more. Check both on the slip;"
        " the centre gives a new code."
    )
    status = HTTPStatus.FORBIDDEN
