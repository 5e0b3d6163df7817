"""What letters say of the device check (A-09, M3)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext
from diia_videoreception.services.letters.rendering.parts import official_in_words, whom_to_ask


def how_to_check(context: ApplicationContext) -> Iterator[Block]:
    """Yield the way to the check, for letters about a confirmed reception."""
    yield Paragraph(
        _(
            "Check your camera, microphone, sound and connection in advance. It takes up to "
            "2 minutes. We do not keep the pictures or sound."
        )
    )
    yield Link(_("Check the equipment"), context.check_url)


def check_device(context: ApplicationContext) -> Wording:
    """Staff ask for a check: what is checked, where, and who helps."""
    return Wording(
        subject=_("Check your equipment: %(moment)s") % {"moment": context.short(context.start)},
        title=_("Check your camera and microphone"),
        blocks=[
            Paragraph(
                _(
                    "The agency asks you to check the device you will use, before the reception. It "
                    "takes up to 2 minutes:"
                )
            ),
            Items(
                [
                    _("the camera: can people see you well;"),
                    _("the microphone and the sound: can people hear you, and can you hear them;"),
                    _("the connection: is it good enough for a video call."),
                ]
            ),
            Link(_("Check the equipment"), context.check_url),
            Paragraph(
                _(
                    "You need to sign in to follow the link. We do not keep the pictures or sound. "
                    "The agency sees only the result."
                )
            ),
            Facts(
                [
                    (_("Application number"), context.application.number),
                    (_("Agency"), context.agency.name),
                    (_("Official"), official_in_words(context.official)),
                    (_("Time"), context.long(context.start)),
                ]
            ),
            *whom_to_ask(context.agency),
        ],
    )
