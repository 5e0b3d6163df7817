"""Codes that are typed once: of a place, and of its screen."""

from django.utils.translation import gettext_lazy as _

from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.forms import ScreenForm


class PairingForm(ScreenForm):
    """The code that makes this browser that of a place."""

    code = line_field(
        _("Code of the place"),
        most=20,
        help_text=_(
            "The head of the centre makes it on the page of the place. It works for 10 minutes, once."
        ),
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
    )


class PhoneCodeForm(ScreenForm):
    """The code of a screen; the QR code writes it."""

    code = line_field(
        _("Code of the screen"),
        most=20,
        help_text=_("The QR code on the screen writes it by itself."),
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
    )
