"""CRLs and OCSP answers: who may speak, how fresh, and what outweighs what."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from cryptography import x509

from integrations.kep import crl, digests, ocsp
from integrations.kep.certificates import Usage
from integrations.kep.crl_entries import Entries
from integrations.kep.der import (
    BOOLEAN,
    ENUMERATED,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    context,
    encode,
    encode_oid,
    parse,
)
from integrations.kep.errors import KepError
from integrations.kep.revocation import StaticSource, is_fresh
from integrations.kep.trust import store_of
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey
from sandbox.authority.maker import AT, Holder, OcspAnswer, Subject, make_crl, make_ocsp
from tests.kep.torture import reshape
from tests.steps.kep import DATA, World

HOUR = timedelta(hours=1)
END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


class Serial:
    """All that a list takes from a certificate."""

    def __init__(self, serial: int) -> None:
        self.serial = serial


def by_crl(world: World, *crls: bytes) -> str:
    return world.reason(world.person, source=StaticSource(crl_files=crls))


def by_ocsp(world: World, *answers: bytes) -> str:
    return world.reason(world.person, source=StaticSource(ocsp_files=answers))


def responder(world: World, **options: object) -> Holder:
    subject = Subject(
        name={"2.5.4.3": "Responder"}, attributes={}, statements=(), purposes=[OCSP_SIGNING]
    )
    for key, value in options.items():
        setattr(subject, key, value)
    return world.issue(subject, seed="responder")


def test_crl__fresh_and_without_the_certificate(world: World) -> None:
    assert by_crl(world, make_crl(world.authority)) == "valid"
    assert by_crl(world, make_crl(world.authority, [world.authority.certificate])) == "valid"


def test_crl__lists_the_certificate(world: World) -> None:
    assert by_crl(world, make_crl(world.authority, [world.person.certificate])) == "revoked"


def test_crl__one_of_several_lists_the_certificate(world: World) -> None:
    listed = make_crl(world.authority, [world.person.certificate])
    assert by_crl(world, make_crl(world.authority), listed) == "revoked"


def test_crl__stale_one_is_not_good_but_still_revokes(world: World) -> None:
    old = {"next_update": AT - HOUR}
    assert by_crl(world, make_crl(world.authority, **old)) == "revocation_unknown"
    listed = make_crl(world.authority, [world.person.certificate], **old)
    assert by_crl(world, listed) == "revoked"


@pytest.mark.parametrize(
    "times",
    [{"next_update": None}, {"this_update": AT + HOUR, "next_update": AT + 2 * HOUR}],
)
def test_crl__without_end_or_from_the_future(world: World, times: dict[str, datetime]) -> None:
    assert by_crl(world, make_crl(world.authority, **times)) == "revocation_unknown"


def test_crl__little_clock_difference_is_tolerated(world: World) -> None:
    crl = make_crl(world.authority, this_update=AT + timedelta(minutes=4))
    assert by_crl(world, crl) == "valid"
    assert is_fresh(AT, END_OF_TIME, END_OF_TIME)


def test_crl__of_another_authority_or_another_key(world: World) -> None:
    assert by_crl(world, make_crl(world.root)) == "revocation_unknown"
    forged = make_crl(world.authority, signed_by=DstuPrivateKey("forger"))
    assert by_crl(world, forged) == "revocation_unknown"
    forged = make_crl(
        world.authority, [world.person.certificate], signed_by=DstuPrivateKey("forger")
    )
    assert by_crl(world, make_crl(world.authority), forged) == "valid"


def test_crl__changed_octet(world: World) -> None:
    crl = bytearray(make_crl(world.authority, [world.root.certificate]))
    crl[len(crl) // 2] ^= 1
    assert by_crl(world, bytes(crl)) == "revocation_unknown"


def test_crl__of_an_unknown_version(world: World) -> None:
    crl = make_crl(world.authority)
    changed = crl.replace(b"\x02\x01\x01", b"\x02\x01\x09", 1)
    assert changed != crl
    assert by_crl(world, changed) == "revocation_unknown"


def entry(number: bytes, time: bytes = b"\x17\x0d260601000000Z", *rest: bytes) -> bytes:
    return encode(SEQUENCE, number, time, *rest)


def test_crl__reads_the_numbers_that_another_reader_reads(world: World) -> None:
    """The library of Python's cryptographers stands by as a witness, and reads nothing else here."""
    random = Random(5)
    numbers = [random.getrandbits(random.choice((7, 8, 63, 64, 158, 159))) for _ in range(300)]
    data = make_crl(world.authority, [Serial(number) for number in numbers])  # type: ignore[misc]
    witness, ours = x509.load_der_x509_crl(data), crl.read_crl(data)
    assert len(ours.entries) == len(witness) == 300
    for number in {*numbers, *(number + 1 for number in numbers), 0}:
        found = witness.get_revoked_certificate_by_serial_number(number)
        expected = None if found is None else found.revocation_date_utc
        assert crl.revocation_date(ours, number) == expected


def test_crl__a_number_inside_another_entry_revokes_nobody() -> None:
    hidden = encode(INTEGER, b"\x4d")
    extension = encode(
        SEQUENCE, encode(SEQUENCE, encode_oid("2.5.29.21"), encode(OCTET_STRING, hidden))
    )
    entries = Entries(
        entry(encode(INTEGER, b"\x01" + hidden))
        + entry(encode(INTEGER, b"\x02"), b"\x17\x0d260601000000Z", extension)
    )
    assert entries.revocation_date(0x4D) is None
    assert entries.revocation_date(2) == datetime(2026, 6, 1, tzinfo=UTC)
    assert Entries(entry(hidden)).revocation_date(0x4D) == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(entry(b"\x02\x02\x00\x4d"), id="number in two bytes instead of one"),
        pytest.param(entry(b"\x02\x02\xff\x80"), id="negative number in two bytes"),
        pytest.param(entry(b"\x02\x81\x01\x4d"), id="length of the number in two bytes"),
        pytest.param(entry(b"\x02\x00"), id="no number"),
        pytest.param(entry(b"\x04\x01\x4d"), id="not a number"),
        pytest.param(entry(b"\x02\x01\x4d", b""), id="no time"),
        pytest.param(entry(b"\x02\x01\x4d", b"\x17\x0b2606010000Z"), id="time without seconds"),
        pytest.param(
            entry(b"\x02\x01\x4d", b"\x17\x0d260601000000Z", b"\x05\x00"), id="not extensions"
        ),
        pytest.param(entry(b"\x02\x01\x4d")[:-1], id="cut off"),
        pytest.param(entry(b"\x02\x01\x4d") + b"\x30", id="half an entry"),
        pytest.param(b"\x30\x80\x02\x01\x4d\x17\x0d260601000000Z\x00\x00", id="without an end"),
        pytest.param(b"\x30\x0e\x02\x01\x4d\x17\x0d260601000000Z", id="longer than its entry"),
        pytest.param(b"\x31" + entry(b"\x02\x01\x4d")[1:], id="not an entry"),
    ],
)
def test_crl__an_entry_that_could_be_read_in_two_ways_is_refused(wrong: bytes) -> None:
    with pytest.raises(KepError, match="malformed"):
        Entries(entry(b"\x02\x01\x4c") + wrong)


def test_crl__a_date_or_extensions_that_are_none_are_refused_when_read() -> None:
    number = encode(INTEGER, b"\x4d")
    for wrong in (
        entry(number, b"\x17\x0d269901000000Z"),
        entry(number, b"\x17\x0d260601000000Z", encode(SEQUENCE, number)),
        entry(number, b"\x17\x0d260601000000Z", encode(SEQUENCE), number),
    ):
        with pytest.raises(KepError, match="malformed"):
            Entries(wrong).revocation_date(0x4D)


def test_crl__issuer_without_the_right_to_sign_it(world: World) -> None:
    subject = Subject(
        name={"2.5.4.3": "No CRL"}, authority=True, usage=[5], attributes={}, statements=()
    )
    issuer = maker.issue(subject, DstuPrivateKey("no crl"), world.root)
    person = maker.issue(Subject(), DstuPrivateKey("person"), issuer)
    trust = store_of([world.root.certificate, issuer.certificate])
    source = StaticSource(crl_files=[make_crl(issuer)])
    assert world.reason(person, trust=trust, source=source) == "revocation_unknown"


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ((), "valid"),
        ((1,), "valid"),
        ((2,), "revocation_unknown"),
        ((3,), "revocation_unknown"),
        ((4,), "revocation_unknown"),
        ((5,), "revocation_unknown"),
    ],
)
def test_crl__scope(world: World, scope: tuple[int, ...], reason: str) -> None:
    """Lists for authorities only, of some reasons, indirect or for attributes do not cover."""
    flags = (encode(context(bit, constructed=False), b"\xff") for bit in scope)
    point = maker.extension("2.5.29.28", encode(SEQUENCE, *flags), critical=True)
    assert by_crl(world, make_crl(world.authority, extensions=[point])) == reason


@pytest.mark.parametrize(("named", "reason"), [("a", "valid"), ("b", "revocation_unknown")])
def test_crl__partial_list_covers_its_distribution_point(
    world: World, named: str, reason: str
) -> None:
    def full_name(path: str) -> bytes:
        uri = encode(context(6, constructed=False), f"http://ca.example/{path}.crl".encode())
        return encode(context(0), encode(context(0), uri))

    points = encode(SEQUENCE, encode(SEQUENCE, full_name("a")))
    person = world.issue(Subject(extensions=[maker.extension("2.5.29.31", points)]))
    scope = maker.extension("2.5.29.28", encode(SEQUENCE, full_name(named)), critical=True)
    source = StaticSource(crl_files=[make_crl(world.authority, extensions=[scope])])
    assert world.reason(person, source=source) == reason


def test_crl__delta_list_is_not_enough(world: World) -> None:
    for critical in (True, False):
        delta = maker.extension("2.5.29.27", encode(INTEGER, b"\1"), critical=critical)
        assert by_crl(world, make_crl(world.authority, extensions=[delta])) == "revocation_unknown"


def test_ocsp__good_revoked_unknown(world: World) -> None:
    certificate = world.person.certificate
    for status, reason in (
        ("good", "valid"),
        ("revoked", "revoked"),
        ("unknown", "revocation_unknown"),
    ):
        answer = make_ocsp(world.authority, certificate, OcspAnswer(status))
        assert by_ocsp(world, answer) == reason


@pytest.mark.parametrize("digest", [digests.SHA_1, digests.SHA_256, digests.GOST_34311])
@pytest.mark.parametrize("inner_key", [False, True])
def test_ocsp__ways_to_name_the_issuer(world: World, digest: str, inner_key: bool) -> None:
    answer = OcspAnswer(digest=digest, inner_key=inner_key)
    assert by_ocsp(world, make_ocsp(world.authority, world.person.certificate, answer)) == "valid"


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"next_update": AT - HOUR}, "revocation_unknown"),
        ({"this_update": AT + HOUR}, "revocation_unknown"),
        ({"this_update": AT - 23 * HOUR, "next_update": None}, "valid"),
        ({"this_update": AT - 25 * HOUR, "next_update": None}, "revocation_unknown"),
        ({"this_update": END_OF_TIME, "next_update": None}, "revocation_unknown"),
    ],
)
def test_ocsp__freshness(world: World, times: dict[str, datetime], reason: str) -> None:
    answer = make_ocsp(world.authority, world.person.certificate, OcspAnswer(**times))
    assert by_ocsp(world, answer) == reason


def test_ocsp__about_another_certificate_or_issuer(world: World) -> None:
    answer = make_ocsp(world.authority, world.authority.certificate)
    assert by_ocsp(world, answer) == "revocation_unknown"
    answer = make_ocsp(world.root, world.person.certificate)
    assert by_ocsp(world, answer) == "revocation_unknown"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "valid"),
        ({"purposes": ()}, "revocation_unknown"),
        ({"purposes": ["1.3.6.1.5.5.7.3.4"]}, "revocation_unknown"),
        ({"usage": [Usage.KEY_AGREEMENT]}, "revocation_unknown"),
        ({"not_after": datetime(2026, 1, 1, tzinfo=UTC)}, "revocation_unknown"),
        (
            {"extensions": [maker.extension("1.2.3", b"\5\0", critical=True)]},
            "revocation_unknown",
        ),
    ],
)
def test_ocsp__delegated_responder(world: World, options: dict[str, object], reason: str) -> None:
    answer = OcspAnswer(responder=responder(world, **options))
    assert by_ocsp(world, make_ocsp(world.authority, world.person.certificate, answer)) == reason


def test_ocsp__revoked_responder_is_not_believed(world: World) -> None:
    delegated = responder(world)
    answer = make_ocsp(world.authority, world.person.certificate, OcspAnswer(responder=delegated))
    stale = make_crl(world.authority, [delegated.certificate], next_update=AT - HOUR)
    source = StaticSource(crl_files=[stale], ocsp_files=[answer])
    assert world.reason(world.person, source=source) == "revocation_unknown"


def test_ocsp__responder_of_another_authority(world: World) -> None:
    subject = Subject(
        name={"2.5.4.3": "Responder"}, attributes={}, statements=(), purposes=[OCSP_SIGNING]
    )
    foreign = maker.issue(subject, DstuPrivateKey("responder"), world.root)
    alone = maker.issue(subject, DstuPrivateKey("responder"))
    for holder in (foreign, alone):
        answer = make_ocsp(world.authority, world.person.certificate, OcspAnswer(responder=holder))
        assert by_ocsp(world, answer) == "revocation_unknown"


def test_ocsp__person_does_not_speak_for_itself(world: World) -> None:
    answer = OcspAnswer(responder=world.person)
    made = make_ocsp(world.authority, world.person.certificate, answer)
    assert by_ocsp(world, made) == "revocation_unknown"


def test_ocsp__error_status(world: World) -> None:
    error = encode(SEQUENCE, encode(ENUMERATED, b"\6"))
    assert by_ocsp(world, error) == "revocation_unknown"


def test_ocsp__with_parts_missing_or_moved(world: World) -> None:
    answer = make_ocsp(world.authority, world.person.certificate, OcspAnswer("revoked"))
    for seed in range(400):
        with suppress(KepError):
            ocsp.read_answer(reshape(answer, Random(seed)))


def test_revoked__outweighs_good(world: World) -> None:
    good = make_ocsp(world.authority, world.person.certificate)
    listed = make_crl(world.authority, [world.person.certificate])
    source = StaticSource(ocsp_files=[good], crl_files=[listed])
    assert world.reason(world.person, source=source) == "revoked"


def test_stored_intermediate__revoked_by_its_root(world: World) -> None:
    crls = [make_crl(world.authority), make_crl(world.root, [world.authority.certificate])]
    assert by_crl(world, *crls) == "revoked"


def test_stored_intermediate__stale_data_about_it_is_no_excuse(world: World) -> None:
    crls = [make_crl(world.authority), make_crl(world.root, next_update=AT - HOUR)]
    assert by_crl(world, *crls) == "revocation_unknown"


def test_excused_authority__is_accepted_without_data_but_not_with_stale(world: World) -> None:
    trust = store_of(
        [world.root.certificate, world.authority.certificate],
        no_revocation=[world.authority.certificate],
    )
    assert world.reason(world.person, trust=trust, source=StaticSource()) == "valid"
    stale = StaticSource(crl_files=[make_crl(world.authority, next_update=AT - HOUR)])
    assert world.reason(world.person, trust=trust, source=stale) == "revocation_unknown"
    listed = StaticSource(crl_files=[make_crl(world.authority, [world.person.certificate])])
    assert world.reason(world.person, trust=trust, source=listed) == "revoked"


def test_ecdsa_sources__are_accepted() -> None:
    root = maker.authority("EC root", EcPrivateKey())
    person = maker.issue(Subject(), EcPrivateKey(), root)
    world = World(root, root, person, store_of([root.certificate]), StaticSource())
    assert by_crl(world, make_crl(root)) == "valid"
    assert by_ocsp(world, make_ocsp(root, person.certificate)) == "valid"


def test_sample_crl__is_read() -> None:
    expected = json.loads((DATA / "expected.json").read_text())["crl"]
    assert expected == {"trust/ca-dstu.cer": "revocation/ca-dstu.crl"}


@pytest.mark.parametrize("key", [DstuPrivateKey("ca"), EcPrivateKey()], ids=["dstu", "ec"])
def test_ocsp_request__names_the_certificate(key: DstuPrivateKey) -> None:
    issuer = maker.authority("Issuer", key)
    person = maker.issue(Subject(), DstuPrivateKey("person"), issuer).certificate
    request = parse(ocsp.build_request(person, issuer.certificate, b"n" * 16))
    requests, extensions = request.only().children()
    identifier = requests.only().only().fields()
    algorithm = identifier.next().fields().next().oid()
    assert algorithm == (digests.GOST_34311 if isinstance(key, DstuPrivateKey) else digests.SHA_1)
    name = identifier.next().octets()
    assert name == maker.strong_or_sha1(algorithm, issuer.certificate.subject)
    identifier.next()
    assert identifier.next().integer() == person.serial
    assert encode(OCTET_STRING, b"n" * 16) in extensions.raw
    assert encode(BOOLEAN, b"\xff") not in request.raw
