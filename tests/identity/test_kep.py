"""Sign-in by КЕП: who a signature names, and that every bad one is refused by its own reason."""

from __future__ import annotations

import base64
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, IdentityError, Proof
from integrations.identity.certificates import (
    MAX_EVIDENCE,
    evidence_of_trust,
    seen_certificate,
)
from integrations.identity.id_gov_ua_person import read_person
from integrations.identity.kep import MAX_UPLOAD_BYTES, require_signature
from integrations.kep import digests
from integrations.kep.certificates import Usage
from integrations.kep.verify import MAX_SIGNATURE_BYTES
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey, RsaPrivateKey
from sandbox.authority.maker import DRFO, EDRPOU, UNZR, Holder, Message, Subject
from sandbox.authority.people import Algorithm
from tests.harness.clock import NOW
from tests.steps.authority import CONTENT, Network, provider, ring, signature
from tests.steps.outside_formats import long_term, other_formats, with_unsigned


def check(signed: bytes, *, now: datetime = NOW, **options: Any) -> Proof:
    return provider(**options).verify(signed, content=CONTENT, now=now)


def refused(signed: bytes, **how: Any) -> IdentityError:
    with pytest.raises(IdentityError) as caught:
        check(signed, **how)
    return caught.value


def reason(signed: bytes, **how: Any) -> str:
    return refused(signed, **how).reason


def issue(subject: Subject | None = None, *, key: Any = None, **options: Any) -> Holder:
    """A certificate of the ДСТУ authority that its OCSP responder does not know, but its CRL is."""
    authority = ring().authority(Algorithm.DSTU)
    return maker.issue(subject or person(), key or EcPrivateKey(), authority, **options)


def person(**changes: Any) -> Subject:
    return Subject(not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=1), **changes)


def sign(holder: Holder, **message: Any) -> bytes:
    wanted: dict[str, Any] = {"content": CONTENT, "signing_time": NOW}
    return maker.sign(holder, Message(**wanted | message))


# --- Who it is ---------------------------------------------------------------------------------


def test_credentials__are_known_again_when_a_broker_tells_of_them() -> None:
    """A key that its owner has unbound does not come back through id.gov.ua."""
    certificate = ring().holders["person-olena"].certificate
    authority = "Надавач послуг (демонстрація, ДСТУ 4145)"
    fields = {
        "auth_type": "dig_sign",
        "drfocode": "3142501187",
        "lastname": "Вербицька",
        "givenname": "Олена",
        "issuer": f"O=Надавач;CN={authority}",
        "issuercn": authority,
        "serial": f"{certificate.serial:040X}",
    }
    _, credential = read_person(fields, provider="id_gov_ua", levels={}, now=NOW)
    own = check(signature("olena")).credential
    assert own
    assert credential
    assert own.fingerprint == credential.fingerprint
    assert (len(own.seen), credential.seen) == (64, ""), "a broker shows no certificate"
    assert own.seen == seen_certificate(
        issuer_key=ring().authority(Algorithm.DSTU).certificate.key_bytes,
        signed_part=certificate.tbs,
    )
    other = check(signature("taras")).credential
    assert other
    assert other.fingerprint != own.fingerprint


def test_credentials__of_two_authorities_with_one_name_are_two(tmp_path: Path) -> None:
    """Both trusted, the same number on both: nothing but the issuer's key tells them apart."""
    authorities = [maker.authority("Надавач", EcPrivateKey()) for _ in range(2)]
    for number, authority in enumerate(authorities):
        (tmp_path / f"{number}.cer").write_bytes(authority.certificate.raw)
    believed = [authority.certificate.fingerprint for authority in authorities]
    credential = [
        check(
            sign(maker.issue(person(serial=7), EcPrivateKey(), authority)),
            trust=tmp_path,
            no_revocation=believed,
        ).credential
        for authority in authorities
    ]
    assert credential[0]
    assert credential[1]
    assert credential[0].fingerprint == credential[1].fingerprint
    assert credential[0].seen != credential[1].seen


def test_person__with_a_token() -> None:
    proof = check(signature("olena"))

    identity = proof.identity
    assert (identity.identifier_kind, identity.identifier) == (IdentifierKind.RNOKPP, "3142501187")
    assert (identity.last_name, identity.first_name) == ("Вербицька", "Олена")
    assert identity.patronymic == "Ігорівна"
    assert (identity.level, identity.method) == (Level.HIGH, "kep+dstu")
    assert (identity.provider, identity.auth_time) == ("kep", NOW)
    assert identity.edrpou is None
    assert proof.credential
    holder = ring().holders["person-olena"]
    assert proof.credential.label == "Надавач послуг (демонстрація, ДСТУ 4145)"
    assert proof.credential.valid_until == holder.certificate.not_after


@pytest.mark.parametrize(
    ("slug", "kind", "identifier", "level", "method"),
    [
        ("taras", "rnokpp", "2873402551", "substantial", "kep+dstu"),
        ("taras-token", "rnokpp", "2873402551", "high", "kep+ecdsa"),
        ("iosyp", "passport", "PASUA-АЕ431207", "high", "kep+dstu"),
        ("amina", "unzr", "19930517-04212", "high", "kep+ecdsa"),
    ],
)
def test_person__identifier_and_level(
    slug: str, kind: str, identifier: str, level: str, method: str
) -> None:
    identity = check(signature(slug)).identity

    assert (identity.identifier_kind, identity.identifier) == (kind, identifier)
    assert (identity.level, identity.method) == (level, method)


def test_person__without_a_patronymic() -> None:
    identity = check(signature("amina")).identity
    assert (identity.first_name, identity.patronymic) == ("Аміна", "")


def test_representative__of_an_organisation() -> None:
    identity = check(signature("halyna")).identity
    assert (identity.edrpou, identity.identifier) == ("40000121", "2984506720")
    assert identity.organisation == "Громадська організація «Зелена хвиля»"


def test_sole_trader__represents_nobody() -> None:
    subject = person(attributes={DRFO: "3142501187", EDRPOU: "3142501187"})
    identity = check(sign(issue(subject))).identity
    assert (identity.edrpou, identity.organisation) == (None, None)


def test_rsa_key_and_unqualified_certificate__give_a_low_level() -> None:
    identity = check(sign(issue(person(statements=()), key=RsaPrivateKey()))).identity
    assert (identity.level, identity.method) == (Level.LOW, "kep+rsa")


def test_wrong_check_digit__is_no_rnokpp_of_anybody() -> None:
    identity = check(sign(issue(person(attributes={DRFO: "3142501180"})))).identity
    assert (identity.identifier_kind, identity.identifier) == (
        IdentifierKind.PASSPORT,
        "PASXX-3142501180",
    )


@pytest.mark.parametrize(
    ("written", "serial", "known"),
    [
        ("АЕ431207", "", "PASUA-АЕ431207"),
        ("AE431207", "", "PASXX-AE431207"),
        ("AE431207", "TINUA-AE431207", "PASUA-АЕ431207"),
        ("AE431207", "PASUA-AE431207", "PASUA-АЕ431207"),
        ("BK765432", "PASPL-BK765432", "PASPL-BK765432"),
        ("123456789", "IDCUA-123456789", "IDCUA-123456789"),
        ("123456789", "PASUS-123456789", "PASUS-123456789"),
        ("PL7712345", "", "PASXX-PL7712345"),
    ],
)
def test_passport__keeps_kind_and_country(written: str, serial: str, known: str) -> None:
    subject = person(attributes={DRFO: written})
    if serial:
        subject = replace(subject, name=subject.name | {"2.5.4.5": serial})
    identity = check(sign(issue(subject))).identity
    assert (identity.identifier_kind, identity.identifier) == (IdentifierKind.PASSPORT, known)


def test_unzr__beside_another_number() -> None:
    subject = person(attributes={DRFO: "3142501187", UNZR: "19860114-00017"})
    assert check(sign(issue(subject))).identity.unzr == "19860114-00017"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            {"2.5.4.3": "Ґудзь Анна Марія Петрівна", "2.5.4.4": "Ґудзь"},
            ("Ґудзь", "Анна Марія", "Петрівна"),
        ),
        ({"2.5.4.3": "Ткач Йосип Ґедеонович"}, ("Ткач", "Йосип", "Ґедеонович")),
        (
            {"2.5.4.3": "Ткач Йосип Ґедеонович", "2.5.4.4": "Ткач", "2.5.4.42": "Йосип"},
            ("Ткач", "Йосип", "Ґедеонович"),
        ),
        (
            {"2.5.4.3": "ФОП Ткач", "2.5.4.4": "Ткач", "2.5.4.42": "Йосип Ґедеонович"},
            ("Ткач", "Йосип", "Ґедеонович"),
        ),
        ({"2.5.4.3": "Suharto"}, ("Suharto", "", "")),
    ],
)
def test_names__are_read_from_the_certificate(
    name: dict[str, str], expected: tuple[str, str, str]
) -> None:
    identity = check(sign(issue(person(name=name)))).identity
    assert (identity.last_name, identity.first_name, identity.patronymic) == expected


@pytest.mark.parametrize(
    "name",
    [{"2.5.4.6": "UA"}, {"2.5.4.4": "Х" * 200}, {"2.5.4.4": "Ткач", "2.5.4.42": "---"}],
)
def test_certificate_without_a_name__names_nobody(name: dict[str, str]) -> None:
    assert reason(sign(issue(person(name=name)))) == "no_person"


def test_evidence__of_a_huge_list_is_its_digest() -> None:
    """A copy of the list for every sign-in would fill the disk."""
    huge = bytes(MAX_EVIDENCE + 1)
    kept = evidence_of_trust([b"cer"], [b"ocsp", huge])
    assert kept == {
        "certificate-1.cer": b"cer",
        "revocation-1.der": b"ocsp",
        "revocation-2.sha256": sha256(huge).hexdigest().encode(),
    }


def test_evidence__proves_it_without_us() -> None:
    signed = signature("olena")
    evidence = check(signed).evidence
    assert set(evidence) == {
        "signature.p7s",
        "challenge.txt",
        "certificate-1.cer",
        "certificate-2.cer",
        "certificate-3.cer",
        "revocation-1.der",
    }
    assert (evidence["signature.p7s"], evidence["challenge.txt"]) == (signed, CONTENT)
    assert evidence["certificate-3.cer"] == ring().holders["dstu-root"].raw


# --- How it may come ---------------------------------------------------------------------------


@pytest.mark.parametrize("attached", [True, False])
@pytest.mark.parametrize(
    "write",
    [
        lambda data: data,
        base64.b64encode,
        base64.encodebytes,
        lambda data: b"\xef\xbb\xbf" + base64.encodebytes(data).replace(b"\n", b"\r\n"),
        lambda data: (
            b"-----BEGIN PKCS7-----\n" + base64.encodebytes(data) + b"-----END PKCS7-----\n"
        ),
    ],
)
def test_every_usual_form__is_read(attached: bool, write: Callable[[bytes], bytes]) -> None:
    signed = write(signature("nadiia", attached=attached))
    assert check(signed).identity.last_name == "Кравець"


# --- What is refused ---------------------------------------------------------------------------


def test_refused__expired_and_revoked_with_the_date() -> None:
    expired = refused(signature("iryna"))
    assert expired.reason == "expired"
    assert expired.moment == ring().holders["person-iryna"].certificate.not_after
    revoked = refused(signature("vasyl"))
    assert (revoked.reason, revoked.moment) == ("revoked", datetime(2026, 6, 1, tzinfo=UTC))
    early = refused(sign(issue(person()), signing_time=NOW), now=NOW - timedelta(days=2))
    assert early.reason == "not_yet_valid"
    assert early.moment == NOW - timedelta(days=1)


def test_refused__revoked_also_when_only_the_list_tells() -> None:
    class OnlyList(Network):
        def fetch(self, url: str, *, body: bytes | None, limit: int, seconds: float) -> bytes:
            return (
                super().fetch(url, body=body, limit=limit, seconds=seconds)
                if body is None
                else b"<html>"
            )

    assert reason(signature("vasyl"), network=OnlyList()) == "revoked"


def test_refused__an_authority_that_ended_tells_no_date_of_the_person() -> None:
    long_lived = Subject(not_before=NOW, not_after=NOW + timedelta(days=20_000))
    late = refused(sign(issue(long_lived)), now=NOW + timedelta(days=10_000))
    assert (late.reason, late.moment) == ("expired", None)


def test_refused__seal() -> None:
    assert reason(signature("seal")) == "no_person"


def test_refused__unknown_and_forged_authority() -> None:
    stranger = maker.authority("Надавач", DstuPrivateKey("stranger"))
    assert reason(sign(maker.issue(person(), EcPrivateKey(), stranger))) == "untrusted_issuer"
    forged = Holder(DstuPrivateKey("forger"), ring().authority(Algorithm.DSTU).raw)
    assert reason(sign(maker.issue(person(), EcPrivateKey(), forged))) == "untrusted_issuer"


@pytest.mark.parametrize("usage", [[Usage.KEY_AGREEMENT], [Usage.KEY_CERT_SIGN], []])
def test_refused__key_for_something_else(usage: list[int]) -> None:
    assert reason(sign(issue(person(usage=usage)))) == "wrong_key_usage"


def _damaged() -> bytes:
    signed = bytearray(signature("nadiia"))
    signed[-1] ^= 1
    return bytes(signed)


def _substituted() -> bytes:
    key = EcPrivateKey()
    mine, other = issue(key=key), issue(person(attributes={DRFO: "2873402551"}), key=key)
    return sign(mine, certificates=[other.raw], named=other)


def _foreign_curve() -> bytes:
    key = DstuPrivateKey("curve")
    holder = issue(person(key_info=key.key_info_with(key.explicit_curve(b=5))), key=key)
    return sign(holder)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: signature(content=b"another"), "content_mismatch"),
        (lambda: signature(content=b"another", attached=False), "digest_mismatch"),
        (lambda: signature(hashed_content=b"another"), "digest_mismatch"),
        (_damaged, "bad_signature"),
        (lambda: signature(signers=2), "several_signers"),
        (lambda: signature(signers=0), "no_signer"),
        (lambda: signature(certificates=[]), "certificate_missing"),
        (_substituted, "certificate_substituted"),
        (lambda: sign(issue(), digest=digests.SHA_1), "weak_digest"),
        (_foreign_curve, "bad_parameters"),
        (lambda: signature() + b"\0", "trailing_data"),
        (lambda: signature()[:-1], "malformed"),
        (lambda: signature()[:1000], "malformed"),
        (lambda: base64.b64encode(signature())[:-2], "malformed"),
        (lambda: b"", "malformed"),
        (lambda: b"%PDF-1.7", "unsupported_container"),
        (lambda: "підпис".encode(), "malformed"),
        (lambda: b"-----BEGIN PKCS7-----", "malformed"),
        (lambda: b"0" * (MAX_SIGNATURE_BYTES + 1), "too_large"),
        (lambda: b"M" * (MAX_UPLOAD_BYTES + 1), "too_large"),
        (lambda: CONTENT, "malformed"),
    ],
)
def test_signature__is_refused_with_its_reason(make: Callable[[], bytes], expected: str) -> None:
    assert reason(make()) == expected


def test_refused__nobody_tells_whether_it_is_revoked() -> None:
    network = Network(down=True)
    assert reason(signature(), network=network) == "revocation_unknown"
    assert network.asked


def test_refused__anything_else_without_an_exception_of_its_own() -> None:
    chance, sound = random.Random(4145), signature("nadiia")
    kep = provider()
    for _ in range(300):
        changed = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        with suppress(IdentityError):
            # Flags that nobody signs may change without harm.
            assert kep.verify(bytes(changed), content=CONTENT, now=NOW).identity.provider == "kep"


def test_nobody__is_asked_about_a_bad_signature() -> None:
    network = Network()
    assert reason(_damaged(), network=network) == "bad_signature"
    assert network.asked == []


def test_revocation__is_remembered_in_the_shared_cache() -> None:
    class Cache(dict[str, bytes]):
        def set(self, key: str, value: bytes, timeout: int) -> None:
            assert timeout > 0
            self[key] = value

    cache, network = Cache(), Network()
    for _ in range(2):
        # Another process each time.
        check(signature("olena"), network=network, cache=cache)
    assert len(network.asked) == 1


def test_personal_data__stays_out_of_texts_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        proof = check(signature("olena"))
        error = refused(signature("vasyl"))
    for value in ("3142501187", "Вербицька", "Криниця"):
        assert value not in repr(proof) + repr(error) + str(error) + caplog.text


def test_signature__with_its_revocation_data_signs_in() -> None:
    signed = long_term(signature("olena"))
    assert len(signed) > 24_000
    for written in (signed, base64.encodebytes(signed)):
        require_signature(written)
        assert check(written).identity.first_name == "Олена"


@pytest.mark.parametrize("name", other_formats(b"0"))
@pytest.mark.parametrize("write", [bytes, base64.b64encode])
def test_other_formats__are_named(name: str, write: Callable[[bytes], bytes]) -> None:
    sample, expected = other_formats(signature("olena"))[name]
    error = refused(write(sample))
    assert (error.reason, error.detail) == ("unsupported_container", expected)


def test_size__one_bound_for_page_and_verifier() -> None:
    """What the page lets through is not refused for its size when the challenge is spent."""
    for size in (MAX_SIGNATURE_BYTES, MAX_SIGNATURE_BYTES + 1):
        padding = size - len(with_unsigned(signature("olena"), bytes(200_000))) + 200_000
        signed = with_unsigned(signature("olena"), bytes(padding))
        assert len(signed) == size
        for written in (signed, base64.encodebytes(signed)):
            if size == MAX_SIGNATURE_BYTES:
                require_signature(written)
                assert check(written)
            else:
                assert reason(written) == "too_large"
                with pytest.raises(IdentityError, match="too_large"):
                    require_signature(written)
    ten = [ring().holders["dstu-ca"].raw] * 11
    with pytest.raises(IdentityError, match="too_large"):
        require_signature(signature("olena", certificates=ten))
