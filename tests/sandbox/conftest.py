"""The running demonstration, and somebody who visits it."""

from collections.abc import Iterator

import pytest

from tests.harness.demo import Demo, Visitor, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demonstration for all tests, running."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo.url)
