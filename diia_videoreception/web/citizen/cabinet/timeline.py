"""What happened to an application, told to its citizen (C12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Application, JournalAct, JournalRecord, TermExtension
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.transitions import UNDECIDED_STATES, State
from diia_videoreception.selectors.booking.applications import history_of
from diia_videoreception.services.booking.answer_tasks import Settled
from diia_videoreception.wording import decision_due, long_moment


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One line of the timeline; a step to come has no text."""

    title: str | Promise
    moment: datetime
    text: str = ""
    is_done: bool = True
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Another time than the citizen knew."""

    old: datetime
    new: datetime
    is_first: bool
    """Whether the old one was only asked for."""


TITLES: dict[str, str | Promise] = {
    JournalAct.SUBMIT: gettext_lazy("Application submitted"),
    JournalAct.TAKE_OVER: gettext_lazy("You took the application into your account"),
    JournalAct.SIGN: gettext_lazy("You signed the application"),
    JournalAct.ACCEPT_FOR_REVIEW: gettext_lazy(
        "The agency has accepted the application for review"
    ),
    JournalAct.CONFIRM: gettext_lazy("Time confirmed"),
    JournalAct.CONFIRM_OTHER_TIME: gettext_lazy("Another time confirmed"),
    JournalAct.MOVE: gettext_lazy("Time of the reception changed"),
    JournalAct.REASSIGN: gettext_lazy("Another official will receive you"),
    JournalAct.PROPOSE: gettext_lazy("Another time proposed"),
    JournalAct.ACCEPT_PROPOSAL: gettext_lazy("You accepted the proposed time"),
    JournalAct.REFUSE_PROPOSAL: gettext_lazy("You refused the proposed time"),
    JournalAct.WITHDRAW_PROPOSAL: gettext_lazy("The agency has withdrawn the proposed time"),
    JournalAct.EXPIRE_PROPOSAL: gettext_lazy("The proposed time was not answered"),
    JournalAct.ASK_CLARIFICATION: gettext_lazy("The agency asked you a question"),
    JournalAct.ANSWER_CLARIFICATION: gettext_lazy("You answered the question"),
    JournalAct.WITHDRAW_CLARIFICATION: gettext_lazy("The agency has withdrawn its question"),
    JournalAct.EXPIRE_CLARIFICATION: gettext_lazy("The question was not answered in time"),
    JournalAct.CORRECT: gettext_lazy("You corrected the application"),
    JournalAct.READ_CORRECTION: gettext_lazy("The agency has read your correction"),
    JournalAct.SHOW_COMMENT: gettext_lazy("The agency showed your comment to the official"),
    JournalAct.HIDE_COMMENT: gettext_lazy("The agency did not show your comment to the official"),
    JournalAct.CHECK_AUTHORITY: gettext_lazy("The agency has checked your authority"),
    JournalAct.WITHDRAW_AUTHORITY_CHECK: gettext_lazy(
        "The agency took back that it had checked your authority"
    ),
    JournalAct.REQUEST_MOVE: gettext_lazy("You asked for another time"),
    JournalAct.REFUSE_MOVE: gettext_lazy("The agency cannot move the reception"),
    JournalAct.WITHDRAW_MOVE: gettext_lazy("You no longer ask for another time"),
    JournalAct.EXPIRE_MOVE: gettext_lazy("The agency has not answered your request"),
    JournalAct.ANSWER_IN_WRITING: gettext_lazy("The agency answered in writing"),
    JournalAct.EXTEND_TERM: gettext_lazy("The agency needs more time for its decision"),
    JournalAct.DECLINE: gettext_lazy("Application declined"),
    JournalAct.END_CONSIDERATION: gettext_lazy("The agency ended the consideration"),
    JournalAct.CANCEL: gettext_lazy("You cancelled the application"),
    JournalAct.CANCEL_BY_AGENCY: gettext_lazy("The agency cancelled the reception"),
    JournalAct.LAPSE: gettext_lazy("Not considered in time"),
    JournalAct.COMPLETE: gettext_lazy("The reception took place"),
    JournalAct.NOTE_CITIZEN_ABSENT: gettext_lazy("The reception did not take place"),
    JournalAct.NOTE_AGENCY_ABSENT: gettext_lazy("The reception did not take place"),
    JournalAct.ASK_DEVICE_CHECK: gettext_lazy("The agency asks you to check your equipment"),
    JournalAct.REMIND_TO_ANSWER: gettext_lazy("The agency reminded you to answer"),
    JournalAct.SEND_LETTER_AGAIN: gettext_lazy("A letter was sent to you again"),
    JournalAct.OPEN_ANSWER_TASK: gettext_lazy("The agency considers your question further"),
    JournalAct.EXTEND_ANSWER_TERM: gettext_lazy("The agency needs more time for its answer"),
    JournalAct.PASS_ON: gettext_lazy("Your question was passed on to another body"),
    JournalAct.SEND_ANSWER: gettext_lazy("The official answered you"),
    JournalAct.OBJECT: gettext_lazy("You objected to what was recorded"),
    JournalAct.ANSWER_OBJECTION: gettext_lazy("The agency answered your objection"),
    JournalAct.SIGN_DOCUMENT: gettext_lazy("You signed a document in the room"),
    JournalAct.GIVE_SLIP: gettext_lazy("A slip with a code to see the status was made"),
    JournalAct.SEND_SLIP: gettext_lazy("The centre sent you the slip by email or SMS"),
    JournalAct.SWITCH_CONFERENCE: gettext_lazy("Reception switched to another video conference"),
    JournalAct.ARRIVE_AT_CENTRE: gettext_lazy("You came to the centre"),
    JournalAct.WITHDRAW_ARRIVAL: gettext_lazy("The centre took back that you had come"),
    JournalAct.OPEN_AT_SEAT: gettext_lazy("The centre made a code for the room at its place"),
    JournalAct.ENTER_AT_SEAT: gettext_lazy("The room was opened at the place in the centre"),
    JournalAct.CLOSE_AT_SEAT: gettext_lazy("The way into the room at the centre was closed"),
}
_ASIDE = {
    JournalAct.TAKE_OVER,
    JournalAct.CORRECT,
    JournalAct.READ_CORRECTION,
    JournalAct.SHOW_COMMENT,
    JournalAct.HIDE_COMMENT,
    JournalAct.CHECK_AUTHORITY,
    JournalAct.WITHDRAW_AUTHORITY_CHECK,
    JournalAct.REQUEST_MOVE,
    JournalAct.REFUSE_MOVE,
    JournalAct.WITHDRAW_MOVE,
    JournalAct.EXPIRE_MOVE,
    JournalAct.OPEN_ANSWER_TASK,
    JournalAct.EXTEND_ANSWER_TERM,
    JournalAct.PASS_ON,
    JournalAct.EXTEND_TERM,
    JournalAct.ANSWER_OBJECTION,
    JournalAct.OBJECT,
    JournalAct.REASSIGN,
    JournalAct.ASK_DEVICE_CHECK,
    JournalAct.SEND_ANSWER,
    JournalAct.REMIND_TO_ANSWER,
    JournalAct.SEND_LETTER_AGAIN,
    JournalAct.SIGN,
    JournalAct.SIGN_DOCUMENT,
    JournalAct.SWITCH_CONFERENCE,
    JournalAct.GIVE_SLIP,
    JournalAct.SEND_SLIP,
    JournalAct.ARRIVE_AT_CENTRE,
    JournalAct.WITHDRAW_ARRIVAL,
    JournalAct.OPEN_AT_SEAT,
    JournalAct.ENTER_AT_SEAT,
    JournalAct.CLOSE_AT_SEAT,
}
"""What is told, but is not where the application stands."""
_WITH_REASON = {
    JournalAct.DECLINE,
    JournalAct.END_CONSIDERATION,
    JournalAct.CANCEL_BY_AGENCY,
}
_EXTENDED: dict[str, str | Promise] = {
    JournalAct.EXTEND_TERM: gettext_lazy("You will get the decision by: %(moment)s."),
    JournalAct.EXTEND_ANSWER_TERM: gettext_lazy("You will get the answer by: %(moment)s."),
}
_WITH_TIMES = {JournalAct.CONFIRM_OTHER_TIME, JournalAct.MOVE, JournalAct.ACCEPT_PROPOSAL}
_OF_PROPOSAL = {
    JournalAct.PROPOSE,
    JournalAct.REFUSE_PROPOSAL,
    JournalAct.WITHDRAW_PROPOSAL,
    JournalAct.EXPIRE_PROPOSAL,
}
"""What leaves the time of the application as it is."""


def timeline_of(application: Application, *, now: datetime) -> list[TimelineStep]:
    """Return the steps so far, the present one marked, and the reception if it is to come."""
    records = [record for record in history_of(application) if record.act in TITLES]
    current = [record for record in records if record.act not in _ASIDE][-1:]
    steps = [
        TimelineStep(
            TITLES[record.act],
            record.moment,
            _text(record, application),
            is_current=record in current,
        )
        for record in records
    ]
    return steps + list(_to_come(application, now=now))


def change_of(application: Application, *, now: datetime) -> Change | None:
    """Return the last change of the time of a reception that is to come, if there was one."""
    if application.state != State.CONFIRMED or application.end <= now:
        return None
    appointing = history_of(application).filter(act__in={JournalAct.CONFIRM, *_WITH_TIMES})
    records = list(appointing)
    record = next((one for one in reversed(records) if one.act in _WITH_TIMES), None)
    if record is None:
        return None
    old, new = (datetime.fromisoformat(record.details[name]) for name in ("from", "to"))
    is_first = record.act != JournalAct.MOVE and record == records[0]
    return Change(old, new, is_first) if old != new else None


def _text(record: JournalRecord, application: Application) -> str:
    if record.act in _WITH_REASON:
        return application.reason
    if record.act in _WITH_TIMES:
        zone = application.official.agency.time_zone
        return _("It was %(old)s. It is now %(new)s.") % {
            "old": long_moment(datetime.fromisoformat(record.details["from"]), zone),
            "new": long_moment(datetime.fromisoformat(record.details["to"]), zone),
        }
    if record.act in _EXTENDED:
        return _extended(record, application)
    if record.act in _OF_PROPOSAL:
        return _proposed(record, application)
    if record.act == JournalAct.ANSWER_IN_WRITING:
        return _("Outgoing number: %(number)s.") % {"number": application.outgoing_number}
    if record.act == JournalAct.CONFIRM:
        return _("Your time has not changed.")
    if record.act == JournalAct.COMPLETE and record.details.get("answer") == Settled.OPENED:
        return str(TITLES[JournalAct.OPEN_ANSWER_TASK])
    if record.act == JournalAct.NOTE_CITIZEN_ABSENT:
        return _("The agency recorded that you did not connect.")
    if record.act == JournalAct.NOTE_AGENCY_ABSENT:
        return _("The agency recorded that it could not receive you.")
    return ""


def _extended(record: JournalRecord, application: Application) -> str:
    """Return until when the agency needs, and why."""
    of_record = {"kind": record.details["term"], "days": record.details["days"]}
    extension = TermExtension.objects.filter(application=application, **of_record).first()
    if extension is None:
        return ""
    zone = application.official.agency.time_zone
    moment = long_moment(last_minute(extension.passes_at), zone)
    return "\n".join([str(_EXTENDED[record.act]) % {"moment": moment}, extension.reason])


def _proposed(record: JournalRecord, application: Application) -> str:
    zone = application.official.agency.time_zone
    proposed = long_moment(datetime.fromisoformat(record.details["to"]), zone)
    if record.act == JournalAct.PROPOSE:
        return _("Proposed: %(time)s.") % {"time": proposed}
    stands = long_moment(datetime.fromisoformat(record.details["from"]), zone)
    return _("Your time is still %(time)s.") % {"time": stands}


def _to_come(application: Application, *, now: datetime) -> Iterator[TimelineStep]:
    if application.state in UNDECIDED_STATES:
        yield TimelineStep(
            _("The agency’s decision"),
            application.start,
            _("You will get it by %(moment)s.")
            % {
                "moment": decision_due(
                    application.start,
                    application.official.agency.time_zone,
                    submitted_at=application.submitted_at,
                    term=application.decide_by,
                )
            },
            is_done=False,
        )
    if application.state == State.CONFIRMED and application.end > now:
        yield TimelineStep(_("Reception"), application.start, is_done=False)
