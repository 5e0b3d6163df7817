"""What was typed, signed by its person on paper: printed, scanned, and filed at once or within a working day (B-58).

Who has typed and printed it files it, as it was printed. The paper has a code of its own, so that no other
is taken for it, and its scan proves nothing else.
"""

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import (
    ConsentRequired,
    Incomplete,
    NotFound,
    PaperChanged,
    PaperNeedsTerm,
    PaperOfAnother,
    WrongState,
)
from diia_videoreception.models import (
    Application,
    CentreMember,
    CentreVisit,
    Document,
    Draft,
    JournalAct,
    Mandate,
    Occupancy,
    TypedCode,
    TypedDraft,
    TypedPaper,
)
from diia_videoreception.rules.mandates import MAX_SCAN_BYTES, SCAN_TYPES, HelpScope, MandateTerm
from diia_videoreception.rules.typed_papers import CODE_LENGTH, enter_by, read_paper_code
from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.rules.visits import VisitMode, VisitPhase
from diia_videoreception.selectors.assistance.typed_papers import is_scan_of_another
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.terms import usual_workdays
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.centres.kiosks import hours_of_centre
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal
from diia_videoreception.services.assistance import typing
from diia_videoreception.services.assistance.guard import member_at_work
from diia_videoreception.services.assistance.holding import ShownVisit, record, swap
from diia_videoreception.services.assistance.mandates import require_scope
from diia_videoreception.services.assistance.visits import letters_for
from diia_videoreception.services.booking import applications, completeness
from diia_videoreception.services.booking.drafts import version_of
from diia_videoreception.services.documents import scans
from diia_videoreception.services.documents.scans import StoredScan, Upload
from diia_videoreception.services.documents.storage import create_document, delete_documents
from diia_videoreception.services.transactions import act
from integrations.common.readable_codes import readable_code

BATCH = 200


@act
def print_typed(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> TypedPaper:
    """Fix what is typed as it goes to the printer, with the time if one is held; an earlier paper is worth nothing.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount, NotForOneself: as `typing.allowed`.
        Incomplete: the answers are not typed yet.
        PaperNeedsTerm: there is no time yet, and the consent ends with the visit.
    """
    visit, mandate = typing.allowed(shown, staff, now=now)
    typed = typing.typed_to_write(visit, mandate, now=now)
    held = live_hold(mandate.person, now=now)
    official_id = held.official_id if held else None
    completeness.require_complete(typed.draft, official_id=official_id, now=now)
    if held is None and mandate.term == MandateTerm.THIS_VISIT:
        raise PaperNeedsTerm
    _forget(TypedPaper.objects.filter(typed=typed).first())
    paper = TypedPaper.objects.create(
        typed=typed,
        mandate=mandate,
        member=visit.member,
        code=readable_code(CODE_LENGTH),
        version=version_printed(typed.draft, held),
        has_time=held is not None,
        printed_at=now,
    )
    swap(visit, now=now)
    told = {"paper": str(paper.public_id), "has_time": paper.has_time}
    record(JournalAct.PRINT_TYPED, visit, staff, now=now, **told)
    return paper


def version_printed(draft: Draft, held: Occupancy | None) -> str:
    """Return the hash of what a paper shows: the draft, the terms, the official with the time where one is held.

    Raises:
        ConsentRequired: there are no terms to book under now.
    """
    terms = typing.terms_to_read()
    if terms is None:
        raise ConsentRequired
    shown = typing.version_shown(draft, held) if held is not None else version_of(draft)
    return sha256(f"{shown} {terms.pk}".encode()).hexdigest()


def is_as_printed(paper: TypedPaper, draft: Draft, held: Occupancy | None) -> bool:
    """Return whether what is typed now is what the person has on paper; one with a time needs that time."""
    if paper.has_time and held is None:
        return False
    return paper.version == version_printed(draft, held if paper.has_time else None)


def add_scan(
    shown: ShownVisit,
    scan: Upload | None,
    *,
    code: str,
    signed_on: date | None,
    staff: AbstractBaseUser,
    now: datetime,
) -> TypedPaper:
    """Take the scan of the paper that the person has signed; another one puts it in its place until it is filed.

    Args:
        code: as it stands on the paper that was scanned.

    Raises:
        Incomplete: the paper is another one, the date cannot be, or the file is refused.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount, NotForOneself: as `typing.allowed`.
        PaperOfAnother, PaperChanged: it has to be printed anew.
    """
    if membership_in(staff, shown.centre) is None:
        raise NotFound
    if scan is None:
        raise Incomplete(fields={"scan": _("Choose the scan of the signed page.")})
    limits = UploadLimits(files=1, bytes=min(MAX_SCAN_BYTES, app_settings.max_file_bytes))
    with scans.stored(scan, staff=staff, limits=limits) as stored:
        return _add_scan(shown, stored, code, signed_on, staff=staff, now=now)


@act
def _add_scan(
    shown: ShownVisit,
    stored: StoredScan,
    code: str,
    signed_on: date | None,
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> TypedPaper:
    visit, mandate = typing.allowed(shown, staff, now=now)
    typed = typing.typed_to_write(visit, mandate, now=now)
    paper = _own_paper(typed, visit)
    if not is_as_printed(paper, typed.draft, live_hold(mandate.person, now=now)):
        raise PaperChanged
    _require_this_paper(paper, stored, code, signed_on, now=now)
    delete_documents(list(Document.objects.filter(typed_paper=paper)))
    paper.signed_on, paper.scanned_at = signed_on, now
    paper.enter_by = enter_by(
        paper.printed_at,
        hours_of_centre(visit.centre),
        workdays=usual_workdays(),
        zone=ZoneInfo(visit.centre.time_zone),
    )
    paper.save(update_fields=["signed_on", "scanned_at", "enter_by"])
    create_document(
        stored.inspected, public_id=stored.public_id, path=stored.path, now=now, typed_paper=paper
    )
    swap(visit, now=now)
    told = {"paper": str(paper.public_id), "scan": stored.inspected.sha256}
    record(JournalAct.SCAN_TYPED, visit, staff, now=now, **told)
    return paper


def _own_paper(typed: TypedDraft, visit: CentreVisit) -> TypedPaper:
    """Return the paper of what is typed, for who has printed it; their own lock is held.

    Raises:
        WrongState: nothing was printed.
        PaperOfAnother
    """
    paper = TypedPaper.objects.select_related("mandate__centre").filter(typed=typed).first()
    if paper is None:
        raise WrongState
    if paper.member_id != visit.member_id:
        raise PaperOfAnother
    return paper


def _require_this_paper(
    paper: TypedPaper, stored: StoredScan, code: str, signed_on: date | None, *, now: datetime
) -> None:
    centre = paper.mandate.centre
    printed_on, today = today_in(centre, now=paper.printed_at), today_in(centre, now=now)
    fields: dict[str, str] = {}
    if read_paper_code(code) != paper.code:
        fields["code"] = _("This is not the code of this paper. Look at the paper.")
    if signed_on is None:
        fields["signed_on"] = _("Write the date on the paper.")
    elif not printed_on <= signed_on <= today:
        fields["signed_on"] = _(
            "The paper is signed after it was printed, and not later than today."
        )
    if stored.inspected.media_type not in SCAN_TYPES:
        fields["scan"] = _("A scan is a PDF, JPEG or PNG file.")
    elif is_scan_of_another(paper, stored.inspected.sha256):
        fields["scan"] = _("This scan is of another paper.")
    if fields:
        raise Incomplete(fields=fields)


def file(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Application:
    """File what the person has signed on paper, at the time that is held.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount, NotForOneself: as `typing.allowed`.
        Incomplete, HoldExpired: something is missing.
        PaperOfAnother, PaperChanged: it has to be printed anew.
        ConsentRequired, ServicePaused: as `typing.file_typed`.
        and what `applications.file_confirmed` raises.
    """
    found = TypedDraft.objects.select_related("mandate__person").filter(
        visit__public_id=shown.visit, visit__member=membership_in(staff, shown.centre)
    )
    typed = found.first()
    if typed is None:
        raise WrongState
    held = live_hold(typed.mandate.person, now=now)
    # Without a time that is held the act ends before it files.
    number = applications.take_number(held, now=now) if held is not None else ""
    return _file(shown, number, staff=staff, now=now)


@act
def _file(shown: ShownVisit, number: str, *, staff: AbstractBaseUser, now: datetime) -> Application:
    visit, mandate = typing.allowed(shown, staff, now=now)
    typed = typing.typed_to_write(visit, mandate, now=now)
    paper = _own_paper(typed, visit)
    scan = Document.objects.filter(typed_paper=paper).first()
    if scan is None:
        raise WrongState
    held = typing.held_complete(typed, mandate, now=now)
    if not is_as_printed(paper, typed.draft, held):
        raise PaperChanged
    TypedCode.objects.filter(typed=typed).delete()
    application = typing.file_typed(
        visit,
        mandate,
        typed,
        Application.Confirmation.PAPER,
        number=number,
        now=now,
        confirmed_at=paper.scanned_at,
        proof={"version": paper.version, "scan": scan.sha256},
    )
    TypedPaper.objects.filter(pk=paper.pk).update(application=application, typed=None)
    return application


@act
def resume(
    centre_id: uuid.UUID, paper_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> CentreVisit:
    """Begin a visit in which a signed paper is entered; the one in which it is open already is given back.

    Raises:
        NotFound: nothing signed with this key waits for who asks.
        MemberBlocked, CentreSuspended, NoRightToAct: as for each act on behalf.
        NoMandate, MandateEnded: the person has taken their consent back, or it has run out.
        WrongState: a colleague has the visit now.
        TooManyVisits: no letter is free.
    """
    member = member_at_work(staff, centre_id, now=now, on_behalf=True)
    waiting = TypedPaper.objects.waiting().filter(member=member, typed__isnull=False)
    found = waiting.select_related("typed__visit", "mandate").filter(public_id=paper_id)
    paper = found.filter(mandate__centre=member.centre_id).first()
    if paper is None or paper.typed is None:
        raise NotFound
    before = paper.typed.visit
    if before.is_open:
        if before.member_id != member.pk:
            raise WrongState
        return before
    visit = _next_visit(before, paper.mandate, member, now=now)
    mandate = require_scope(visit, HelpScope.BOOK_RECEPTION, now=now)
    typing.typed_to_write(visit, mandate, now=now)
    journal.record(
        JournalAct.RESUME_TYPED,
        subject=visit,
        staff_id=staff.pk,
        now=now,
        details={"centre": str(centre_id), "paper": str(paper.public_id)},
    )
    return visit


def _next_visit(
    before: CentreVisit, mandate: Mandate, member: CentreMember, *, now: datetime
) -> CentreVisit:
    """Return a visit of the same person, at its work: why they are helped is known."""
    return CentreVisit.objects.create(
        centre=mandate.centre,
        member=member,
        letter=letters_for(member, 1)[0],
        phase=VisitPhase.WORK.value,
        mode=VisitMode.PAPER.value,
        language=before.language,
        purpose=before.purpose,
        reason=before.reason,
        eid=before.eid,
        mandate=mandate,
        started_at=now,
        changed_at=now,
    )


@act
def look_at_scan(paper: TypedPaper, *, staff: AbstractBaseUser, now: datetime) -> Document:
    """Return the scan of a signed paper for who has printed it; each look is recorded.

    Raises:
        NotFound: there is none, or it is not theirs.
        MemberBlocked, CentreSuspended, NoRightToAct: they may not act on behalf of people at that centre now.
    """
    centre_id = paper.mandate.centre.public_id
    member = member_at_work(staff, centre_id, now=now, on_behalf=True)
    document = Document.objects.filter(typed_paper=paper).first()
    if document is None or paper.member_id != member.pk:
        raise NotFound
    journal.record(
        JournalAct.VIEW_TYPED_SCAN,
        subject=paper.mandate,
        staff_id=staff.pk,
        now=now,
        details={"paper": str(paper.public_id)},
    )
    return document


def _forget(paper: TypedPaper | None) -> None:
    """Delete a paper that was not filed, with its scan."""
    if paper is not None:
        delete_documents(list(Document.objects.filter(typed_paper=paper)))
        paper.delete()


def delete_unfiled(*, now: datetime) -> int:
    """Delete papers that nobody can file any more, or was ever given back signed, with their scans.

    Returns:
        How many.
    """
    old = TypedPaper.objects.filter(
        application__isnull=True, printed_at__lt=now - timedelta(hours=app_settings.draft_hours)
    )
    waiting = TypedPaper.objects.waiting().values("pk")
    keys = old.exclude(pk__in=waiting).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return sum(_delete_unfiled(key) for key in list(keys))


@act
def _delete_unfiled(key: int) -> int:
    found = TypedPaper.objects.filter(pk=key, application__isnull=True)
    paper = found.select_for_update(skip_locked=True, of=("self",)).first()
    _forget(paper)
    return int(paper is not None)
