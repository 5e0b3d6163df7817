"""The state of an application in words, with the icon and colour that go with them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import Application

State = Application.State


@dataclass(frozen=True, slots=True)
class Tag:
    """Words first; `kind` is a colour of the stylesheet, empty for none."""

    text: str | Promise
    icon: str
    kind: str = ""


_TAGS = {
    State.SUBMITTED: Tag(_("Under consideration"), "letter", "info"),
    State.CONFIRMED: Tag(_("Time confirmed"), "check", "success"),
    State.DECLINED: Tag(pgettext_lazy("application", "Declined"), "alert", "error"),
    State.CANCELLED: Tag(pgettext_lazy("application", "Cancelled"), "info"),
    State.LAPSED: Tag(_("Not considered in time"), "alert", "attention"),
    State.HELD: Tag(_("The reception took place"), "ok"),
}


def tag_of(application: Application) -> Tag:
    """How the state of an application is shown."""
    return _TAGS[State(application.state)]
