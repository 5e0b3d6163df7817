"""What the help desk is refused, and heads who look into what staff have looked at."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import ActRefused


class FactsDoNotFit(ActRefused):
    """Says the same whether nothing was found or a fact is another one: nobody learns which."""

    code = "facts_do_not_fit"
    message = _(
        "No application fits these three answers. Ask the person again, word by word; nothing more can be told."
    )
    status = HTTPStatus.BAD_REQUEST


class LooksReviewed(ActRefused):
    """Somebody else has looked into it meanwhile."""

    code = "looks_reviewed"
    message = _("Somebody has looked into this already. Their words are below.")


class HelpOver(ActRefused):
    """The application was not opened, or too long ago."""

    code = "help_over"
    message = _("This application is closed for you. Ask the person the two facts again.")
