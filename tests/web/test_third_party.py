"""Files of others are shipped as they came."""

from hashlib import sha256
from pathlib import Path

import pytest

import diia_videoreception

VENDOR = Path(diia_videoreception.__file__).parent / "static/diia_videoreception/vendor"

HASHES = {
    "altcha/LICENSE.txt": "bee1fb9d9c97d42c12c22332c5250f2fb1ef5c2321f6f82beb23e3b77be50a29",
    "altcha/altcha.css": "03622256effb4e962d0c1da9a59684cf237f541f290703934c07a97dabcbad47",
    "altcha/altcha.min.js": "959494398e8fcde3414d09309ade24b444ede098b04dec1514f4754279bff031",
    "altcha/pbkdf2.js": "7862add9c9d3d847ded3da928edcf406b46478754b9883351111414825b9c86f",
    "altcha/uk.js": "fc593a8f50283683e91b2d17738e1fee63854904e309d5f7e959aceabcdd1496",
}


@pytest.mark.parametrize("name", HASHES)
def test_vendored_file__is_unchanged(name: str) -> None:
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == HASHES[name]


def test_vendor_folder__holds_nothing_else() -> None:
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found - set(HASHES) == {"altcha/README.md"}


def test_no_file__asks_a_foreign_host_for_code() -> None:
    for path in VENDOR.rglob("*.js"):
        text = path.read_text()
        assert "cdn." not in text
        assert "unpkg.com" not in text
