"""Examination in this process, by the function that the examiner calls: for tests of what comes after it.

Real examiners have the lowest priority; on a busy machine a test of something else would wait for them.
"""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.services.documents.inspection import document
from integrations.examination.examiner import examine
from integrations.examination.outside import examine_outside


def examine_inside(monkeypatch: pytest.MonkeyPatch, *, also_pdfs: bool = True) -> None:
    def examined(
        data: bytes, *, megapixels: int, look_also: Callable[[bytes], None], **options: Any
    ) -> tuple[dict[str, Any], bytes]:
        if also_pdfs or data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
            facts, kept = examine(data, megapixels=megapixels)
            look_also(kept)
            return facts, kept
        return examine_outside(data, megapixels=megapixels, look_also=look_also, **options)

    monkeypatch.setattr(document, "examine_outside", examined)
