"""Envelopes: every form that brokers send, and wrong ones."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from integrations.kep import cms, gost34311, libcrypto
from integrations.kep.answer import open_answer
from integrations.kep.certificates import Usage
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
from integrations.kep.envelope import ENVELOPED_DATA, MAX_OCTETS, RecipientKey, open_envelope
from integrations.kep.errors import KepError
from integrations.kep.gost28147 import DKE, Cipher
from tests.kep import maker
from tests.kep.conftest import World
from tests.kep.keys import M431, DstuPrivateKey, EcPrivateKey
from tests.kep.maker import Holder, Message, Subject

CFB, GAMMA = "1.2.804.2.1.1.1.1.1.1.3", "1.2.804.2.1.1.1.1.1.1.2"
IV = b"8 octets"
CONTENT_KEY = bytes(range(32))
AGREEING = Subject(usage=[Usage.KEY_AGREEMENT], attributes={}, statements=())


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


def make(recipient: Holder, sender: Holder, wanted: Envelope | None = None) -> bytes:
    """Makes EnvelopedData from ``sender`` (whose key is ephemeral unless static)."""
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
    wrapped = encode(OCTET_STRING, Cipher(wrapping).wrap_key(CONTENT_KEY, IV))
    agreement = encode(
        context(1),
        maker.integer(3),
        encode(context(0), originator(sender, wanted)),
        encode(context(1), material) if material else b"",
        encode(SEQUENCE, encode_oid(wanted.agreement), wrap_algorithm),
        encode(SEQUENCE, encode(SEQUENCE, identifier(wanted.named or recipient, wanted), wrapped)),
    )
    cipher = Cipher(CONTENT_KEY)
    encrypt = cipher.gamma if wanted.cipher == GAMMA else cipher.encrypt_cfb
    parameters = encode(SEQUENCE, encode(OCTET_STRING, IV), encode(OCTET_STRING, wanted.table))
    encrypted = encode(
        SEQUENCE,
        encode_oid(cms.DATA),
        encode(SEQUENCE, encode_oid(wanted.cipher), parameters),
        encode(context(0, constructed=False), encrypt(wanted.content, IV)),
    )
    body = encode(SEQUENCE, maker.integer(2), encode(SET, agreement), encrypted)
    return encode(SEQUENCE, encode_oid(ENVELOPED_DATA), encode(context(0), body))


def shared(recipient: Holder, sender: Holder, strip: str) -> bytes:
    """The agreed x, computed from the sender's side."""
    ours, theirs = sender.key, recipient.key
    assert isinstance(ours, DstuPrivateKey)
    assert isinstance(theirs, DstuPrivateKey)
    curve = theirs.curve
    x = libcrypto.arithmetic(curve).combine(
        base_scalar=0,
        scalar=ours.scalar * curve.cofactor % curve.order,
        point=decoded_key(curve, theirs.encoded),
    )
    assert x is not None
    octets = x.to_bytes(curve.octets, "big")
    return {"none": octets, "one": octets.removeprefix(b"\0"), "all": octets.lstrip(b"\0")}[strip]


def originator(sender: Holder, wanted: Envelope) -> bytes:
    if wanted.static and wanted.by_key_identifier:
        identifier = sender.certificate.subject_key_identifier or b""
        return encode(context(0, constructed=False), identifier)
    if wanted.static:
        certificate = sender.certificate
        return encode(SEQUENCE, certificate.issuer, maker.integer(certificate.serial))
    key = sender.key
    assert isinstance(key, DstuPrivateKey)
    algorithm = encode_oid("1.2.804.2.1.1.1.1.3.1.1")
    if wanted.parameters:
        algorithm += encode(SEQUENCE, encode_oid(key.curve.oid))
    point = encode(BIT_STRING, b"\0", encode(OCTET_STRING, key.encoded))
    return encode(context(1), encode(SEQUENCE, algorithm), point)


def identifier(recipient: Holder, wanted: Envelope) -> bytes:
    certificate = recipient.certificate
    if wanted.by_key_identifier:
        octets = encode(OCTET_STRING, certificate.subject_key_identifier or b"")
        return encode(context(0), octets)
    return encode(SEQUENCE, certificate.issuer, maker.integer(certificate.serial))


@pytest.fixture(scope="module")
def portal(world: World) -> Holder:
    return world.issue(AGREEING, seed="portal")


@pytest.fixture(scope="module")
def broker(world: World) -> Holder:
    return world.issue(AGREEING, seed="broker")


def own(holder: Holder) -> RecipientKey:
    key = holder.key
    assert isinstance(key, DstuPrivateKey)
    return RecipientKey(holder.certificate, key.scalar)


def refusal(envelope: bytes, portal: Holder, *senders: Holder) -> str:
    with pytest.raises(KepError) as caught:
        open_envelope(
            envelope, recipient=own(portal), originators=[item.certificate for item in senders]
        )
    return caught.value.reason.value


@pytest.mark.parametrize("static", [True, False])
@pytest.mark.parametrize("by_key_identifier", [True, False])
@pytest.mark.parametrize("cipher", [CFB, GAMMA])
def test_open(
    portal: Holder, broker: Holder, static: bool, by_key_identifier: bool, cipher: str
) -> None:
    wanted = Envelope(static=static, by_key_identifier=by_key_identifier, cipher=cipher)
    opened = open_envelope(
        make(portal, broker, wanted),
        recipient=own(portal),
        originators=[portal.certificate, broker.certificate],
    )
    assert opened.content == wanted.content
    assert (opened.originator is not None) == static
    assert not opened.holds_signed_data


@pytest.mark.parametrize(
    "wanted",
    [Envelope(material=None), Envelope(static=False, parameters=False), Envelope(content=b"")],
)
def test_open__optional_parts(portal: Holder, broker: Holder, wanted: Envelope) -> None:
    envelope = make(portal, broker, wanted)
    opened = open_envelope(envelope, recipient=own(portal), originators=[broker.certificate])
    assert opened.content == wanted.content


@pytest.mark.parametrize("strip", ["none", "one", "all"])
def test_open__shared_value_with_leading_zeros(portal: Holder, strip: str) -> None:
    sender = Holder(DstuPrivateKey("sender 534"), b"")
    assert shared(portal, sender, "none").startswith(b"\0\0")
    envelope = make(portal, sender, Envelope(static=False, strip=strip))
    assert open_envelope(envelope, recipient=own(portal)).content == Envelope().content


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Envelope(agreement="1.2.804.2.1.1.1.1.3.7"), "unsupported_algorithm"),
        (Envelope(cipher="1.2.804.2.1.1.1.1.1.3.2"), "unsupported_algorithm"),
        (Envelope(table=bytes(64)), "bad_parameters"),
        (Envelope(table=b""), "bad_parameters"),
    ],
)
def test_refused(portal: Holder, broker: Holder, wanted: Envelope, reason: str) -> None:
    assert refusal(make(portal, broker, wanted), portal, broker) == reason


def test_refused__for_somebody_else(portal: Holder, broker: Holder) -> None:
    assert refusal(make(broker, portal), portal, portal, broker) == "wrong_key_usage"


def test_refused__named_for_us_but_made_for_another_key(portal: Holder, broker: Holder) -> None:
    envelope = make(broker, broker, Envelope(named=portal))
    assert refusal(envelope, portal, broker) == "bad_signature"


def test_refused__unknown_sender(portal: Holder, broker: Holder) -> None:
    assert refusal(make(portal, broker), portal) == "certificate_missing"


def test_refused__sender_on_another_curve(portal: Holder) -> None:
    sender = Holder(DstuPrivateKey("big", M431), b"")
    stranger = make(
        Holder(DstuPrivateKey("big", M431), b""), sender, Envelope(named=portal, static=False)
    )
    assert refusal(stranger, portal) == "bad_parameters"


def test_refused__ephemeral_point_outside_the_curve(portal: Holder, broker: Holder) -> None:
    envelope = make(portal, broker, Envelope(static=False))
    key = broker.key
    assert isinstance(key, DstuPrivateKey)
    changed = envelope.replace(key.encoded, b"\xff" * 33)
    assert changed != envelope
    assert refusal(changed, portal) == "bad_parameters"


def test_refused__sizes_and_shapes(portal: Holder, broker: Holder) -> None:
    envelope = make(portal, broker)
    assert refusal(envelope + b"\0", portal, broker) == "trailing_data"
    assert refusal(envelope[:-1], portal, broker) == "malformed"
    assert refusal(bytes(MAX_OCTETS + 1), portal, broker) == "too_large"
    assert refusal(maker.sign(broker), portal, broker) == "malformed"


def test_recipient__with_the_wrong_scalar(portal: Holder, world: World) -> None:
    own(portal).require_match()
    with pytest.raises(KepError) as caught:
        RecipientKey(portal.certificate, own(portal).scalar + 1).require_match()
    assert caught.value.reason.value == "bad_parameters"
    ec = maker.issue(AGREEING, EcPrivateKey(), world.authority)
    with pytest.raises(KepError) as caught:
        RecipientKey(ec.certificate, 5).require_match()
    assert caught.value.reason.value == "unsupported_algorithm"


def answer_reason(world: World, envelope: bytes, portal: Holder, broker: Holder) -> str:
    try:
        open_answer(
            envelope,
            recipient=own(portal),
            trust=world.trust,
            source=world.source,
            at=maker.AT,
            originators=[broker.certificate],
        )
    except KepError as error:
        return error.reason.value
    return "valid"


def test_answer__plain_and_signed(world: World, portal: Holder, broker: Holder) -> None:
    seal = world.issue(Subject(seal=True, attributes={maker.EDRPOU: "12345678"}), seed="bank")
    signed = maker.sign(seal, Message(content=b"{}"))
    for static in (True, False):
        answer = open_answer(
            make(portal, broker, Envelope(content=signed, static=static)),
            recipient=own(portal),
            trust=world.trust,
            source=world.source,
            at=maker.AT,
            originators=[broker.certificate],
        )
        assert answer.content == b"{}"
        assert answer.signature is not None
        assert answer.signature.identity is not None
        assert answer.signature.identity.edrpou == "12345678"
    assert answer_reason(world, make(portal, broker), portal, broker) == "valid"


def test_answer__signature_inside_is_refused(world: World, portal: Holder, broker: Holder) -> None:
    alone = maker.issue(Subject(), DstuPrivateKey("alone"))
    for signed, reason in (
        (maker.sign(alone), "untrusted_issuer"),
        (maker.sign(world.person, Message(hashed_content=b"other")), "digest_mismatch"),
    ):
        envelope = make(portal, broker, Envelope(content=signed))
        assert answer_reason(world, envelope, portal, broker) == reason


def test_answer__sender_must_be_trusted(world: World, portal: Holder) -> None:
    alone = maker.issue(AGREEING, DstuPrivateKey("alone"))
    assert answer_reason(world, make(portal, alone), portal, alone) == "untrusted_issuer"
    signer = world.issue(Subject(), seed="signer")
    assert answer_reason(world, make(portal, signer), portal, signer) == "wrong_key_usage"
