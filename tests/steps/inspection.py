"""Examination of uploads as the service does it, also in this process."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import (
    DocumentRefused,
    InspectedDocument,
    document,
)
from diia_videoreception.services.documents.inspection import inspect_document as inspect_of
from integrations.examination.examiner import examine
from integrations.examination.outside import examine_outside

DEFAULT = UploadLimits()


def inspect_document(
    data: bytes, *, filename: str, limits: UploadLimits = DEFAULT, person: str = "tests"
) -> InspectedDocument:
    return inspect_of(data, filename=filename, person=person, limits=limits)


def refusal(data: bytes) -> str:
    """The code with which a PDF is refused; it has to be."""
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(data, filename="a.pdf")
    return refused.value.code


def examine_inside(monkeypatch: pytest.MonkeyPatch, *, also_pdfs: bool = True) -> None:
    """Examine in this process, by the function that the examiner calls: for tests of what comes after it.

    Real examiners have the lowest priority; on a busy machine a test of something else would wait for them.
    """

    def examined(
        data: bytes, *, megapixels: int, look_also: Callable[[bytes], None], **options: Any
    ) -> tuple[dict[str, Any], bytes]:
        if also_pdfs or data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
            facts, kept = examine(data, megapixels=megapixels)
            look_also(kept)
            return facts, kept
        return examine_outside(data, megapixels=megapixels, look_also=look_also, **options)

    monkeypatch.setattr(document, "examine_outside", examined)
