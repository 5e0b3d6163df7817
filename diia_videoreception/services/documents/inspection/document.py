"""One uploaded document: what it is, whether it may stay, and the bytes that are kept (A-44 to A-47)."""

import hashlib
from dataclasses import dataclass

from diia_videoreception.rules.uploads import UploadLimits, UploadProblem, check_size
from diia_videoreception.services.documents.inspection.errors import (
    FileEmpty,
    FileTooLarge,
    FileType,
    FileTypeHeic,
    ImageBroken,
)
from diia_videoreception.services.documents.inspection.formats import (
    Format,
    ImageDamaged,
    is_heif,
    sniff,
)
from diia_videoreception.services.documents.inspection.images import clean_jpeg, clean_png
from diia_videoreception.services.documents.inspection.names import clean_name, display_name
from diia_videoreception.services.documents.inspection.pdf import examine_pdf

DEFAULT = UploadLimits()

_MEGABYTE = 1024 * 1024


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


def inspect_document(
    data: bytes, *, filename: str, limits: UploadLimits = DEFAULT
) -> InspectedDocument:
    """Decides by content alone whether an upload is accepted, and what of it is kept (A-46, A-47).

    Images lose their metadata and stand upright, PDFs pass byte for byte. Inspecting what is kept once
    more changes nothing. Takes up to seconds for the largest files: call it outside of transactions.

    Raises:
        DocumentRefused: With a stable code and a message that says how to mend the file.
    """
    name = clean_name(filename)
    problem = check_size(limits, len(data))
    if problem is UploadProblem.FILE_EMPTY:
        raise FileEmpty(name=name)
    if problem is UploadProblem.FILE_TOO_LARGE:
        raise FileTooLarge(name=name, limit=f"{limits.bytes / _MEGABYTE:g}")
    kind = sniff(data)
    if kind is None:
        raise FileTypeHeic(name=name) if is_heif(data) else FileType(name=name)
    if kind is Format.PDF:
        return _inspect_pdf(data, filename=filename, name=name)
    return _inspect_image(data, kind, filename=filename, name=name, limits=limits)


def _inspect_pdf(data: bytes, *, filename: str, name: str) -> InspectedDocument:
    facts = examine_pdf(data, name=name)
    return InspectedDocument(
        content=data,
        media_type=Format.PDF.media_type,
        extension=Format.PDF.extension,
        sha256=hashlib.sha256(data).hexdigest(),
        display_name=display_name(filename, extension=Format.PDF.extension),
        pages=facts.pages,
        signed=facts.signed,
        has_attachments=facts.has_attachments,
    )


def _inspect_image(
    data: bytes, kind: Format, *, filename: str, name: str, limits: UploadLimits
) -> InspectedDocument:
    clean = clean_png if kind is Format.PNG else clean_jpeg
    try:
        image = clean(data, name=name, limits=limits)
    except ImageDamaged as error:
        raise ImageBroken(name=name) from error
    return InspectedDocument(
        content=image.content,
        media_type=kind.media_type,
        extension=kind.extension,
        sha256=hashlib.sha256(image.content).hexdigest(),
        display_name=display_name(filename, extension=kind.extension),
        changed=image.content != data,
        width=image.width,
        height=image.height,
    )
