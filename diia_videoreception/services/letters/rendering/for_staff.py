"""Letters to a member of staff about their own account: whoever has not changed it learns of it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.rendering.about_account import whom_to_call
from diia_videoreception.services.letters.rendering.blocks import (
    Facts,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import absolute
from diia_videoreception.wording import long_moment_and_zone


def factor_set(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a phone gives the second factor from now on."""
    title = _("A second factor was set up for your work account")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            _when(letter),
            Paragraph(_("From now on, we will ask for a code of the app when you sign in.")),
            Paragraph(_("If this was you, you do not need to do anything.")),
            Notice(
                _(
                    "If this was not you: change your password at once and tell the head of your "
                    "agency or the administrators of the portal."
                )
            ),
            *whom_to_call(),
        ],
    )


def factor_reset(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that the second factor was taken off by somebody else."""
    title = _("The second factor of your work account was reset")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            _when(letter),
            Paragraph(
                _(
                    "The codes of your app and your recovery codes do not work any more. Set up the "
                    "second factor again when you sign in next."
                )
            ),
            Notice(
                _(
                    "If you have not asked for it: change your password at once and tell the head "
                    "of your agency or the administrators of the portal."
                )
            ),
            *whom_to_call(),
            Link(
                _("Set up the second factor"),
                absolute(reverse("diia_videoreception:official_day")),
            ),
        ],
    )


def _when(letter: Letter) -> Facts:
    moment = datetime.fromisoformat(letter.facts["moment"])
    return Facts([(_("When"), long_moment_and_zone(moment, settings.TIME_ZONE))])
