"""Signing the written answer of an agency: with КЕП over exactly its text, or on paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from django.contrib.auth.models import AbstractBaseUser
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete
from diia_videoreception.models import AnswerSignature, Application, Document, Official
from diia_videoreception.models.answer_signatures import MAX_SIGNER
from diia_videoreception.models.fields import zone
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.names import have_same_names
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.services.accounts import evidence
from diia_videoreception.services.booking.signature_words import why_refused
from diia_videoreception.services.documents import scans
from diia_videoreception.services.documents.scans import StoredScan, Upload
from diia_videoreception.services.documents.storage import create_document, read
from integrations.identity.base import Identity, IdentityError, Proof, VerifiableFile, archive_of
from integrations.identity.reasons import SignInRefusal

CONTENT_NAME = "answer.txt"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """The answer stands on paper, signed by hand; staff may add its scan."""

    signer: str
    signed_on: date | None
    scan: Upload | None = None


@dataclass(frozen=True, slots=True)
class WithKep:
    """The answer is signed with КЕП.

    Attributes:
        data: The signature as the program wrote it: p7s, or an ASiC-S container.
        is_entitled: Whether staff say that somebody else than the official may sign for the agency.
    """

    data: bytes
    is_entitled: bool = False


Signing = OnPaper | WithKep


def text_to_sign(application: Application, *, text: str, number: str) -> bytes:
    """Return what is signed: the answer with both numbers, so that it fits no other case."""
    agency = application.official.agency
    with translation.override(application.language):
        head = [
            _("Answer to application No. %(number)s") % {"number": application.number},
            _("Agency: %(agency)s") % {"agency": agency.name},
            _("Outgoing number: %(number)s") % {"number": number},
        ]
    return "\n".join([*head, "", text, ""]).encode()


def signed(
    signing: Signing, application: Application, *, text: str, number: str, now: datetime
) -> AnswerSignature:
    """Return the signature to be kept with the answer; authorities may be asked, so before any lock.

    Args:
        text: The cleaned answer.
        number: The cleaned outgoing number.

    Raises:
        Incomplete: the signature does not verify, is of another text or person, or its data are missing.
    """
    if isinstance(signing, OnPaper):
        return _on_paper(signing, application, now=now)
    return _with_kep(signing, application, text_to_sign(application, text=text, number=number), now)


def _on_paper(signing: OnPaper, application: Application, *, now: datetime) -> AnswerSignature:
    signer, day = clean_line(signing.signer), signing.signed_on
    local = zone(application.official.agency.time_zone)
    fields: dict[str, str] = {}
    if not signer or len(signer) > MAX_SIGNER:
        fields["signer"] = _("Write who has signed the answer.")
    if day is None:
        fields["signed_on"] = _("Write the date on the answer.")
    elif not localdate(application.submitted_at, local) <= day <= localdate(now, local):
        fields["signed_on"] = _("The date must be between the application and today.")
    if fields:
        raise Incomplete(fields=fields)
    return AnswerSignature(
        application=application,
        kind=AnswerSignature.Kind.PAPER,
        signer=signer,
        signed_on=day,
        created_at=now,
    )


def _with_kep(
    signing: WithKep, application: Application, content: bytes, now: datetime
) -> AnswerSignature:
    try:
        proof = _verified(signing.data, content, now)
    except IdentityError as error:
        raise _refused(why_refused(error), error.reason.value) from error
    identity, credential = proof.identity, proof.credential
    if credential is None or not credential.serial:
        raise _refused(_("This portal cannot verify signatures."), SignInRefusal.UNAVAILABLE.value)
    if not signing.is_entitled and not _is_official(identity, application.official):
        other = _(
            "The signature is of another person: %(signer)s. If they may sign for the agency, tick that below "
            "and choose the file again."
        ) % {"signer": identity.full_name}
        raise _refused(other, SignInRefusal.IDENTITY_MISMATCH.value)
    return AnswerSignature(
        application=application,
        kind=AnswerSignature.Kind.KEP,
        signer=identity.full_name,
        serial=credential.serial,
        authority=credential.label,
        provider=identity.provider,
        archive_encrypted=evidence.pack(proof.evidence),
        created_at=now,
    )


def _verified(data: bytes, content: bytes, now: datetime) -> Proof:
    provider = signature_provider()
    if provider is None:
        raise IdentityError(SignInRefusal.NO_PROVIDER)
    signature = provider.signature_in(data)
    provider.require_signature(signature)
    return provider.verify(signature, content=content, now=now, fresh=True)


def _is_official(identity: Identity, official: Official) -> bool:
    """Return whether surname and given name are those of the official, as far as the spelling tells."""
    return have_same_names(identity, official)


@contextmanager
def stored_scan(signing: Signing | None, *, staff: AbstractBaseUser) -> Iterator[StoredScan | None]:
    """Examine and store the scan as any document (A-44 to A-47), before any lock; None where there is none.

    It goes again unless what is done inside keeps it.

    Raises:
        Incomplete: it is refused, or cannot be stored now.
    """
    scan = signing.scan if isinstance(signing, OnPaper) else None
    if scan is None:
        yield None
        return
    with scans.stored(scan, staff=staff, limits=app_settings.upload_limits) as one:
        yield one


def keep(
    signature: AnswerSignature, application: Application, scan: StoredScan | None, *, now: datetime
) -> None:
    """Write the signature with the answer that it is of, and its scan; within the act."""
    signature.pk, signature.application = None, application
    signature.save(force_insert=True)
    if scan is not None:
        create_document(
            scan.inspected,
            public_id=scan.public_id,
            path=scan.path,
            now=now,
            answer_signature=signature,
        )


def signed_answer_of(application: Application) -> VerifiableFile | None:
    """Return the answer with its КЕП, or the scan of the paper; None where there is neither.

    Raises:
        StorageUnavailable: the storage does not give the scan now.
    """
    signature: AnswerSignature | None = getattr(application, "answer_signature", None)
    if signature is None:
        return None
    if signature.kind == AnswerSignature.Kind.KEP:
        return file_of(signature)
    scan: Document | None = getattr(signature, "scan", None)
    return _file_of_scan(scan, name=application.number) if scan is not None else None


def _file_of_scan(scan: Document, *, name: str) -> VerifiableFile | None:
    """Return the file of a scan; None when it is gone, as after a restored backup."""
    try:
        data = read(scan)
    except FileNotFoundError:
        return None
    return VerifiableFile(f"{name}{PurePosixPath(scan.name).suffix}", scan.media_type, data)


def file_of(signature: AnswerSignature) -> VerifiableFile:
    """Return the КЕП with the text that it signs, to be checked outside (B-29)."""
    kept, name = evidence.unpack(signature.archive_encrypted), signature.application.number
    provider = signature_provider(signature.provider)
    if provider is None:
        return archive_of(kept, name=name)
    return provider.signed_file(kept, name=name, content_name=CONTENT_NAME)


def facts_of(signature: AnswerSignature) -> dict[str, object]:
    """Return what the letter with the answer keeps of its signature."""
    facts: dict[str, object] = {"signer": signature.signer, "signed": signature.kind}
    if signature.signed_on is not None:
        return facts | {"signed_on": signature.signed_on.isoformat()}
    return facts | {"serial": signature.serial}


def _refused(text: str, code: str) -> Incomplete:
    return Incomplete(fields={"signature": text}, codes={"signature": code})
