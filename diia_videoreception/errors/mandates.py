"""Why nothing is done for a person, or a consent to it cannot be taken."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import ActRefused


class NoMandate(ActRefused):
    """The person has not agreed to this, or only to something else."""

    code = "no_mandate"
    message = _("The person has not given consent to this. Ask for it first.")


class MandateEnded(ActRefused):
    """The consent has run out or was revoked, or the centre may not act for people any more."""

    code = "mandate_ended"
    message = _(
        "The consent does not hold any more, so nothing else can be done for the person. Ask for a new "
        "consent, or end the visit."
    )


class PersonHasAccount(ActRefused):
    """Nothing is typed for who has an account of their own: a draft there is nobody else's to see."""

    code = "person_has_account"
    message = _(
        "This person has an account of their own and applies there. Go back to the decision and help beside them."
    )


class MandateUnknown(ActRefused):
    """The same answer for a wrong reference, another name, one that has ended and one of another centre by telephone."""

    code = "mandate_unknown"
    message = _("There is no consent in force with this number and last name.")
    status = HTTPStatus.NOT_FOUND


class PersonViewGone(ActRefused):
    """The same answer for a wrong, an old and a used code, and after the end of the visit."""

    code = "person_view_gone"
    message = _("This code does not work any more. Ask the administrator to show a new one.")


class CaseNotOffered(ActRefused):
    """The same answer for a wrong number, and for a case of somebody else."""

    code = "case_not_offered"
    message = _(
        "No centre has filed a case with this number for you. Compare it with your slip, or call the centre."
    )


class HelpStopped(ActRefused):
    """What the person reads may not be sent for them any more: the consent, the centre or the right has ended."""

    code = "help_stopped"
    message = _(
        "The centre may not send anything for you any more. Nothing was sent. Ask the administrator what has happened."
    )


class ReadAnew(ActRefused):
    """What the person has read is not what is typed now."""

    code = "read_anew"
    message = _("The administrator has changed something meanwhile. Read all of it once more.")


class NotThePerson(ActRefused):
    """Somebody else has signed in than who was named at the centre."""

    code = "not_the_person"
    message = _(
        "You have signed in as another person than the administrator has named. Nothing was confirmed. Tell the "
        "administrator, or sign in to your own account."
    )
    status = HTTPStatus.FORBIDDEN


class SignedByAnother(ActRefused):
    """The key is of somebody else than was named at the centre."""

    code = "signed_by_another"
    message = _(
        "This key is of another person than the administrator has named. Nothing was confirmed. Compare the names "
        "and the number with the administrator."
    )
    status = HTTPStatus.FORBIDDEN


class StaffInBrowser(ActRefused):
    """A member of staff is signed in where the person alone confirms."""

    code = "staff_in_browser"
    message = _(
        "A member of staff is signed in in this browser, so nothing can be confirmed here. The person confirms on "
        "their own phone."
    )
    status = HTTPStatus.FORBIDDEN


class CitizenInBrowser(ActRefused):
    """A person is signed in in the browser of the administrator, who would act for them by their own account."""

    code = "citizen_in_browser"
    message = _(
        "A person is signed in in this browser. Sign them out first: their account is theirs alone."
    )
    status = HTTPStatus.FORBIDDEN


class ConsentTooLate(ActRefused):
    """Too much time has passed since the text was read."""

    code = "consent_too_late"
    message = _("Too much time has passed since the text was read. Read it together once more.")


class TooManyCodes(ActRefused):
    code = "too_many_codes"
    message = _("No more codes can be sent for this consent. Choose another way to confirm.")


class NoTextMessages(ActRefused):
    """The portal has no gateway, or this phone takes no text messages."""

    code = "no_text_messages"
    message = _("No SMS can be sent to this phone. Choose another way to confirm.")


class SealNeedsCode(ActRefused):
    """The administrator seals a consent with a code of their own, given just now."""

    code = "seal_needs_code"
    message = _("Give your own code once more, to show that you took the consent.")
    status = HTTPStatus.FORBIDDEN


class HelpedYourself(ActRefused):
    """Who has typed an application for a person does not decide about it."""

    code = "helped_yourself"
    message = _("You have typed this application for the person. A colleague decides about it.")
    status = HTTPStatus.FORBIDDEN


class TypedChanged(ActRefused):
    """What the person was asked to confirm is not what is typed now."""

    code = "typed_changed"
    message = _(
        "Something was changed after the code was sent. Read everything together once more and send a new code."
    )


class PaperChanged(ActRefused):
    """What the person has signed is not what is typed now, or not for the time that is held."""

    code = "paper_changed"
    message = _(
        "Something was changed after the paper was printed. Print it anew and let the person sign that one."
    )


class PaperOfAnother(ActRefused):
    """Who has typed and printed it enters it, nobody else."""

    code = "paper_of_another"
    message = _(
        "A colleague has printed this paper and enters it. To go on yourself, print it anew."
    )


class PaperNeedsTerm(ActRefused):
    """Without a time the paper is entered after the visit, and a consent for the visit alone ends before."""

    code = "paper_needs_term"
    message = _(
        "This consent ends with the visit. Choose a time now, or ask for a consent until the reception is over."
    )
