"""Documents that a member of a centre adds to what they type for a person, by the consent to this very thing (B-20)."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete, NotFound
from diia_videoreception.models import CentreVisit, Document, TypedDraft
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.services.assistance import typing
from diia_videoreception.services.assistance.holding import ShownVisit, swap
from diia_videoreception.services.assistance.mandates import require_scope
from diia_videoreception.services.booking.draft_documents import require_limit
from diia_videoreception.services.documents import scans
from diia_videoreception.services.documents.scans import StoredScan, Upload
from diia_videoreception.services.documents.storage import create_document, delete_documents
from diia_videoreception.services.transactions import act

DOCUMENTS = "documents"


def add(
    shown: ShownVisit, chosen: Upload | None, *, staff: AbstractBaseUser, now: datetime
) -> Document:
    """Add a scan or a file of the person to what is typed for them; what was read or sent before fits no more.

    Raises:
        Incomplete: no file was chosen, or it is refused.
        TooManyFiles, DocumentLimit: as for everybody.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate: the person has not agreed that documents are added.
        MandateEnded, PersonHasAccount, NotForOneself: as `typing.allowed`.
    """
    if membership_in(staff, shown.centre) is None:
        raise NotFound
    if chosen is None:
        raise Incomplete(fields={"scan": _("Choose a file.")})
    with scans.stored(chosen, staff=staff, limits=app_settings.upload_limits) as stored:
        return _add(shown, stored, staff=staff, now=now)


@act
def _add(
    shown: ShownVisit, stored: StoredScan, *, staff: AbstractBaseUser, now: datetime
) -> Document:
    visit, typed = _allowed(shown, staff, now=now)
    inspected = stored.inspected
    person = typed.draft.citizen_id
    require_limit(person, more=len(inspected.content), now=now, draft=typed.draft)
    document = create_document(
        inspected, public_id=stored.public_id, path=stored.path, now=now, draft=typed.draft
    )
    typing.note(typed, visit, [DOCUMENTS], now=now)
    swap(visit, now=now)
    return document


@act
def remove(
    shown: ShownVisit, document: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Remove a document from what is typed, file and row; removing it again is no error.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount, NotForOneself: as `add`.
    """
    visit, typed = _allowed(shown, staff, now=now)
    delete_documents(list(typed.draft.documents.filter(public_id=document)))
    typing.note(typed, visit, [DOCUMENTS], now=now)
    swap(visit, now=now)


def _allowed(
    shown: ShownVisit, staff: AbstractBaseUser, *, now: datetime
) -> tuple[CentreVisit, TypedDraft]:
    visit, mandate = typing.allowed(shown, staff, now=now)
    require_scope(visit, HelpScope.ATTACH_DOCUMENTS, now=now)
    return visit, typing.typed_to_write(visit, mandate, now=now)
