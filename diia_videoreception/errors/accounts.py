"""Why somebody is not signed in far enough, or an account stays as it is."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import ActRefused, Incomplete


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


class SecondFactorRequired(ActRefused):
    """The role of this member of staff needs a second factor, and the session has none that holds."""

    code = "second_factor_required"
    message = _("Confirm again that it is you: give your second factor, then continue.")
    status = HTTPStatus.FORBIDDEN


class OtherFactorFirst(ActRefused):
    """The portal itself has given this member of staff a second factor, which a password must not replace."""

    code = "other_second_factor_first"
    message = _(
        "Your account on this portal has a second factor already. Sign out, sign in with it, then set "
        "up this one."
    )
    status = HTTPStatus.FORBIDDEN


class SecondFactorCodeWrong(ActRefused):
    code = "second_factor_code_wrong"
    message = _(
        "This code does not fit. Enter the one that the app shows now. If it does not fit again, set "
        "the time of the phone to automatic: a clock may be wrong by 30 seconds at most."
    )
    status = HTTPStatus.BAD_REQUEST


class KeyTooWeak(ActRefused):
    """The second factor wants a qualified signature."""

    code = "key_too_weak"
    message = _(
        "This signature is not qualified. Use a qualified electronic signature (KEP) of your own."
    )


class CodeRepeated(ActRefused):
    """The code of the phone that was accepted before: somebody may have looked on."""

    code = "code_repeated"
    message = _(
        "This code has been used. Wait for the next one: the app shows it within 30 seconds."
    )
    status = HTTPStatus.BAD_REQUEST


class RecoveryCodeWrong(ActRefused):
    code = "recovery_code_wrong"
    message = _("This recovery code does not fit. Each works once; check it, or take the next one.")
    status = HTTPStatus.BAD_REQUEST


class LastHead(ActRefused):
    """An agency without a head could give nobody a right."""

    code = "last_head"
    message = _("This person is the only head of the agency. Name another head first.")


class NobodySuitable(Incomplete):
    """Whoever names a user learns nothing of accounts that are none of theirs, not even that there are any."""

    code = "nobody_suitable"
    text = _(
        "We found nobody under this name who can be named here. Check the name, or ask the "
        "administrators of the portal."
    )

    def __init__(self) -> None:
        super().__init__(fields={"user_name": self.text})


class ErasureAsked(ActRefused):
    """Nothing new is begun for who has asked that their data be erased."""

    code = "erasure_asked"
    message = _(
        "You have asked us to erase your data. Take this back first: “My details”, “Erase my data”."
    )


class ErasureHindered(ActRefused):
    """A reception, an answer or a consent to help has to be ended first."""

    code = "erasure_hindered"
    message = _("Something is still to come for you. End it first, then ask us to erase your data.")
