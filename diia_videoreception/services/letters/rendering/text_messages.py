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

Kind = Letter.Kind


def render_text(letter: Letter, *, now: datetime) -> str:
    """Write a text message in the language of the letter, in one segment where that is possible.

    Raises:
        NothingToSend: it is not so any more, or the time has come.
        ValueError: the letter is about no application.
    """
    application = letter.application
    if application is None:
        raise ValueError("the letter belongs to no application")
    if not _is_true(letter, application, now=now):
        raise NothingToSend
    with translation.override(letter.language):
        text = _sentence(letter) % {"moment": _moment(letter, application)}
    front = absolute(reverse("diia_videoreception:front"))
    return with_link(text, app_settings.sms_url or front)


def valid_until(letter: Letter) -> datetime:
    """Return from when a text message tells nothing any more: the start of its reception."""
    return datetime.fromisoformat(letter.facts["start"])


def _is_true(letter: Letter, application: Application, *, now: datetime) -> bool:
    if letter.kind == Kind.CANCELLED:
        return application.state == Application.State.CANCELLED and now < valid_until(letter)
    return is_still_to_come(letter, application, now=now)


def _sentence(letter: Letter) -> str:
    match letter.kind:
        case Kind.CONFIRMATION:
            return _("Video reception %(moment)s confirmed.")
        case Kind.MOVED:
            return _("Video reception moved to %(moment)s.")
        case Kind.CANCELLED:
            return _("Video reception %(moment)s cancelled.")
        case _:
            return _("Video reception %(moment)s.")


def _moment(letter: Letter, application: Application) -> str:
    """«01.12 о 10:30 (Київ)»."""
    zone = application.agency.time_zone
    local = valid_until(letter).astimezone(ZoneInfo(zone))
    place = pgettext("time zone in a text message", "Kyiv") if zone == KYIV else zone
    words = {"day": date_format(local, "d.m"), "clock": date_format(local, "G:i"), "place": place}
    return _("%(day)s at %(clock)s (%(place)s)") % words
