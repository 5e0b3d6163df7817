"""A consent to help that its person signs with КЕП on a screen of their own (B-24, B-29).

Nobody signs in for it: whose key it is says the certificate, and that has to be who was named at the desk. So
the centre goes on as after any consent, with the strongest there is. The key is read in the person's browser,
or in a program of their own.
"""

from datetime import datetime

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import LevelTooLow, PersonViewGone, SignedByAnother
from diia_videoreception.models import (
    CentreVisit,
    Citizen,
    ConsentEvidence,
    HelpedPerson,
    JournalAct,
    Mandate,
    PersonView,
)
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.mandates import ConsentMethod, MandateState, text_to_sign
from diia_videoreception.rules.names import have_same_names
from diia_videoreception.selectors.assistance.mandates import read_text
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.evidence import pack, unpack
from diia_videoreception.services.assistance.helped import require_signed_by_another
from diia_videoreception.services.assistance.holding import swap
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from diia_videoreception.services.assistance.person_view import asked_by, awaited, change_state
from diia_videoreception.services.transactions import act, locked
from integrations.common.levels import Level
from integrations.identity.base import (
    CONTENT_FILE,
    IdentifierKind,
    Identity,
    IdentityError,
    Proof,
    VerifiableFile,
    archive_of,
)
from integrations.identity.reasons import SignInRefusal

KEP = ConsentMethod.KEP_SIGNATURE
State = PersonView.State


def document_of(mandate: Mandate) -> str:
    """Return the text that the key of the person signs."""
    return text_to_sign(
        read_text(mandate),
        mandate.reference,
        asked_at=mandate.asked_at or mandate.created_at,
        portal=app_settings.base_url,
    )


def is_asked(view: PersonView) -> bool:
    """Return whether the consent that a view asks for is to be signed with a key."""
    visit = CentreVisit.objects.select_related("mandate").get(pk=view.visit_id)
    return visit.mandate is not None and visit.mandate.method == KEP


@act
def sign(view: PersonView, proof: Proof, *, now: datetime) -> Mandate:
    """Keep the verified signature of the person as their consent.

    Args:
        proof: of a signature over `document_of` the consent, verified by its provider.

    Raises:
        PersonViewGone: it is too late, or the centre asks for another consent by now.
        WrongState, ConsentTooLate: it is given already, or not asked for any more.
        LevelTooLow: the certificate says too little.
        SignedByAnother: the key is of somebody else than was named.
        NotForOneself: it is the administrator's.
        IdentityError: another text was signed (`content_mismatch`).
    """
    visit = locked(
        CentreVisit.objects.select_related("member__user").filter(pk=view.visit_id)
    ).get()
    mandate = awaited(visit, KEP, now=now)
    if mandate != asked_by(view, KEP, now=now):
        raise PersonViewGone
    identity = proof.identity
    if not identity.level.at_least(Level.SUBSTANTIAL):
        raise LevelTooLow
    if proof.evidence[CONTENT_FILE] != document_of(mandate).encode():
        raise IdentityError(SignInRefusal.CONTENT_MISMATCH)
    _require_the_person(mandate, identity)
    require_signed_by_another(identity, visit.member.user)
    if not change_state(view, State.MATCHED, State.CONFIRMED, now=now):
        raise PersonViewGone
    _know(mandate.person, identity)
    Mandate.objects.filter(pk=mandate.pk).update(level=identity.level.value)
    ConsentEvidence.objects.create(
        mandate=mandate,
        method=KEP.value,
        captured_at=now,
        captured_by=visit.member,
        signer=identity.full_name,
        provider=identity.provider,
        level=identity.level.value,
        auth_time=identity.auth_time,
        archive_encrypted=pack(proof.evidence),
    )
    journal.record(
        JournalAct.GIVE_CONSENT,
        subject=mandate,
        citizen=mandate.person,
        now=now,
        details={
            "reference": mandate.reference,
            "method": mandate.method,
            "level": identity.level.value,
            "before": str(visit.member.public_id),
        },
    )
    mandate.refresh_from_db()
    return mandate


def _require_the_person(mandate: Mandate, identity: Identity) -> None:
    """Compare the names, and the number where one was told at the desk.

    Raises:
        SignedByAnother
    """
    helped = HelpedPerson.objects.filter(citizen=mandate.person).first()
    claimed = helped.claimed_hash if helped is not None else ""
    if not have_same_names(mandate.person, identity) or (claimed and claimed != _hash(identity)):
        raise SignedByAnother


def _hash(identity: Identity) -> str:
    has_number = identity.identifier_kind is IdentifierKind.RNOKPP
    return lookup_hash(Citizen.IdentifierKind.RNOKPP, identity.identifier) if has_number else ""


def _know(person: Citizen, identity: Identity) -> None:
    """Keep the number of the certificate where none was told, so that the case is offered to its owner later."""
    if number := _hash(identity):
        HelpedPerson.objects.filter(citizen=person, claimed_hash="").update(
            claimed_hash=number, claimed_encrypted=encrypt(identity.identifier)
        )


@act
def decline(view: PersonView, *, now: datetime) -> None:
    """Write down that the person does not sign; nobody asks why.

    Raises:
        PersonViewGone, WrongState, ConsentTooLate: as `sign`.
    """
    visit = locked(CentreVisit.objects.filter(pk=view.visit_id)).get()
    mandate = awaited(visit, KEP, now=now)
    if mandate != asked_by(view, KEP, now=now):
        raise PersonViewGone
    if not change_state(view, State.MATCHED, State.REFUSED, now=now):
        raise PersonViewGone
    end(mandate, MandateState.REFUSED, EndedBy.PERSON, now=now)
    swap(visit, now=now)
    journal.record(
        JournalAct.REFUSE_CONSENT,
        subject=mandate,
        citizen=mandate.person,
        now=now,
        details={"reference": mandate.reference, "visit": str(visit.public_id)},
    )


def signed_file(mandate: Mandate | None) -> VerifiableFile | None:
    """Return the signature with what was signed, to be checked outside (B-29); None where nothing was."""
    evidence = ConsentEvidence.objects.filter(mandate=mandate, method=KEP.value).first()
    if mandate is None or evidence is None:
        return None
    kept, name = unpack(evidence.archive_encrypted), mandate.reference
    provider = signature_provider(evidence.provider)
    return provider.signed_file(kept, name=name) if provider else archive_of(kept, name=name)
