"""Every reader of strangers' bytes: twice the worst input costs less than three times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pytest

from integrations.kep import cms, crl, envelope, ocsp
from integrations.kep.armour import remove_armour
from integrations.kep.certificates import read_certificate, read_certificates, read_extensions
from integrations.kep.containers import detect_container
from integrations.kep.der import (
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    Node,
    context,
    encode,
    encode_oid,
    parse,
)
from integrations.kep.identity import COMMON_NAME, read_name
from integrations.kep.inspect import describe
from integrations.kep.trust_list import read_list
from integrations.kep.verify import MAX_SIGNATURE_BYTES
from sandbox.authority import envelopes, maker
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey
from sandbox.authority.maker import Holder, Message, Subject
from tests.harness.growth import LIMIT, growth
from tests.steps.kep import World
from tests.steps.outside_formats import with_unsigned

EMPTY = encode(SEQUENCE)
LIST = b"<TrustServiceStatusList xmlns='http://uri.etsi.org/02231/v2#'>"
END = b"</TrustServiceStatusList>"
SERVICE = (
    b"<ServiceInformation><ServiceTypeIdentifier>/CA/QC</ServiceTypeIdentifier>"
    b"<ServiceStatus>/granted</ServiceStatus>"
)


@lru_cache(maxsize=1)
def people() -> tuple[Holder, Holder]:
    """An authority and a person with keys that are quick to use."""
    authority = maker.authority("Authority", EcPrivateKey())
    return authority, maker.issue(Subject(), EcPrivateKey(), authority)


def indefinite(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"


def walk(data: bytes) -> None:
    """Reads every element, as deep as any structure of ours is."""

    def visit(node: Node, depth: int) -> None:
        if node.tag & 0x20 and depth < 16:
            for child in node.children():
                visit(child, depth + 1)

    visit(parse(data), 0)


def nested(make: Callable[..., bytes], inside: bytes, depth: int) -> bytes:
    for _ in range(depth):
        inside = make(inside)
    return inside


def signed(unsigned: bytes = b"", *, as_ber: bool = False, **message: object) -> bytes:
    _, person = people()
    made = maker.sign(person, Message(**message))  # type: ignore[arg-type]
    return with_unsigned(made, unsigned, indefinite=as_ber) if unsigned else made


def read_message(data: bytes) -> None:
    message = cms.read_signed_data(data)
    cms.find_signer(message, cms.read_attributes(message.signer))
    cms.read_format(message.signer)


def signed_attributes(count: int) -> bytes:
    """A message of which only the attributes are many."""
    rows = b"".join(
        encode(SEQUENCE, encode_oid(f"1.2.{number}"), encode(SET)) for number in range(count)
    )
    outer = list(parse(signed()).children())
    body = list(outer[1].only().children())
    [signer] = body[-1].children()
    parts = [part.raw for part in signer.children()]
    parts[3] = encode(context(0), rows)
    signers = encode(SET, encode(SEQUENCE, *parts))
    made = encode(SEQUENCE, *(part.raw for part in body[:-1]), signers)
    return encode(SEQUENCE, outer[0].raw, encode(context(0), made))


class Serial:
    """All that a list takes from a certificate."""

    def __init__(self, serial: int) -> None:
        self.serial = serial


def listing(entries: int) -> bytes:
    authority, _ = people()
    revoked = [Serial(1000 + number) for number in range(entries)]
    return maker.make_crl(authority, revoked)  # type: ignore[arg-type]


def search_list(data: bytes) -> None:
    authority, person = people()
    crl.read_crl.cache_clear()
    crl._signed.cache_clear()
    found = crl.read_crl(data)
    assert crl.speaks_for(found, person.certificate, authority.certificate)
    assert crl.revocation_date(found, 77) is None


def ocsp_answers(count: int) -> bytes:
    """An answer that speaks of many certificates, of others first."""
    authority, person = people()
    outer = list(parse(maker.make_ocsp(authority, person.certificate)).children())
    basic = parse(list(outer[1].only().children())[1].octets())
    tbs, algorithm, signature = list(basic.children())[:3]
    parts = [part.raw for part in tbs.children()]
    place = max(n for n, part in enumerate(tbs.children()) if part.tag == SEQUENCE)
    parts[place] = encode(SEQUENCE, *[list(tbs.children())[place].only().raw] * count)
    made = encode(SEQUENCE, encode(SEQUENCE, *parts), algorithm.raw, signature.raw)
    typed = encode(SEQUENCE, encode_oid("1.3.6.1.5.5.7.48.1.1"), encode(OCTET_STRING, made))
    return encode(SEQUENCE, outer[0].raw, encode(context(0), typed))


def search_answer(data: bytes) -> None:
    authority, _ = people()
    answer = ocsp.read_answer(data)
    assert ocsp.find_single(answer, authority.certificate, authority.certificate) is None


def bundle(count: int) -> bytes:
    authority, _ = people()
    certificates = encode(context(0), *[authority.raw] * count)
    body = encode(SEQUENCE, maker.integer(1), encode(SET), encode(SEQUENCE), certificates)
    return encode(SEQUENCE, encode_oid(cms.SIGNED_DATA), encode(context(0), body))


def recipients(count: int) -> bytes:
    """An envelope for many, none of whom is us."""
    infos = encode(SET, *[encode(context(3), EMPTY)] * count)
    content = encode(SEQUENCE, EMPTY, EMPTY, EMPTY)
    body = encode(SEQUENCE, maker.integer(2), infos, content)
    return encode(SEQUENCE, encode_oid(envelope.ENVELOPED_DATA), encode(context(0), body))


def names(count: int) -> bytes:
    name = encode(SET, encode(SEQUENCE, encode_oid(COMMON_NAME), encode(0x0C, b"name")))
    return encode(SEQUENCE, *[name] * count)


def extensions(count: int) -> bytes:
    rows = (encode(SEQUENCE, encode_oid(f"1.2.{n}"), encode(OCTET_STRING)) for n in range(count))
    return encode(SEQUENCE, *rows)


Read = Callable[[bytes], object]
READERS: dict[str, tuple[Read, Callable[[int], bytes], int]] = {
    "der, many elements": (walk, lambda n: encode(SEQUENCE, EMPTY * n), 2000),
    "der, nested": (walk, lambda n: nested(lambda x: encode(SEQUENCE, x), EMPTY * n, 14), 1000),
    "der, long identifiers": (
        lambda data: [node.oid() for node in parse(data).children()],
        lambda n: encode(SEQUENCE, encode(OID, b"\xff" * 39 + b"\x01") * n),
        400,
    ),
    "der, one endless identifier": (
        lambda data: parse(data).oid(),
        lambda n: encode(OID, b"\xff" * n + b"\x01"),
        2_000_000,
    ),
    "ber, many elements": (walk, lambda n: indefinite(EMPTY * n), 2000),
    "ber, many small ones": (walk, lambda n: indefinite(indefinite() * n), 2000),
    "ber, nested": (walk, lambda n: nested(indefinite, EMPTY * n, 14), 1000),
    "ber, deeper than it may": (walk, lambda n: nested(indefinite, b"", n), 4000),
    "ber, text in pieces": (
        lambda data: parse(data).octets(),
        lambda n: indefinite(encode(OCTET_STRING, b"a") * n, tag=0x24),
        2000,
    ),
    "cms, large unsigned attributes": (read_message, lambda n: signed(bytes(n)), 2_000_000),
    "cms, many unsigned attributes": (
        read_message,
        lambda n: signed(maker.attribute("1.2.3", EMPTY) * n),
        1000,
    ),
    "cms, unsigned attributes in ber": (
        read_message,
        lambda n: signed(EMPTY * n, as_ber=True),
        2000,
    ),
    "cms, many signed attributes": (
        lambda data: cms.read_attributes(cms.read_signed_data(data).signer),
        signed_attributes,
        500,
    ),
    "cms, many certificates": (
        read_message,
        lambda n: signed(certificates=[people()[0].raw] * n + [people()[1].raw]),
        4,
    ),
    "cms, many signers": (read_message, lambda n: signed(signers=n), 40),
    "cms, content that is attributes": (
        cms.could_be_attributes,
        lambda n: encode(SET, maker.attribute("1.2.3", EMPTY) * n),
        1000,
    ),
    "certificates in one file": (
        read_certificates,
        lambda n: b"-----BEGIN CERTIFICATE-----A" * n,
        20_000,
    ),
    "certificate, names": (read_name, names, 1000),
    "certificate, extensions": (lambda data: read_extensions(parse(data)), extensions, 1000),
    "certificate, larger than it may be": (
        read_certificate,
        lambda n: encode(SEQUENCE, EMPTY * n),
        2000,
    ),
    "crl, entries": (search_list, listing, 10_000),
    "crl, text without an end": (
        crl.read_crl.__wrapped__,
        lambda n: b"-----BEGIN X509 CRL-----A" * n,
        20_000,
    ),
    "ocsp, answers": (search_answer, ocsp_answers, 250),
    "list, services": (
        read_list,
        lambda n: LIST + (SERVICE + b"</ServiceInformation>") * n + END,
        500,
    ),
    "list, services inside services": (
        read_list,
        lambda n: LIST + SERVICE * n + b"</ServiceInformation>" * n + END,
        500,
    ),
    "list, names of attributes": (
        read_list,
        lambda n: b"<a " + b" ".join(b"a%d=''" % number for number in range(n)) + b"/>",
        10_000,
    ),
    "list, names of spaces": (
        read_list,
        lambda n: b"".join(b"<a xmlns:a%d='x'>" % number for number in range(n)) + b"</a>" * n,
        5000,
    ),
    "list, references to characters": (read_list, lambda n: LIST + b"&lt;" * n + END, 50_000),
    "list, nesting": (read_list, lambda n: b"<a>" * n + b"</a>" * n, 10_000),
    "bundle, certificates": (read_list, bundle, 200),
    "envelope, recipients": (envelope.describe, recipients, 2000),
    "armour, borders": (remove_armour, lambda n: b"-----BEGIN CMS-----" * n, 10_000),
    "armour, spaces": (remove_armour, lambda n: b"A " * n, 50_000),
    "format, xml": (detect_container, lambda n: b"<" + b"http://uri.etsi.org/0190" * n, 100_000),
    "format, xml in utf-16": (detect_container, lambda n: b"\xff\xfe" + b"<\0" * n, 400_000),
    "format, zip": (detect_container, lambda n: b"PK\x03\x04" + b"META-INF/signatur" * n, 100_000),
    "inspect, anything": (describe, lambda n: encode(SEQUENCE, EMPTY * n), 1000),
}


@pytest.mark.parametrize("name", READERS)
def test_growth__twice_the_worst_input_costs_less_than_three_times(name: str) -> None:
    read, make, size = READERS[name]
    assert growth(read, make, size) < LIMIT


def test_growth__of_an_envelope() -> None:
    """Decrypting is the costly part; nothing else grows faster."""
    root = maker.authority("Root", DstuPrivateKey("root"))
    key = DstuPrivateKey("portal")
    portal = maker.issue(envelopes.AGREEING, key, root)
    sender = maker.issue(envelopes.AGREEING, DstuPrivateKey("sender"), root)
    ours = envelope.RecipientKey(portal.certificate, key.scalar)

    def opened(data: bytes) -> None:
        envelope.open_envelope(data, recipient=ours, originators=[sender.certificate])

    def make(size: int) -> bytes:
        return envelopes.make(portal, sender, envelopes.Envelope(content=bytes(size)))

    assert growth(opened, make, 20_000) < LIMIT


def test_elements_of_indefinite_length__are_bounded(world: World) -> None:
    """Each level looks for its end anew, so a message full of elements is refused, not walked."""
    full = with_unsigned(maker.sign(world.person), EMPTY * 100_000, indefinite=True)
    assert len(full) < MAX_SIGNATURE_BYTES
    refused = world.verify(full)
    assert (refused.reason.value, refused.detail) == ("malformed", "too many elements")
