"""What measures is not run by the suite, but follows what it measures."""

from importlib import import_module
from pkgutil import walk_packages

import pytest

import tests.bench

MODULES = [
    module.name
    for module in walk_packages(tests.bench.__path__, "tests.bench.")
    if not module.name.endswith("__main__")
]


@pytest.mark.any_database
@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_the_bench__can_be_imported(name: str) -> None:
    assert import_module(name)
