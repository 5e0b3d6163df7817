"""Uploads inspected as the service does, of one person."""

from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import InspectedDocument
from diia_videoreception.services.documents.inspection import inspect_document as inspect_of

DEFAULT = UploadLimits()


def inspect_document(
    data: bytes, *, filename: str, limits: UploadLimits = DEFAULT
) -> InspectedDocument:
    return inspect_of(data, filename=filename, person="tests", limits=limits)
