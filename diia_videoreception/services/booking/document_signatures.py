"""The citizen's КЕП on a document of an application: what is signed, and the container with both."""

from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import Citizen, Document, Purpose, SignatureRequest
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.manifest import ENTRIES, document_manifest
from diia_videoreception.services.accounts import evidence
from diia_videoreception.services.accounts.matching import is_same_person
from diia_videoreception.services.documents.storage import read
from integrations.identity.base import (
    CONTENT_FILE,
    IdentityError,
    Proof,
    VerifiableFile,
    archive_of,
)
from integrations.identity.reasons import SignInRefusal

State = SignatureRequest.State


def manifest_of(request: SignatureRequest) -> str:
    """Return the text that the citizen signs of a document; the same until it is asked for anew."""
    document = request.document
    application = document.application
    return document_manifest(
        number=application.number if application else "",
        request=str(request.public_id),
        media_type=document.media_type,
        sha256=document.sha256,
    )


def keep(request: SignatureRequest, *, citizen: Citizen, proof: Proof, now: datetime) -> None:
    """Keep the verified signature of the citizen on a document, inside the act.

    Args:
        request: Locked by who calls, and open.
        proof: Of a signature over `manifest_of` this request, verified by its provider.

    Raises:
        IdentityError: somebody else has signed (`identity_mismatch`), the key cannot be compared with
            the account (`cannot_compare`), or it was asked for anew since (`content_mismatch`).
    """
    same = is_same_person(citizen, proof.identity)
    if not same:
        raise IdentityError(
            SignInRefusal.CANNOT_COMPARE if same is None else SignInRefusal.IDENTITY_MISMATCH
        )
    if proof.evidence[CONTENT_FILE] != manifest_of(request).encode():
        raise IdentityError(SignInRefusal.CONTENT_MISMATCH)
    request.evidence = evidence.keep(proof, citizen=citizen, purpose=Purpose.SIGN, now=now)
    request.signer, request.level = proof.identity.full_name, proof.identity.level.value
    request.state, request.answered_at = State.SIGNED, now
    request.save()


def container_of(document: Document) -> VerifiableFile:
    """Return a signed document with its signature, for whoever may read the document.

    Raises:
        NotFound: it is not signed, or its file is gone, as after a restored backup.
        StorageUnavailable: the storage does not give it now.
    """
    request = (
        SignatureRequest.objects.filter(document=document, state=State.SIGNED)
        .select_related("evidence")
        .first()
    )
    if request is None or request.evidence is None:
        raise errors.NotFound
    try:
        content = read(document)
    except FileNotFoundError as error:
        raise errors.NotFound from error
    named = VerifiableFile(ENTRIES[document.media_type], document.media_type, content)
    kept = evidence.files_of(request.evidence)
    provider = signature_provider(request.evidence.provider)
    if provider is None:
        return archive_of({**kept, named.name: named.data}, name=document.name)
    return provider.signed_document(kept, document=named, name=document.name)
