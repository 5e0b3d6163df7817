"""Makes CMS envelopes as id.gov.ua and BankID do, right ones and wrong ones."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.kep import cms, gost34311, libcrypto
from integrations.kep.certificates import Certificate, Usage
from integrations.kep.der import (
    BIT_STRING,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    context,
    encode,
    encode_oid,
)
from integrations.kep.dstu4145 import decoded_key
from integrations.kep.envelope import ENVELOPED_DATA
from integrations.kep.gost28147 import DKE, Cipher
from integrations.kep.keys import DstuKey
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey, Key
from sandbox.authority.maker import Holder, Subject

CFB, GAMMA = "1.2.804.2.1.1.1.1.1.1.3", "1.2.804.2.1.1.1.1.1.1.2"
AGREEING = Subject(usage=[Usage.KEY_AGREEMENT], attributes={}, statements=())


Recipient = Holder | Certificate


@dataclass
class Envelope:
    """How an envelope shall be made."""

    content: bytes = b'{"lastname": "x"}'
    static: bool = True
    by_key_identifier: bool = False
    cipher: str = CFB
    table: bytes = DKE
    material: bytes | None = b"m" * 64
    agreement: str = "1.2.804.2.1.1.1.1.3.4"
    strip: str = "one"
    named: Holder | None = None
    parameters: bool = True
    content_key: bytes = bytes(range(32))
    iv: bytes = b"8 octets"


def make(recipient: Recipient, sender: Holder, wanted: Envelope | None = None) -> bytes:
    """Make EnvelopedData from ``sender`` (whose key is ephemeral unless static)."""
    wanted = wanted or Envelope()
    wrap_algorithm = encode(SEQUENCE, encode_oid("1.2.804.2.1.1.1.1.1.1.5"), encode(NULL))
    material = b"" if wanted.material is None else encode(OCTET_STRING, wanted.material)
    info = encode(
        SEQUENCE,
        wrap_algorithm,
        encode(context(0), material) if material else b"",
        encode(context(2), encode(OCTET_STRING, (256).to_bytes(4, "big"))),
    )
    wrapping = gost34311.digest(shared(recipient, sender, wanted.strip) + b"\0\0\0\1" + info)
    wrapped = encode(OCTET_STRING, Cipher(wrapping).wrap_key(wanted.content_key, wanted.iv))
    agreement = encode(
        context(1),
        maker.integer(3),
        encode(context(0), originator(sender, wanted)),
        encode(context(1), material) if material else b"",
        encode(SEQUENCE, encode_oid(wanted.agreement), wrap_algorithm),
        encode(SEQUENCE, encode(SEQUENCE, identifier(wanted.named or recipient, wanted), wrapped)),
    )
    cipher = Cipher(wanted.content_key)
    encrypt = cipher.gamma if wanted.cipher == GAMMA else cipher.encrypt_cfb
    parameters = encode(
        SEQUENCE, encode(OCTET_STRING, wanted.iv), encode(OCTET_STRING, wanted.table)
    )
    encrypted = encode(
        SEQUENCE,
        encode_oid(cms.DATA),
        encode(SEQUENCE, encode_oid(wanted.cipher), parameters),
        encode(context(0, constructed=False), encrypt(wanted.content, wanted.iv)),
    )
    body = encode(SEQUENCE, maker.integer(2), encode(SET, agreement), encrypted)
    return encode(SEQUENCE, encode_oid(ENVELOPED_DATA), encode(context(0), body))


def shared(recipient: Recipient, sender: Holder, strip: str) -> bytes:
    """Return the agreed x, computed from the sender's side."""
    ours = _dstu(sender.key)
    theirs = recipient.key if isinstance(recipient, Holder) else recipient.public_key
    if not isinstance(theirs, DstuPrivateKey | DstuKey):
        raise TypeError("the recipient's key is not ДСТУ 4145")
    curve = theirs.curve
    x = libcrypto.arithmetic(curve).combine(
        base_scalar=0,
        scalar=ours.scalar * curve.cofactor % curve.order,
        point=decoded_key(curve, theirs.encoded),
    )
    if x is None:
        raise ValueError("the agreed point is at infinity")
    data = x.to_bytes(curve.size, "big")
    return {"none": data, "one": data.removeprefix(b"\0"), "all": data.lstrip(b"\0")}[strip]


def originator(sender: Holder, wanted: Envelope) -> bytes:
    """Return who sends: by certificate, or the ephemeral key itself."""
    if wanted.static and wanted.by_key_identifier:
        identifier = sender.certificate.subject_key_identifier or b""
        return encode(context(0, constructed=False), identifier)
    if wanted.static:
        certificate = sender.certificate
        return encode(SEQUENCE, certificate.issuer, maker.integer(certificate.serial))
    key = _dstu(sender.key)
    algorithm = encode_oid("1.2.804.2.1.1.1.1.3.1.1")
    if wanted.parameters:
        algorithm += encode(SEQUENCE, encode_oid(key.curve.oid))
    point = encode(BIT_STRING, b"\0", encode(OCTET_STRING, key.encoded))
    return encode(context(1), encode(SEQUENCE, algorithm), point)


def identifier(recipient: Recipient, wanted: Envelope) -> bytes:
    """For whom it is, by issuer and number or by key identifier."""
    certificate = recipient.certificate if isinstance(recipient, Holder) else recipient
    if wanted.by_key_identifier:
        data = encode(OCTET_STRING, certificate.subject_key_identifier or b"")
        return encode(context(0), data)
    return encode(SEQUENCE, certificate.issuer, maker.integer(certificate.serial))


def _dstu(key: Key) -> DstuPrivateKey:
    if not isinstance(key, DstuPrivateKey):
        raise TypeError("the sender's key is not ДСТУ 4145")
    return key
