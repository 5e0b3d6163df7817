"""To the citizen: the agency has begun to consider the application (M2): who does, and until when."""

from django.utils.translation import gettext as _

from diia_videoreception.rules.terms import decide_until
from diia_videoreception.rules.transitions import UNDECIDED_STATES
from diia_videoreception.services.letters.rendering.blocks import Link, Paragraph, Wording
from diia_videoreception.services.letters.rendering.context import ApplicationContext, NothingToSend
from diia_videoreception.services.letters.rendering.parts import (
    order_details,
    time_may_change,
    whom_to_ask,
)


def accepted(context: ApplicationContext) -> Wording:
    """M2: the application is considered; nothing is decided, and the time stays the citizen's.

    Raises:
        NothingToSend: it has been decided meanwhile.
    """
    application = context.application
    if context.for_sending and application.state not in UNDECIDED_STATES:
        raise NothingToSend
    until = decide_until(
        context.start, submitted_at=application.submitted_at, term=context.decide_by
    )
    return Wording(
        subject=_("Application No. %(number)s accepted for review")
        % {"number": application.number},
        title=_("The agency is considering your application"),
        blocks=[
            Paragraph(
                _("It is considered by the administrator (moderator) of the agency: %(agency)s.")
                % {"agency": context.agency.name}
            ),
            Paragraph(
                _("You will get the decision by: %(moment)s.") % {"moment": context.long(until)}
            ),
            Paragraph(_("You do not need to do anything. The time you chose stays yours.")),
            order_details(context),
            time_may_change(),
            Link(_("See or cancel the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )
