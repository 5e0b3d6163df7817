"""Documents as they arrive in forms (A-44 to A-47)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import DocumentLimit, StorageUnavailable, TooManyFiles
from diia_videoreception.models import Citizen, Document
from diia_videoreception.services.booking.draft_documents import add_document
from diia_videoreception.services.documents.inspection.errors import (
    DocumentRefused,
    ScannerUnavailable,
)
from diia_videoreception.services.documents.inspection.names import clean_name
from diia_videoreception.web.middleware import CitizenRequest

FILES = "files"
"""Name of the field, and id of the input."""
AUTHORITY = "authority_files"
"""The same for scans of what allows the applicant to speak for somebody else."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not added, and what the person can do about it; `size` in bytes.

    Attributes:
        others: Names of other files that were not added for the same reason.
    """

    name: str
    size: int
    message: str
    others: list[str] = field(default_factory=list)

    @property
    def also(self) -> str:
        """The other files in words; empty when there are none."""
        if not self.others:
            return ""
        text = gettext("For the same reason these were not added: {names}")
        return text.replace("{names}", ", ".join(self.others))

    @property
    def summary(self) -> str:
        return f"{self.message} {self.also}".strip()


def sent_files(request: CitizenRequest, name: str = FILES) -> list[UploadedFile]:
    return list(request.FILES.getlist(name))


def add_files(
    request: CitizenRequest, add: Callable[[UploadedFile], object] | None = None
) -> list[RefusedFile]:
    """Add every chosen file that may be added; give back the others, those of one reason together.

    Args:
        add: what adds one; without it, it goes into the draft.
    """
    citizen = request.citizen.citizen
    wanted = [(add or partial(add_file, citizen), file) for file in sent_files(request)]
    if add is None:
        prove = partial(add_file, citizen, proves_authority=True)
        wanted += [(prove, file) for file in sent_files(request, AUTHORITY)]
    refused: dict[type[Exception], RefusedFile] = {}
    # Ten files of one form do not wait for a scanner or a storage ten times.
    silent: RefusedFile | None = None
    for add_one, file in wanted:
        name = clean_name(file.name or "")
        if silent is not None:
            silent.others.append(name)
            continue
        try:
            add_one(file)
        except (DocumentRefused, TooManyFiles, DocumentLimit, StorageUnavailable) as error:
            this = RefusedFile(name, file.size or 0, str(error))
            first = refused.setdefault(type(error), this)
            if first is not this:
                first.others.append(name)
            if isinstance(error, ScannerUnavailable | StorageUnavailable):
                silent = first
    return list(refused.values())


def add_file(citizen: Citizen, file: UploadedFile, *, proves_authority: bool = False) -> Document:
    """Add one file to the draft.

    Raises:
        DocumentRefused, TooManyFiles, DocumentLimit, StorageUnavailable, NotFound: as `add_document` says.
    """
    return add_document(
        citizen=citizen,
        data=content_of(file),
        filename=file.name or "",
        proves_authority=proves_authority,
        now=timezone.now(),
    )


def content_of(file: UploadedFile) -> bytes:
    """Read a file; of one that is too large no more than shows it."""
    content: bytes = file.read(app_settings.upload_limits.bytes + 1)
    return content


def count_in_words(documents: Sequence[Document]) -> str:
    """«Додано 3 з 10»."""
    return gettext("Added %(count)s of %(limit)s") % {
        "count": len(documents),
        "limit": app_settings.upload_limits.files,
    }
