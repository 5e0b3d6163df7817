"""To the citizen: the head of the agency has ended the consideration of their application."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from diia_videoreception.rules.closing import ClosingGround
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext
from diia_videoreception.services.letters.rendering.parts import (
    lines,
    refusal_details,
    which_reception,
    whom_to_ask,
)


def not_considered(context: ApplicationContext) -> Wording:
    """M6b: there will be no reception: on what ground, which case it repeats, how to complain."""
    is_repeated = context.fact("ground") == ClosingGround.REPEATED
    what = (
        _("It repeats an application that has already been settled.")
        if is_repeated
        else _("The law does not let the agency consider it.")
    )
    return Wording(
        subject=_("Application No. %(number)s: consideration ended")
        % {"number": context.application.number},
        title=_("The agency has ended the consideration of your application"),
        blocks=[
            Paragraph(_("The head of the agency has decided this. There will be no reception.")),
            Paragraph(what),
            *_earlier(context),
            refusal_details(context),
            which_reception(context, _("The time you chose")),
            Link(_("Open the application"), context.case_url),
            *_how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def _earlier(context: ApplicationContext) -> Iterator[Block]:
    if number := context.fact("earlier_number"):
        yield Facts([(_("Number of the earlier case"), number)])


def _how_to_complain(context: ApplicationContext) -> Iterator[Block]:
    """Tell what the law says, whatever the agency adds."""
    yield Heading(_("If you do not agree"))
    for line in lines(context.agency.complaints):
        yield Paragraph(line)
    yield Paragraph(
        _(
            "You can complain about the decision to a higher body or official, or go to court "
            "(Article 16 of the Law of Ukraine “On Citizens’ Appeals”)."
        )
    )
