"""Verification of a КЕП: one call, one verdict (requirements A-13, A-14).

The verdict depends on the bytes, the trust store, the revocation sources and the time, and on
nothing else.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.kep import cms, digests
from integrations.kep.certificates import Certificate, Usage
from integrations.kep.containers import REMEDIES, detect_container
from integrations.kep.der import malformed
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import CertificateSubject, extract_identity
from integrations.kep.path import build_path, has_unknown_critical
from integrations.kep.revocation import (
    Finding,
    RevocationSource,
    StaticSource,
    require_not_revoked,
)
from integrations.kep.signatures import verify as verify_value
from integrations.kep.trust import TrustStore

MAX_SIGNATURE_BYTES: Final = 256 * 1024
"""Largest message. Most of a large one are unsigned attributes, for example all answers on revocation
that its program collected: nobody reads them here. What is read has narrower bounds of its own."""

_NO_SIGNATURES: Final = frozenset(
    {
        "1.3.6.1.5.5.7.3.1",  # TLS server
        "1.3.6.1.5.5.7.3.3",  # code
        "1.3.6.1.5.5.7.3.8",  # time stamps
        "1.3.6.1.5.5.7.3.9",  # OCSP answers
    }
)
"""Purposes of machines: a certificate with only these signs no statement of a person."""


@dataclass(frozen=True)
class Policy:
    """What a caller asks for beyond a sound signature.

    Attributes:
        max_bytes: Largest message and largest detached content.
        require_person: Refuse seals and certificates without an identifier of a person.
    """

    max_bytes: int = MAX_SIGNATURE_BYTES
    require_person: bool = True


PERSON: Final = Policy()
SEALED_ANSWER: Final = Policy(require_person=False)


@dataclass(frozen=True)
class SignatureVerdict:
    """The outcome.

    Attributes:
        reason: ``valid`` or why not.
        detail: English wording for an engineer's log, without personal data.
        identity: Who signed; None unless valid.
        certificate: The certificate that the message names as the signer's, as soon as one was
            found. Nothing in it is proven unless the verdict is valid.
        content: The signed bytes; None unless valid.
        signing_time: What the signer claims; for display only.
        path: The signer's certificate first, the anchor last; empty unless valid.
        revocation: What was found for each certificate of the path below the anchor.
    """

    reason: Reason
    detail: str = ""
    identity: CertificateSubject | None = None
    certificate: Certificate | None = None
    content: bytes | None = field(default=None, repr=False)
    signing_time: datetime | None = None
    path: tuple[Certificate, ...] = ()
    revocation: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def evidence(self) -> tuple[bytes, ...]:
        """The CRLs and OCSP answers relied on."""
        found = (finding.evidence for finding in self.revocation)
        return tuple(data for data in found if data is not None)

    @property
    def valid(self) -> bool:
        """Whether the signature is accepted."""
        return self.reason is Reason.VALID


def verify(
    signature: bytes,
    *,
    trust: TrustStore,
    at: datetime,
    content: bytes | None = None,
    source: RevocationSource | None = None,
    policy: Policy = PERSON,
) -> SignatureVerdict:
    """Verify CMS SignedData, attached or detached.

    Args:
        signature: The message, DER or BER.
        trust: Whom to believe.
        at: The moment of verification, aware; nothing in the message can move it.
        content: What must have been signed. For a detached signature it is required; attached
            content must equal it byte by byte.
        source: Revocation data; without any, only what the trust store excuses is accepted.
        policy: The caller's demands.

    Returns:
        The verdict. A refusal is a verdict too: no exception tells it.
    """
    check = _Check(trust, at, source or StaticSource(), policy)
    try:
        return check.run(signature, content)
    except KepError as error:
        return SignatureVerdict(error.reason, error.detail, certificate=check.certificate)


class _Check:
    """One verification; remembers the certificate for a refusal."""

    def __init__(
        self, trust: TrustStore, at: datetime, source: RevocationSource, policy: Policy
    ) -> None:
        self._trust = trust
        self._at = at
        self._source = source
        self._policy = policy
        self.certificate: Certificate | None = None

    def run(self, signature: bytes, content: bytes | None) -> SignatureVerdict:
        """Apply the rules, cheap ones first: content is compared before it is hashed."""
        container = detect_container(signature)
        if container is not None:
            raise KepError(Reason.UNSUPPORTED_CONTAINER, f"{container}: {REMEDIES[container]}")
        if max(len(signature), len(content or b"")) > self._policy.max_bytes:
            raise KepError(Reason.TOO_LARGE, "message")
        message = cms.read_signed_data(signature)
        scheme = cms.read_scheme_of(message.signer)
        attributes = cms.read_attributes(message.signer)
        signed = _signed_content(message, content)
        if cms.could_be_attributes(signed):
            raise malformed("the content could be taken for signed attributes")
        _require_digest(message.signer.digest, signed, attributes.message_digest)
        self.certificate = signer = cms.find_signer(message, attributes)
        key = signer.public_key
        require_signing_use(signer)
        if not verify_value(key, scheme, attributes.data, message.signer.signature):
            raise KepError(Reason.BAD_SIGNATURE)
        path = build_path(signer, trust=self._trust, hints=message.certificates, at=self._at)
        revocation = require_not_revoked(path, trust=self._trust, source=self._source, at=self._at)
        identity = extract_identity(signer)
        if self._policy.require_person and not identity.is_person:
            raise KepError(Reason.NO_PERSON)
        return SignatureVerdict(
            Reason.VALID,
            identity=identity,
            certificate=signer,
            content=signed,
            signing_time=attributes.signing_time,
            path=path,
            revocation=revocation,
        )


def _signed_content(message: cms.SignedData, content: bytes | None) -> bytes:
    if message.content is not None:
        if content is not None and not hmac.compare_digest(message.content, content):
            raise KepError(Reason.CONTENT_MISMATCH)
        return message.content
    if content is None:
        raise KepError(Reason.CONTENT_MISMATCH, "detached signature without its content")
    return content


def _require_digest(algorithm: str, content: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(digests.compute(algorithm, content), expected):
        raise KepError(Reason.DIGEST_MISMATCH)


def require_signing_use(signer: Certificate) -> None:
    """Check that a certificate is meant for signatures of people or organisations.

    Raises:
        KepError: ``wrong_key_usage``; ``untrusted_issuer`` for a critical extension that we do
            not process.
    """
    usage = signer.key_usage or frozenset()
    if not usage & {Usage.DIGITAL_SIGNATURE, Usage.NON_REPUDIATION}:
        raise KepError(Reason.WRONG_KEY_USAGE, "key usage is not for signatures")
    if signer.basic_constraints.authority or Usage.KEY_CERT_SIGN in usage:
        raise KepError(Reason.WRONG_KEY_USAGE, "an authority's key")
    purposes = signer.extended_key_usage
    if purposes is not None and purposes <= _NO_SIGNATURES:
        raise KepError(Reason.WRONG_KEY_USAGE, "a machine's key")
    if has_unknown_critical(signer):
        raise KepError(Reason.UNTRUSTED_ISSUER, "unknown critical extension")
