"""Known answers of the hash functions and the block cipher."""

import pytest

from integrations.kep import gost34311, kupyna
from integrations.kep.errors import KepError, Reason
from integrations.kep.gost28147 import Cipher
from tests.steps.kep import DATA

OCTETS = bytes(range(256))
ANSWERS = [
    line.split()
    for line in (DATA / "known-answers.txt").read_text().splitlines()
    if not line.startswith("#")
]
HASHES = [
    (name, int(length), digest) for name, length, digest in (x for x in ANSWERS if len(x) == 3)
]
CIPHER = {line[0]: bytes.fromhex(line[1]) for line in ANSWERS if len(line) == 2}
KEY, IV, PLAIN = OCTETS[:32], OCTETS[40:48], OCTETS[:40]


@pytest.mark.parametrize(("name", "length", "expected"), HASHES)
def test_hash__known_answer(name: str, length: int, expected: str) -> None:
    if name == "gost":
        assert gost34311.digest(OCTETS[:length]).hex() == expected
    else:
        size = int(name.removeprefix("kupyna")) // 8
        assert kupyna.digest(OCTETS[:length], size).hex() == expected


@pytest.mark.parametrize("size", [-1, 0, 20, 33, 256])
def test_kupyna__has_no_digest_of_another_size(size: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        kupyna.digest(b"123", size)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"123", "0d7638f766847f80f60525e3509ade2f1307a4d356b62a30e141d6ff0bb7b038"),
        (b"abc", "a34a53504d8ba070cb73a583146167a0a3c226d793440d9cea24465fe02251f2"),
    ],
)
def test_gost34311__agrees_with_national_tools(message: bytes, expected: str) -> None:
    assert gost34311.digest(message).hex() == expected


def test_gost34311__sum_of_blocks_wraps_around() -> None:
    assert gost34311.digest(b"\xff" * 64) != gost34311.digest(b"\xff" * 32)


def test_cipher__known_answers() -> None:
    cipher = Cipher(KEY)
    assert cipher.encrypt_cfb(PLAIN, IV) == CIPHER["cfb"]
    assert cipher.decrypt_cfb(CIPHER["cfb"], IV) == PLAIN
    assert cipher.gamma(PLAIN, IV) == CIPHER["gamma"]
    assert cipher.gamma(CIPHER["gamma"], IV) == PLAIN
    assert cipher.code(PLAIN) == CIPHER["mac"]


@pytest.mark.parametrize("length", [0, 1, 7, 9, 39])
def test_cipher__last_block_may_be_short(length: int) -> None:
    cipher = Cipher(KEY)
    assert cipher.encrypt_cfb(PLAIN[:length], IV) == CIPHER["cfb"][:length]
    assert cipher.gamma(PLAIN[:length], IV) == CIPHER["gamma"][:length]


def test_key_wrap__round_trip_and_any_change_is_noticed() -> None:
    cipher = Cipher(KEY)
    wrapped = cipher.wrap_key(OCTETS[100:132], IV)
    assert cipher.unwrap_key(wrapped) == OCTETS[100:132]
    for position in (0, 20, 43):
        changed = bytearray(wrapped)
        changed[position] ^= 1
        with pytest.raises(KepError) as refusal:
            cipher.unwrap_key(bytes(changed))
        assert refusal.value.reason is Reason.BAD_SIGNATURE
    with pytest.raises(KepError) as refusal:
        cipher.unwrap_key(wrapped[:-1])
    assert refusal.value.reason is Reason.MALFORMED
