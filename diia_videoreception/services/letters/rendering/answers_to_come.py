"""To the citizen: a term is extended, an answer is to come after the reception, or another body gives it."""

from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.rules.terms import decide_until, last_minute
from diia_videoreception.selectors.letters import is_term_running
from diia_videoreception.services.letters.rendering.blocks import (
    Facts,
    Heading,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext, NothingToSend
from diia_videoreception.services.letters.rendering.parts import (
    how_to_complain,
    lines,
    order_details,
    refusal_details,
    which_reception,
    whom_to_ask,
)


def term_extended(context: ApplicationContext) -> Wording:
    """M3b: the agency needs longer for its decision or its answer: until when, why, how to complain (B-71).

    Raises:
        NothingToSend: it has been decided or answered meanwhile.
    """
    return _answer_extended(context) if context.fact("until") else _decision_extended(context)


def _decision_extended(context: ApplicationContext) -> Wording:
    _require_running(context)
    until = decide_until(
        context.start, submitted_at=context.application.submitted_at, term=context.decide_by
    )
    return Wording(
        subject=_("Application No. %(number)s: the agency needs more time")
        % {"number": context.application.number},
        title=_("The agency needs more time for its decision"),
        blocks=[
            Paragraph(
                _("You will get the decision by: %(moment)s.") % {"moment": context.long(until)}
            ),
            refusal_details(context),
            Paragraph(_("You do not need to do anything. The time you chose stays yours.")),
            order_details(context),
            Link(_("See or cancel the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def _answer_extended(context: ApplicationContext) -> Wording:
    _require_running(context)
    return Wording(
        subject=_("Application No. %(number)s: the answer will come later")
        % {"number": context.application.number},
        title=_("The agency needs more time for its answer"),
        blocks=[
            Paragraph(_until(context)),
            refusal_details(context),
            which_reception(context, _("The reception was")),
            Link(_("Open the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def answer_to_come(context: ApplicationContext) -> Wording:
    """M10a: the question needs consideration; until when the written answer comes, if there is a term.

    Raises:
        NothingToSend: it has been answered meanwhile.
    """
    _require_running(context)
    until = [Paragraph(_until(context))] if context.fact("until") else []
    return Wording(
        subject=_("Application No. %(number)s: an answer will come")
        % {"number": context.application.number},
        title=_("Your question needs consideration"),
        blocks=[
            Paragraph(
                _(
                    "The reception took place. The agency considers your question further and answers you in writing."
                )
            ),
            *until,
            which_reception(context, _("The reception was")),
            Link(_("Open the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )


def passed_on(context: ApplicationContext) -> Wording:
    """M10b: another body answers the question: which one, why, and how to complain."""
    return Wording(
        subject=_("Application No. %(number)s: your question has been passed on")
        % {"number": context.application.number},
        title=_("Another body will answer your question"),
        blocks=[
            Facts([(_("Passed on to"), context.fact("body"))]),
            Heading(_("Reason")),
            *(Paragraph(line) for line in lines(context.fact("reason"))),
            which_reception(context, _("The reception was")),
            Link(_("Open the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def _until(context: ApplicationContext) -> str:
    moment = last_minute(datetime.fromisoformat(context.fact("until")))
    return _("You will get the answer by: %(moment)s.") % {"moment": context.long(moment)}


def _require_running(context: ApplicationContext) -> None:
    if context.for_sending and not is_term_running(context.letter, context.application):
        raise NothingToSend
