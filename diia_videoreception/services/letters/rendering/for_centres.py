"""Letters to people of centres: invited, refused, suspended, blocked."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Centre, CentreInvitation, CentreMember, Letter
from diia_videoreception.personal_data import decrypt
from diia_videoreception.services.letters.rendering.about_account import whom_to_call
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Code,
    Facts,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import long_moment_and_zone


def invitation(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Invite to a centre; only a letter on its way contains the secret.

    Raises:
        NothingToSend: the invitation is spent, withdrawn or too old, or the centre is suspended.
    """
    live = CentreInvitation.objects.live(now).select_related("centre")
    found = live.filter(public_id=letter.facts["invitation"]).first()
    if found is None or not found.centre.is_active:
        raise NothingToSend
    title = _("You are invited to work in a centre")
    until = long_moment_and_zone(found.expires_at, found.centre.time_zone)
    return Wording(
        subject=_("Invitation: %(centre)s") % {"centre": found.centre.name},
        title=title,
        blocks=[
            Facts(
                [
                    (_("Centre"), found.centre.name),
                    (_("Role"), capfirst(found.get_role_display())),
                    (_("For"), found.name),
                    (_("Valid until"), until),
                ]
            ),
            Paragraph(
                _(
                    "Open the link and sign in with your work account of the portal. Then you set up "
                    "a second factor: a password alone does not open the pages of a centre."
                )
            ),
            *(_way_in(found) if for_sending else []),
            Notice(
                _(
                    "The invitation is personal and works once. Do not forward it. If you did not "
                    "expect it, do nothing."
                )
            ),
            *whom_to_call(),
        ],
    )


def _way_in(found: CentreInvitation) -> list[Block]:
    secret = decrypt(found.secret_encrypted)
    page = absolute(reverse("diia_videoreception:centre_join"))
    return [
        Link(_("Accept the invitation"), f"{page}#{secret}"),
        Paragraph(_("If the link does not open, enter this code on the page:")),
        Code("-".join(secret[first : first + 4] for first in range(0, len(secret), 4))),
    ]


def refused(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell why a centre gets no access, and how to ask again.

    Raises:
        NothingToSend: the request is kept no more.
    """
    request = letter.access_request
    if request is None:
        raise NothingToSend
    title = _("Access of the centre was refused")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts([(_("Centre"), request.name), (_("Reason"), request.reason)]),
            Paragraph(_("You may correct what is said here and ask for access again.")),
            Link(_("Ask for access"), absolute(reverse("diia_videoreception:centre_apply"))),
            *whom_to_call(),
        ],
    )


def slip(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Send the person what stands on the slip, without name, question and code.

    Raises:
        NothingToSend: the application is gone.
    """
    found = Application.objects.select_related("centre", "official__unit__agency")
    application = found.filter(public_id=letter.facts["application"]).first()
    if application is None or application.centre is None:
        raise NothingToSend
    centre, official = application.centre, application.official
    title = _("Slip for your application")
    return Wording(
        subject=_("Application %(number)s") % {"number": application.number},
        title=title,
        blocks=[
            Facts(
                [
                    (_("Application number"), application.number),
                    (_("To whom"), f"{official.full_name}, {official.agency.name}"),
                    (
                        _("Requested time"),
                        long_moment_and_zone(
                            application.requested_start, official.agency.time_zone
                        ),
                    ),
                    (_("Centre that helped"), f"{centre.name}, {centre.address}, {centre.phone}"),
                ]
            ),
            Paragraph(_("The date and time may change: the agency tells you which ones hold.")),
            Paragraph(
                _(
                    "The code to see how it stands is on the printed slip, or the centre gives you another one. We "
                    "never send it together with the number."
                )
            ),
            Link(_("How it stands"), absolute(reverse("diia_videoreception:status"))),
            Paragraph(
                _(
                    "Prepare a document that proves who you are, the originals of your documents, and a device with "
                    "a camera and a microphone."
                )
            ),
            Paragraph(
                _(
                    "Next time you can do it yourself: get an electronic signature or BankID and choose a time on the "
                    "portal. What you file there stays in your account."
                )
            ),
            *whom_to_call(),
        ],
    )


def suspended(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell a head that the operator has suspended the centre, and why.

    Raises:
        NothingToSend: it works again.
    """
    centre = _centre(letter)
    if centre.is_active:
        raise NothingToSend
    title = _("Access of your centre is suspended")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts([(_("Centre"), centre.name), (_("Reason"), centre.suspension_reason)]),
            Paragraph(_("Nobody can act on behalf of people there until access is given back.")),
            *whom_to_call(),
        ],
    )


def resumed(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell a head that the centre works again.

    Raises:
        NothingToSend: it has been suspended anew.
    """
    centre = _centre(letter)
    if not centre.is_active:
        raise NothingToSend
    title = _("Access of your centre is given back")
    return Wording(
        subject=title,
        title=title,
        blocks=[Facts([(_("Centre"), centre.name)]), _to_centre(centre), *whom_to_call()],
    )


def blocked(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell a member of a centre that they are blocked there, and why.

    Raises:
        NothingToSend: they are not any more.
    """
    members = CentreMember.objects.live().select_related("centre")
    member = members.filter(public_id=letter.facts["member"]).first()
    if member is None or not member.is_blocked:
        raise NothingToSend
    title = _("Your work in the centre is blocked")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts([(_("Centre"), member.centre.name), (_("Reason"), member.block_reason)]),
            Paragraph(_("To have it explained or put right, ask the head of the centre.")),
            *whom_to_call(),
        ],
    )


def _centre(letter: Letter) -> Centre:
    centre = Centre.objects.filter(public_id=letter.facts["centre"]).first()
    if centre is None:
        raise NothingToSend
    return centre


def _to_centre(centre: Centre) -> Link:
    page = reverse("diia_videoreception:centre_home", args=[centre.public_id])
    return Link(_("Open the centre"), absolute(page))
