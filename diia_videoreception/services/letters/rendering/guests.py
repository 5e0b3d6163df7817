"""What tells of a guest whom the agency invites to the reception (M10)."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diia_videoreception.models import RoomInvitation
from diia_videoreception.selectors.letters import is_still_invited
from diia_videoreception.services.letters.rendering.blocks import Facts, Link, Paragraph, Wording
from diia_videoreception.services.letters.rendering.context import (
    ApplicationContext,
    NothingToSend,
)
from diia_videoreception.services.letters.rendering.parts import reception_details, whom_to_ask


def guest_invited(context: ApplicationContext) -> Wording:
    """Tell who is invited, and where the citizen may object.

    Raises:
        NothingToSend: the guest does not take part any more, or the reception is not held.
    """
    if context.for_sending and not is_still_invited(
        context.letter, context.application, now=context.now
    ):
        raise NothingToSend
    return Wording(
        subject=_("Guest at your reception: %(moment)s") % {"moment": context.short(context.start)},
        title=_("The agency has invited a guest to your reception"),
        blocks=[
            *_who(context),
            reception_details(context),
            Paragraph(
                _(
                    "A guest sees nothing of your case, takes part in this reception only, and comes in "
                    "when the official lets them in."
                )
            ),
            Paragraph(
                _(
                    "If you do not agree, object on the page of the room, now or during the talk: then "
                    "this person does not take part."
                )
            ),
            Link(_("See who is invited"), context.room_url),
            *whom_to_ask(context.agency),
        ],
    )


def _who(context: ApplicationContext) -> list[Facts]:
    """Return the guest as the page names them; nothing when the invitation is not kept any more."""
    found = RoomInvitation.objects.filter(public_id=context.letter.facts["invitation"]).first()
    if found is None:
        return []
    words = [capfirst(found.get_role_display()), found.name]
    return [Facts([(_("Guest"), ", ".join(word for word in words if word))])]
