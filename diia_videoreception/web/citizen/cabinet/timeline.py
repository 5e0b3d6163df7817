"""What happened to an application, told to its citizen (C12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Application, JournalRecord
from diia_videoreception.selectors.booking.applications import history_of
from diia_videoreception.wording import decision_due, long_moment

State = Application.State


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; a step to come has no text."""

    title: str | Promise
    moment: datetime
    text: str = ""
    is_done: bool = True
    is_current: bool = False


_TITLES: dict[str, str | Promise] = {
    "application.submit": gettext_lazy("Application submitted"),
    "application.sign": gettext_lazy("You signed the application"),
    "application.confirm": gettext_lazy("Time confirmed"),
    "application.confirm_other_time": gettext_lazy("Another time confirmed"),
    "application.move": gettext_lazy("Time of the reception changed"),
    "application.decline": gettext_lazy("Application declined"),
    "application.cancel": gettext_lazy("You cancelled the application"),
    "application.cancel_by_agency": gettext_lazy("The agency called the reception off"),
    "application.lapse": gettext_lazy("Not considered in time"),
    "application.complete": gettext_lazy("The reception took place"),
    "application.note_citizen_absent": gettext_lazy("The reception did not take place"),
    "application.note_agency_absent": gettext_lazy("The reception did not take place"),
    "application.ask_device_check": gettext_lazy("The agency asks you to check your equipment"),
    "application.send_letter_again": gettext_lazy("A letter was sent to you again"),
}
_ASIDE = {"application.ask_device_check", "application.send_letter_again", "application.sign"}
"""What is told, but is not where the application stands."""
_WITH_REASON = {"application.decline", "application.cancel_by_agency"}
_WITH_TIMES = {"application.confirm_other_time", "application.move"}


def timeline_of(application: Application, *, now: datetime) -> list[Step]:
    """The steps so far, the present one marked, and the reception if it is to come."""
    records = [record for record in history_of(application) if record.act in _TITLES]
    current = [record for record in records if record.act not in _ASIDE][-1:]
    steps = [
        Step(
            _TITLES[record.act],
            record.moment,
            _text(record, application),
            is_current=record in current,
        )
        for record in records
    ]
    return steps + list(_to_come(application, now=now))


def _text(record: JournalRecord, application: Application) -> str:
    if record.act in _WITH_REASON:
        return application.reason
    if record.act in _WITH_TIMES:
        zone = application.official.agency.time_zone
        return _("It was %(old)s, now it is %(new)s.") % {
            "old": long_moment(datetime.fromisoformat(record.details["from"]), zone),
            "new": long_moment(datetime.fromisoformat(record.details["to"]), zone),
        }
    if record.act == "application.confirm":
        return _("Your time has not changed.")
    if record.act == "application.note_citizen_absent":
        return _("The agency noted that you did not connect.")
    if record.act == "application.note_agency_absent":
        return _("The agency noted that it could not receive you.")
    return ""


def _to_come(application: Application, *, now: datetime) -> Iterator[Step]:
    if application.state == State.SUBMITTED:
        yield Step(
            _("Decision of the agency"),
            application.start,
            _("It comes by %(moment)s.")
            % {
                "moment": decision_due(
                    application.start,
                    application.official.agency.time_zone,
                    submitted_at=application.submitted_at,
                )
            },
            is_done=False,
        )
    if application.state == State.CONFIRMED and application.end > now:
        yield Step(_("Reception"), application.start, is_done=False)
