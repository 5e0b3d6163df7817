"""Consents to help: whom a centre acts for, by whose word, for what and how long (B-36).

Nothing is done for a person without `require_scope`. The administrator names the person, reads the text to
them, the person agrees in a way of their own, and the administrator seals it with a code of theirs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import (
    CitizenInBrowser,
    ConsentTooLate,
    Incomplete,
    MandateEnded,
    NoMandate,
    NoTextMessages,
    SealNeedsCode,
    WrongState,
)
from diia_videoreception.models import (
    CentreVisit,
    Citizen,
    JournalAct,
    Mandate,
    MandateNumber,
    MandateScope,
)
from diia_videoreception.personal_data import encrypt
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.mandates import (
    TO_ANSWER,
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateState,
    MandateTerm,
    end_of,
    format_reference,
    is_strong_enough,
)
from diia_videoreception.rules.visits import BY_CONSENT, VisitPhase
from diia_videoreception.selectors.accounts.second_factor import has_app
from diia_videoreception.selectors.assistance.mandates import offered_scopes, text_in_language
from diia_videoreception.selectors.centres.rights import has_function
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import second_factor
from diia_videoreception.services.assistance.consent_texts import flag_shared_phone, rendered_text
from diia_videoreception.services.assistance.helped import (
    DescribedPerson,
    KnownPerson,
    checked,
    person_of,
    require_somebody_else,
)
from diia_videoreception.services.assistance.holding import (
    ShownVisit,
    held_visit,
    record,
    require_phase,
    swap,
)
from diia_videoreception.services.assistance.mandate_ends import EndedBy, change_state, end
from diia_videoreception.services.transactions import act, lock_citizen, locked, next_of_year


@dataclass(frozen=True, slots=True)
class AskedConsent:
    """What a person is asked to agree to, and how they will."""

    scopes: Collection[HelpScope]
    term: MandateTerm
    method: ConsentMethod
    language: CentreVisit.Language


def require_scope(visit: CentreVisit, scope: HelpScope, *, now: datetime) -> Mandate:
    """Return the consent by which a centre does this for the person of a visit, locked; inside each act on behalf.

    A consent that is revoked meanwhile waits for the act, and the next act for the revocation.

    Raises:
        NoMandate: none was given, or not for this.
        MandateEnded: it has run out or was revoked, or the centre may not act for people now.
    """
    if visit.mandate_id is None:
        raise NoMandate
    mandate = locked(
        Mandate.objects.select_related("centre", "person").filter(pk=visit.mandate_id)
    ).get()
    if mandate.centre_id != visit.centre_id or mandate.sealed_at is None:
        raise NoMandate
    is_open = visit.ended_at is None
    centre = mandate.centre
    may_act = centre.is_active and has_function(centre, CentreFunction.INTERMEDIATION)
    if not (is_open and may_act and mandate.is_live(now)):
        raise MandateEnded
    row = MandateScope.objects.filter(mandate=mandate, scope=scope.value).first()
    if row is None or scope.value not in centre.allowed_scopes:
        raise NoMandate
    if row.ended_at is not None:
        raise MandateEnded
    return mandate


def identify(
    shown: ShownVisit,
    said: DescribedPerson,
    *,
    signed_in: Citizen | None,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    """Name the person of a visit; what was asked of another one before is given up.

    Whoever shows a document and has given this centre a consent that holds is found under it.

    Args:
        signed_in: who is signed in as a citizen in the same browser.

    Returns:
        The consent to be asked for, or the one that holds.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        CitizenInBrowser: somebody is signed in in this browser.
        NotForOneself: it is the administrator.
        Incomplete: something is missing.
        WrongState: nothing is done on behalf of the person here, or a consent holds already.
    """
    if signed_in is not None:
        raise CitizenInBrowser
    known = checked(said)
    require_somebody_else(known, staff)
    reference = format_reference(now.year, next_of_year(MandateNumber, now.year))
    return _identify(shown, known, reference, staff=staff, now=now)


@act
def _identify(
    shown: ShownVisit,
    known: KnownPerson,
    reference: str,
    *,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    before = visit.mandate
    if before is not None and before.is_live(now):
        raise WrongState
    if before is not None and before.ended_at is None:
        end(before, MandateState.REFUSED, EndedBy.NEWER, now=now)
    person = person_of(known, visit.centre, now=now)
    mandate = _held_already(visit, person, known, now=now) or Mandate.objects.create(
        reference=reference,
        centre=visit.centre,
        visit=visit,
        person=person,
        taken_by=visit.member,
        identity_source=known.source.value,
        document_kind=known.document_kind,
        document_last=known.document_last,
        phone=known.phone,
        created_at=now,
    )
    swap(visit, now=now, mandate=mandate)
    record(
        JournalAct.IDENTIFY_PERSON,
        visit,
        staff,
        now=now,
        mandate=str(mandate.public_id),
        source=known.source.value,
        document=known.document_kind,
    )
    return mandate


def _held_already(
    visit: CentreVisit, person: Citizen, known: KnownPerson, *, now: datetime
) -> Mandate | None:
    """Return the consent of a person that holds at the centre; what was only said finds none."""
    if known.source != IdentitySource.DOCUMENT_SHOWN or not known.rnokpp:
        return None
    found = Mandate.objects.live(now).filter(centre=visit.centre_id, person=person)
    return found.exclude(term=MandateTerm.THIS_VISIT.value).first()


def ask(
    shown: ShownVisit, asked: AskedConsent, *, staff: AbstractBaseUser, now: datetime
) -> Mandate:
    """Fix what the person is read, and wait for their word; asked again, it begins anew.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        Incomplete: nothing was chosen, or something that this centre may not do.
        NoTextMessages: no code can be sent to the phone of the person.
        WrongState: nobody is named yet, or the person has agreed already.
    """
    mandate = _ask(shown, asked, staff=staff, now=now)
    if mandate.phone:
        flag_shared_phone(mandate, now=now)
    return mandate


@act
def _ask(
    shown: ShownVisit, asked: AskedConsent, *, staff: AbstractBaseUser, now: datetime
) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = unfinished_of(visit)
    if mandate.is_consented:
        raise WrongState
    scopes = [scope for scope in HelpScope if scope in asked.scopes]
    if not scopes:
        raise Incomplete(fields={"scopes": _("Choose what the person agrees to.")})
    if not set(scopes) <= set(offered_scopes(visit.centre)):
        raise Incomplete(fields={"scopes": _("This centre may not do that for people.")})
    if not is_strong_enough(asked.method, scopes):
        raise Incomplete(fields={"method": _("This way is not enough for what is asked.")})
    if asked.method == ConsentMethod.SMS_CODE and not takes_sms(mandate.phone, agency=None):
        raise NoTextMessages
    text = text_in_language(asked.language)
    if text is None:
        raise Incomplete(fields={"language": _("There is no text in this language.")})
    rendered = rendered_text(mandate, text.body, scopes, asked.term, asked.language.value)
    values = {
        "method": asked.method.value,
        "term": asked.term.value,
        "language": asked.language.value,
        "text": text,
        "rendered_encrypted": encrypt(rendered),
        "rendered_sha256": sha256(rendered.encode()).hexdigest(),
        "asked_at": now,
    }
    if mandate.state == MandateState.DRAFT:
        change_state(mandate, MandateState.AWAITING_CONSENT, **values)
    else:
        Mandate.objects.filter(pk=mandate.pk).update(**values)
    mandate.scopes.all().delete()
    MandateScope.objects.bulk_create(
        MandateScope(
            mandate=mandate, centre=mandate.centre, person=mandate.person, scope=scope.value
        )
        for scope in scopes
    )
    swap(visit, now=now)
    record_of(
        JournalAct.ASK_CONSENT,
        mandate,
        staff,
        now=now,
        method=asked.method.value,
        term=asked.term.value,
        scopes=[scope.value for scope in scopes],
        text=text.sha256,
    )
    mandate.refresh_from_db()
    return mandate


@act
def refuse(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Mandate:
    """Write down that the person does not agree; nobody asks why.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState: nothing waits for their word.
    """
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = unfinished_of(visit)
    end(mandate, MandateState.REFUSED, EndedBy.PERSON, now=now)
    swap(visit, now=now)
    record_of(JournalAct.REFUSE_CONSENT, mandate, staff, now=now)
    return mandate


def seal(
    shown: ShownVisit,
    *,
    code: str,
    is_stepped_up: bool,
    staff: AbstractBaseUser,
    now: datetime,
) -> Mandate:
    """Put a consent in force that the person has given, with a fresh code of the administrator.

    What the same person had allowed the centre before is replaced by it.

    Args:
        code: of the administrator's app; who has none has signed in anew with their key.
        is_stepped_up: whether the second factor was given a moment ago.

    Raises:
        SecondFactorCodeWrong, CodeRepeated, TooManyRequests: of the code.
        SealNeedsCode: there is neither a code nor a fresh second factor.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as for each act of a visit.
        WrongState: the person has not agreed.
        ConsentTooLate: they did, long ago.
    """
    if has_app(staff):
        second_factor.verify(staff, code=code, now=now)
    elif not is_stepped_up:
        raise SealNeedsCode
    return _seal(shown, staff=staff, now=now)


@act
def _seal(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> Mandate:
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = unfinished_of(visit)
    if not mandate.is_consented or mandate.state != MandateState.AWAITING_CONSENT:
        raise WrongState
    if now - mandate.evidence.captured_at > TO_ANSWER:
        raise ConsentTooLate
    if not {one.value for one in mandate.wanted} <= set(visit.centre.allowed_scopes):
        raise NoMandate
    lock_citizen(mandate.person)
    _replace_earlier(mandate, now=now)
    expires = end_of(MandateTerm(mandate.term), sealed_at=now)
    change_state(mandate, MandateState.ACTIVE, sealed_at=now, expires_at=expires)
    mandate.scopes.update(since=now)
    swap(visit, now=now)
    record_of(JournalAct.SEAL_MANDATE, mandate, staff, now=now, text=mandate.rendered_sha256)
    return mandate


def _replace_earlier(mandate: Mandate, *, now: datetime) -> None:
    """End what the new consent repeats; an earlier one of which nothing is left is revoked with it."""
    live = MandateScope.objects.filter(
        centre=mandate.centre, person=mandate.person, since__isnull=False, ended_at__isnull=True
    ).exclude(mandate=mandate)
    keys = sorted(set(live.values_list("mandate", flat=True)))
    earlier = list(locked(Mandate.objects.filter(pk__in=keys).order_by("pk")))
    live.filter(scope__in=[scope.value for scope in mandate.wanted]).update(ended_at=now)
    for one in earlier:
        has_left = MandateScope.objects.filter(mandate=one, ended_at__isnull=True).exists()
        if one.state == MandateState.ACTIVE and not has_left:
            end(one, MandateState.REVOKED, EndedBy.NEWER, now=now)


def visit_on_behalf(shown: ShownVisit, staff: AbstractBaseUser, *, now: datetime) -> CentreVisit:
    """Return a visit in which somebody may act on behalf of the person, who are at it just now; inside an act.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged: as `held_visit`.
        WrongState: another way to help was chosen, or it is at another stage.
    """
    visit = held_visit(shown, staff, now=now, on_behalf=True)
    require_phase(visit, VisitPhase.WORK)
    if visit.way not in BY_CONSENT:
        raise WrongState
    return visit


def unfinished_of(visit: CentreVisit) -> Mandate:
    """Return the consent of a visit that is being asked for, locked.

    Raises:
        WrongState: there is none.
    """
    if visit.mandate_id is None:
        raise WrongState
    found = Mandate.objects.filter(
        pk=visit.mandate_id,
        state__in=[MandateState.DRAFT.value, MandateState.AWAITING_CONSENT.value],
    )
    mandate = locked(found.select_related("centre", "person")).first()
    if mandate is None:
        raise WrongState
    return mandate


def require_in_time(mandate: Mandate, *, now: datetime) -> None:
    """Let the person agree only while what they were read is fresh.

    Raises:
        ConsentTooLate
    """
    if mandate.asked_at is None or now - mandate.asked_at > TO_ANSWER:
        raise ConsentTooLate


def record_of(
    act_: JournalAct,
    mandate: Mandate,
    staff: AbstractBaseUser,
    *,
    now: datetime,
    **details: object,
) -> None:
    """Write the one record of an act of staff about a consent."""
    told = {"reference": mandate.reference, "visit": str(mandate.visit.public_id), **details}
    journal.record(act_, subject=mandate, staff_id=staff.pk, now=now, details=told)
