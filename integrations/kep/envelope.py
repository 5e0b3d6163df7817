"""CMS EnvelopedData for our key-agreement certificate (profile of order no. 739 of 18.12.2012).

Static or ephemeral Diffie-Hellman with cofactor on a ДСТУ 4145 curve, ГОСТ 34.311 key derivation,
ГОСТ 28147 key wrap, ГОСТ 28147 content encryption in gamma or CFB mode.

The private scalar is used in Python code that does not run in constant time. An attacker who could
time many openings of chosen envelopes to the microsecond might learn about it: open envelopes only
from authenticated back-channels, or give the key to a hardware service behind the same call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from integrations.kep import gost34311, libcrypto
from integrations.kep.certificates import Certificate
from integrations.kep.cms import DATA, SIGNED_DATA
from integrations.kep.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    Node,
    context,
    encode,
    encode_oid,
    malformed,
    parse,
)
from integrations.kep.errors import KepError, Reason
from integrations.kep.gost28147 import BLOCK, DKE, Cipher
from integrations.kep.keys import DSTU_4145, DstuKey, dstu_key, read_dstu_parameters
from integrations.kep.points import decode_point

MAX_BYTES: Final = 1024 * 1024
_MAX_RECIPIENTS: Final = 10

ENVELOPED_DATA: Final = "1.2.840.113549.1.7.3"
_COFACTOR_DH: Final = "1.2.804.2.1.1.1.1.3.4"
_KEY_WRAP: Final = "1.2.804.2.1.1.1.1.1.1.5"
_GAMMA: Final = "1.2.804.2.1.1.1.1.1.1.2"
_CFB: Final = "1.2.804.2.1.1.1.1.1.1.3"
_KEY_BITS: Final = (256).to_bytes(4, "big")


@dataclass(frozen=True)
class RecipientKey:
    """Our key: the certificate that others encrypt for, and its private scalar d (Q = -dP)."""

    certificate: Certificate
    scalar: int = field(repr=False)

    @property
    def public_key(self) -> DstuKey:
        """The public key.

        Raises:
            KepError: ``unsupported_algorithm`` for a key that is not ДСТУ 4145.
        """
        key = self.certificate.public_key
        if not isinstance(key, DstuKey):
            raise KepError(Reason.UNSUPPORTED_ALGORITHM, "recipient key is not ДСТУ 4145")
        return key

    def require_match(self) -> None:
        """Check that scalar and certificate belong together; worth doing once, when loading.

        The sign of the scalar is left open: an agreement takes only the x of a point.

        Raises:
            KepError: ``bad_parameters`` or ``unsupported_algorithm``.
        """
        curve = self.public_key.curve
        arithmetic = libcrypto.arithmetic(curve)
        own = decode_point(curve, self.public_key.encoded, arithmetic)
        computed = arithmetic.combine(base_scalar=self.scalar, scalar=0, point=own)
        if computed != curve.field.compact(own[0]):
            raise KepError(Reason.BAD_PARAMETERS, "the private key is not the certificate's")


@dataclass(frozen=True)
class Opened:
    """An opened envelope.

    Attributes:
        content: The decrypted bytes; nothing is signed yet.
        originator: The sender's certificate in a static agreement, None in an ephemeral one.
        holds_signed_data: Whether the content is itself CMS SignedData, to be verified.
    """

    content: bytes = field(repr=False)
    originator: Certificate | None
    holds_signed_data: bool


@dataclass(frozen=True)
class _Agreement:
    originator: Node
    shared_material: bytes | None
    recipients: list[Node]


def open_envelope(
    envelope: bytes, *, recipient: RecipientKey, originators: Sequence[Certificate] = ()
) -> Opened:
    """Open an envelope.

    Args:
        envelope: ContentInfo with EnvelopedData, BER or DER.
        recipient: Our key.
        originators: Certificates of possible senders, for static agreement. Whether they are
            trusted is for the caller to decide, see :func:`integrations.kep.path.build_path`.

    Raises:
        KepError: ``malformed``, ``trailing_data``, ``too_large``, ``unsupported_algorithm``,
            ``bad_parameters``, ``certificate_missing`` when the sender's certificate was not
            given, ``wrong_key_usage`` when no recipient is our certificate, ``bad_signature`` when
            the key check fails.
    """
    if len(envelope) > MAX_BYTES:
        raise KepError(Reason.TOO_LARGE, "envelope")
    recipient_infos, encrypted = _read_envelope(envelope)
    for agreement in _agreements(recipient_infos):
        wrapped = _wrapped_key_for(agreement.recipients, recipient.certificate)
        if wrapped is None:
            continue
        sender, certificate = _sender_key(agreement.originator, recipient, originators)
        key = _content_key(recipient, sender, agreement.shared_material, wrapped)
        content = _decrypt(encrypted, key)
        return Opened(content, certificate, _holds_signed_data(content))
    raise KepError(Reason.WRONG_KEY_USAGE, "the envelope is for another certificate")


def describe(envelope: bytes) -> dict[str, object]:
    """Describe an envelope without opening it.

    Raises:
        KepError: See :func:`open_envelope`.
    """
    recipient_infos, encrypted = _read_envelope(envelope)
    agreements = list(_agreements(recipient_infos))
    return {
        "recipients": sum(len(agreement.recipients) for agreement in agreements),
        "static": any(agreement.originator.tag != context(1) for agreement in agreements),
        "cipher": list(encrypted.children())[1].fields().next().oid(),
    }


def _read_envelope(envelope: bytes) -> tuple[list[Node], Node]:
    outer = parse(envelope, SEQUENCE).fields()
    if outer.next().oid() != ENVELOPED_DATA:
        raise malformed("not EnvelopedData")
    fields = outer.next(context(0)).only().fields()
    outer.end()
    fields.next(INTEGER)
    fields.optional(context(0))
    recipients = list(fields.next(SET).children())
    if len(recipients) > _MAX_RECIPIENTS:
        raise KepError(Reason.TOO_LARGE, "too many recipients")
    encrypted = fields.next(SEQUENCE)
    fields.optional(context(1))
    fields.end()
    if len(list(encrypted.children())) != 3:
        raise malformed("encrypted content")
    return recipients, encrypted


def _agreements(recipient_infos: list[Node]) -> Iterator[_Agreement]:
    """Yield the recipients by key agreement; other kinds are passed over."""
    for info in recipient_infos:
        if info.tag != context(1):
            continue
        fields = info.fields(context(1))
        fields.next(INTEGER)
        originator = fields.next(context(0)).only()
        material = fields.optional(context(1))
        algorithm = fields.next(SEQUENCE).fields()
        agreement, wrap = algorithm.next().oid(), algorithm.next().fields()
        if agreement != _COFACTOR_DH or wrap.next().oid() != _KEY_WRAP:
            raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"key agreement {agreement}")
        keys = list(fields.next(SEQUENCE).children())
        fields.end()
        if len(keys) > _MAX_RECIPIENTS:
            raise KepError(Reason.TOO_LARGE, "too many recipients")
        yield _Agreement(originator, None if material is None else material.only().octets(), keys)


def _wrapped_key_for(recipients: list[Node], certificate: Certificate) -> bytes | None:
    """Find the wrapped key for a certificate, named by issuer and number or by key identifier."""
    for recipient in recipients:
        fields = recipient.fields()
        identifier, wrapped = fields.next(), fields.next(OCTET_STRING).content
        if identifier.tag == SEQUENCE:
            named = _is_issuer_serial(identifier, certificate)
        else:
            key_identifier = identifier.fields(context(0)).next(OCTET_STRING).content
            named = key_identifier == certificate.subject_key_identifier
        if named:
            return wrapped
    return None


def _is_issuer_serial(node: Node, certificate: Certificate) -> bool:
    fields = node.fields()
    issuer, serial = fields.next(SEQUENCE).raw, fields.next(INTEGER).integer()
    return (issuer, serial) == (certificate.issuer, certificate.serial)


def _sender_key(
    originator: Node, recipient: RecipientKey, certificates: Sequence[Certificate]
) -> tuple[DstuKey, Certificate | None]:
    """Return the sender's public key, and the certificate unless the key is ephemeral."""
    if originator.tag == context(1):
        return _ephemeral_key(originator, recipient.public_key), None
    for certificate in certificates:
        if originator.tag == SEQUENCE:
            named = _is_issuer_serial(originator, certificate)
        else:
            identifier = originator.octets(context(0, constructed=False))
            named = identifier == certificate.subject_key_identifier
        if named:
            key = certificate.public_key
            if not isinstance(key, DstuKey):
                raise KepError(Reason.UNSUPPORTED_ALGORITHM, "sender key is not ДСТУ 4145")
            return key, certificate
    raise KepError(Reason.CERTIFICATE_MISSING, "sender's certificate")


def _ephemeral_key(originator: Node, own: DstuKey) -> DstuKey:
    """Read OriginatorPublicKey; without parameters the curve is the recipient's."""
    fields = originator.fields(context(1))
    algorithm = fields.next(SEQUENCE).fields()
    if algorithm.next().oid() != DSTU_4145:
        raise KepError(Reason.UNSUPPORTED_ALGORITHM, "ephemeral key is not ДСТУ 4145")
    parameters = [part for part in algorithm.rest() if part.tag != NULL]
    curve = read_dstu_parameters(parameters[0]) if parameters else own.curve
    key = fields.next(BIT_STRING).bits()
    fields.end()
    return dstu_key(curve, key)


def _content_key(
    recipient: RecipientKey, sender: DstuKey, shared_material: bytes | None, wrapped: bytes
) -> bytes:
    """Agree on the wrapping key and unwrap the content key.

    Producers differ in how they write a shared x with leading zero bytes: some drop one, some
    all. The check inside the wrapped key tells which.
    """
    curve = recipient.public_key.curve
    if sender.curve is not curve:
        raise KepError(Reason.BAD_PARAMETERS, "the two keys are on different curves")
    scalar = curve.cofactor * recipient.scalar % curve.order
    arithmetic = libcrypto.arithmetic(curve)
    point = decode_point(curve, sender.encoded, arithmetic)
    x = arithmetic.combine(base_scalar=0, scalar=scalar, point=point)
    if x is None:
        raise KepError(Reason.BAD_PARAMETERS, "shared point is infinity")
    data = x.to_bytes(curve.size, "big")
    forms = dict.fromkeys((data.removeprefix(b"\0"), data.lstrip(b"\0"), data))
    refusal: KepError | None = None
    for form in forms:
        try:
            return Cipher(_derive(form, shared_material)).unwrap_key(wrapped)
        except KepError as error:
            refusal = error
    raise refusal or malformed("shared value")


def _derive(shared: bytes, material: bytes | None) -> bytes:
    """Derive the wrapping key: the digest of shared value, counter and SharedInfo."""
    info = encode(
        SEQUENCE,
        encode(SEQUENCE, encode_oid(_KEY_WRAP), encode(NULL)),
        b"" if material is None else encode(context(0), encode(OCTET_STRING, material)),
        encode(context(2), encode(OCTET_STRING, _KEY_BITS)),
    )
    return gost34311.digest(shared + b"\0\0\0\1" + info)


def _decrypt(encrypted: Node, key: bytes) -> bytes:
    fields = encrypted.fields()
    if fields.next().oid() not in (DATA, SIGNED_DATA):
        raise malformed("kind of encrypted content")
    algorithm = fields.next(SEQUENCE).fields()
    oid, parameters = algorithm.next().oid(), algorithm.next().fields()
    iv = parameters.next(OCTET_STRING).content
    table = parameters.optional(OCTET_STRING)
    data = fields.next().octets(context(0, constructed=False))
    fields.end()
    if len(iv) != BLOCK or (table is not None and table.content != DKE):
        raise KepError(Reason.BAD_PARAMETERS, "parameters of the content cipher")
    cipher = Cipher(key)
    if oid == _CFB:
        return cipher.decrypt_cfb(data, iv)
    if oid == _GAMMA:
        return cipher.gamma(data, iv)
    raise KepError(Reason.UNSUPPORTED_ALGORITHM, f"content cipher {oid}")


def _holds_signed_data(content: bytes) -> bool:
    if content[:1] != bytes((SEQUENCE,)):
        return False
    try:
        return parse(content).fields().next().oid() == SIGNED_DATA
    except KepError:
        return False
