"""How a person gives their consent: by a code that only their phone gets, or by hand on paper."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete, NotFound, TooManyCodes, WrongState
from diia_videoreception.models import (
    ConsentEvidence,
    Document,
    JournalAct,
    Letter,
    Mandate,
    MandateCode,
)
from diia_videoreception.rules.mandates import (
    CODE_LIVES,
    MAX_RESENDS,
    MAX_SCAN_BYTES,
    SCAN_TYPES,
    ConsentMethod,
    MandateState,
    read_reference,
)
from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.selectors.assistance.typed_papers import scans_with
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts.codes import ConfirmationCodes
from diia_videoreception.services.assistance.guard import member_at_work
from diia_videoreception.services.assistance.holding import ShownVisit, swap
from diia_videoreception.services.assistance.mandates import (
    record_of,
    require_in_time,
    unfinished_of,
    visit_on_behalf,
)
from diia_videoreception.services.documents import scans
from diia_videoreception.services.documents.scans import StoredScan, Upload
from diia_videoreception.services.documents.storage import create_document, delete_documents
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act

MANDATE_CODES = ConfirmationCodes(
    model=MandateCode, lifetime=CODE_LIVES, resend=timedelta(seconds=60), max_attempts=5
)


def send_code(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Mandate:
    """Send the code to the phone on the consent, and nowhere else.

    Raises:
        TooManyRequests: another one was sent a moment ago, or the member or the centre has sent too many.
        TooManyCodes: no more can be sent for this consent.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState, ConsentTooLate: no code is waited for.
    """
    member = membership_in(staff, shown.centre)
    if member is None:
        raise NotFound
    require_rate("consent_code", f"member {member.pk}", now=now)
    require_rate("centre_codes", f"centre {member.centre_id}", now=now)
    return _send_code(shown, staff=staff, now=now)


@act
def _send_code(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = _awaiting(unfinished_of(visit), ConsentMethod.SMS_CODE, now=now)
    earlier = MandateCode.objects.filter(mandate=mandate).first()
    resends = 0
    if earlier is not None:
        MANDATE_CODES.require_resend(earlier, now=now)
        resends = earlier.resends + 1
    if resends > MAX_RESENDS:
        raise TooManyCodes
    MANDATE_CODES.issue(mandate=mandate, about={"resends": resends}, now=now)
    letters.queue_to_phone(Letter.Kind.CONSENT_CODE, mandate, now=now)
    swap(visit, now=now)
    record_of(JournalAct.SEND_CONSENT_CODE, mandate, staff, now=now, resends=resends)
    return mandate


def confirm_code(
    shown: ShownVisit, code: str, *, staff: AbstractBaseUser, now: datetime
) -> Mandate:
    """Take the code that the person has read on their phone: typing it is their consent.

    Raises:
        CodeIncomplete, CodeWrong: as `ConfirmationCodes.check`; the attempt counts whatever comes of it.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState, ConsentTooLate: no code is waited for.
    """
    member = membership_in(staff, shown.centre)
    sent = MandateCode.objects.filter(
        mandate__visit__public_id=shown.visit,
        mandate__visit__member=member,
        mandate__state=MandateState.AWAITING_CONSENT.value,
        mandate__method=ConsentMethod.SMS_CODE.value,
    ).first()
    if member is None or sent is None:
        raise WrongState
    MANDATE_CODES.check(sent, code, now=now)
    return _confirm_code(shown, sent, staff=staff, now=now)


@act
def _confirm_code(
    shown: ShownVisit, sent: MandateCode, *, staff: AbstractBaseUser, now: datetime
) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = _awaiting(unfinished_of(visit), ConsentMethod.SMS_CODE, now=now)
    # A code is the word on the text that was read before it was sent, not on one that was chosen since.
    is_of_text = mandate.asked_at is not None and mandate.asked_at <= sent.sent_at
    if mandate.is_consented or sent.mandate_id != mandate.pk or not is_of_text:
        raise WrongState
    MANDATE_CODES.use_up(sent)
    letter = (
        Letter.objects.filter(
            kind=Letter.Kind.CONSENT_CODE,
            citizen=mandate.person_id,
            facts__mandate=str(mandate.public_id),
        )
        .order_by("-created_at", "-pk")
        .first()
    )
    if letter is None or letter.phone != mandate.phone:
        raise WrongState
    ConsentEvidence.objects.create(
        mandate=mandate,
        method=ConsentMethod.SMS_CODE.value,
        captured_at=now,
        captured_by=visit.member,
        message_id=letter.message_id,
    )
    swap(visit, now=now)
    # The word is the person's, though somebody else may have typed it.
    journal.record(
        JournalAct.GIVE_CONSENT,
        subject=mandate,
        citizen=mandate.person,
        now=now,
        details={
            "reference": mandate.reference,
            "method": mandate.method,
            "before": str(visit.member.public_id),
        },
    )
    return mandate


def add_scan(
    shown: ShownVisit,
    scan: Upload | None,
    *,
    reference: str,
    signed_on: date | None,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    """Take the scan of the text that the person has signed by hand; another one puts it in its place until the seal.

    Args:
        reference: as it stands on the paper that was scanned.

    Raises:
        Incomplete: the paper is another one, the date cannot be, or the file is refused.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState, ConsentTooLate: no paper is waited for.
    """
    member = membership_in(staff, shown.centre)
    if member is None:
        raise NotFound
    if scan is None:
        raise Incomplete(fields={"scan": _("Choose the scan of the signed page.")})
    limits = UploadLimits(files=1, bytes=min(MAX_SCAN_BYTES, app_settings.max_file_bytes))
    with scans.stored(scan, staff=staff, limits=limits) as stored:
        return _add_scan(shown, stored, reference, signed_on, staff=staff, now=now)


@act
def _add_scan(
    shown: ShownVisit,
    stored: StoredScan,
    reference: str,
    signed_on: date | None,
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = _awaiting(unfinished_of(visit), ConsentMethod.PAPER_SCAN, now=now)
    _require_own_paper(mandate, stored, reference, signed_on, now=now)
    evidence, is_new = ConsentEvidence.objects.update_or_create(
        mandate=mandate,
        defaults={
            "method": ConsentMethod.PAPER_SCAN.value,
            "captured_at": now,
            "captured_by": visit.member,
            "signed_on": signed_on,
            "signer": mandate.person.full_name,
        },
    )
    delete_documents(list(Document.objects.filter(consent=evidence)))
    create_document(
        stored.inspected, public_id=stored.public_id, path=stored.path, now=now, consent=evidence
    )
    swap(visit, now=now)
    record_of(
        JournalAct.GIVE_CONSENT,
        mandate,
        staff,
        now=now,
        method=mandate.method,
        scan=stored.inspected.sha256,
        again=not is_new,
    )
    return mandate


def _require_own_paper(
    mandate: Mandate, stored: StoredScan, reference: str, signed_on: date | None, *, now: datetime
) -> None:
    fields: dict[str, str] = {}
    if read_reference(reference) != mandate.reference:
        fields["reference"] = _("This is not the number of this consent. Look at the paper.")
    if signed_on is None:
        fields["signed_on"] = _("Write the date on the paper.")
    elif not _day_asked(mandate) <= signed_on <= today_in(mandate.centre, now=now):
        fields["signed_on"] = _("The paper is signed today, after the text was printed.")
    if stored.inspected.media_type not in SCAN_TYPES:
        fields["scan"] = _("A scan is a PDF, JPEG or PNG file.")
    elif scans_with(stored.inspected.sha256).exclude(consent__mandate=mandate).exists():
        fields["scan"] = _("This scan is of another paper.")
    if fields:
        raise Incomplete(fields=fields)


def _day_asked(mandate: Mandate) -> date:
    return today_in(mandate.centre, now=mandate.asked_at or mandate.created_at)


def _awaiting(mandate: Mandate, method: ConsentMethod, *, now: datetime) -> Mandate:
    """Let a consent be given only in the way that was chosen, and in time."""
    if mandate.method != method:
        raise WrongState
    if mandate.state != MandateState.AWAITING_CONSENT:
        raise WrongState
    require_in_time(mandate, now=now)
    return mandate


@act
def look_at_scan(mandate: Mandate, *, staff: AbstractBaseUser, now: datetime) -> Document:
    """Return the scan of a consent for who may see it; each look is recorded.

    Raises:
        NotFound: there is none.
        MemberBlocked, CentreSuspended, NoRightToAct: they may not act on behalf of people at that centre now.
    """
    member_at_work(staff, mandate.centre.public_id, now=now, on_behalf=True)
    document = Document.objects.filter(consent__mandate=mandate).first()
    if document is None:
        raise NotFound
    record_of(JournalAct.VIEW_CONSENT_SCAN, mandate, staff, now=now)
    return document
