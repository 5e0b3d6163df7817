"""Text messages: when and a way to the account. Never a name, a question, a login or a password."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application, Letter
from diia_videoreception.rules.text_messages import if_it_fits
from diia_videoreception.rules.transitions import State
from diia_videoreception.selectors.letters import (
    is_proposal_open,
    is_question_open,
    is_still_to_come,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import KYIV

Kind = Letter.Kind
LAPSE_IS_NEWS = timedelta(hours=12)
"""So long the person may not know yet that nobody has considered their application."""
_WITH_DEADLINE = frozenset({Kind.PROPOSAL, Kind.CLARIFICATION})
_ENDED: Mapping[str, State] = {
    Kind.CANCELLED: State.CANCELLED,
    Kind.DECLINED: State.DECLINED,
    Kind.WRITTEN_ANSWER: State.ANSWERED,
    Kind.NOT_CONSIDERED: State.NOT_CONSIDERED,
    Kind.LAPSED: State.LAPSED,
}


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
    zone = application.agency.time_zone
    with translation.override(letter.language):
        text = _sentence(letter) % {"moment": _moment(_told(letter), zone)}
        if letter.kind in _WITH_DEADLINE:
            text = if_it_fits(
                text, _("Answer by %(day)s.") % {"day": _day(valid_until(letter), zone)}
            )
    front = absolute(reverse("diia_videoreception:front"))
    return if_it_fits(text, app_settings.sms_url or front)


def valid_until(letter: Letter) -> datetime:
    """Return from when a text message tells nothing any more.

    That is the start of its reception; the deadline of a proposed time or a question; and of what nobody has
    considered by its start, some hours after it.
    """
    match letter.kind:
        case Kind.PROPOSAL | Kind.CLARIFICATION:
            return datetime.fromisoformat(letter.facts["deadline"])
        case Kind.LAPSED:
            return _start(letter) + LAPSE_IS_NEWS
        case _:
            return _start(letter)


def _start(letter: Letter) -> datetime:
    return datetime.fromisoformat(letter.facts["start"])


def _told(letter: Letter) -> datetime:
    """Return the time that a text message tells."""
    return (
        datetime.fromisoformat(letter.facts["proposed"])
        if "proposed" in letter.facts
        else _start(letter)
    )


def _is_true(letter: Letter, application: Application, *, now: datetime) -> bool:
    if letter.kind in _WITH_DEADLINE:
        return is_proposal_open(letter, application, now=now) and is_question_open(
            letter, application, now=now
        )
    if letter.kind in _ENDED:
        return application.state == _ENDED[letter.kind] and now < valid_until(letter)
    return is_still_to_come(letter, application, now=now)


def _sentence(letter: Letter) -> str:
    match letter.kind:
        case Kind.CONFIRMATION:
            return _("Video reception %(moment)s confirmed.")
        case Kind.MOVED:
            return _("Video reception moved to %(moment)s.")
        case Kind.CANCELLED:
            return _("Video reception %(moment)s cancelled.")
        case Kind.DECLINED:
            return _("Video reception %(moment)s declined.")
        case Kind.WRITTEN_ANSWER:
            return _("Video reception %(moment)s: answered in writing.")
        case Kind.NOT_CONSIDERED:
            return _("Video reception %(moment)s: consideration ended.")
        case Kind.LAPSED:
            return _("Video reception %(moment)s will not take place.")
        case Kind.CLARIFICATION:
            return _("Video reception %(moment)s: there is a question.")
        case Kind.PROPOSAL:
            return _("Video reception: %(moment)s is proposed.")
        case Kind.MOVE_REFUSED | Kind.MOVE_UNANSWERED:
            return _("Video reception %(moment)s is not moved.")
        case _:
            return _("Video reception %(moment)s.")


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _day(moment: datetime, zone: str) -> str:
    """«25.11»."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "d.m")


def _moment(moment: datetime, zone: str) -> str:
    """«01.12 о 10:30 (Київ)»; of another zone the name of its city alone, to keep it short."""
    local = moment.astimezone(ZoneInfo(zone))
    place = pgettext("time zone in a text message", "Kyiv") if zone == KYIV else _city(zone)
    words = {"day": _day(moment, zone), "clock": date_format(local, "G:i"), "place": place}
    return _("%(day)s at %(clock)s (%(place)s)") % words
