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
    """The way to the check, for letters about a confirmed reception."""
    yield Paragraph(
        _(
            "Check camera, microphone, sound and connection beforehand: it takes up to 2 minutes. "
            "We do not keep the pictures and the sound."
        )
    )
    yield Link(_("Check the equipment"), context.check_url)


def check_device(context: ApplicationContext) -> Wording:
    """Staff ask for a check: what is checked, where, and who helps."""
    return Wording(
        subject=_("Please check your equipment: %(moment)s")
        % {"moment": context.short(context.start)},
        title=_("Please check your camera and microphone"),
        blocks=[
            Paragraph(
                _(
                    "The agency asks you to check, before the reception, the device from which you "
                    "will take part. It takes up to 2 minutes:"
                )
            ),
            Items(
                [
                    _("the camera: whether you are seen well;"),
                    _("the microphone and the sound: whether you are heard and hear;"),
                    _("the connection: whether it is enough for a video call."),
                ]
            ),
            Link(_("Check the equipment"), context.check_url),
            Paragraph(
                _(
                    "The link asks you to sign in. Pictures and sound are not kept; the agency sees "
                    "only the result."
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
