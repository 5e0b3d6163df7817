"""The wheel holds the four packages, whole, and nothing else."""

import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.harness import wheel

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(wheel.build(tmp_path_factory.mktemp("wheel")))


def test_wheel__holds_every_file_of_the_packages_and_nothing_else(built: zipfile.ZipFile) -> None:
    inside = {name for name in built.namelist() if ".dist-info/" not in name}

    assert inside == set(wheel.source_files())


def test_wheel__brings_what_runs_without_building(built: zipfile.ZipFile) -> None:
    inside = {Path(name) for name in built.namelist()}
    for package in wheel.packages():
        files = {path.relative_to(package) for path in inside if path.parts[0] == package}
        assert Path("py.typed") in files, package
        if (wheel.ROOT / package / "locale").is_dir():
            assert Path("locale/uk/LC_MESSAGES/django.mo") in files, package
    domain = [str(path) for path in inside if path.parts[0] == "diia_videoreception"]

    for kind in ("/templates/", "/static/", "/migrations/"):
        assert any(kind in name for name in domain), kind


def test_wheel__tells_its_licence_and_needs(built: zipfile.ZipFile) -> None:
    name = next(name for name in built.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(built.read(name).decode())

    assert metadata["License-Expression"] == "EUPL-1.2"
    assert any(name.endswith("/licenses/LICENSE") for name in built.namelist())
    assert metadata["Requires-Python"] == ">=3.11"
    needed = metadata.get_all("Requires-Dist", [])
    assert any(line.startswith("wagtail") and "extra ==" not in line for line in needed)
    assert metadata.get_payload().startswith("#"), "the README is missing"
