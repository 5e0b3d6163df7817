"""The citizen's КЕП on a filed application (B-24, B-29)."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Application,
    ApplicationSignature,
    Correction,
    Document,
    JournalAct,
    Purpose,
    Representation,
)
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.corrections import ANSWERS
from diia_videoreception.rules.manifest import SignedFile, manifest_text, sha256
from diia_videoreception.rules.transitions import is_open
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.accounts import evidence
from diia_videoreception.services.accounts.matching import is_same_person
from diia_videoreception.services.transactions import act
from integrations.identity.base import (
    CONTENT_FILE,
    IdentityError,
    Proof,
    VerifiableFile,
    archive_of,
)
from integrations.identity.reasons import SignInRefusal

NAMES = ("applicant", "agency", "official")
"""What of a manifest is kept elsewhere and may change without touching the application."""


def manifest_of(application: Application, *, as_signed: bool = False) -> str:
    """Return the text that the citizen signs; the same as long as nothing of the application changes.

    The time that counts is the requested one: moving the reception is the agency's act and leaves
    the signature whole. Priority stands in it only where it is claimed, and who is spoken for only
    where that is somebody else, so that what was signed before one could say so is still the same.

    Args:
        as_signed: whether to leave out what the citizen has corrected since they signed.
    """
    official = application.official
    filed = _as_filed(application, as_signed=as_signed)
    return manifest_text(
        portal=app_settings.base_url,
        number=application.number,
        data={
            "applicant": application.citizen.full_name,
            "agency": official.agency.name,
            "official": f"{official.full_name}, {official.post}",
            "requested_time": application.requested_start.astimezone(UTC).isoformat(),
            "submitted_at": application.submitted_at.astimezone(UTC).isoformat(),
            "topic": filed.answers["topic"],
            "phone": filed.answers["phone"],
            "needs": sorted(filed.answers["needs"]),
            "companion": filed.answers["companion"],
            **({"claims_priority": True} if application.claims_priority else {}),
            **_represented(application),
            "previous_application": application.prior.number if application.prior else "",
            "terms_sha256": application.consent.text.sha256,
        },
        files=[
            SignedFile(document.name, document.size, document.media_type, document.sha256)
            for document in filed.documents
        ],
    )


def _represented(application: Application) -> dict[str, Any]:
    one = Representation.objects.filter(application=application).first()
    if one is None:
        return {}
    return {
        "represented": {
            "kind": one.kind,
            "name": one.name,
            "born": one.born,
            "document": one.document,
            "number": one.number,
            "date": one.dated.isoformat(),
            "until": one.until.isoformat() if one.until else "",
        }
    }


@dataclass(frozen=True, slots=True)
class _Filed:
    """Answers by name, and documents."""

    answers: dict[str, Any] = field(repr=False)
    documents: list[Document]


def _as_filed(application: Application, *, as_signed: bool) -> _Filed:
    """Return how an application stands, or stood when it was signed: later corrections are taken back."""
    answers = {name: getattr(application, name) for name in ANSWERS}
    if not (as_signed and application.was_corrected):
        return _Filed(answers, list(application.filed_documents))
    later = Correction.objects.filter(application=application, is_after_signature=True)
    for correction in later.order_by("-pk"):
        answers |= {name: value for name, value in correction.was.items() if name in answers}
    before = Q(correction=None) | Q(correction__is_after_signature=False)
    stood = Q(replaced_by=None) | Q(replaced_by__is_after_signature=True)
    filed = application.documents.filter(added_by=None, clarification=None)
    return _Filed(answers, list(filed.filter(before, stood)))


def require_signable(application: Application) -> None:
    """Check that an application can still be signed.

    Raises:
        AlreadySigned: it is signed.
        WrongState: it is decided against or over.
    """
    if ApplicationSignature.objects.filter(application=application).exists():
        raise errors.AlreadySigned
    if not is_open(application.state):
        raise errors.WrongState


@act
def sign(
    *, actor: SignedIn, public_id: uuid.UUID, proof: Proof, now: datetime
) -> ApplicationSignature:
    """Keep the verified signature of the citizen's own application.

    Args:
        proof: Of a signature over `manifest_of` this application, verified by its provider.

    Raises:
        NotFound: it is not this citizen's.
        AlreadySigned, WrongState: see `require_signable`.
        IdentityError: somebody else has signed (`identity_mismatch`), the key cannot be compared
            with the account (`cannot_compare`), or the application has changed since
            (`content_mismatch`).
    """
    application = (
        Application.objects.select_for_update(of=("self",))
        .filter(citizen=actor.citizen, public_id=public_id)
        .first()
    )
    if application is None:
        raise errors.NotFound
    require_signable(application)
    same = is_same_person(actor.citizen, proof.identity)
    if not same:
        raise IdentityError(
            SignInRefusal.CANNOT_COMPARE if same is None else SignInRefusal.IDENTITY_MISMATCH
        )
    manifest = manifest_of(application).encode()
    if proof.evidence[CONTENT_FILE] != manifest:
        raise IdentityError(SignInRefusal.CONTENT_MISMATCH)
    kept = evidence.keep(proof, citizen=actor.citizen, purpose=Purpose.SIGN, now=now)
    identity = proof.identity
    signature = ApplicationSignature.objects.create(
        application=application,
        evidence=kept,
        signer=identity.full_name,
        level=identity.level.value,
        manifest_sha256=sha256(manifest),
        signed_at=now,
    )
    journal.record(
        JournalAct.SIGN,
        subject=application,
        citizen=actor.citizen,
        now=now,
        details={"method": identity.method, "level": identity.level.value},
    )
    return signature


def still_matches(signature: ApplicationSignature) -> bool:
    """Return whether data and files of the application are those that were signed, before corrections.

    People marry and agencies are renamed: the names stay those that were signed.
    """
    signed = evidence.files_of(signature.evidence)[CONTENT_FILE]
    if sha256(signed) != signature.manifest_sha256:
        return False
    was, is_now = json.loads(signed), json.loads(manifest_of(signature.application, as_signed=True))
    for name in NAMES:
        is_now["data"][name] = was["data"][name]
    return all(was[part] == is_now[part] for part in ("number", "data", "files"))


def file_of(signature: ApplicationSignature) -> VerifiableFile:
    """Return the signature with what was signed, to be checked outside (B-29).

    As its provider makes it; of one that the portal no longer has, the evidence as it was kept.
    """
    kept, name = evidence.files_of(signature.evidence), signature.application.number
    provider = signature_provider(signature.evidence.provider)
    return provider.signed_file(kept, name=name) if provider else archive_of(kept, name=name)
