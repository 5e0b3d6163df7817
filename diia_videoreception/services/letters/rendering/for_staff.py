"""Letters to a member of staff about their own account and their own cases: whoever has not changed it learns of it.

Of a case they have number, time and a link.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Letter, UnusualLooks
from diia_videoreception.services.letters.rendering.about_account import whom_to_call
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import (
    NothingToSend,
    absolute,
    both_numbers,
)
from diia_videoreception.wording import long_moment_and_zone


def factor_set(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a phone or a key gives the second factor from now on."""
    title = _("A second factor was set up for your work account")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            _when(letter),
            Paragraph(_("From now on, we will ask for it when you sign in.")),
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
                    "Your app, your key and your recovery codes do not work as the second factor any "
                    "more. Set it up again when you sign in next."
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


def case_news(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell a moderator that they see to a case from now on, or no more.

    Raises:
        NothingToSend: the case is gone.
    """
    found = Application.objects.select_related("official__unit__agency")
    application = found.filter(number=letter.facts["application"]).first()
    if application is None:
        raise NothingToSend
    number = {"number": application.number}
    given = letter.facts["news"] == Letter.CaseNews.GIVEN
    zone = application.official.agency.time_zone
    blocks: list[Block] = [
        Facts(
            [
                (_("Application number"), both_numbers(application)),
                (_("Agency"), application.official.agency.name),
                (_("Time"), long_moment_and_zone(application.start, zone)),
            ]
        ),
        Link(
            _("Open the application"),
            absolute(reverse("videoreception_applications:inspect", args=[application.public_id])),
        ),
    ]
    if given:
        what = _("If your colleague has left a note, it is on the page of the application.")
        blocks.insert(1, Paragraph(what))
        return Wording(
            subject=_("Application No. %(number)s is yours now") % number,
            title=_("A colleague has handed an application over to you"),
            blocks=blocks,
        )
    return Wording(
        subject=_("Application No. %(number)s was taken by a colleague") % number,
        title=_("Somebody else sees to this application now"),
        blocks=blocks,
    )


def unusual_looks(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell a head that somebody has opened unusually many cases of the agency; whom and which, the page says.

    Raises:
        NothingToSend: somebody has looked into it, or it is gone.
    """
    rows = UnusualLooks.objects.select_related("agency")
    found = rows.filter(public_id=letter.facts["found"], reviewed_at=None).first()
    if found is None:
        raise NothingToSend
    title = _("Unusually many applications were opened by one person")
    address = absolute(reverse("videoreception_looks:one", args=[found.public_id]))
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts([(_("Agency"), found.agency.name)]),
            _when(letter),
            Paragraph(
                _(
                    "One member of staff has opened more applications of your agency than usual. Look "
                    "into it: who it was, when and which applications stands on the page."
                )
            ),
            Link(_("Look into it"), address),
        ],
    )


def _when(letter: Letter) -> Facts:
    moment = datetime.fromisoformat(letter.facts["moment"])
    return Facts([(_("When"), long_moment_and_zone(moment, settings.TIME_ZONE))])
