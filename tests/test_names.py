"""Names say what a thing is in the field's own words, and one name is one thing."""

import ast
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("cms_pages", "device_check", "diia_videoreception", "integrations")

SAME_THING = {
    "AppSettings": "the settings of an app, by Django's custom",
    "ImageTooComplex": "what the examiner raises, and the refusal that a person reads",
    "MomentField": "of a serializer, and of a form",
    "NotFound": "a refusal of each of two apps",
    "ScannerUnavailable": "what a scanner raises, and the refusal that a person reads",
    "ScheduleException": "the row, and what the rules compute with",
    "ScheduleRule": "the row, and what the rules compute with",
    "TooLarge": "a refusal of each of two apps",
    "TooManyRequests": "a refusal of each of two apps",
    "VirusFound": "what a scanner raises, and the refusal that a person reads",
    "WrongMethod": "a refusal of each of two apps",
}
"""One thing that stands in two layers, or in two apps that do not know each other."""


def test_classes__of_different_meaning_have_different_names() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts or "commands" in path.parts:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(str(path.relative_to(ROOT)))

    shared = {name: paths for name, paths in found.items() if len(paths) > 1}

    assert {name: shared[name] for name in shared.keys() - SAME_THING.keys()} == {}
    assert SAME_THING.keys() - shared.keys() == set(), "what is not shared any more"


FOR_ENGINEERS = ("CONTRIBUTING.md", "docs/architecture.md", "docs/providers.md")
TEMPLATES = ROOT / "diia_videoreception" / "templates"


@lru_cache
def words() -> frozenset[str]:
    """Every word of the code."""
    files = [ROOT / "Makefile", ROOT / "setup.cfg"]
    for package in (*PRODUCT, "sandbox", "tests"):
        files += (ROOT / package).rglob("*.py")
    return frozenset(word for file in files for word in re.findall(r"\w+", file.read_text()))


@pytest.mark.parametrize("document", FOR_ENGINEERS)
def test_documents_for_engineers__name_what_is_there(document: str) -> None:
    prose = "".join(re.split(r"^```.*?$", (ROOT / document).read_text(), flags=re.M)[::2])
    named = re.findall(r"`([^`\n]+)`", prose)
    paths = {
        name
        for name in named
        if re.fullmatch(r"[\w./*-]+", name) and ("/" in name or re.search(r"\.(py|md|cfg)$", name))
    }
    folders = [ROOT, ROOT / "docs", ROOT / "diia_videoreception", TEMPLATES]
    names = {word for name in set(named) - paths for word in re.findall(r"[A-Za-z_]\w+", name)}

    assert paths
    missing = [
        path
        for path in sorted(paths)
        if not any(list(one.glob(path.rstrip("/"))) for one in folders)
    ]
    assert missing == []
    assert names - words() - {"imperative", "sentence"} == set()
