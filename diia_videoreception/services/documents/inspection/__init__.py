"""Inspection of uploaded documents: type, soundness, privacy and safety of the content (A-44 to A-47).

The bytes are looked at by `integrations/examination`, in a process of its own.
"""

from diia_videoreception.services.documents.inspection.document import (
    InspectedDocument,
    inspect_document,
)
from diia_videoreception.services.documents.inspection.errors import DocumentRefused

__all__ = ["DocumentRefused", "InspectedDocument", "inspect_document"]
