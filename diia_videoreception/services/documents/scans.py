"""Scans that staff bring: examined as any document, and stored before there is a row."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import Incomplete, StorageUnavailable
from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import InspectedDocument, inspect_document
from diia_videoreception.services.documents.inspection.errors import DocumentRefused
from diia_videoreception.services.documents.storage import deleted_unless_kept, store


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was chosen."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredScan:
    """An examined scan, stored and without a row yet."""

    public_id: uuid.UUID
    path: str
    inspected: InspectedDocument


@contextmanager
def stored(scan: Upload, *, staff: AbstractBaseUser, limits: UploadLimits) -> Iterator[StoredScan]:
    """Examine and store a scan as any document (A-44 to A-47), before any lock.

    It goes again unless what is done inside keeps it.

    Raises:
        Incomplete: it is refused, or cannot be stored now.
    """
    public_id = uuid.uuid4()
    try:
        inspected = inspect_document(
            scan.data, filename=scan.name, person=f"staff {staff.pk}", limits=limits
        )
        path = store(public_id, inspected)
    except (DocumentRefused, StorageUnavailable) as error:
        raise Incomplete(fields={"scan": str(error)}, codes={"scan": error.code}) from error
    with deleted_unless_kept(path):
        yield StoredScan(public_id, path, inspected)
