"""Thousands of pictures: looked through in this process."""

import pytest

from tests.steps.inspection import examine_inside


@pytest.fixture(autouse=True)
def _pictures_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch, also_pdfs=False)
