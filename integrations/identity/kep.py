"""Sign-in with a qualified electronic signature over a challenge of ours (requirement A-13, C.1)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from integrations.common.options import FINGERPRINTS, HTTPS_IF_ANY, PATH, Options
from integrations.identity.base import (
    CONTENT_FILE,
    MANIFEST,
    SIGNATURE_FILE,
    Button,
    Credential,
    CredentialKind,
    IdentifierKind,
    Identity,
    IdentityError,
    Proof,
    SignatureProvider,
    VerifiableFile,
    gettext_noop,
)
from integrations.identity.certificates import (
    evidence_of_trust,
    named_certificate,
    seen_certificate,
)
from integrations.identity.passports import normal_passport
from integrations.identity.reasons import SignInRefusal
from integrations.identity.rnokpp import normal_rnokpp
from integrations.identity.signed_files import cms_file, document_file, signature_of_asics
from integrations.identity.trusted import DEFAULT_SECONDS, MEMORY_SECONDS, TrustedAuthorities
from integrations.identity.values import normal_name
from integrations.kep.armour import is_binary, remove_armour
from integrations.kep.certificates import Certificate
from integrations.kep.cms import read_attributes, read_signed_data
from integrations.kep.containers import Container, detect_container
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import COMMON_NAME, CertificateSubject, read_name
from integrations.kep.keys import DstuKey
from integrations.kep.online import Cache, Transport
from integrations.kep.trust import OperatorInputError
from integrations.kep.verify import MAX_SIGNATURE_BYTES, SignatureVerdict, verify

logger = logging.getLogger(__name__)


MAX_UPLOAD_BYTES: Final = 2 * MAX_SIGNATURE_BYTES
"""Of a signature that is written in base64, with line ends and the lines of PEM."""

_MAX_TITLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KepOptions(Options):
    """Options of the provider; ValueError names every wrong one.

    Attributes:
        trust: Folder of the certificates that the operator trusts, with the addresses of their
            services beside them; see docs/kep.md.
        pinned: SHA-256 fingerprints of authorities in the folder at which a path may end though
            they are not self-signed.
        no_revocation: Fingerprints of authorities in the folder that publish no revocation data:
            tests and closed systems only.
        widget_url: Page of the state's signing widget for the iframe; without one a signature
            made elsewhere is uploaded.
        description: One sentence below the label, a msgid or the portal's own words.
        allow_http_loopback: Lets the widget be plain http on this machine: demonstration only.
        revocation_seconds: How long an answer about a person's certificate is kept, at most an
            hour; a revocation is believed this late at the latest.
        cache: Where revocation data is kept for that time; in this process when None.
        transport: How revocation data is fetched; by HTTP when None.
    """

    trust: Path | str = field(metadata=PATH)
    pinned: Sequence[str] = field(default=(), metadata=FINGERPRINTS)
    no_revocation: Sequence[str] = field(default=(), metadata=FINGERPRINTS)
    widget_url: str = field(default="", metadata=HTTPS_IF_ANY)
    name: str = "kep"
    label: str = gettext_noop("Electronic signature (KEP)")
    description: str = gettext_noop(
        "Sign here with a key in a file or on a token. Your key and password stay on your device."
    )
    allow_http_loopback: bool = False
    revocation_seconds: int = field(default=DEFAULT_SECONDS, metadata=MEMORY_SECONDS)
    cache: Cache | None = field(default=None, repr=False)
    transport: Transport | None = field(default=None, repr=False)


class KepSignature(SignatureProvider):
    """The provider over `integrations.kep`."""

    Options = KepOptions
    max_signature_bytes = MAX_SIGNATURE_BYTES
    max_upload_bytes = MAX_UPLOAD_BYTES

    def __init__(self, options: KepOptions) -> None:
        """Remember where the trust folder is; it is read at the first signature."""
        super().__init__(options)
        self._options = options
        self.widget_url = options.widget_url
        self._trusted = TrustedAuthorities(
            options.trust,
            pinned=options.pinned,
            no_revocation=options.no_revocation,
            revocation_seconds=options.revocation_seconds,
            cache=options.cache,
            transport=options.transport,
        )

    @property
    def buttons(self) -> Sequence[Button]:
        """See `IdentityProvider.buttons`."""
        return (Button("", self._options.label, self._options.description, icon="key"),)

    def check(self) -> list[str]:
        """See `Provider.check`; looks at the trust folder."""
        problems = list(self._trust_problems(datetime.now(UTC)))
        if self._options.no_revocation:
            problems.append(
                gettext_noop(
                    "Some authorities are trusted without revocation data: not for production."
                )
            )
        if self._options.allow_http_loopback:
            problems.append(
                gettext_noop(
                    "The signing widget may be opened without TLS: for demonstration only."
                )
            )
        return problems

    def faults(self) -> list[str]:
        """See `Provider.faults`: without its trust folder nobody can sign in."""
        return self._trusted.faults()

    def _trust_problems(self, now: datetime) -> Iterator[str]:
        try:
            store = self._trusted.current().store
        except OperatorInputError:
            return
        for certificate in (*store.anchors, *store.intermediates):
            if certificate.not_after < now:
                title = _title(certificate.subject)
                yield f"A trusted certificate ended on {certificate.not_after:%d.%m.%Y}: {title}."
        known = {item.fingerprint for item in (*store.anchors, *store.intermediates)}
        for fingerprint in sorted({*self._options.pinned, *self._options.no_revocation} - known):
            yield f"No certificate in the trust folder has the fingerprint {fingerprint}."

    def require_signature(self, data: bytes) -> None:
        """See `SignatureProvider.require_signature`."""
        require_signature(data)

    def signature_in(self, data: bytes) -> bytes:
        """See `SignatureProvider.signature_in`; a container is ASiC-S with one CAdES signature."""
        data = super().signature_in(data)
        return signature_of_asics(data) if detect_container(data) is Container.ASIC_S else data

    def signed_file(
        self, evidence: Mapping[str, bytes], *, name: str, content_name: str = MANIFEST
    ) -> VerifiableFile:
        """See `SignatureProvider.signed_file`; what was kept by another provider goes as it is."""
        try:
            return cms_file(evidence, name=name, content_name=content_name)
        except KepError:
            return super().signed_file(evidence, name=name)

    def signed_document(
        self, evidence: Mapping[str, bytes], *, document: VerifiableFile, name: str
    ) -> VerifiableFile:
        """See `SignatureProvider.signed_document`; what was kept by another provider goes as it is."""
        try:
            return document_file(evidence, document=document, name=name)
        except KepError:
            return super().signed_document(evidence, document=document, name=name)

    def verify(
        self,
        signature: bytes,
        *,
        content: bytes,
        now: datetime,
        fresh: bool = False,
    ) -> Proof:
        """See `SignatureProvider.verify`.

        Args:
            signature: CMS SignedData, DER or BER or these in base64; attached with exactly our
                bytes, or detached.
            content: Our bytes.
            now: The moment of verification, aware.
            fresh: See `SignatureProvider.verify`.

        Raises:
            IdentityError: with the verifier's reason; for `expired`, `not_yet_valid` and `revoked`
                it tells the date, for `revocation_unknown` the authority that is silent.
                `unavailable` when the trust folder cannot be used.
        """
        data = read_signature(signature)
        try:
            believed = self._trusted.current()
        except OperatorInputError:
            logger.exception("The trust folder cannot be used")
            raise IdentityError(SignInRefusal.UNAVAILABLE) from None
        verdict = verify(
            data,
            trust=believed.store,
            at=now,
            content=content,
            source=self._trusted.source(believed, now, fresh=fresh),
        )
        if verdict.identity is None or verdict.certificate is None:
            raise _refusal(verdict, now)
        authority = _title(verdict.certificate.issuer)
        return Proof(
            identity=self._identity(verdict.identity, verdict.certificate, now),
            credential=Credential(
                kind=CredentialKind.KEY,
                fingerprint=named_certificate(
                    authority=authority, serial=f"{verdict.certificate.serial:x}"
                ),
                seen=seen_certificate(
                    issuer_key=verdict.path[1].key_bytes, signed_part=verdict.certificate.tbs
                ),
                label=authority,
                valid_until=verdict.certificate.not_after,
                serial=f"{verdict.certificate.serial:x}",
            ),
            evidence=_evidence(data, content, verdict),
        )

    def _identity(
        self, holder: CertificateSubject, certificate: Certificate, now: datetime
    ) -> Identity:
        kind, identifier = _identifier(holder)
        last_name, first_name, patronymic = _names(holder)
        # A sole trader's number as an organisation is the person's own.
        represents = holder.edrpou if holder.edrpou != holder.rnokpp else None
        return Identity(
            provider=self.name,
            subject=f"{kind.value}:{identifier}",
            identifier_kind=kind,
            identifier=identifier,
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
            level=holder.level,
            method=f"kep+{_family(certificate)}",
            auth_time=now,
            unzr=holder.unzr if kind is not IdentifierKind.UNZR else None,
            edrpou=represents,
            organisation=holder.organization if represents else None,
        )


def read_signature(data: bytes) -> bytes:
    """Read a signature as programs write it: bytes, or base64 with or without PEM lines.

    Raises:
        IdentityError: `unsupported_container` with the name of the format, `too_large`.
    """
    content = remove_armour(data) if len(data) <= MAX_UPLOAD_BYTES else data
    container = detect_container(content)
    if container is not None:
        raise IdentityError(SignInRefusal.UNSUPPORTED_CONTAINER, container.value)
    if len(content) > MAX_SIGNATURE_BYTES:
        raise IdentityError(SignInRefusal.TOO_LARGE)
    return content


def require_signature(data: bytes) -> None:
    """Check, before a challenge is used up, that the verifier will read what was sent.

    Raises:
        IdentityError: `unsupported_container` and `too_large` by the same bounds as `verify`;
            `malformed` for what does not even begin as a signature.
    """
    content = read_signature(data)
    if not is_binary(content):
        raise IdentityError(SignInRefusal.MALFORMED)
    try:
        read_attributes(read_signed_data(content).signer)
    except KepError as error:
        # Every other fault is the verifier's to name.
        if error.reason is Reason.TOO_LARGE:
            raise IdentityError(SignInRefusal.TOO_LARGE, error.detail) from None


def _refusal(verdict: SignatureVerdict, now: datetime) -> IdentityError:
    certificate, moment = verdict.certificate, None
    if certificate is not None and verdict.reason is Reason.EXPIRED:
        # Else it is an authority that has ended; its date would mislead.
        moment = certificate.not_after if certificate.not_after < now else None
    elif certificate is not None and verdict.reason is Reason.NOT_YET_VALID:
        moment = certificate.not_before if certificate.not_before > now else None
    elif verdict.reason is Reason.REVOKED and verdict.detail:
        moment = datetime.fromisoformat(verdict.detail).replace(tzinfo=UTC)
    silent = verdict.detail if verdict.reason is Reason.REVOCATION_UNKNOWN else ""
    return IdentityError(
        SignInRefusal(verdict.reason.value), verdict.detail, moment=moment, authority=silent
    )


def _identifier(holder: CertificateSubject) -> tuple[IdentifierKind, str]:
    """Choose by what the person is found: РНОКПП, else passport, else УНЗР.

    Ten digits with a wrong check digit are no РНОКПП: the authority has written another number of
    a person who has none. As a passport they cannot meet somebody's РНОКПП.
    """
    if holder.rnokpp is not None:
        try:
            return IdentifierKind.RNOKPP, normal_rnokpp(holder.rnokpp)
        except ValueError:
            return IdentifierKind.PASSPORT, normal_passport(holder.rnokpp)
    if holder.passport is not None:
        number = "-".join(filter(None, (holder.document, holder.passport)))
        return IdentifierKind.PASSPORT, normal_passport(number)
    if holder.unzr is not None:
        return IdentifierKind.UNZR, holder.unzr
    raise IdentityError(SignInRefusal.NO_PERSON)


def _names(holder: CertificateSubject) -> tuple[str, str, str]:
    """Split the names: surname and given names, or the common name in this order."""
    common = (holder.name or "").split()
    last = holder.surname or "".join(common[:1])
    given = (holder.given_names or "").split()
    written = common[len(last.split()) :]
    if not given or (len(given) == 1 and written[:1] == given):
        # Some authorities leave the patronymic to the common name.
        given = written
    first, patronymic = " ".join(given[:1]), " ".join(given[1:])
    if len(given) > 2:
        first, patronymic = " ".join(given[:-1]), given[-1]
    try:
        return (
            normal_name(last),
            first and normal_name(first),
            patronymic and normal_name(patronymic),
        )
    except ValueError:
        raise IdentityError(SignInRefusal.NO_PERSON, "names") from None


def _family(certificate: Certificate) -> str:
    key = certificate.public_key
    if isinstance(key, DstuKey):
        return "dstu"
    return "ecdsa" if isinstance(key, ec.EllipticCurvePublicKey) else "rsa"


def _title(name: bytes) -> str:
    try:
        return next(iter(read_name(name).get(COMMON_NAME, ())), "")[:_MAX_TITLE]
    except KepError:
        return ""


def _evidence(signature: bytes, content: bytes, verdict: SignatureVerdict) -> dict[str, bytes]:
    files = {SIGNATURE_FILE: signature, CONTENT_FILE: content}
    return files | evidence_of_trust((item.raw for item in verdict.path), verdict.evidence)
