"""Names say what a thing is in the field's own words, and one name is one thing."""

import ast
from collections import defaultdict
from pathlib import Path

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
