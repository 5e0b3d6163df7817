"""What a page of an act says about an application that its citizen has corrected."""

from django.http import HttpRequest
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.admin import messages

from diia_videoreception.errors import CorrectedMeanwhile
from diia_videoreception.models import Application
from diia_videoreception.wording import short_moment


def tell_of_correction(request: HttpRequest, application: Application, case_url: str) -> None:
    """Say what nobody may have read yet: who comes here has seen the application as it was, perhaps."""
    if application.corrected_at is None:
        return
    moment = short_moment(application.corrected_at, application.official.agency.time_zone)
    link = messages.button(f"{case_url}#corrections-section", _("Corrected by the citizen"))
    told = escape(str(CorrectedMeanwhile(moment=moment)))
    messages.warning(request, told, buttons=[link])
