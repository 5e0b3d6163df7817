"""The manuals as they are read: parts below headings, and tables."""

import re
from pathlib import Path

from diia_videoreception import checks

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
MANUALS = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def part(name: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its rank."""
    rank = heading.split(" ")[0]
    found = re.search(
        rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{len(rank)}}} |\Z)",
        (DOCS / name).read_text(),
        re.M | re.S,
    )
    assert found, f"{name} has no {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of all tables, without the backquotes."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip().replace("`", "") for cell in line[2:-2].split(" | ")] for line in lines]


def ids_of_our_checks() -> set[str]:
    """The ids of all system checks of the portal's app, as its code has them."""
    files = Path(checks.__file__).parent.glob("*.py")
    source = "".join(file.read_text() for file in files)
    return set(re.findall(r'id="diia_videoreception\.(\w+)"', source))
