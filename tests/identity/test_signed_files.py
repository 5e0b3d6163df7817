"""Signatures in ASiC-S containers of other programs: read within bounds."""

import zipfile

import pytest

from integrations.identity.base import IdentityError
from integrations.identity.signed_files import signature_of_asics
from integrations.kep.verify import MAX_SIGNATURE_BYTES
from tests.harness.growth import LIMIT, growth
from tests.steps.written_answers import asics


def test_one_signature__is_taken_whatever_else_is_in_it() -> None:
    assert signature_of_asics(asics(b"signature", ("answer.txt", b"text"))) == b"signature"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (asics(b"0" * (MAX_SIGNATURE_BYTES + 1)), "too_large"),
        (asics(b"0" * 64_000_000), "too_large"),
        (asics(b"0", *((f"{n}", b"") for n in range(100))), "too_large"),
        (asics(b"0", ("meta-inf/SIGNATURE.P7S", b"")), "several_signers"),
        (asics(b"0").replace(b"META-INF", b"META-ONE"), "unsupported_container"),
        (asics(b"0")[:60], "malformed"),
        (b"PK\x03\x04" + b"\x00" * 60, "malformed"),
    ],
    ids=["long", "bomb", "many", "two", "none", "torn", "zeros"],
)
def test_what_is_no_such_container__is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(IdentityError) as refused:
        signature_of_asics(data)
    assert refused.value.reason == reason


def test_broken_in_any_octet__it_is_refused_in_words_or_read() -> None:
    whole = asics(b"signature", ("answer.txt", b"text"))
    for place in range(len(whole)):
        for octet in (0, 255, whole[place] ^ 1):
            broken = whole[:place] + bytes([octet]) + whole[place + 1 :]
            try:
                signature_of_asics(broken)
            except IdentityError:
                continue


def test_many_entries__are_counted_and_not_read() -> None:
    def make(count: int) -> bytes:
        return asics(b"0", *((f"{number}", b"") for number in range(count)))

    assert growth(signature_of_asics, make, 2_000) < LIMIT


def test_encrypted__is_refused() -> None:
    whole = bytearray(asics(b"signature", method=zipfile.ZIP_STORED))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for place in range(len(whole)):
            if whole.startswith(head, place):
                whole[place + flags] |= 1
    with pytest.raises(IdentityError) as refused:
        signature_of_asics(bytes(whole))
    assert refused.value.reason == "malformed"
