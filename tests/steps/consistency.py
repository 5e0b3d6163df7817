"""What is true of all cases at any moment, whoever stopped in the middle of whatever."""

from django.db.models import Q

from diia_videoreception.models import (
    AnswerTask,
    Application,
    Clarification,
    Draft,
    JournalAct,
    JournalRecord,
    Letter,
    MoveRequest,
    Occupancy,
    Proposal,
)
from diia_videoreception.rules.transitions import EDGES, OPEN_STATES, RECEPTION_STATES, State
from diia_videoreception.services.booking.answer_tasks import Settled

LETTERS_OF = {
    f"application.{edge.journal}": {
        other.letter for other in EDGES.values() if other.journal == edge.journal
    }
    for edge in EDGES.values()
}
"""Kinds of letters by the act in the journal; an accepted time is told by one of two."""
BESIDE_STATES = {"application.extend_answer_term": {"term_extended"}}
"""The same of what leaves the application as it is."""
OF_TASK = (JournalAct.OPEN_ANSWER_TASK, JournalAct.DROP_ANSWER_TASK, JournalAct.PASS_ON)
"""What becomes of an answer that is to come, beside what the details of an outcome say of it."""


def check_consistency() -> None:
    """State, time, open rows, journal and letters of every application say the same."""
    for application in Application.objects.select_related("clarification"):
        _check_time(application)
        _check_open_rows(application)
        _check_told(application)
    filed = Application.objects.values("draft_token")
    assert not Draft.objects.filter(token__in=filed).exists()
    assert not Letter.objects.filter(state="queued", next_attempt_at=None).exists()


def _check_time(application: Application) -> None:
    occupied = Occupancy.objects.filter(application=application)
    own = occupied.filter(kind="application").values_list("official", "start", "end")
    is_open = application.state in OPEN_STATES
    has = [(application.official_id, application.start, application.end)] if is_open else []
    assert list(own) == has, application.state
    waiting = Proposal.objects.filter(application=application, answer="")
    proposed = [(one.official_id or application.official_id, one.start, one.end) for one in waiting]
    second = occupied.exclude(kind="application").values_list("official", "start", "end")
    assert list(second) == proposed, application.state


def _check_open_rows(application: Application) -> None:
    state = application.state
    asked = Clarification.objects.filter(application=application, outcome="")
    assert list(asked) == ([application.clarification] if application.clarification else [])
    assert (state == State.CLARIFICATION) == bool(application.clarification)
    assert hasattr(application, "reception") or state not in RECEPTION_STATES
    assert not hasattr(application, "reception") or state in {*RECEPTION_STATES, State.CANCELLED}
    if state not in OPEN_STATES:
        assert not Proposal.objects.filter(application=application, answer="").exists()
        assert not MoveRequest.objects.filter(application=application, answer="").exists()
    if AnswerTask.objects.filter(application=application, status="open").exists():
        assert state == State.COMPLETED
    assert bool(application.written_answer) == (state == State.ANSWERED)


def _check_told(application: Application) -> None:
    about = JournalRecord.objects.filter(subject_id=str(application.public_id))
    acts = list(about.filter(act__in=LETTERS_OF).values_list("act", flat=True))
    # What becomes of an answer that is to come moves the version as well.
    moves = about.filter(Q(act__in=OF_TASK) | Q(details__answer__in=list(Settled))).count()
    moves += AnswerTask.objects.filter(application=application, status="answered").count()
    assert len(acts) + moves == application.version - 1, (application.version, acts)
    letters = Letter.objects.filter(application=application, copy_of=None)
    kinds = set().union(*LETTERS_OF.values())
    written = list(letters.filter(kind__in=kinds).values_list("kind", flat=True))
    acts += about.filter(act__in=BESIDE_STATES).values_list("act", flat=True)
    kinds_of = LETTERS_OF | BESIDE_STATES
    telling = [act for act in acts if kinds_of[act] != {""}]
    assert len(written) == len(telling), (written, acts)
    assert all(kinds_of[act] & set(written) for act in telling), (written, acts)
