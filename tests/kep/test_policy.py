"""Every rule for messages, certificates and paths: each test fails without its rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.kep import cms, digests
from integrations.kep.certificates import MAX_BYTES, Usage, read_certificate
from integrations.kep.der import NULL, OCTET_STRING, SEQUENCE, SET, context, encode, encode_oid
from integrations.kep.errors import KepError, Reason
from integrations.kep.inspect import describe
from integrations.kep.revocation import StaticSource
from integrations.kep.trust import TrustStore, store_of
from integrations.kep.verify import SEALED_ANSWER, Policy
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey, RsaPrivateKey, base_bytes
from sandbox.authority.maker import Message, Subject
from tests.steps.kep import World
from tests.steps.outside_formats import long_term, other_formats, with_unsigned

SERVER = "1.3.6.1.5.5.7.3.1"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


def test_sound_message__is_valid(world: World) -> None:
    verdict = world.verify(maker.sign(world.person))
    assert verdict.valid
    assert verdict.content == b"challenge"
    assert verdict.certificate is verdict.path[0]
    assert [item.fingerprint for item in verdict.path] == [
        holder.certificate.fingerprint for holder in (world.person, world.authority, world.root)
    ]
    assert len(verdict.evidence) == 1


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message(attached=False), "valid"),
        (Message(by_key_identifier=True), "valid"),
        (Message(content=b"another"), "content_mismatch"),
        (Message(attached=False, content=b"another"), "digest_mismatch"),
        (Message(hashed_content=b"another"), "digest_mismatch"),
        (Message(certificates=[]), "certificate_missing"),
        (Message(signers=0), "no_signer"),
        (Message(signers=2), "several_signers"),
        (Message(plain=True), "malformed"),
        (Message(leave_out=[cms.CONTENT_TYPE]), "malformed"),
        (Message(leave_out=[cms.MESSAGE_DIGEST]), "malformed"),
        (Message(leave_out=[cms.SIGNING_TIME]), "valid"),
        (Message(leave_out=[cms.SIGNING_CERTIFICATE_V2]), "certificate_substituted"),
        (Message(content_type=cms.SIGNED_DATA), "malformed"),
        (Message(signed_type=cms.SIGNED_DATA), "malformed"),
        (Message(signature=bytes(64)), "bad_signature"),
        (Message(signature=b"\1" * 64), "bad_signature"),
        (Message(signature=b""), "bad_signature"),
        (Message(attribute_digest=digests.SHA_1), "weak_digest"),
        (Message(attribute_digest=digests.SHA_256), "valid"),
        (
            Message(
                extra_attributes=[
                    maker.attribute(cms.MESSAGE_DIGEST, encode(OCTET_STRING, bytes(32)))
                ]
            ),
            "malformed",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_message_rules__each_have_their_reason(world: World, message: Message, reason: str) -> None:
    assert world.reason(world.person, message) == reason


def test_detached__needs_its_content(world: World) -> None:
    signature = maker.sign(world.person, Message(attached=False))
    assert world.verify(signature, content=None).reason.value == "content_mismatch"


def test_size__has_a_limit_for_message_and_content(world: World) -> None:
    policy = Policy(max_bytes=16 * 1024)
    long = bytes(policy.max_bytes)
    attached = maker.sign(world.person, Message(content=long))
    assert world.verify(attached, content=long).valid
    refused = world.verify(attached, content=long, policy=policy)
    assert refused.reason.value == "too_large"
    detached = maker.sign(world.person, Message(content=long + b"1", attached=False))
    refused = world.verify(detached, content=long + b"1", policy=policy)
    assert refused.reason.value == "too_large"


def test_size__of_a_signature_with_its_revocation_data(world: World) -> None:
    """Long-term signatures are mostly unsigned attributes, which nobody reads here."""
    signature = long_term(maker.sign(world.person))
    assert 24_000 < len(signature) < 28_000
    assert world.verify(signature).valid


@pytest.mark.parametrize("indefinite", [False, True])
def test_unsigned_attributes__are_not_even_read(world: World, indefinite: bool) -> None:
    """Neither what they are nor that they are nothing changes the outcome."""
    for content in (b"\x04\x02ab" * 100, maker.attribute("1.2.3", encode(SET)) * 50):
        signature = with_unsigned(maker.sign(world.person), content, indefinite=indefinite)
        assert world.verify(signature).valid


def test_content__is_compared_before_it_is_hashed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kupyna over 240 KB takes a second; a refusal must not."""
    large = maker.sign(world.person, Message(content=bytes(240_000)))
    monkeypatch.setattr(digests, "compute", mock.Mock(side_effect=AssertionError))
    assert world.verify(large).reason.value == "content_mismatch"


def test_content__that_is_a_set_of_attributes_is_refused(world: World) -> None:
    """Such a signature could be shown as one over these attributes, and the other way round."""
    attributes = maker.attribute(cms.MESSAGE_DIGEST, encode(OCTET_STRING, bytes(32)))
    content = encode(SET, attributes)
    for attached in (True, False):
        message = Message(content=content, attached=attached)
        refused = world.verify(maker.sign(world.person, message), content=content)
        assert (refused.reason.value, "signed attributes" in refused.detail) == ("malformed", True)
    for sound in (b"1 text", encode(SET, encode(OCTET_STRING, b"x")), b"1"):
        signature = maker.sign(world.person, Message(content=sound))
        assert world.verify(signature, content=sound).valid


@pytest.mark.parametrize("name", other_formats(b"0"))
def test_other_formats__are_named_with_what_to_do(world: World, name: str) -> None:
    sample, expected = other_formats(maker.sign(world.person))[name]
    verdict = world.verify(sample)
    assert verdict.reason.value == "unsupported_container"
    assert verdict.detail.startswith(f"{expected}: ")
    assert len(verdict.detail) > 40
    assert describe(sample)["format"] == expected


@pytest.mark.parametrize(
    "sample", [b"", b"PK\x03\x04", b"PK\x03\x04 a zip with nothing signed", b"<html/>", b"text"]
)
def test_other_files__are_no_signatures_in_another_format(world: World, sample: bytes) -> None:
    assert world.verify(sample).reason.value == "malformed"


def test_certificates__at_most_ten(world: World) -> None:
    ten = Message(certificates=[world.authority.raw] * 9 + [world.person.raw])
    eleven = Message(certificates=[world.authority.raw] * 10 + [world.person.raw])
    assert world.reason(world.person, ten) == "valid"
    assert world.reason(world.person, eleven) == "too_large"


def test_signed_attributes__have_a_limit(world: World) -> None:
    long = maker.attribute("1.2.3", encode(OCTET_STRING, bytes(cms.MAX_ATTRIBUTE_BYTES)))
    assert world.reason(world.person, Message(extra_attributes=[long])) == "too_large"


def test_certificate__has_a_limit(world: World) -> None:
    long = world.issue(Subject(extensions=[maker.extension("1.2.3", bytes(MAX_BYTES))]))
    with pytest.raises(KepError) as refusal:
        read_certificate(long.raw)
    assert refusal.value.reason is Reason.TOO_LARGE


def test_octets_after_the_message__are_refused(world: World) -> None:
    verdict = world.verify(maker.sign(world.person) + b"\0")
    assert verdict.reason.value == "trailing_data"


@pytest.mark.parametrize("data", [b"", b"\x30", b"junk", b"\x30\x80", b"\x05\x00", b"M\1junk"])
def test_octets_that_are_no_message__are_refused(world: World, data: bytes) -> None:
    assert world.verify(data).reason.value == "malformed"


def test_indefinite_lengths__are_read(world: World) -> None:
    """Streaming producers write the outer layers and the content in pieces."""
    signature = maker.sign(world.person)
    message = cms.parse(signature)
    _, wrapped = message.children()
    signed = wrapped.only()
    version, algorithms, content, *rest = signed.children()
    pieces = b"\x24\x80" + encode(OCTET_STRING, b"chal") + encode(OCTET_STRING, b"lenge") + b"\0\0"
    oid = next(content.children()).raw
    body = b"\x30\x80" + oid + b"\xa0\x80" + pieces + b"\0\0\0\0"
    parts = version.raw + algorithms.raw + body + b"".join(node.raw for node in rest)
    streamed = b"\x30\x80" + encode_oid(cms.SIGNED_DATA) + b"\xa0\x80\x30\x80" + parts + b"\0\0" * 3
    assert world.verify(streamed).valid
    assert world.verify(streamed + b"\0\0").reason.value == "trailing_data"


def test_signer__is_found_wherever_it_stands(world: World) -> None:
    message = Message(certificates=[world.root.raw, world.authority.raw, world.person.raw])
    assert world.reason(world.person, message) == "valid"


def test_signed_attributes__are_hashed_as_received(world: World) -> None:
    """An attribute that sorts first, put last: a verifier that sorts would refuse."""
    early = maker.attribute("1.2.3", encode(NULL))
    assert world.reason(world.person, Message(extra_attributes=[early])) == "valid"


def test_substitution__of_a_certificate_over_the_same_key(world: World) -> None:
    other = world.issue(Subject(attributes={maker.DRFO: "3123407177"}), seed="person")
    message = Message(named=other, certificates=[other.raw], essential=world.person)
    assert world.reason(world.person, message) == "certificate_substituted"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (lambda: DstuPrivateKey("k", digest=digests.KUPYNA_256), "valid"),
        (lambda: DstuPrivateKey("k", digest=digests.KUPYNA_384), "valid"),
        (lambda: DstuPrivateKey("k", digest=digests.KUPYNA_512), "valid"),
        (EcPrivateKey, "valid"),
        (lambda: EcPrivateKey(ec.SECP384R1(), digests.SHA_384), "valid"),
        (lambda: EcPrivateKey(ec.SECP384R1(), digests.SHA_512), "valid"),
        (lambda: EcPrivateKey(digest=digests.SHA_1), "weak_digest"),
        (lambda: EcPrivateKey(ec.SECP256K1()), "bad_parameters"),
        (lambda: EcPrivateKey(ec.SECP521R1()), "bad_parameters"),
        (RsaPrivateKey, "valid"),
        (lambda: RsaPrivateKey(pss=True), "valid"),
        (lambda: RsaPrivateKey(pss=True, salt=222), "valid"),
        (lambda: RsaPrivateKey(1024), "bad_parameters"),
    ],
)
def test_algorithms__outside_the_list_are_refused(
    world: World, key: Callable[[], DstuPrivateKey], reason: str
) -> None:
    holder = maker.issue(Subject(), key(), world.authority)
    assert world.reason(holder) == reason


def test_algorithm__must_be_one_of_the_key(world: World) -> None:
    foreign = EcPrivateKey().algorithm(digests.SHA_256)
    message = Message(digest=None, algorithm=foreign)
    assert world.reason(world.person, message) == "unsupported_algorithm"
    holder = maker.issue(Subject(), EcPrivateKey(), world.authority)
    message = Message(algorithm=world.person.key.algorithm(digests.GOST_34311))
    assert world.reason(holder, message) == "unsupported_algorithm"


def test_algorithm__names_the_digest_of_the_message(world: World) -> None:
    kupyna = world.person.key.algorithm(digests.KUPYNA_256)
    assert world.reason(world.person, Message(algorithm=kupyna)) == "unsupported_algorithm"


def test_signature__wrapped_as_in_certificates_is_refused(world: World) -> None:
    signature = maker.sign(world.person)
    value = list(cms.read_signed_data(signature).signer.signature)
    wrapped = encode(OCTET_STRING, bytes(value))
    assert world.reason(world.person, Message(signature=wrapped)) == "bad_signature"


def test_curve__explicit_parameters_of_the_table(world: World) -> None:
    key = DstuPrivateKey("person")
    subject = Subject(key_info=key.key_info_with(key.explicit_curve()))
    assert world.reason(maker.issue(subject, key, world.authority)) == "valid"


@pytest.mark.parametrize("foreign", ["b", "base", "table", "name", "implicit", "normal basis"])
def test_curve__foreign_parameters(world: World, foreign: str) -> None:
    key = DstuPrivateKey("person")
    other = DstuPrivateKey("somebody")
    domain = {
        "b": key.explicit_curve(b=key.curve.b ^ 2),
        "base": key.explicit_curve(base=other.encoded),
        "table": encode_oid(key.curve.oid),
        "name": encode_oid("1.2.804.2.1.1.1.1.3.1.1.2.10"),
        "implicit": encode(NULL),
        "normal basis": key.explicit_curve().replace(
            b"\x02\x02\1\1\x02\1\x0c", b"\x02\3\0\1\1" + encode(NULL), 1
        ),
    }[foreign]
    if foreign == "table":
        key.table = bytes(64)
    holder = maker.issue(Subject(key_info=key.key_info_with(domain)), key, world.authority)
    assert world.reason(holder) == "bad_parameters"


def test_curve__base_point_of_the_other_sign_is_foreign(world: World) -> None:
    key = DstuPrivateKey("person")
    data = bytearray(base_bytes(key.curve))
    data[0] ^= 1
    domain = key.explicit_curve(base=bytes(data))
    holder = maker.issue(Subject(key_info=key.key_info_with(domain)), key, world.authority)
    assert world.reason(holder) == "bad_parameters"


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        (Subject(usage=[Usage.DIGITAL_SIGNATURE]), "valid"),
        (Subject(usage=[Usage.NON_REPUDIATION]), "valid"),
        (Subject(usage=[Usage.KEY_AGREEMENT]), "wrong_key_usage"),
        (Subject(usage=None), "wrong_key_usage"),
        (
            Subject(usage=None, extensions=[maker.extension("2.5.29.15", b"\3\1\0")]),
            "wrong_key_usage",
        ),
        (Subject(authority=True), "wrong_key_usage"),
        (Subject(usage=[*maker.SIGNING, Usage.KEY_CERT_SIGN]), "wrong_key_usage"),
        (Subject(purposes=[SERVER]), "wrong_key_usage"),
        (Subject(purposes=[OCSP_SIGNING]), "wrong_key_usage"),
        (Subject(purposes=[SERVER, "1.3.6.1.5.5.7.3.4"]), "valid"),
        (Subject(not_after=datetime(2026, 11, 22, tzinfo=UTC)), "expired"),
        (Subject(not_before=datetime(2026, 11, 24, tzinfo=UTC)), "not_yet_valid"),
        (
            Subject(extensions=[maker.extension("1.2.3", b"\5\0", critical=True)]),
            "untrusted_issuer",
        ),
        (Subject(extensions=[maker.extension("1.2.3", b"\5\0")]), "valid"),
        (Subject(attributes={}), "no_person"),
        (Subject(attributes={maker.EDRPOU: "12345678"}), "no_person"),
        (Subject(seal=True), "no_person"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_signer_rules__each_have_their_reason(world: World, subject: Subject, reason: str) -> None:
    assert world.reason(world.issue(subject)) == reason


def test_seal__is_accepted_where_no_person_is_asked_for(world: World) -> None:
    seal = world.issue(Subject(seal=True, attributes={maker.EDRPOU: "12345678"}))
    verdict = world.verify(maker.sign(seal), policy=SEALED_ANSWER)
    assert verdict.identity is not None
    assert verdict.identity.seal
    assert verdict.identity.edrpou == "12345678"


def test_signing_time__does_not_rescue_an_expired_certificate(world: World) -> None:
    holder = world.issue(Subject(not_after=datetime(2026, 1, 1, tzinfo=UTC)))
    early = maker.attribute(cms.SIGNING_TIME, maker.moment(datetime(2025, 6, 1, tzinfo=UTC)))
    message = Message(leave_out=[cms.SIGNING_TIME], extra_attributes=[early])
    assert world.reason(holder, message) == "expired"


def test_path__forged_authority_with_the_trusted_name(world: World) -> None:
    forger = maker.authority("Authority", DstuPrivateKey("forger"), world.root)
    forger.raw = maker.authority("Authority", DstuPrivateKey("forger")).raw
    holder = maker.issue(Subject(), DstuPrivateKey("person"), forger)
    message = Message(certificates=[holder.raw, forger.raw])
    assert world.reason(holder, message) == "untrusted_issuer"


def test_path__same_name_and_key_identifier_but_another_key(world: World) -> None:
    """Without the signature check the name and the key identifier would do."""
    holder = world.issue(damage=True)
    assert world.reason(holder) == "untrusted_issuer"


def test_path__self_signed_signer_in_the_message(world: World) -> None:
    alone = maker.issue(Subject(), DstuPrivateKey("alone"))
    assert world.reason(alone) == "untrusted_issuer"


def test_path__self_signed_signer_in_the_store_is_no_authority(world: World) -> None:
    alone = maker.issue(Subject(), DstuPrivateKey("alone"))
    trust = store_of([alone.certificate], no_revocation=[alone.certificate])
    assert world.reason(alone, trust=trust) == "untrusted_issuer"


def test_path__embedded_root_is_no_anchor(world: World) -> None:
    root = maker.authority("Elsewhere", DstuPrivateKey("elsewhere"))
    holder = maker.issue(Subject(), DstuPrivateKey("person"), root)
    message = Message(certificates=[holder.raw, root.raw])
    assert world.reason(holder, message) == "untrusted_issuer"


@pytest.mark.parametrize(
    "broken", ["authority", "usage", "path_length", "not_after", "critical", "key_identifier"]
)
def test_path__issuer_that_may_not_issue(world: World, broken: str) -> None:
    subject = Subject()
    key = DstuPrivateKey("middle")
    if broken == "not_after":
        subject.not_after = datetime(2026, 1, 1, tzinfo=UTC)
    if broken == "critical":
        subject.extensions = [maker.extension("2.5.29.30", b"\x30\0", critical=True)]
    middle = maker.authority("Middle", key, world.root, subject)
    if broken in ("authority", "usage"):
        subject.authority = broken != "authority"
        subject.usage = maker.ISSUING if broken == "authority" else maker.SIGNING
        middle = maker.issue(subject, key, world.root)
    issuer = middle
    if broken == "path_length":
        subject.path_length = 0
        middle = maker.issue(subject, key, world.root)
        issuer = maker.authority("Lower", DstuPrivateKey("lower"), middle)
    holder = maker.issue(Subject(), DstuPrivateKey("person"), issuer)
    stored = [world.root.certificate, middle.certificate, issuer.certificate]
    if broken == "key_identifier":
        impostor = maker.issue(
            Subject(
                name=subject.name, authority=True, usage=maker.ISSUING, attributes={}, statements=()
            ),
            DstuPrivateKey("other"),
            world.root,
        )
        stored = [world.root.certificate, impostor.certificate]
    trust = store_of(
        stored, no_revocation=[world.root.certificate, middle.certificate, issuer.certificate]
    )
    expected = "expired" if broken == "not_after" else "untrusted_issuer"
    assert world.reason(holder, trust=trust) == expected


def test_path__embedded_intermediate_below_an_anchor_is_used(world: World) -> None:
    trust = store_of(
        [world.root.certificate],
        no_revocation=[world.root.certificate, world.authority.certificate],
    )
    message = Message(certificates=[world.authority.raw, world.person.raw])
    assert world.reason(world.person, message, trust=trust) == "valid"
    assert world.reason(world.person, trust=trust) == "untrusted_issuer"


def test_path__embedded_intermediate_needs_revocation_data(world: World) -> None:
    trust = store_of([world.root.certificate], no_revocation=[world.authority.certificate])
    message = Message(certificates=[world.authority.raw, world.person.raw])
    assert world.reason(world.person, message, trust=trust) == "revocation_unknown"


def test_path__pinned_authority_needs_nothing_above(world: World) -> None:
    trust = TrustStore(anchors=(world.authority.certificate,))
    assert world.reason(world.person, trust=trust) == "valid"


def test_path__anchor_must_be_valid_too(world: World) -> None:
    old = Subject(not_after=datetime(2026, 1, 1, tzinfo=UTC))
    root = maker.authority("Old", DstuPrivateKey("old"), subject=old)
    holder = maker.issue(Subject(), DstuPrivateKey("person"), root)
    trust = store_of([root.certificate], no_revocation=[root.certificate])
    assert world.reason(holder, trust=trust) == "expired"


def test_path__expired_twin_of_an_authority_does_not_stand_in_the_way(world: World) -> None:
    """Renewed authorities keep name and key: any valid path will do."""
    old = Subject(not_after=datetime(2026, 1, 1, tzinfo=UTC))
    twin = maker.authority("Authority", world.authority.key, world.root, old)
    trust = store_of([world.root.certificate, twin.certificate, world.authority.certificate])
    assert world.reason(world.person, trust=trust) == "valid"


def test_path__authority_with_a_new_key_does_not_lengthen_it(world: World) -> None:
    limited = Subject(path_length=0)
    old = maker.authority("Limited", DstuPrivateKey("old"), world.root, limited)
    new = maker.authority("Limited", DstuPrivateKey("new"), old)
    holder = maker.issue(Subject(), DstuPrivateKey("person"), new)
    stored = [item.certificate for item in (world.root, old, new)]
    assert world.reason(holder, trust=store_of(stored, no_revocation=stored)) == "valid"


def test_path__certificate_signed_with_a_weak_digest(world: World) -> None:
    root = maker.authority("EC", EcPrivateKey())
    holder = maker.issue(Subject(), EcPrivateKey(), root, digest=digests.SHA_1)
    trust = store_of([root.certificate], no_revocation=[root.certificate])
    assert world.reason(holder, trust=trust) == "weak_digest"


def test_path__many_forged_issuers_cost_little(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine embedded authorities with one name make no exponential search."""
    calls = []
    original = maker.Certificate.is_signed_by

    def counted(
        self: maker.Certificate, issuer: maker.Certificate, *, lasting: bool = False
    ) -> bool:
        calls.append(1)
        return original(self, issuer, lasting=lasting)

    name = {"2.5.4.3": "Loop"}
    keys = [DstuPrivateKey("loop")] * 9
    loops = []
    for key in keys:
        subject = Subject(
            name=name, authority=True, usage=maker.ISSUING, attributes={}, statements=()
        )
        loops.append(maker.issue(subject, key))
    holder = maker.issue(Subject(), DstuPrivateKey("person"), loops[0])
    message = Message(certificates=[holder.raw, *(loop.raw for loop in loops)])
    monkeypatch.setattr(maker.Certificate, "is_signed_by", counted)
    assert world.reason(holder, message) == "untrusted_issuer"
    assert len(calls) <= 12


def test_identity__is_hidden_unless_proven(world: World) -> None:
    verdict = world.verify(maker.sign(world.person), source=StaticSource())
    assert verdict.reason.value == "revocation_unknown"
    assert verdict.identity is None
    assert verdict.certificate is not None
    assert verdict.content is None


def test_set_of_unusual_parts__is_passed_over(world: World) -> None:
    """Attribute certificates and embedded CRLs are legal and of no interest."""
    signed = cms.parse(maker.sign(world.person))
    oid, wrapped = signed.children()
    parts = [node.raw for node in wrapped.only().children()]
    crls = encode(context(1), encode(SEQUENCE, encode(NULL)))
    parts.insert(4, crls)
    message = encode(SEQUENCE, oid.raw, encode(context(0), encode(SEQUENCE, *parts)))
    assert world.verify(message).valid
