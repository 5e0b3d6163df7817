"""The code that opens a room at a seat of a centre."""

from django.utils.translation import gettext_lazy as _

from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.forms import ScreenForm


class SeatCodeForm(ScreenForm):
    """What the administrator of the centre has made for one reception."""

    code = line_field(
        _("Code of the reception"),
        most=20,
        help_text=_("The administrator of the centre tells it. It works for 10 minutes, once."),
        attrs={"autocapitalize": "characters", "spellcheck": "false"},
    )
