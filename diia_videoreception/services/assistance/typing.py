"""Typing an application for a person by their consent: first the answers, then a time, then their word (B-20, B-36, B-62).

Whoever types does not confirm: the code goes to the phone on the consent, and fits what was typed when it was sent.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language

from diia_videoreception.errors import (
    ConsentRequired,
    HoldExpired,
    NoTextMessages,
    NotFound,
    PersonHasAccount,
    ServicePaused,
    TooManyCodes,
    TypedChanged,
    WrongState,
)
from diia_videoreception.models import (
    Application,
    CentreVisit,
    Citizen,
    ConsentAcceptance,
    ConsentText,
    Document,
    Draft,
    JournalAct,
    Letter,
    Mandate,
    Occupancy,
    Service,
    TypedCode,
    TypedDraft,
)
from diia_videoreception.rules.mandates import (
    CODE_LIVES,
    MAX_RESENDS,
    HelpScope,
    IdentitySource,
    MandateTerm,
    end_with_reception,
)
from diia_videoreception.rules.visits import VisitPhase
from diia_videoreception.selectors.accounts.consents import terms_in_force
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.centres.access import membership_in
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts.codes import ConfirmationCodes
from diia_videoreception.services.assistance.helped import require_not_helped
from diia_videoreception.services.assistance.holding import ShownVisit, swap
from diia_videoreception.services.assistance.mandates import require_scope, visit_on_behalf
from diia_videoreception.services.booking import applications, completeness, drafts, holds
from diia_videoreception.services.booking.applications import GivenHelp
from diia_videoreception.services.booking.drafts import DraftAnswers, version_of
from diia_videoreception.services.documents.storage import delete_documents
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.common.levels import Level

TYPED_CODES = ConfirmationCodes(
    model=TypedCode, lifetime=CODE_LIVES, resend=timedelta(seconds=60), max_attempts=5
)
_LEVELS = {
    IdentitySource.DOCUMENT_SHOWN: Level.SUBSTANTIAL,
    IdentitySource.DECLARED: Level.LOW,
}
"""How surely a centre knows a person: who works there has compared the document with the face."""


def actor_of(mandate: Mandate) -> SignedIn:
    """Return the person as who books, with the assurance that the centre has of them."""
    source = IdentitySource(mandate.identity_source)
    level = Level(mandate.level) if mandate.level else _LEVELS.get(source, Level.LOW)
    return SignedIn(
        citizen=mandate.person,
        level=level,
        method=f"centre_{source.value}",
        auth_time=mandate.sealed_at or mandate.created_at,
        is_helped=True,
    )


@act
def write(
    shown: ShownVisit, answers: DraftAnswers, *, staff: AbstractBaseUser, now: datetime
) -> TypedDraft:
    """Keep what was typed, complete or not, and who typed which answer; a code that was sent fits no more.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded: the person has not agreed to it, or does not any more; what was typed stays.
        PersonHasAccount: they have signed in to an account of their own.
    """
    visit, mandate = allowed(shown, staff, now=now)
    typed = typed_to_write(visit, mandate, now=now)
    before = drafts.values_of(typed.draft)
    draft = drafts.save_answers(citizen=mandate.person, answers=answers, now=now)
    # The administrator corrects what they have typed: no earlier wording stays beside to choose from.
    Draft.objects.filter(pk=draft.pk).update(other_texts={})
    after = drafts.values_of(draft)
    note(typed, visit, [name for name in after if after[name] != before[name]], now=now)
    swap(visit, now=now)
    return typed


@act
def hold(
    shown: ShownVisit,
    *,
    official_id: int,
    start: datetime,
    staff: AbstractBaseUser,
    now: datetime,
) -> Occupancy:
    """Hold a time for the person, as long and under the same limits as anybody holds one.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount: as `write`.
        Incomplete: the answers are not typed yet.
        and what `holds.reserve` raises.
    """
    visit, mandate = allowed(shown, staff, now=now)
    typed = typed_to_write(visit, mandate, now=now)
    completeness.require_complete(typed.draft, official_id=None, now=now)
    held = holds.reserve(
        actor=actor_of(mandate), official_id=official_id, start=start, captcha="", now=now
    )
    note(typed, visit, ["time"], now=now)
    swap(visit, now=now)
    return held


def send_code(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> TypedCode:
    """Send the code of this very application to the phone on the consent, and nowhere else.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount: as `write`.
        Incomplete, HoldExpired: something is missing.
        NoTextMessages: no SMS can be sent to this phone.
        TooManyRequests, TooManyCodes: one was sent a moment ago, or too many.
    """
    member = membership_in(staff, shown.centre)
    if member is None:
        raise NotFound
    require_rate("consent_code", f"member {member.pk}", now=now)
    require_rate("centre_codes", f"centre {member.centre_id}", now=now)
    return _send_code(shown, staff=staff, now=now)


@act
def _send_code(shown: ShownVisit, *, staff: AbstractBaseUser, now: datetime) -> TypedCode:
    visit, mandate = allowed(shown, staff, now=now)
    typed = typed_to_write(visit, mandate, now=now)
    held = held_complete(typed, mandate, now=now)
    if not takes_sms(mandate.phone, agency=None):
        raise NoTextMessages
    earlier = TypedCode.objects.filter(typed=typed).first()
    resends = 0
    if earlier is not None:
        TYPED_CODES.require_resend(earlier, now=now)
        resends = earlier.resends + 1
    if resends > MAX_RESENDS:
        raise TooManyCodes
    about: dict[str, object] = {"version": version_shown(typed.draft, held), "resends": resends}
    code = TYPED_CODES.issue(typed=typed, about=about, now=now)
    letters.queue_to_phone(Letter.Kind.TYPED_CODE, mandate, now=now)
    swap(visit, now=now)
    journal.record(
        JournalAct.ASK_TO_CONFIRM,
        subject=visit,
        staff_id=staff.pk,
        now=now,
        details={"mandate": mandate.reference, "resends": resends},
    )
    return code


def confirm(shown: ShownVisit, code: str, *, staff: AbstractBaseUser, now: datetime) -> Application:
    """Take the code that only the phone of the person has, as their word, and file the application.

    Raises:
        CodeIncomplete, CodeWrong: as `ConfirmationCodes.check`; the attempt counts whatever comes of it.
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount: as `write`.
        TypedChanged: something was typed after the code was sent.
        ConsentRequired, ServicePaused: there are no terms to book under now.
        and what `applications.file_confirmed` raises.
    """
    member = membership_in(staff, shown.centre)
    sent = (
        TypedCode.objects.select_related("typed__mandate__person")
        .filter(typed__visit__public_id=shown.visit, typed__visit__member=member)
        .first()
    )
    if member is None or sent is None:
        raise WrongState
    TYPED_CODES.check(sent, code, now=now)
    held = live_hold(sent.typed.mandate.person, now=now)
    # Without a time that is held the act ends before it files: it tells first whether the consent holds.
    number = applications.take_number(held, now=now) if held is not None else ""
    return _confirm(shown, sent, number, staff=staff, now=now)


@act
def _confirm(
    shown: ShownVisit, sent: TypedCode, number: str, *, staff: AbstractBaseUser, now: datetime
) -> Application:
    visit, mandate = allowed(shown, staff, now=now)
    typed = typed_to_write(visit, mandate, now=now)
    held = held_complete(typed, mandate, now=now)
    if sent.typed_id != typed.pk or sent.version != version_shown(typed.draft, held):
        raise TypedChanged
    TYPED_CODES.use_up(sent)
    confirmed_with = Application.Confirmation.SMS_CODE
    return file_typed(visit, mandate, typed, confirmed_with, number=number, now=now)


def file_typed(
    visit: CentreVisit,
    mandate: Mandate,
    typed: TypedDraft,
    confirmed_with: Application.Confirmation,
    *,
    number: str,
    now: datetime,
    confirmed_at: datetime | None = None,
    proof: Mapping[str, str] = MappingProxyType({}),
) -> Application:
    """File what the person has confirmed, inside the act that took their word, and go on to the end of the visit.

    Args:
        confirmed_at, proof: as `GivenHelp` has them.

    Raises:
        ConsentRequired, ServicePaused: there are no terms to book under now.
        VisitChanged: the visit is another one by now.
        and what `applications.file_confirmed` raises.
    """
    _agree_to_terms(mandate.person, now=now)
    at = confirmed_at or now
    entered = _confirmed(typed, mandate, confirmed_with, now=at)
    given = GivenHelp(mandate, visit.member, confirmed_with, entered, at, proof)
    application = applications.file_confirmed(
        actor_of(mandate), typed.draft.token, given, number=number, now=now
    )
    if mandate.term == MandateTerm.UNTIL_RECEPTION and mandate.sealed_at is not None:
        until = end_with_reception(application.end, sealed_at=mandate.sealed_at)
        Mandate.objects.filter(pk=mandate.pk).update(expires_at=until)
    swap(visit, now=now, phase=VisitPhase.CLOSE.value)
    return application


def _confirmed(
    typed: TypedDraft, mandate: Mandate, how: Application.Confirmation, *, now: datetime
) -> dict[str, object]:
    """Return who typed each answer and how and when its person confirmed it; name and phone came with the consent."""
    taken = mandate.sealed_at or mandate.created_at
    first = {"by": str(mandate.taken_by.public_id), "at": taken.isoformat()}
    entered = dict.fromkeys(("name", "phone"), first) | typed.entered
    word = {"confirmed_with": how.value, "confirmed_at": now.isoformat()}
    return {name: said | word for name, said in entered.items()}


def allowed(
    shown: ShownVisit, staff: AbstractBaseUser, *, now: datetime
) -> tuple[CentreVisit, Mandate]:
    """Return a visit and the consent by which a member of the centre applies for its person now; inside an act.

    Raises:
        NotFound, MemberBlocked, CentreSuspended, NoRightToAct, VisitChanged, WrongState: as for each act on behalf.
        NoMandate, MandateEnded, PersonHasAccount: as `write`.
        NotForOneself: the member is the person.
    """
    visit = visit_on_behalf(shown, staff, now=now)
    mandate = require_scope(visit, HelpScope.BOOK_RECEPTION, now=now)
    if mandate.is_of_account:
        raise PersonHasAccount
    if mandate.taken_by_id != visit.member_id:
        # Who has named the person was somebody else; the visit may have been handed over to the person.
        require_not_helped(mandate.person, staff)
    return visit, mandate


def typed_to_write(visit: CentreVisit, mandate: Mandate, *, now: datetime) -> TypedDraft:
    """Return what is typed in a visit, begun where nothing is.

    What was typed in a visit before goes on for who shows a document again; else it is nobody's to see.
    """
    lock_citizen(mandate.person)
    rows = TypedDraft.objects.select_related("draft__citizen", "mandate")
    found = rows.filter(draft__citizen=mandate.person).first()
    if found is not None and _goes_on(found, mandate):
        if (found.visit_id, found.mandate_id) != (visit.pk, mandate.pk):
            TypedDraft.objects.filter(visit=visit).exclude(pk=found.pk).delete()
            TypedCode.objects.filter(typed=found).delete()
            TypedDraft.objects.filter(pk=found.pk).update(visit=visit, mandate=mandate)
            found.visit, found.mandate = visit, mandate
        return found
    left = Draft.objects.filter(citizen=mandate.person)
    delete_documents(list(Document.objects.filter(draft__in=left)))
    left.delete()
    TypedDraft.objects.filter(visit=visit).delete()
    typed = TypedDraft.objects.create(visit=visit, mandate=mandate)
    typed.draft = Draft.objects.create(
        citizen=mandate.person,
        phone=mandate.phone,
        typed=typed,
        created_at=now,
        updated_at=now,
    )
    return typed


def _goes_on(typed: TypedDraft, mandate: Mandate) -> bool:
    """Return whether what was typed under another consent is surely this person's."""
    shown = IdentitySource.DOCUMENT_SHOWN.value
    return typed.mandate_id == mandate.pk or (
        mandate.identity_source == typed.mandate.identity_source == shown
        and mandate.phone == typed.mandate.phone
    )


def note(typed: TypedDraft, visit: CentreVisit, names: Collection[str], *, now: datetime) -> None:
    """Write down who typed these answers; a code that was sent before fits no more."""
    by = {"by": str(visit.member.public_id), "at": now.isoformat()}
    typed.entered = typed.entered | dict.fromkeys(names, by)
    typed.save(update_fields=["entered"])


def held_complete(typed: TypedDraft, mandate: Mandate, *, now: datetime) -> Occupancy:
    """Return the time that is held for a person for whom nothing is left to be typed.

    Raises:
        Incomplete, HoldExpired: something is missing.
    """
    held = live_hold(mandate.person, now=now)
    official_id = held.official_id if held else None
    completeness.require_complete(typed.draft, official_id=official_id, now=now)
    if held is None:
        raise HoldExpired
    return held


def version_shown(draft: Draft, held: Occupancy) -> str:
    """Return the version of all that the person confirms: the answers, the documents, the official and the time."""
    shown = f"{version_of(draft)} {held.official_id} {held.start.isoformat()}"
    return sha256(shown.encode()).hexdigest()


def _agree_to_terms(person: Citizen, *, now: datetime) -> None:
    """Write down that the person, who confirms, agrees to the terms that stand beside what they confirm."""
    text = terms_to_read()
    if text is None:
        raise ConsentRequired
    if Service.objects.filter(key=text.service, is_paused=True).exists():
        raise ServicePaused
    ConsentAcceptance.objects.get_or_create(
        citizen=person, text=text, defaults={"accepted_at": now}
    )


def terms_to_read() -> ConsentText | None:
    """Return the terms that a person books under: those of a service that is open before others."""
    paused = set(Service.objects.filter(is_paused=True).values_list("key", flat=True))
    language = get_language()
    found = list(terms_in_force().order_by("service", "language"))
    found.sort(key=lambda text: (text.service in paused, text.language != language))
    return found[0] if found else None
