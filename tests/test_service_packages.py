"""The rooms of services/: few ways between them, each says what others may call, and is taken at its word."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVICES = ROOT / "diia_videoreception" / "services"
PREFIX = "diia_videoreception.services"
MAX_PAIRS = 53
ROOMS = sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))


@dataclass(frozen=True)
class Import:
    """One name that a file takes from a room, or from a module of it."""

    file: Path
    room: str
    target: str

    @property
    def importer(self) -> str:
        """The room of the file; empty for one outside of services."""
        if not self.file.is_relative_to(SERVICES):
            return ""
        return self.file.relative_to(SERVICES).parts[0].removesuffix(".py")


@cache
def imports() -> tuple[Import, ...]:
    files = [
        file
        for package in ("cms_pages", "diia_videoreception", "sandbox")
        for file in (ROOT / package).rglob("*.py")
    ]
    return tuple(one for file in files for one in _imports_of(file))


def _imports_of(file: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        for name in names:
            if name.startswith(f"{PREFIX}."):
                room, _, target = name.removeprefix(f"{PREFIX}.").partition(".")
                yield Import(file, room, target)


def described(room: str) -> str:
    return ast.get_docstring(ast.parse((SERVICES / room / "__init__.py").read_text())) or ""


def offered(room: str) -> set[str]:
    """What others may call: by the docstring of the room, and what its `__init__` exports."""
    found = re.search(r"Others call ([^.]*)\.", described(room))
    assert found, f"{room} does not say what others may call"
    exported: set[str] = set()
    for node in ast.parse((SERVICES / room / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            exported = set(ast.literal_eval(node.value))
    return exported | set(re.findall(r"\w+", found[1]))


def test_rooms__have_few_ways_between_them() -> None:
    pairs = {(one.importer, one.room) for one in imports() if one.importer not in ("", one.room)}

    assert len(pairs) <= MAX_PAIRS, sorted(pairs)


@pytest.mark.parametrize("room", ROOMS)
def test_room__is_called_only_by_what_it_names(room: str) -> None:
    allowed = offered(room)
    others = [
        f"{one.file.relative_to(ROOT)}: {one.target}"
        for one in imports()
        if one.room == room
        and one.importer != room
        and one.target
        and (one.target.split(".")[0] not in allowed or "._" in f".{one.target}")
    ]

    assert others == []


@pytest.mark.parametrize("room", ROOMS)
def test_room__says_what_it_may_touch_and_where_its_tests_are(room: str) -> None:
    text = described(room)
    _, _, tests = text.partition("Tests: ")

    paths = re.findall(r"tests/[\w/.]*\w", tests)
    assert paths
    assert all((ROOT / path).exists() for path in paths)


def drawn(picture: str) -> Iterator[str]:
    """The paths in the columns of the picture, where a folder may stand on the line above its file."""
    lines = picture.splitlines()
    starts = [found.start() for found in re.finditer(r"(?<!\S)(?=a )|(?<=  )(?=a )", lines[0])]
    for start, end in zip(starts, [*starts[1:], 999], strict=True):
        folder = ""
        for cell in (line[start:end].rstrip() for line in lines[1:]):
            if cell.startswith("  ") and folder:
                yield folder + cell.split()[0].rstrip(":,")
            found = re.search(r"[\w/]+/$", cell)
            folder = (folder if cell.startswith("  ") else "") + found[0] if found else ""


def test_the_description_of_the_house__names_places_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    picture = text.partition("## Five ways")[2].partition("```\n")[2].partition("```")[0]
    named = {*re.findall(r"`([\w/]+/[\w/]*\w(?:\.py)?/?)`", text), *drawn(picture)}
    packages = [ROOT, ROOT / "diia_videoreception"]

    missing = [name for name in named if not any((one / name).exists() for one in packages)]

    assert {"services/booking/occupancy.py", "device_check/workers/client.py"} <= named
    assert missing == []
