"""Text messages: when and a way to the account. Never a name, a question, a login or a password."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Letter
from diia_videoreception.rules.text_messages import with_link
from diia_videoreception.selectors.letters import is_still_to_come
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import KYIV


def render_text(letter: Letter, *, now: datetime) -> str:
    """Write a text message in the language of the letter, in one segment where that is possible.

    Raises:
        NothingToSend: the reception was called off or moved, or has begun.
        ValueError: the letter is about no application.
    """
    application = letter.application
    if application is None:
        raise ValueError("the letter belongs to no application")
    if not is_still_to_come(letter, application, now=now):
        raise NothingToSend
    with translation.override(letter.language):
        text = _("Video reception %(moment)s.") % {"moment": _moment(application)}
    front = absolute(reverse("diia_videoreception:front"))
    return with_link(text, app_settings.sms_url or front)


def _moment(application: Application) -> str:
    """«01.12 о 10:30 (Київ)»."""
    zone = application.agency.time_zone
    local = application.start.astimezone(ZoneInfo(zone))
    place = pgettext("time zone in a text message", "Kyiv") if zone == KYIV else zone
    words = {"day": date_format(local, "d.m"), "clock": date_format(local, "G:i"), "place": place}
    return _("%(day)s at %(clock)s (%(place)s)") % words
