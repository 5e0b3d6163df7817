"""Thousands of pictures: looked through in this process, by the function that the examiner calls."""

from typing import Any

import pytest

from diia_videoreception.services.documents.inspection import document
from integrations.examination.examiner import examine
from integrations.examination.outside import examine_outside


@pytest.fixture(autouse=True)
def _pictures_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def examined(data: bytes, *, megapixels: int, **options: Any) -> tuple[dict[str, Any], bytes]:
        if data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
            return examine(data, megapixels=megapixels)
        return examine_outside(data, megapixels=megapixels, **options)

    monkeypatch.setattr(document, "examine_outside", examined)
