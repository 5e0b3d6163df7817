"""To the citizen: the reception is not moved as they asked, and takes place when it was to."""

from django.utils.translation import gettext as _

from diia_videoreception.selectors.letters import is_still_to_come
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Heading,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import (
    ApplicationContext,
    NothingToSend,
)
from diia_videoreception.services.letters.rendering.parts import (
    how_to_cancel,
    lines,
    reception_details,
    whom_to_ask,
)


def refused(context: ApplicationContext) -> Wording:
    """M5a: the agency refuses to move it, and says why.

    Raises:
        NothingToSend: it was called off or moved meanwhile, or has begun.
    """
    _require_true(context)
    why = [Paragraph(line) for line in lines(context.fact("reason"))]
    return _stands(
        context,
        subject=_("The time of your reception stays: %(time)s"),
        title=_("The agency cannot move your reception"),
        blocks=[Heading(_("The agency’s answer")), *why],
    )


def unanswered(context: ApplicationContext) -> Wording:
    """M5b: nobody has answered while it could still be moved.

    Raises:
        NothingToSend: as `refused`.
    """
    _require_true(context)
    return _stands(
        context,
        subject=_("Your reception takes place as planned: %(time)s"),
        title=_("The agency has not answered your request to move the reception"),
        blocks=[Paragraph(_("It is too late to move it now."))],
    )


def _require_true(context: ApplicationContext) -> None:
    if context.for_sending and not is_still_to_come(
        context.letter, context.application, now=context.now
    ):
        raise NothingToSend


def _stands(
    context: ApplicationContext, *, subject: str, title: str, blocks: list[Block]
) -> Wording:
    return Wording(
        subject=subject % {"time": context.short(context.start)},
        title=title,
        blocks=[
            *blocks,
            Paragraph(_("Your reception takes place at the confirmed time.")),
            reception_details(context),
            Link(_("Open the application"), context.case_url),
            *how_to_cancel(context),
            *whom_to_ask(context.agency),
        ],
    )
