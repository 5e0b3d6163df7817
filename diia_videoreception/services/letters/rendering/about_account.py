"""Letters about changes of the account: whoever has not made them learns of them (rule C.9)."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.models import EmailConfirmation, Letter, SignInCredential
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services.letters.rendering.blocks import (
    Code,
    Facts,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import clock_and_zone, long_moment_and_zone, phone


def credential_changed(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a key or bank was added to the account or removed.

    Raises:
        NothingToSend: the account is gone.
    """
    credential = SignInCredential.objects.filter(
        citizen=letter.citizen, public_id=letter.facts["means"]
    ).first()
    if credential is None:
        raise NothingToSend
    was_bound = letter.facts["change"] == Letter.CredentialChange.BOUND
    moment = datetime.fromisoformat(letter.facts["moment"])
    title = (
        _("A new sign-in method for your account")
        if was_bound
        else _("A sign-in method was removed from your account")
    )
    way = (
        _("Electronic signature key")
        if credential.kind == SignInCredential.Kind.KEY
        else _("BankID")
    )
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts(
                [
                    (_("What"), way),
                    (_("Issued by"), credential.label),
                    (_("When"), long_moment_and_zone(moment, settings.TIME_ZONE)),
                ]
            ),
            Paragraph(_("If this was you, you do not need to do anything.")),
            Notice(
                _(
                    "If this was not you: sign in, sign out everywhere else and remove what is not "
                    "yours."
                )
            ),
            *whom_to_call(),
            Link(_("See sign-in methods"), absolute(reverse("diia_videoreception:profile"))),
        ],
    )


def address_changed(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Letters go to another address from now on; this one goes to the address before."""
    moment = datetime.fromisoformat(letter.facts["moment"])
    title = _("Your address for letters was changed")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts([(_("When"), long_moment_and_zone(moment, settings.TIME_ZONE))]),
            Paragraph(_("From now on, letters will go to the new address.")),
            Paragraph(_("If this was you, you do not need to do anything.")),
            Notice(
                _(
                    "If this was not you: sign in, sign out everywhere else and change the address "
                    "back."
                )
            ),
            *whom_to_call(),
            Link(_("See my details"), absolute(reverse("diia_videoreception:profile"))),
        ],
    )


def whom_to_call() -> list[Paragraph]:
    """Return the telephone of the portal's support, if it has one."""
    if not app_settings.support_phone:
        return []
    return [
        Paragraph(_("Portal support: %(phone)s") % {"phone": phone(app_settings.support_phone)})
    ]


def email_code(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Return the code that confirms an address; only a letter on its way contains it.

    Raises:
        NothingToSend: the code has been used or is too old, or another address is asked for now.
    """
    waiting = EmailConfirmation.objects.filter(
        citizen=letter.citizen, address=letter.address, expires_at__gt=now
    ).first()
    if waiting is None:
        raise NothingToSend
    return Wording(
        subject=_("Code to confirm your address"),
        title=_("Confirm your address"),
        blocks=[
            Paragraph(
                _("Enter this code on the portal to get letters about your applications here:")
            ),
            *([Code(decrypt(waiting.code_encrypted))] if for_sending else []),
            Paragraph(
                _("The code is valid until %(time)s.")
                % {"time": clock_and_zone(waiting.expires_at)}
            ),
            Paragraph(
                _(
                    "If you did not give this address, do nothing: you will not get any letters "
                    "without the code. Never share the code with anyone."
                )
            ),
        ],
    )
