"""`python -m tests.bench [module ...]`: prints the figures, and fails when one is over its limit."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pkgutil import iter_modules

# First: chooses the databases before Django reads the settings.
from tests.harness import databases  # noqa: F401  isort: skip

import django
from django.db import transaction
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

import tests.bench
from tests.bench import Figure
from tests.harness.kept import ROOT

GROWTH = "growth"
KEPT = ROOT / "build" / "bench"


def measure(names: list[str]) -> Iterator[Figure]:
    """The figures of the modules, each measured in a transaction that is rolled back.

    Growth has databases of its own, and some modules commit for processes of their own.
    """
    if GROWTH in names:
        yield from import_module(f"tests.bench.{GROWTH}").figures()
    others = [import_module(f"tests.bench.{name}") for name in names if name != GROWTH]
    if not others:
        return
    prepared = setup_databases(verbosity=0, interactive=False)
    try:
        for module in others:
            if getattr(module, "COMMITS", False):
                yield from module.figures()
                continue
            with transaction.atomic():
                yield from module.figures()
                transaction.set_rollback(True)
    finally:
        teardown_databases(prepared, verbosity=0)


def show(figures: list[Figure]) -> None:
    """Print the figures as a table in Markdown."""
    width = max(len(figure.name) for figure in figures)
    print(f"| {'figure':{width}} | measured |  limit | ok   |")
    print(f"|-{'-' * width}-|---------:|-------:|------|")
    for figure in figures:
        ok = "yes" if figure.ok else "OVER"
        print(f"| {figure.name:{width}} | {figure.value:8.4g} | {figure.limit:6g} | {ok:4} |")


def keep(figures: list[Figure], names: list[str]) -> None:
    """Write the figures as JSON beside what else is built, for programs that compare runs."""
    KEPT.mkdir(parents=True, exist_ok=True)
    rows = [asdict(figure) | {"ok": figure.ok} for figure in figures]
    path = KEPT / f"{'-'.join(names)}.json"
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


def main(names: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    setup_test_environment()
    figures = list(measure(names))
    if not figures:
        print("There is nothing to measure.")
        return 1
    show(figures)
    keep(figures, names)
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    found = sorted(module.name for module in iter_modules(tests.bench.__path__))
    sys.exit(main(sys.argv[1:] or [name for name in found if name not in ("__main__", GROWTH)]))
