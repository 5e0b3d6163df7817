"""The letters that are no news for the citizen of an application: the code for an address, the alarm."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diia_videoreception.models import Application, EmailConfirmation, Letter
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services.letters.rendering.blocks import (
    Code,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import absolute
from diia_videoreception.wording import clock_and_zone, long_moment_and_zone


class NothingToSend(Exception):
    """What the letter was to tell is not true any more."""


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


def agency_alarm(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """To the moderators: these applications begin within a day and nobody has decided.

    Raises:
        NothingToSend: all of them have been decided meanwhile.
    """
    waiting = Application.objects.filter(
        number__in=letter.facts["applications"], state=Application.State.SUBMITTED
    ).select_related("official__unit__agency")
    applications = list(waiting.order_by("start", "pk"))
    if not applications:
        raise NothingToSend
    return Wording(
        subject=_("Applications waiting for a decision: %(count)s") % {"count": len(applications)},
        title=ngettext(
            "%(count)s application is waiting for a decision",
            "%(count)s applications are waiting for a decision",
            len(applications),
        )
        % {"count": len(applications)},
        blocks=[
            Paragraph(
                _("Less than 24 hours are left before the reception, and there is no decision yet.")
            ),
            Items([_in_words(application) for application in applications]),
            Paragraph(
                _(
                    "If there is no decision by the start of the reception, the application ends as "
                    "“not considered in time” and we tell the citizen."
                )
            ),
            Link(
                _("Open the applications"), absolute(reverse("videoreception_applications:index"))
            ),
        ],
    )


def _in_words(application: Application) -> str:
    official = application.official
    moment = long_moment_and_zone(application.start, official.agency.time_zone)
    return f"{application.number}: {moment}, {official.full_name}"
