"""Internal notes: what moderators write to each other about a case, which its citizen never sees."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import NoteLimit, NotFound
from diia_videoreception.models import Application, CaseNote, JournalAct, JournalRecord
from diia_videoreception.personal_data import encrypt
from diia_videoreception.rules.notes import MAX_NOTE, MAX_NOTES
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.services import journal
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act, locked


@act
def add_note(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    text: str,
    key: uuid.UUID,
    now: datetime,
) -> CaseNote:
    """Add a note in whatever state the case is; notes are neither changed nor taken back.

    Args:
        key: Of the form; what has been written with it already is given back.

    Raises:
        NotFound: the case is not of the moderator's agencies.
        Incomplete: there is no text, or it is too long.
        NoteLimit: there are too many.
    """
    cleaned = typed_text(text, most=MAX_NOTE, missing=_("Write the note."))
    found = applications_visible_to(moderator).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    application = locked(Application.objects.filter(pk=found.pk)).get()
    written = CaseNote.objects.filter(application=application, key=key).first()
    if written is not None:
        return written
    record = journal.record(
        JournalAct.ADD_NOTE, subject=application, staff_id=moderator.pk, now=now
    )
    return write_note(record, application, cleaned, key=key)


def write_note(
    record: JournalRecord, application: Application, text: str, *, key: uuid.UUID
) -> CaseNote:
    """Write a cleaned text beside the record of the act that it belongs to; the application is locked.

    Raises:
        NoteLimit: there are too many.
    """
    if CaseNote.objects.filter(application=application).count() >= MAX_NOTES:
        raise NoteLimit(count=MAX_NOTES)
    return CaseNote.objects.create(
        application=application, record=record, text_encrypted=encrypt(text), key=key
    )
