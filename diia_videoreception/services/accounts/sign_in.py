"""From a verified proof to a session, a registration or a bound key (identity rules C.8 and C.9)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from diia_videoreception.errors import (
    NotFound,
    OrganisationUnknown,
    RegistrationClosed,
    RulesChanged,
    SessionEnded,
)
from diia_videoreception.models import (
    Citizen,
    CitizenSession,
    HandOver,
    JournalAct,
    Purpose,
    SignInCredential,
)
from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.accounts.consents import rules_are_published
from diia_videoreception.selectors.accounts.sessions import pending_registrations
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import (
    citizens,
    consents,
    credentials,
    evidence,
    matching,
    proofs,
    sessions,
)
from diia_videoreception.services.accounts.matching import StaffCase
from diia_videoreception.services.accounts.staff_cases import notify_staff
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.identity.base import Flow, IdentityError, Proof
from integrations.identity.reasons import SignInRefusal

REGISTRATION_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The person is signed in."""

    session: CitizenSession


@dataclass(frozen=True, slots=True)
class RegistrationNeeded:
    """Somebody new, who has half an hour to register.

    Attributes:
        key: Of the row that waits; it belongs into the browser's session and nowhere else.
    """

    key: uuid.UUID


@dataclass(frozen=True, slots=True)
class CredentialBound:
    """The key or bank now belongs to the account."""

    credential: SignInCredential


Outcome: TypeAlias = SessionOpened | RegistrationNeeded | CredentialBound
"""What comes of a proof."""


def complete(
    proof: Proof, *, purpose: str, actor: SignedIn | None, browser: str, now: datetime
) -> Outcome:
    """Sign the person in, step the session up or bind a key, by `purpose` (B-23, C.9).

    Args:
        proof: What a provider has verified.
        purpose: Of `Purpose`, all but `sign`: a signed application signs nobody in.
        actor: Who is signed in on this browser.
        browser: Its name in short, for the list of sign-ins.

    Raises:
        IdentityError: `means_not_bound`, `identity_mismatch`, `no_means`, and for staff to sort
            out, who find a row in the journal: `conflict`, `bound_elsewhere`, `cannot_compare`.
        SessionEnded: a key is to be bound, but nobody is signed in.
        AuthenticationTooOld: a key is to be bound, but the sign-in is not fresh.
    """
    try:
        if purpose == Purpose.BIND:
            return _bind(proof, actor=actor, now=now)
        if purpose == Purpose.STEP_UP and actor is not None:
            return _step_up(proof, actor=actor, browser=browser, now=now)
        if purpose in {Purpose.SIGN_IN, Purpose.STEP_UP}:
            return _sign_in(proof, actor=actor, browser=browser, now=now)
    except StaffCase as case:
        notify_staff(case, proof.identity, now=now)
        raise
    raise ValueError(f"{purpose} signs nobody in")


@act
def _sign_in(
    proof: Proof, *, actor: SignedIn | None, browser: str, now: datetime
) -> SessionOpened | RegistrationNeeded:
    match = matching.find(proof.identity, proof.credential)
    if match is None and not _is_registered_by_portal(proof):
        return RegistrationNeeded(_keep_for_registration(proof, now=now))
    match = match or citizens.create(proof.identity, now=now)
    citizen = citizens.update_from_identity(match, proof.identity, now=now)
    return SessionOpened(
        _signed_in(citizen, proof, Purpose.SIGN_IN, actor=actor, browser=browser, now=now)
    )


@act
def _step_up(proof: Proof, *, actor: SignedIn, browser: str, now: datetime) -> SessionOpened:
    match = matching.find(proof.identity, proof.credential)
    if match is None:
        _require_same_person(actor.citizen, proof)
        # Whoever has a number in common has been found by it.
        raise StaffCase(SignInRefusal.CANNOT_COMPARE, actor.citizen)
    if match.citizen.pk != actor.citizen.pk:
        raise IdentityError(SignInRefusal.IDENTITY_MISMATCH)
    citizen = citizens.update_from_identity(match, proof.identity, now=now)
    return SessionOpened(
        _signed_in(citizen, proof, Purpose.STEP_UP, actor=actor, browser=browser, now=now)
    )


@act
def _bind(proof: Proof, *, actor: SignedIn | None, now: datetime) -> CredentialBound:
    if actor is None:
        raise SessionEnded
    sessions.require_fresh(actor, now=now)
    if proof.credential is None:
        raise IdentityError(SignInRefusal.NO_CREDENTIAL)
    for row in matching.bound_credentials(proof.credential):
        if row.citizen_id != actor.citizen.pk:
            raise StaffCase(SignInRefusal.BOUND_ELSEWHERE, actor.citizen, row.citizen)
    others = matching.lock_candidates(proof.identity, actor.citizen)
    _require_same_person(actor.citizen, proof)
    if len(others) > 1:
        raise StaffCase(SignInRefusal.CONFLICT, *others)
    kept = credentials.record_use(
        actor.citizen, proof.credential, proof.identity, signs_in=False, now=now
    )
    evidence.keep_if_any(proof, citizen=actor.citizen, purpose=Purpose.BIND, now=now)
    return CredentialBound(kept)


def _require_same_person(citizen: Citizen, proof: Proof) -> None:
    same = matching.is_same_person(citizen, proof.identity)
    if same is None:
        raise StaffCase(SignInRefusal.CANNOT_COMPARE, citizen)
    if not same:
        raise IdentityError(SignInRefusal.IDENTITY_MISMATCH)


def _signed_in(
    citizen: Citizen,
    proof: Proof,
    purpose: Purpose,
    *,
    actor: SignedIn | None,
    browser: str,
    notify: bool = True,
    now: datetime,
) -> CitizenSession:
    """Open the session; the one before on this browser ends."""
    row = None
    if proof.credential is not None:
        row = credentials.record_use(
            citizen, proof.credential, proof.identity, notify=notify, now=now
        )
    what = JournalAct.STEP_UP if purpose == Purpose.STEP_UP else JournalAct.SIGN_IN
    session = sessions.open_session(
        citizen, proof, what=what, credential=row, browser=browser, now=now
    )
    evidence.keep_if_any(proof, citizen=citizen, purpose=purpose, now=now)
    if actor is not None and actor.session is not None:
        sessions.sign_out(actor.session, now=now)
    return session


def _is_registered_by_portal(proof: Proof) -> bool:
    provider = identity_providers().get(proof.identity.provider)
    return provider is not None and provider.flow is Flow.HANDOVER


def _keep_for_registration(proof: Proof, *, now: datetime) -> uuid.UUID:
    return HandOver.objects.create(
        provider=proof.identity.provider,
        kind=HandOver.Kind.REGISTRATION,
        proof_encrypted=proofs.seal(replace(proof, received_at=now)),
        expires_at=now + REGISTRATION_LIFETIME,
    ).key


def pending_registration(key: uuid.UUID, *, now: datetime) -> HandOver:
    """Return the row of the registration page.

    Raises:
        SessionEnded: its time has passed, or the registration is done.
    """
    handover = pending_registrations(now).filter(key=key).first()
    if handover is None:
        raise SessionEnded
    return handover


@act
def give_up_registration(key: uuid.UUID) -> None:
    """Forget a person who does not register, so that nobody else at this computer does."""
    HandOver.objects.filter(key=key, kind=HandOver.Kind.REGISTRATION).delete()


def register(
    *,
    key: uuid.UUID,
    text_id: int,
    user_type: str,
    email: str = "",
    actor: SignedIn | None = None,
    browser: str = "",
    now: datetime,
) -> CitizenSession:
    """Make the account of a verified person and sign them in (A-12 to A-15).

    Whoever has registered elsewhere meanwhile is signed in to that account.

    Args:
        key: Of the row that `complete` has left.
        text_id: The edition of the rules that the person has agreed to.
        user_type: Of `Citizen.UserType`.
        email: What the person wants letters at; confirmed only if the identity vouches for it.

    Raises:
        SessionEnded: half an hour has passed, or the registration is done.
        RegistrationClosed: the portal has no rules.
        RulesChanged: they were changed while the person read them.
        OrganisationUnknown: a representative without a certificate of the organisation.
        IdentityError: as `complete` for signing in.
    """
    if not rules_are_published():
        raise RegistrationClosed
    proof = sessions.pending_proof(pending_registration(key, now=now))
    try:
        return _register(
            key,
            proof,
            text_id=text_id,
            user_type=user_type,
            email=email,
            actor=actor,
            browser=browser,
            now=now,
        )
    except StaffCase as case:
        notify_staff(case, proof.identity, now=now)
        raise


@act
def _register(
    key: uuid.UUID,
    proof: Proof,
    *,
    text_id: int,
    user_type: str,
    email: str,
    actor: SignedIn | None,
    browser: str,
    now: datetime,
) -> CitizenSession:
    _use_up_waiting(key, now=now)
    known = matching.find(proof.identity, proof.credential)
    match = known or citizens.create(proof.identity, now=now)
    citizen = citizens.update_from_identity(
        match, citizens.with_email(proof.identity, email), now=now
    )
    _choose_type(citizen, user_type)
    _agree(citizen, text_id, now=now)
    if known is None:
        _record_registration(citizen, proof, now=now)
    return _signed_in(
        citizen,
        proof,
        Purpose.SIGN_IN,
        actor=actor,
        browser=browser,
        notify=known is not None,
        now=now,
    )


def _record_registration(citizen: Citizen, proof: Proof, *, now: datetime) -> None:
    journal.record(
        JournalAct.REGISTER,
        subject=citizen,
        citizen=citizen,
        now=now,
        details={"user_type": citizen.user_type, "provider": proof.identity.provider},
    )


def _use_up_waiting(key: uuid.UUID, *, now: datetime) -> None:
    """Of two registrations at once one finds the row."""
    handover = pending_registrations(now).select_for_update().filter(key=key).first()
    if handover is None:
        raise SessionEnded
    handover.delete()


def _agree(citizen: Citizen, text_id: int, *, now: datetime) -> None:
    try:
        consents.accept(citizen=citizen, text_id=text_id, rules=True, now=now)
    except NotFound as error:
        raise RulesChanged from error


@act
def change_user_type(*, actor: SignedIn, user_type: str, now: datetime) -> None:
    """Change as whom the person uses the portal (A-14).

    Raises:
        OrganisationUnknown: a representative without a certificate of the organisation.
    """
    lock_citizen(actor.citizen)
    citizen = Citizen.objects.get(pk=actor.citizen.pk)
    before = citizen.user_type
    _choose_type(citizen, user_type)
    if citizen.user_type != before:
        journal.record(
            JournalAct.CHANGE_USER_TYPE,
            subject=citizen,
            citizen=citizen,
            now=now,
            details={"from": before, "to": citizen.user_type},
        )


def _choose_type(citizen: Citizen, user_type: str) -> None:
    if user_type == Citizen.UserType.REPRESENTATIVE and not citizen.edrpou:
        raise OrganisationUnknown
    if citizen.user_type != user_type:
        citizen.user_type = Citizen.UserType(user_type)
        citizen.save(update_fields=["user_type"])
