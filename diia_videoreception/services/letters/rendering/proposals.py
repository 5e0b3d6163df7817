"""To the citizen: another time is proposed (M4), or the proposal is taken back; nothing is decided by reading."""

from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.models import Official
from diia_videoreception.selectors.letters import is_proposal_open
from diia_videoreception.services.letters.rendering.blocks import (
    Facts,
    Heading,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext, NothingToSend
from diia_videoreception.services.letters.rendering.parts import (
    lines,
    official_in_words,
    which_reception,
    whom_to_ask,
)


def proposal(context: ApplicationContext) -> Wording:
    """M4: both times, the reason, until when to answer, and what happens without an answer.

    Raises:
        NothingToSend: it cannot be answered any more.
    """
    if context.for_sending and not is_proposal_open(
        context.letter, context.application, now=context.now
    ):
        raise NothingToSend
    return Wording(
        subject=_("Another time proposed for your reception"),
        title=_("The agency proposes another time"),
        blocks=[
            Facts(
                [
                    (_time_that_stands(context), context.long(context.start)),
                    (_("Proposed time"), context.long(_moment(context, "proposed"))),
                    *_who_would_receive(context),
                ]
            ),
            Heading(_("Why the time changes")),
            *(Paragraph(line) for line in lines(context.fact("reason"))),
            Notice(
                _("Answer by: %(moment)s. Until then both times are yours.")
                % {"moment": context.long(_moment(context, "deadline"))}
            ),
            Paragraph(_without_an_answer(context)),
            Paragraph(
                _(
                    "Sign in to accept the time, to refuse it and say when it suits you, or to cancel the "
                    "application. Opening the link does not answer anything."
                )
            ),
            Link(_("Answer the proposal"), f"{context.case_url}#proposal"),
            which_reception(context, _time_that_stands(context)),
            *whom_to_ask(context.agency),
        ],
    )


def _who_would_receive(context: ApplicationContext) -> list[tuple[str, str]]:
    found = Official.objects.filter(pk=context.letter.facts.get("proposed_official")).first()
    return [(_("Who would receive you then"), official_in_words(found))] if found else []


def withdrawn(context: ApplicationContext) -> Wording:
    """M4a: the agency has taken the proposal back; the earlier time stands."""
    what_stands = (
        _("Your reception takes place at the earlier time.")
        if context.letter.facts.get("confirmed")
        else _("The agency goes on considering your application with the time you chose.")
    )
    return Wording(
        subject=_("The proposed time has been withdrawn"),
        title=_("The agency has withdrawn the proposed time"),
        blocks=[
            Paragraph(_("You do not need to answer any more.")),
            Paragraph(what_stands),
            Facts([(_("Withdrawn"), context.long(_moment(context, "proposed")))]),
            which_reception(context, _time_that_stands(context)),
            Link(_("Open the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )


def _moment(context: ApplicationContext, name: str) -> datetime:
    return datetime.fromisoformat(context.letter.facts[name])


def _time_that_stands(context: ApplicationContext) -> str:
    if context.letter.facts.get("confirmed"):
        return _("Time of the reception")
    return _("The time you chose")


def _without_an_answer(context: ApplicationContext) -> str:
    if context.letter.facts.get("confirmed"):
        return _("If you do not answer, your reception stays at its present time.")
    return _(
        "If you do not answer, the agency goes on considering your application with the time you chose."
    )
