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


class NoRightToAct(ActRefused):
    """Acting on behalf of people is not open to this person now; `obstacles` says why."""

    code = "no_right_to_act"
    message = _("You cannot act on behalf of people now.")
    status = HTTPStatus.FORBIDDEN

    def __init__(self, *, obstacles: list[str]) -> None:
        super().__init__()
        self.obstacles = obstacles
