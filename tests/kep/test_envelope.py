"""Envelopes: every form that brokers send, and wrong ones."""

from __future__ import annotations

import pytest

from integrations.kep.answer import open_answer
from integrations.kep.envelope import MAX_BYTES, RecipientKey, open_envelope
from integrations.kep.errors import KepError
from sandbox.authority import maker
from sandbox.authority.envelopes import AGREEING, CFB, GAMMA, Envelope, make, shared
from sandbox.authority.keys import M431, DstuPrivateKey, EcPrivateKey
from sandbox.authority.maker import Holder, Message, Subject
from tests.steps.kep import World


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
def test_envelope__opens_for_its_recipient(
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
def test_envelope__is_refused_with_its_reason(
    portal: Holder, broker: Holder, wanted: Envelope, reason: str
) -> None:
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
    assert refusal(bytes(MAX_BYTES + 1), portal, broker) == "too_large"
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
