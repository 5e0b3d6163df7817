"""What the help desk is refused."""

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


class HelpOver(ActRefused):
    """The application was not opened, or too long ago."""

    code = "help_over"
    message = _("This application is closed for you. Ask the person the two facts again.")
