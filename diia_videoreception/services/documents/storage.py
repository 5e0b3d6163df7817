"""Files of documents in private storage, under random names (architecture decision 10)."""

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Document
from diia_videoreception.services.documents.inspection import InspectedDocument


def private_storage() -> Storage:
    """Where documents lie; never under a public address."""
    return storages[app_settings.private_storage]


def store(public_id: uuid.UUID, inspected: InspectedDocument) -> str:
    """Writes the file of a document; gives its path. The person's own name is only in the table."""
    path = f"documents/{public_id.hex[:2]}/{public_id.hex}"
    return private_storage().save(path, ContentFile(inspected.content))


def delete_documents(documents: list[Document]) -> None:
    """Deletes rows now and their files once the transaction is through."""
    paths = [document.path for document in documents]
    Document.objects.filter(pk__in=[document.pk for document in documents]).delete()
    transaction.on_commit(lambda: _delete_files(paths))


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        private_storage().delete(path)
