"""An answer in writing instead of a reception: its time is free, the citizen has the words and their number."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.models import AnswerSignature, Application, JournalAct, Letter
from diia_videoreception.models.answers import MAX_ANSWER
from diia_videoreception.models.applications import MAX_OUTGOING_NUMBER
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import answer_signing
from diia_videoreception.services.booking.moderation import lock_case, require_version
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.documents.scans import StoredScan
from diia_videoreception.services.transactions import locking_act


def answer_in_writing(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    text: str,
    outgoing_number: str,
    signing: answer_signing.Signing,
    now: datetime,
) -> Application:
    """Answer an undecided application in writing; nothing changes the answer after that.

    Args:
        version: Of the application that the moderator was looking at.
        outgoing_number: Under which the agency has registered the answer.
        signing: With КЕП over `text_to_sign`, or on paper.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked, is decided, or its time has come.
        Incomplete: text or number is missing or too long, or the signature or its scan is refused.
    """
    answer, number = cleaned(text, outgoing_number)
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    require_version(found, version)
    # Authorities are asked before anything is locked.
    signature = answer_signing.signed(signing, found, text=answer, number=number, now=now)
    with answer_signing.stored_scan(signing, staff=moderator) as scan:
        return _answer(moderator, public_id, version, answer, number, signature, scan, now=now)


def text_to_sign(application: Application, *, text: str, outgoing_number: str) -> bytes:
    """Return what is to be signed of an answer as it was typed.

    Raises:
        Incomplete: text or number is missing or too long.
    """
    answer, number = cleaned(text, outgoing_number)
    return answer_signing.text_to_sign(application, text=answer, number=number)


def cleaned(text: str, outgoing_number: str) -> tuple[str, str]:
    """Return answer and number as they are kept.

    Raises:
        Incomplete: one of them is missing or too long.
    """
    answer = typed_text(
        text, most=MAX_ANSWER, missing=_("Write the answer: the citizen will read it.")
    )
    number = typed_text(
        " ".join(outgoing_number.split()),
        name="outgoing_number",
        most=MAX_OUTGOING_NUMBER,
        missing=_("Enter the outgoing number of the answer."),
    )
    return answer, number


@locking_act
def _answer(
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    version: int,
    answer: str,
    number: str,
    signature: AnswerSignature,
    scan: StoredScan | None,
    *,
    now: datetime,
) -> Application:
    application = lock_case(moderator, public_id, version, now=now)
    if application.start <= now:
        raise errors.WrongState
    change_state(
        application,
        Act.ANSWER_IN_WRITING,
        now=now,
        written_answer=answer,
        outgoing_number=number,
    )
    answer_signing.keep(signature, application, scan, now=now)
    journal.record(
        JournalAct.ANSWER_IN_WRITING, subject=application, staff_id=moderator.pk, now=now
    )
    letters.queue(
        Letter.Kind.WRITTEN_ANSWER,
        application=application,
        now=now,
        facts=letters.facts_of_written_answer(answer, number) | answer_signing.facts_of(signature),
    )
    return application
