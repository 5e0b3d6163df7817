"""Text messages: when and a way to the account. Never a name, a question, a login or a password."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Application, Letter
from diia_videoreception.rules.letter_placeholders import Placeholder
from diia_videoreception.rules.letter_texts import filled
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.text_messages import if_it_fits, segments
from diia_videoreception.rules.transitions import State
from diia_videoreception.selectors.letters import (
    is_proposal_open,
    is_question_open,
    is_still_to_come,
    is_term_running,
)
from diia_videoreception.services.letters.rendering import consents, waiting
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import KYIV
from integrations.common.failures import isolated

Kind = Letter.Kind
logger = logging.getLogger(__name__)
LAPSE_IS_NEWS = timedelta(hours=12)
"""So long the person may not know yet that nobody has considered their application."""
TERM_IS_NEWS = timedelta(days=3)
"""So long it is news that the agency answers later, or that another body does."""
_WITH_DEADLINE = frozenset({Kind.PROPOSAL, Kind.CLARIFICATION})
_OF_ANSWER = frozenset({Kind.ANSWER_TO_COME, Kind.PASSED_ON})
"""What is told after the reception; a term that is extended may be either."""
_ENDED: Mapping[str, State] = {
    Kind.CANCELLED: State.CANCELLED,
    Kind.DECLINED: State.DECLINED,
    Kind.WRITTEN_ANSWER: State.ANSWERED,
    Kind.NOT_CONSIDERED: State.NOT_CONSIDERED,
    Kind.LAPSED: State.LAPSED,
}

_SENTENCES: Mapping[str, Promise] = {
    Kind.ACCEPTED: gettext_lazy("Video reception %(moment)s: under review."),
    Kind.CONFIRMATION: gettext_lazy("Video reception %(moment)s confirmed."),
    Kind.MOVED: gettext_lazy("Video reception moved to %(moment)s."),
    Kind.CANCELLED: gettext_lazy("Video reception %(moment)s cancelled."),
    Kind.DECLINED: gettext_lazy("Video reception %(moment)s declined."),
    Kind.WRITTEN_ANSWER: gettext_lazy("Video reception %(moment)s: answered in writing."),
    Kind.NOT_CONSIDERED: gettext_lazy("Video reception %(moment)s: consideration ended."),
    Kind.LAPSED: gettext_lazy("Video reception %(moment)s will not take place."),
    Kind.CLARIFICATION: gettext_lazy("Video reception %(moment)s: there is a question."),
    Kind.PROPOSAL: gettext_lazy("Video reception: %(moment)s is proposed."),
    Kind.MOVE_REFUSED: gettext_lazy("Video reception %(moment)s is not moved."),
    Kind.MOVE_UNANSWERED: gettext_lazy("Video reception %(moment)s is not moved."),
}
"""What a message says of its time; any other says the time alone."""


def render_text(letter: Letter, *, now: datetime) -> str:
    """Write a text message in the language of the letter, in one segment where that is possible.

    Raises:
        NothingToSend: it is not so any more, or the time has come.
        ValueError: the letter is about no application.
    """
    if letter.kind in consents.RENDERED:
        return consents.text_of(letter, now=now)
    if letter.kind in waiting.RENDERED:
        return waiting.text_of(letter, now=now)
    application = letter.application
    if application is None:
        raise ValueError("the letter belongs to no application")
    if not _is_true(letter, application, now=now):
        raise NothingToSend
    zone = application.agency.time_zone
    own = _in_own_words(letter, zone)
    if own:
        return own
    with translation.override(letter.language):
        words = {"moment": _moment(_told(letter), zone)}
        until = _until(letter)
        if until is not None:
            words["day"] = _day(until, zone)
        text = _sentence(letter) % words
        if letter.kind in _WITH_DEADLINE:
            text = if_it_fits(text, _("Answer by %(day)s.") % words)
    return if_it_fits(text, _address())


def longest_text(sms: str, agency: Agency, language: str) -> str:
    """Return a text message in an agency's own words as long as it can get."""
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo(agency.time_zone))
    with translation.override(language):
        return filled(sms, _values(moment, moment, agency.time_zone), language=language)


def _in_own_words(letter: Letter, zone: str) -> str:
    """Return the message in the agency's own words; empty where it has none, or they cannot be filled in."""
    if letter.own_text is None or not letter.own_text.sms:
        return ""
    sms, until = letter.own_text.sms, _until(letter)
    with isolated() as one, translation.override(letter.language):
        text = filled(sms, _values(_told(letter), until, zone), language=letter.language)
        return text if segments(text) == 1 else ""
    logger.error("Own words of an SMS could not be filled in: %s", type(one.error).__name__)
    return ""


def _values(moment: datetime, until: datetime | None, zone: str) -> dict[Placeholder, str]:
    values = {Placeholder.TIME: _moment(moment, zone), Placeholder.ADDRESS: _address()}
    return values | ({Placeholder.UNTIL: _day(until, zone)} if until else {})


def _until(letter: Letter) -> datetime | None:
    """Return the last moment of the day that a message names besides its time."""
    if letter.kind in _WITH_DEADLINE:
        return valid_until(letter)
    promised = _promised(letter)
    return last_minute(promised) if promised else None


def _address() -> str:
    return app_settings.sms_url or absolute(reverse("diia_videoreception:front"))


def valid_until(letter: Letter) -> datetime:
    """Return from when a text message tells nothing any more.

    That is the start of its reception; the deadline of a proposed time, a question or the agency itself; of what nobody has
    considered by its start, some hours after it; of an answer that is to come, some days after it was promised.
    """
    if _is_of_answer(letter):
        return letter.created_at + TERM_IS_NEWS
    if letter.kind in consents.RENDERED:
        return consents.valid_until(letter)
    if letter.kind in waiting.RENDERED:
        return waiting.valid_until(letter)
    match letter.kind:
        case Kind.PROPOSAL | Kind.CLARIFICATION:
            return datetime.fromisoformat(letter.facts["deadline"])
        case Kind.LAPSED:
            return _start(letter) + LAPSE_IS_NEWS
        case Kind.TERM_EXTENDED:
            return min(_start(letter), datetime.fromisoformat(letter.facts["decide_by"]))
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


def _is_of_answer(letter: Letter) -> bool:
    return letter.kind in _OF_ANSWER or (
        letter.kind == Kind.TERM_EXTENDED and "until" in letter.facts
    )


def _promised(letter: Letter) -> datetime | None:
    """Return the midnight before which the agency has promised its decision, or its answer."""
    if "until" in letter.facts:
        return datetime.fromisoformat(letter.facts["until"])
    if letter.kind != Kind.TERM_EXTENDED:
        return None
    return datetime.fromisoformat(letter.facts["decide_by"])


def _is_true(letter: Letter, application: Application, *, now: datetime) -> bool:
    if now >= valid_until(letter):
        return False
    if letter.kind == Kind.PASSED_ON:
        return True
    if _is_of_answer(letter) or letter.kind in {Kind.ACCEPTED, Kind.TERM_EXTENDED}:
        return is_term_running(letter, application)
    if letter.kind in _WITH_DEADLINE:
        return is_proposal_open(letter, application, now=now) and is_question_open(
            letter, application, now=now
        )
    if letter.kind in _ENDED:
        return application.state == _ENDED[letter.kind]
    return is_still_to_come(letter, application, now=now)


def _sentence(letter: Letter) -> str:
    if letter.kind in {Kind.TERM_EXTENDED, *_OF_ANSWER}:
        return _sentence_of_term(letter)
    return str(_SENTENCES.get(letter.kind) or _("Video reception %(moment)s."))


def _sentence_of_term(letter: Letter) -> str:
    if letter.kind == Kind.PASSED_ON:
        return _("Video reception %(moment)s: another body will answer.")
    if not _is_of_answer(letter):
        return _("Video reception %(moment)s: decision by %(day)s.")
    if "until" in letter.facts:
        return _("Video reception %(moment)s: answer by %(day)s.")
    return _("Video reception %(moment)s: an answer will come.")


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
