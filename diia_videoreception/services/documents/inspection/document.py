"""One uploaded document: what it is, whether it may stay, and the bytes that are kept (A-44 to A-47)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from diia_videoreception.conf import app_settings
from diia_videoreception.rules.uploads import UploadLimits, UploadProblem, check_size
from diia_videoreception.services.documents.inspection import errors
from diia_videoreception.services.documents.inspection.names import clean_name, display_name
from diia_videoreception.services.documents.inspection.viruses import require_clean
from integrations.examination.formats import FileRefusal, FileRefused, Format
from integrations.examination.outside import Bench, examine_outside
from integrations.examination.places import OwnPlacesTaken, PlacesTaken, default_count
from integrations.examination.shares import OwnTimeSpent

DEFAULT = UploadLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedDocument:
    """An accepted document.

    Attributes:
        content: The bytes that are stored, hashed and handed back.
        media_type: `image/png`, `image/jpeg` or `application/pdf`.
        extension: `png`, `jpg` or `pdf`.
        sha256: Of `content`, as 64 hexadecimal digits.
        display_name: The file's name made safe, with the extension of the content, at most 120 characters.
        changed: Whether `content` differs from the upload.
        pages: Of a PDF.
        width, height: Of an image, in pixels.
        signed: A PDF with a digital signature, valid or not.
        has_attachments: A PDF with files inside.
    """

    content: bytes
    media_type: str
    extension: str
    sha256: str
    display_name: str
    changed: bool = False
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    signed: bool = False
    has_attachments: bool = False


REFUSALS: Mapping[FileRefusal, type[errors.DocumentRefused]] = MappingProxyType(
    {
        FileRefusal(refusal.code): refusal
        for refusal in (
            errors.FileBusy,
            errors.FileType,
            errors.ImageBroken,
            errors.ImageTooComplex,
            errors.ImageTooManyPixels,
            errors.PdfAttachment,
            errors.PdfBroken,
            errors.PdfEncrypted,
            errors.PdfExecutable,
            errors.PdfForm,
            errors.PdfLaunch,
            errors.PdfOutside,
            errors.PdfPrefix,
            errors.PdfScript,
            errors.PdfSuffix,
            errors.PdfTooComplex,
        )
    }
    # To programs it is a type like any other; people learn how to mend it.
    | {FileRefusal.FILE_TYPE_HEIC: errors.FileTypeHeic}
)
"""What people are told of each reason that the examiner has."""


def inspect_document(
    data: bytes, *, filename: str, person: str, limits: UploadLimits = DEFAULT
) -> InspectedDocument:
    """Decide by content alone whether an upload is accepted, and what of it is kept (A-46, A-47).

    Images lose their metadata and stand upright, PDFs pass byte for byte. Inspecting what is kept once
    more changes nothing. A process of its own looks at the file, which takes up to seconds for the largest,
    and then the portal's virus scanner, if it has one: call it outside of transactions.

    Args:
        data: The upload.
        filename: As the person had it.
        person: Whose it is, in words that are always the same for one person.
        limits: The bounds of one file.

    Raises:
        DocumentRefused: With a stable code and a message that says how to mend the file; `FileBusy` and
            `OwnFilesBusy` at once when there is no place, for the same file to come again;
            `ScannerUnavailable` when nobody can say whether it is clean.
    """
    name = clean_name(filename)
    problem = check_size(limits, len(data))
    if problem is UploadProblem.FILE_EMPTY:
        raise errors.FileEmpty(name=name)
    if problem is UploadProblem.FILE_TOO_LARGE:
        raise errors.FileTooLarge(name=name, limit=limits.megabytes)
    try:
        facts, content = examine_outside(
            data,
            megapixels=limits.megapixels,
            person=person,
            bench=_bench(),
            look_also=partial(require_clean, name=name),
        )
    except OwnTimeSpent as spent:
        raise errors.OwnFilesBusy(name=name, wait_seconds=spent.seconds) from None
    except OwnPlacesTaken:
        raise errors.OwnFilesBusy(name=name) from None
    except PlacesTaken:
        raise errors.FileBusy(name=name) from None
    except FileRefused as refusal:
        raise _refusal(refusal.code, name=name, limits=limits) from refusal
    return _accepted(facts, content, data, filename)


def _bench() -> Bench:
    return Bench(app_settings.examination_folder, app_settings.examiners or default_count())


def _refusal(code: FileRefusal, *, name: str, limits: UploadLimits) -> errors.DocumentRefused:
    if code is FileRefusal.IMAGE_TOO_MANY_PIXELS:
        return errors.ImageTooManyPixels(name=name, limit=limits.megapixels)
    return REFUSALS[code](name=name)


def _accepted(
    facts: dict[str, Any], content: bytes, data: bytes, filename: str
) -> InspectedDocument:
    kind = Format[facts["format"]]
    return InspectedDocument(
        content=content,
        media_type=kind.media_type,
        extension=kind.extension,
        sha256=hashlib.sha256(content).hexdigest(),
        display_name=display_name(filename, extension=kind.extension),
        changed=content != data,
        pages=facts.get("pages"),
        width=facts.get("width"),
        height=facts.get("height"),
        signed=facts.get("signed", False),
        has_attachments=facts.get("has_attachments", False),
    )
