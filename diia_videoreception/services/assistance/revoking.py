"""Taking a consent to help back: in the visit, at any centre, by telephone, in the account.

What is done already stays; nothing more is done by it, from the next act on.
"""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import MandateUnknown, NotFound, WrongState
from diia_videoreception.models import CentreMember, JournalAct, Letter, Mandate
from diia_videoreception.rules.mandates import MandateState, read_reference
from diia_videoreception.rules.names import is_same_name
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.assistance.mandates import mandates_of
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services import journal, letters
from diia_videoreception.services.assistance.guard import locked_member, member_at_work
from diia_videoreception.services.assistance.holding import ShownVisit, own_visit, swap
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from diia_videoreception.services.assistance.mandates import record_of
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act, locked


@act
def revoke_in_visit(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Mandate:
    """Take the consent of a visit back, at the word of the person; who may not act any more does that, too.

    Raises:
        NotFound, VisitChanged: as for each act of a visit.
        WrongState: none is in force.
    """
    visit = own_visit(shown, locked_member(staff, shown.centre))
    if visit.mandate_id is None:
        raise WrongState
    mandate = _locked(visit.mandate_id)
    _revoke(mandate, EndedBy.PERSON, now=now)
    swap(visit, now=now)
    record_of(JournalAct.REVOKE_MANDATE, mandate, staff, now=now, by=mandate.ended_by)
    return mandate


def revoke_at_centre(
    centre: uuid.UUID,
    reference: str,
    last_name: str,
    *,
    by_phone: bool,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    """Take a consent back at the word of a person who is here with a document, or on the telephone.

    By telephone only one that this centre has. Nobody learns more than that it was revoked: not whose it is.

    Args:
        reference: of the consent, as it stands on the paper or as the person is told it.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not help people in this centre now.
        TooManyRequests: they have tried too often.
        MandateUnknown: no consent in force has this reference and name.
    """
    require_rate("mandate_search", f"staff {staff.pk}", now=now)
    return _revoke_at_centre(centre, reference, last_name, by_phone=by_phone, staff=staff, now=now)


@act
def _revoke_at_centre(
    centre: uuid.UUID,
    reference: str,
    last_name: str,
    *,
    by_phone: bool,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    member = member_at_work(staff, centre, now=now, on_behalf=False)
    found = Mandate.objects.filter(reference=read_reference(reference) or "").first()
    mandate = _locked(found.pk) if found is not None else None
    if mandate is None or not _is_told_right(mandate, member, last_name, by_phone, now=now):
        raise MandateUnknown
    here = EndedBy.PERSON if mandate.centre_id == member.centre_id else EndedBy.OTHER_CENTRE
    _revoke(mandate, EndedBy.PHONE if by_phone else here, now=now)
    record_of(
        JournalAct.REVOKE_MANDATE,
        mandate,
        staff,
        now=now,
        by=mandate.ended_by,
        centre=str(member.centre.public_id),
    )
    return mandate


def _is_told_right(
    mandate: Mandate, member: CentreMember, last_name: str, by_phone: bool, *, now: datetime
) -> bool:
    return (
        mandate.is_live(now)
        and is_same_name(mandate.person.last_name, last_name)
        and (not by_phone or mandate.centre_id == member.centre_id)
    )


@act
def revoke_in_account(public_id: uuid.UUID, *, actor: SignedIn, now: datetime) -> Mandate:
    """Take a consent back as the person who gave it, or whose number somebody has told a centre.

    Revoking what is revoked already gives it back unchanged.

    Raises:
        NotFound: it is not theirs.
        WrongState: it has ended otherwise.
    """
    found = mandates_of(actor.citizen).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    mandate = _locked(found.pk)
    if mandate.state == MandateState.REVOKED:
        return mandate
    _revoke(mandate, EndedBy.CABINET, now=now)
    journal.record(
        JournalAct.REVOKE_MANDATE,
        subject=mandate,
        citizen=actor.citizen,
        now=now,
        details={"reference": mandate.reference, "by": mandate.ended_by},
    )
    return mandate


def _locked(key: int) -> Mandate:
    rows = Mandate.objects.select_related("centre", "person", "visit").filter(pk=key)
    return locked(rows).get()


def _revoke(mandate: Mandate, by: Mandate.EndedBy, *, now: datetime) -> None:
    """End it, and tell the phone on it that it was revoked: whoever did not ask for that learns of it."""
    end(mandate, MandateState.REVOKED, by, now=now)
    if mandate.phone and takes_sms(mandate.phone, agency=None):
        letters.queue_to_phone(Letter.Kind.MANDATE_ENDED, mandate, now=now)
