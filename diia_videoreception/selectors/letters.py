"""Which letters could not be sent, and which of them are still worth sending."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from diia_videoreception.models import Agency, Application, Letter, Proposal
from diia_videoreception.providers import sms_provider
from diia_videoreception.rules.phones import is_foreign, takes_text_messages
from diia_videoreception.rules.transitions import UNDECIDED_STATES
from diia_videoreception.selectors.booking.answer_tasks import task_of
from diia_videoreception.selectors.rooms.guests import open_invitation

Kind = Letter.Kind

_NEWS = frozenset(
    {
        Kind.RECEIPT,
        Kind.ACCEPTED,
        Kind.CONFIRMATION,
        Kind.MOVED,
        Kind.SWITCHED,
        Kind.REASSIGNED,
        Kind.DECLINED,
        Kind.WRITTEN_ANSWER,
        Kind.NOT_CONSIDERED,
        Kind.CANCELLED,
        Kind.LAPSED,
    }
)
"""Letters of which each replaces the ones before: it tells where the application stands."""
_BEFORE_START = frozenset(
    {
        Kind.RECEIPT,
        Kind.ACCEPTED,
        Kind.REASSIGNED,
        Kind.CHECK_DEVICE,
        Kind.PROPOSAL_WITHDRAWN,
        Kind.CLARIFICATION_WITHDRAWN,
    }
)
_OF_TIME = frozenset({Kind.REMINDER, Kind.MOVE_REFUSED, Kind.MOVE_UNANSWERED})
_BEFORE_END = frozenset({Kind.CONFIRMATION, Kind.MOVED, Kind.SWITCHED})


_ABSENT = {
    Letter.Party.CITIZEN.value: Application.State.CITIZEN_ABSENT,
    Letter.Party.AGENCY.value: Application.State.AGENCY_ABSENT,
}


def is_still_recorded(letter: Letter, application: Application) -> bool:
    """Return whether what a letter says of somebody who did not come is on record."""
    return letter.kind != Kind.NOT_HELD or _ABSENT[letter.facts["by"]] == application.state


def is_still_to_come(letter: Letter, application: Application, *, now: datetime) -> bool:
    """Return whether the reception that a letter tells of will take place, at the time it tells."""
    return (
        application.state == Application.State.CONFIRMED
        and application.start == datetime.fromisoformat(letter.facts["start"])
        and now < application.start
    )


def is_still_invited(letter: Letter, application: Application, *, now: datetime) -> bool:
    """Return whether the guest of whom a letter tells may take part in a reception that is not over."""
    return (
        application.state == Application.State.CONFIRMED
        and now < application.end
        and open_invitation(letter.facts["invitation"]) is not None
    )


def takes_sms(phone: str, *, agency: Agency | None) -> bool:
    """Return whether a text message of this agency, or of a centre, may go to a phone; a centre sends none abroad."""
    abroad = is_foreign(phone)
    return (
        # First what costs nothing: most portals send none.
        sms_provider(abroad=abroad) is not None
        and takes_text_messages(phone)
        and (not abroad or (agency is not None and agency.sms_abroad))
    )


def is_proposal_open(letter: Letter, application: Application, *, now: datetime) -> bool:
    """Return whether what a letter proposes can be answered now; of other letters it is true."""
    if letter.kind != Kind.PROPOSAL:
        return True
    last = application.last_proposal
    if last is None:
        last = Proposal.objects.filter(application=application, is_last=True).first()
    is_it = last is not None and str(last.public_id) == letter.facts["proposal"]
    return is_it and last is not None and last.is_open(now)


def is_question_open(letter: Letter, application: Application, *, now: datetime) -> bool:
    """Return whether what a letter asks can be answered now; of other letters it is true."""
    if letter.kind != Kind.CLARIFICATION:
        return True
    asked = application.clarification
    return (
        asked is not None
        and str(asked.public_id) == letter.facts["clarification"]
        and asked.is_open(now)
    )


def is_term_running(letter: Letter, application: Application) -> bool:
    """Return whether the decision or the answer is still to come that a letter promises; of other letters it is true."""
    if letter.kind == Kind.ANSWER_TO_COME or (
        letter.kind == Kind.TERM_EXTENDED and "until" in letter.facts
    ):
        # Looked up anew: the letter may have been read before it ended.
        task = task_of(application)
        return task is not None and task.is_open
    promises = letter.kind in {Kind.ACCEPTED, Kind.TERM_EXTENDED}
    return not promises or application.state in UNDECIDED_STATES


def letters_about(application: Application) -> QuerySet[Letter]:
    """Return the letters to the citizen about an application, oldest first."""
    return Letter.objects.filter(application=application).order_by("created_at", "pk")


def worth_sending(
    letters: Sequence[Letter], application: Application, *, now: datetime
) -> list[Letter]:
    """Return those of an application's letters that are true today: the newest news and requests.

    An older one would tell the citizen of a time or a decision that is not valid any more.

    Args:
        letters: All of the application, oldest first.
    """
    news = [letter for letter in letters if letter.kind in _NEWS and letter.copy_of_id is None]
    newest = news[-1].pk if news else None
    is_to_come = application.state == Application.State.CONFIRMED and application.end > now
    return [
        letter
        for letter in letters
        if (letter.kind not in _NEWS or newest in (letter.pk, letter.copy_of_id))
        and not (letter.kind in _BEFORE_START and application.start <= now)
        and not (letter.kind in _BEFORE_END and not is_to_come)
        and is_still_recorded(letter, application)
        and (letter.kind not in _OF_TIME or is_still_to_come(letter, application, now=now))
        and is_proposal_open(letter, application, now=now)
        and is_question_open(letter, application, now=now)
        and is_term_running(letter, application)
        and (letter.kind != Kind.GUEST_INVITED or is_still_invited(letter, application, now=now))
    ]


def has_failed_letters(now: datetime) -> Q:
    """Describe the applications to come of which a letter could not be sent."""
    failed = Letter.objects.filter(state=Letter.State.FAILED, application__isnull=False).exclude(
        error_kind=Letter.ErrorKind.OUT_OF_DATE
    )
    return Q(pk__in=failed.values("application"), start__gt=now)
