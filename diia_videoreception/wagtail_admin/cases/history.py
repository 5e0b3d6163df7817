"""The journal of one application in words, with the names of the staff who acted, and their internal notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from diia_videoreception.models import Application, JournalAct, JournalRecord, Letter
from diia_videoreception.selectors.booking.applications import history_of
from diia_videoreception.services.booking.answer_tasks import Settled
from diia_videoreception.wording import short_moment


@dataclass(frozen=True, slots=True)
class Line:
    """One act: when (local time of the agency), what, who."""

    moment: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One internal note: when (local time of the agency), who, what."""

    moment: str
    who: str
    text: str


def history_in_words(
    application: Application, *, reader: AbstractBaseUser
) -> tuple[list[Line], list[NoteLine]]:
    """Return what happened to an application, oldest first, and the notes on it, newest first.

    Two queries however long the history. Who may see the case in the admin may see the notes.

    Args:
        reader: Who reads it, and is known without a query.
    """
    records = list(history_of(application).select_related("case_note"))
    names = _staff_names(records, reader)
    zone = application.official.agency.time_zone
    lines, notes = [], []
    for record in records:
        moment, who = short_moment(record.moment, zone), _who(record, names)
        lines.append(Line(moment, _what(record, application), who))
        note = getattr(record, "case_note", None)
        if note is not None:
            notes.append(NoteLine(moment, who, note.text))
    return lines, notes[::-1]


def _what(record: JournalRecord, application: Application) -> str:
    text = record.title
    kind = record.details.get("kind")
    if kind:
        return f"{text}: {Letter.Kind(kind).label}"
    if record.details.get("answer") == Settled.OPENED:
        return f"{text}. {JournalAct.OPEN_ANSWER_TASK.label}"
    was, became = record.details.get("from"), record.details.get("to")
    if not (was and became) or was == became:
        return text
    agency = application.official.agency
    return _("%(act)s: %(was)s → %(became)s") % {
        "act": text,
        "was": short_moment(datetime.fromisoformat(was), agency.time_zone),
        "became": short_moment(datetime.fromisoformat(became), agency.time_zone),
    }


def _who(record: JournalRecord, names: dict[str, str]) -> str:
    if record.actor_kind == JournalRecord.Actor.STAFF:
        return names.get(record.actor_id, _("former member of staff"))
    return str(record.get_actor_kind_display())


def _staff_names(records: Iterable[JournalRecord], reader: AbstractBaseUser) -> dict[str, str]:
    keys = {record.actor_id for record in records if record.actor_kind == JournalRecord.Actor.STAFF}
    others = keys - {str(reader.pk)}
    staff = get_user_model()._default_manager.filter(pk__in=others) if others else []
    return {str(user.pk): str(get_user_display_name(user)) for user in [reader, *staff]}
