"""Trust lists: what they change is shown first, and applied only as approved."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from integrations.kep.__main__ import main
from integrations.kep.cms import DATA as PLAIN
from integrations.kep.cms import SIGNED_DATA
from integrations.kep.der import SEQUENCE, SET, context, encode, encode_oid
from integrations.kep.errors import KepError, Reason
from integrations.kep.trust import OperatorInputError, ServiceUrls, load_directory
from integrations.kep.trust_list import (
    SERVICES_FILE,
    apply,
    compare,
    read_list,
    read_services,
)
from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder
from tests.steps.kep import World
from tests.steps.trust_lists import GRANTED, QUALIFIED, service, xml

WITHDRAWN = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"


@pytest.fixture(scope="module")
def newcomer(world: World) -> Holder:
    return maker.authority("Newcomer", DstuPrivateKey("newcomer"), world.root)


@pytest.fixture
def store(world: World, tmp_path: Path) -> Path:
    (tmp_path / "root.cer").write_bytes(world.root.raw)
    (tmp_path / "authority.cer").write_bytes(world.authority.raw)
    return tmp_path


def test_xml__active_authorities_only(world: World, newcomer: Holder) -> None:
    listed = read_list(
        xml(
            service(newcomer.raw, GRANTED, QUALIFIED, "http://x/ocsp/", "http://x/full.crl"),
            service(world.authority.raw, WITHDRAWN),
            service(world.root.raw, GRANTED, "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"),
            service(b"junk"),
        )
    )
    [authority] = listed.authorities
    assert authority.certificate.raw == newcomer.raw
    assert authority.title == "КНЕДП"
    assert authority.urls == ServiceUrls("http://x/ocsp/", "http://x/full.crl")
    assert listed.unreadable == 1


def bundle(*certificates: bytes) -> bytes:
    signed = encode(
        SEQUENCE,
        maker.integer(1),
        encode(SET),
        encode(SEQUENCE, encode_oid(PLAIN)),
        encode(context(0), *certificates),
        encode(SET),
    )
    return encode(SEQUENCE, encode_oid(SIGNED_DATA), encode(context(0), signed))


def test_bundle__is_read_without_repeats(world: World, newcomer: Holder) -> None:
    listed = read_list(bundle(world.root.raw, newcomer.raw, newcomer.raw))
    raw = [item.certificate.raw for item in listed.authorities]
    assert raw == [world.root.raw, newcomer.raw]


def test_servers_of_a_bundle__stay_out_of_the_store(
    world: World, newcomer: Holder, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bundle holds more servers for OCSP, time stamps and CMP than authorities."""
    servers = [
        world.issue(maker.Subject(name={"2.5.4.3": f"OCSP {n}"}), seed=f"server {n}")
        for n in range(2)
    ]
    (store / "server.cer").write_bytes(servers[1].raw)
    path = store / "bundle.p7b"
    certificates = (world.root, world.authority, newcomer, *servers)
    path.write_bytes(bundle(*(item.raw for item in certificates)))
    words = ["--trust", str(store)]
    assert main(["trust-diff", *words, str(path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [item["subject"] for item in shown["added"]] == ["Newcomer"]
    assert [item["subject"] for item in shown["left_out"]] == ["OCSP 0", "OCSP 1"]
    # One that an earlier list has put there goes.
    assert [item["subject"] for item in shown["removed"]] == ["OCSP 1"]
    assert main(["trust-apply", *words, "--approve", shown["digest"], str(path)]) == 0
    assert {item.raw for item in load_directory(store).intermediates} == {
        world.authority.raw,
        newcomer.raw,
    }


ABOUT = """<SchemeInformation><TSLSequenceNumber>{number}</TSLSequenceNumber>
<SchemeOperatorName><Name xml:lang="uk">ЦЗО</Name></SchemeOperatorName>
<ListIssueDateTime>2026-11-01T08:00:00Z</ListIssueDateTime>
<NextUpdate><dateTime>{until}</dateTime></NextUpdate></SchemeInformation>"""


def signed_by_whom(holder: Holder) -> str:
    text = base64.encodebytes(holder.raw).decode()
    return f"""<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyInfo>
    <ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </ds:Signature>"""


@pytest.mark.parametrize(
    ("until", "signed", "warned"),
    [
        ("2099-01-01T00:00:00Z", True, []),
        ("2099-01-01T00:00:00Z", False, ["not signed"]),
        ("2019-05-01T00:00:00Z", False, ["not signed", "old: the next one was due on 2019-05-01"]),
        ("soon", True, ["until when"]),
    ],
)
def test_diff__tells_of_the_list_itself(
    newcomer: Holder,
    store: Path,
    capsys: pytest.CaptureFixture[str],
    until: str,
    signed: bool,
    warned: list[str],
) -> None:
    about = ABOUT.format(number=34, until=until)
    tail = signed_by_whom(newcomer) if signed else ""
    (store / "list.xml").write_bytes(xml(service(newcomer.raw), about=about, tail=tail))
    assert main(["trust-diff", "--trust", str(store), str(store / "list.xml")]) == 0
    shown = json.loads(capsys.readouterr().out)
    facts = shown["list"]
    assert (facts["operator"], facts["sequence"]) == ("ЦЗО", 34)
    assert facts["issued"] == "2026-11-01T08:00:00+00:00"
    assert facts["next_update"] == (None if until == "soon" else f"{until[:-1]}+00:00")
    assert facts["signed"] == signed
    assert (facts["signer"] and facts["signer"]["subject"]) == ("Newcomer" if signed else None)
    found = [message for message in shown["warnings"] if "future" not in message]
    assert len(found) == len(warned)
    for message, expected in zip(found, warned, strict=True):
        assert expected in message


def test_diff__a_bundle_says_nothing_of_itself(
    newcomer: Holder, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (store / "list.p7b").write_bytes(bundle(newcomer.raw))
    assert main(["trust-diff", "--trust", str(store), str(store / "list.p7b")]) == 0
    assert len(json.loads(capsys.readouterr().out)["warnings"]) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<a/>",
        b"<a>",
        b"\x30\x00",
        xml(head="<!DOCTYPE x [<!ENTITY a 'b'>]>"),
        b"<?xml version='1.0' encoding='no-such'?><a/>",
    ],
)
def test_unreadable_lists__are_refused(data: bytes) -> None:
    with pytest.raises(KepError) as refusal:
        read_list(data)
    assert refusal.value.reason is Reason.MALFORMED


def test_apply__exactly_what_was_approved(world: World, newcomer: Holder, store: Path) -> None:
    listed = read_list(xml(service(newcomer.raw, GRANTED, QUALIFIED, "http://x/ocsp")))
    stored = load_directory(store)
    change = compare(listed, [*stored.anchors, *stored.intermediates], {})
    assert [item.certificate.raw for item in change.added] == [newcomer.raw]
    assert [item.raw for item in change.removed] == [world.authority.raw]

    with pytest.raises(OperatorInputError):
        apply(change, store, approved="0" * 64)
    assert (store / "authority.cer").exists()
    assert not (store / SERVICES_FILE).exists()

    apply(change, store, approved=change.digest)
    after = load_directory(store)
    assert [item.raw for item in after.anchors] == [world.root.raw]
    assert [item.raw for item in after.intermediates] == [newcomer.raw]
    print_ = newcomer.certificate.fingerprint
    assert read_services(store) == {print_: ServiceUrls("http://x/ocsp", None)}


def test_apply__removes_an_authority_however_it_is_kept(
    world: World, newcomer: Holder, store: Path
) -> None:
    def pem(*holders: Holder) -> bytes:
        bodies = (base64.encodebytes(holder.raw) for holder in holders)
        return b"".join(
            b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n"
            for body in bodies
        )

    listed = read_list(xml(service(newcomer.raw, GRANTED, QUALIFIED, "http://x/ocsp")))
    (store / "authority.cer").unlink()
    kept = store / "authority.pem"
    kept.write_bytes(pem(world.authority, world.root))
    stored = load_directory(store)
    change = compare(listed, [*stored.anchors, *stored.intermediates], {})
    with pytest.raises(OperatorInputError):
        apply(change, store, approved=change.digest)
    assert [item.raw for item in load_directory(store).intermediates] == [world.authority.raw]
    kept.write_bytes(pem(world.authority))
    apply(change, store, approved=change.digest)
    assert [item.raw for item in load_directory(store).intermediates] == [newcomer.raw]


def test_compare__addresses_that_moved(newcomer: Holder) -> None:
    listed = read_list(xml(service(newcomer.raw, GRANTED, QUALIFIED, "http://new/ocsp")))
    known = {newcomer.certificate.fingerprint: ServiceUrls("http://old/ocsp")}
    change = compare(listed, [newcomer.certificate], known)
    assert not change.added
    assert len(change.moved) == 1
    current = {newcomer.certificate.fingerprint: ServiceUrls("http://new/ocsp")}
    assert not compare(listed, [newcomer.certificate], current).moved


def test_compare__addresses_that_the_list_leaves_out_stay(newcomer: Holder) -> None:
    by_hand = {newcomer.certificate.fingerprint: ServiceUrls("http://old/ocsp", "http://x/x.crl")}
    silent = read_list(xml(service(newcomer.raw, GRANTED, QUALIFIED)))
    assert not compare(silent, [newcomer.certificate], by_hand).moved
    assert not compare(silent, [newcomer.certificate], {}).moved
    half = read_list(xml(service(newcomer.raw, GRANTED, QUALIFIED, "http://new/ocsp")))
    (moved,) = compare(half, [newcomer.certificate], by_hand).moved
    assert moved.urls == ServiceUrls("http://new/ocsp", "http://x/x.crl")


def test_services_file__of_another_shape(tmp_path: Path) -> None:
    for text in ("[]", "{", '{"a": 1}', '{"a": {"ocsp": null}}'):
        (tmp_path / SERVICES_FILE).write_text(text)
        with pytest.raises(OperatorInputError):
            read_services(tmp_path)


def test_command_line__shows_changes_and_applies_as_approved(
    newcomer: Holder, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(xml(service(newcomer.raw)))
    words = ["--trust", str(store)]
    assert main(["trust-diff", *words, str(path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [item["subject"] for item in shown["added"]] == ["Newcomer"]
    assert [item["subject"] for item in shown["removed"]] == ["Authority"]
    assert main(["trust-apply", *words, "--approve", "0", str(path)]) == 2
    capsys.readouterr()
    assert main(["trust-apply", *words, "--approve", shown["digest"], str(path)]) == 0
    capsys.readouterr()
    assert main(["trust-diff", *words, str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == []
