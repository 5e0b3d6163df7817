"""After a reception: the official's words to the citizen, the citizen's rating, going on with the question."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import (
    Answer,
    AnswerSignature,
    Application,
    JournalAct,
    Letter,
    Rating,
)
from diia_videoreception.models.answers import MAX_ANSWER, MAX_NUMBER, MAX_WORDS
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.selectors.access import receptions_conducted_by
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.answer_tasks import task_of
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_signing, answer_tasks, moderation
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.documents.scans import StoredScan
from diia_videoreception.services.transactions import act

_CONCLUDED = frozenset(OUTCOMES.values())


@act
def conclude(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    outcome: Act | None,
    answer_version: int,
    text: str,
    for_letter: bool,
    needs_answer: bool = False,
    now: datetime,
) -> Answer | None:
    """Note what became of a reception and keep the draft of the text to the citizen: both or neither.

    Args:
        staff: The official of the reception, or a moderator of the agency.
        version: Of the application that was on the page.
        outcome: One of `OUTCOMES`; None, and what is noted already, note nothing.
        answer_version: Of the draft that was on the page; 0 when there was none.
        for_letter: Whether the letter is to follow, for which both have to be there.
        needs_answer: Whether the question needs consideration, so that an answer is to come; for one
            that took place.

    Returns:
        The draft; None when there is none.

    Raises:
        NotFound, WrongState: as `note_outcome` and `save_answer`.
        AnswerChanged: as `save_answer`.
        Incomplete: the text is too long; or what became of it, or the text, is missing `for_letter`.
    """
    application = receptions_conducted_by(staff).filter(public_id=public_id).first()
    if application is None:
        raise errors.NotFound
    if for_letter and outcome is None and application.state not in _CONCLUDED:
        raise errors.Incomplete(fields={"outcome": _("Say what became of the reception.")})
    if for_letter and not text.strip():
        raise _text_missing()
    if outcome is not None and OUTCOMES[outcome] != application.state:
        moderation.note_outcome(
            moderator=staff,
            public_id=public_id,
            version=version,
            outcome=outcome,
            needs_answer=needs_answer,
            now=now,
        )
    elif outcome is Act.COMPLETE:
        _settle(staff, public_id, version, needed=needs_answer, now=now)
    if not text.strip() and not answer_version:
        return None
    return save_answer(staff=staff, public_id=public_id, version=answer_version, text=text, now=now)


@act
def save_answer(
    *, staff: AbstractBaseUser, public_id: uuid.UUID, version: int, text: str, now: datetime
) -> Answer:
    """Keep the draft of the text to the citizen, who sees nothing of it yet.

    Args:
        staff: The official of the reception, or a moderator of the agency.
        version: Of the draft that was on the page; 0 when there was none.

    Raises:
        NotFound: the reception is not theirs.
        WrongState: it is to come, or was called off.
        AnswerChanged: somebody has saved or sent it meanwhile.
        Incomplete: the text is too long.
    """
    application = _lock(staff, public_id)
    if application.start > now:
        raise errors.WrongState
    answer = _draft(application, version)
    answer.text = typed_text(text, most=MAX_ANSWER)
    answer.saved_by_id, answer.saved_at = staff.pk, now
    answer.save()
    journal.record(JournalAct.SAVE_ANSWER, subject=application, staff_id=staff.pk, now=now)
    return answer


def send_answer(
    *,
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    number: str = "",
    signing: answer_signing.Signing | None = None,
    now: datetime,
) -> Answer:
    """Send the saved text to the citizen by letter and show it in the cabinet; it stays so.

    Args:
        version: Of the draft that was read before it is sent.
        number: Under which the agency has registered it; needed where the answer was to come.
        signing: With КЕП over `text_to_sign`, or on paper; needed there as well.

    Raises:
        NotFound, AnswerChanged: as `save_answer`.
        WrongState: nobody has noted yet what became of the reception.
        Incomplete: there is no text, or number or signature are missing where they are needed, or the
            signature is refused.
    """
    signature = None
    if signing is not None:
        application, text = _saved(staff, public_id, version)
        # Authorities are asked before anything is locked.
        signature = answer_signing.signed(
            signing, application, text=text, number=require_number(number), now=now
        )
    with answer_signing.stored_scan(signing, staff=staff) as scan:
        return _send(staff, public_id, version, clean_line(number), signature, scan, now=now)


def text_to_sign(
    *, staff: AbstractBaseUser, public_id: uuid.UUID, version: int, number: str
) -> bytes:
    """Return what is to be signed of the saved answer.

    Raises:
        NotFound, AnswerChanged, Incomplete: as `send_answer`.
    """
    application, text = _saved(staff, public_id, version)
    return answer_signing.text_to_sign(application, text=text, number=require_number(number))


def _saved(staff: AbstractBaseUser, public_id: uuid.UUID, version: int) -> tuple[Application, str]:
    """Return the reception and the text that is saved for it, as it was read."""
    application = receptions_conducted_by(staff).filter(public_id=public_id).first()
    if application is None:
        raise errors.NotFound
    answer = Answer.objects.filter(application=application, version=version).first()
    if answer is None or answer.sent_at is not None:
        raise errors.AnswerChanged
    return application, answer.text


def require_number(number: str) -> str:
    """Return the outgoing number of an answer that is to come, cleaned.

    Raises:
        Incomplete: it is missing or too long.
    """
    cleaned = clean_line(number)
    if not cleaned or len(cleaned) > MAX_NUMBER:
        few = _("Write the outgoing number, up to %(most)s characters.") % {"most": MAX_NUMBER}
        raise errors.Incomplete(fields={"number": few})
    return cleaned


@act
def _send(
    staff: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    number: str,
    signature: AnswerSignature | None,
    scan: StoredScan | None,
    *,
    now: datetime,
) -> Answer:
    application = _lock(staff, public_id)
    if application.state not in _CONCLUDED:
        raise errors.WrongState
    answer = _draft(application, version)
    if not answer.text:
        raise _text_missing()
    task = task_of(application)
    is_due = task is not None and task.is_open
    answer.number = require_number(number) if is_due or number else ""
    if is_due and signature is None:
        missing = _("Say how the answer is signed.")
        raise errors.Incomplete(fields={"signing": missing})
    answer.saved_by_id, answer.sent_at = staff.pk, now
    answer.save()
    answer_tasks.close_by_answer(application, now=now)
    journal.record(JournalAct.SEND_ANSWER, subject=application, staff_id=staff.pk, now=now)
    facts: dict[str, object] = {"answer": answer.text}
    if answer.number:
        facts["number"] = answer.number
    if signature is not None:
        answer_signing.keep(signature, application, scan, now=now)
        facts |= answer_signing.facts_of(signature)
    letters.queue(Letter.Kind.ANSWER, application=application, now=now, facts=facts)
    return answer


@act
def rate(*, actor: SignedIn, public_id: uuid.UUID, stars: int, words: str, now: datetime) -> Rating:
    """Keep what the citizen thought of a reception that took place; once.

    Raises:
        NotFound: it is not the citizen's.
        WrongState: it did not take place, or was rated before.
        Incomplete: it is no number from 1 to 5, or the words are too many.
    """
    application = (
        Application.objects.select_for_update(of=("self",))
        .filter(citizen=actor.citizen, public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    if application.state != Application.State.COMPLETED or Rating.objects.filter(
        application=application
    ):
        raise errors.WrongState
    if stars not in range(1, 6):
        raise errors.Incomplete(fields={"stars": _("Choose a number from 1 to 5.")})
    cleaned = typed_text(words, name="words", most=MAX_WORDS)
    journal.record(JournalAct.RATE, subject=application, citizen=actor.citizen, now=now)
    return Rating.objects.create(
        application=application, stars=stars, words=cleaned, created_at=now
    )


def _settle(
    staff: AbstractBaseUser, public_id: uuid.UUID, version: int, *, needed: bool, now: datetime
) -> None:
    """Say of a reception that is noted already whether an answer is to come."""
    application = moderation.lock_case(
        staff, public_id, version, among=receptions_conducted_by, now=now
    )
    settled = answer_tasks.settle(application, needed=needed, now=now)
    if settled is not None:
        opened = settled is answer_tasks.Settled.OPENED
        what = JournalAct.OPEN_ANSWER_TASK if opened else JournalAct.DROP_ANSWER_TASK
        journal.record(what, subject=application, staff_id=staff.pk, now=now)


def _lock(staff: AbstractBaseUser, public_id: uuid.UUID) -> Application:
    application = (
        receptions_conducted_by(staff)
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    if application.state not in {*_CONCLUDED, Application.State.CONFIRMED}:
        raise errors.WrongState
    return application


def _draft(application: Application, version: int) -> Answer:
    """Return the draft to write, counted on; the application is locked."""
    answer = Answer.objects.filter(application=application).first()
    if answer is None:
        if version:
            raise errors.AnswerChanged
        return Answer(application=application)
    if answer.version != version or answer.sent_at is not None:
        raise errors.AnswerChanged
    answer.version += 1
    return answer


def _text_missing() -> errors.Incomplete:
    return errors.Incomplete(fields={"text": _("Write the text: the citizen will read it.")})
