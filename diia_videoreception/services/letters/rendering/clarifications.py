"""To the citizen: the agency asks a question (M7), or takes it back; nothing is answered by reading."""

from datetime import datetime

from django.utils.translation import gettext as _

from diia_videoreception.selectors.letters import is_question_open
from diia_videoreception.services.letters.rendering.blocks import (
    Heading,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext, NothingToSend
from diia_videoreception.services.letters.rendering.parts import lines, which_reception, whom_to_ask


def question(context: ApplicationContext) -> Wording:
    """M7: the question, until when to answer, and what happens without an answer.

    Raises:
        NothingToSend: it cannot be answered any more.
    """
    if context.for_sending and not is_question_open(
        context.letter, context.application, now=context.now
    ):
        raise NothingToSend
    deadline = datetime.fromisoformat(context.letter.facts["deadline"])
    return Wording(
        subject=_("The agency asks about application No. %(number)s")
        % {"number": context.application.number},
        title=_("The agency asks you a question"),
        blocks=[
            Heading(_("Question")),
            *(Paragraph(line) for line in lines(context.fact("question"))),
            Notice(
                _("Answer by: %(moment)s. The time you chose stays yours meanwhile.")
                % {"moment": context.long(deadline)}
            ),
            Paragraph(
                _(
                    "If you do not answer, the agency goes on considering your application with what it "
                    "has. Nothing is refused because you are silent."
                )
            ),
            Paragraph(
                _(
                    "Sign in to write the answer and to add documents. Opening the link does not answer "
                    "anything."
                )
            ),
            Link(_("Answer the question"), f"{context.case_url}#question"),
            which_reception(context, _("The time you chose")),
            *whom_to_ask(context.agency),
        ],
    )


def withdrawn(context: ApplicationContext) -> Wording:
    """M7a: the agency has taken the question back and goes on."""
    return Wording(
        subject=_("The question about your application has been withdrawn"),
        title=_("The agency has withdrawn its question"),
        blocks=[
            Paragraph(_("You do not need to answer any more.")),
            Paragraph(
                _("The agency goes on considering your application with the time you chose.")
            ),
            Heading(_("Question")),
            *(Paragraph(line) for line in lines(context.fact("question"))),
            which_reception(context, _("The time you chose")),
            Link(_("Open the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )
