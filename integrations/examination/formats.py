"""What a file is, by its bytes alone: names and declared types are never asked (A-46)."""

import re
from enum import Enum, StrEnum

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# ISO base media files: four bytes of size, `ftyp`, the brand. These brands are HEIF pictures.
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


_PDF_SIGNATURE = b"%PDF-"
_PDF_HEADER_WITHIN = 1024
# A line without a sign; a boundary; the name and value of a header. No "<": that could be a page.
_EMPTY_OR_HEAD = re.compile(
    rb"[ \t\0\f]*|--[A-Za-z0-9'()+_,./:=?-]{1,72}|Content-[A-Za-z-]{1,40}: ?[^<>\0-\x08]{0,300}"
)


class Format(Enum):
    """An accepted format: its media type and the extension of stored and handed back files."""

    PNG = ("image/png", "png")
    JPEG = ("image/jpeg", "jpg")
    PDF = ("application/pdf", "pdf")

    def __init__(self, media_type: str, extension: str) -> None:
        self.media_type = media_type
        self.extension = extension


class FileRefusal(StrEnum):
    """Why a file is not accepted; whoever tells people has words for each."""

    FILE_BUSY = "file_busy"
    """Nothing is wrong with it: nobody has had the time to look."""
    FILE_TYPE = "file_type"
    FILE_TYPE_HEIC = "file_type_heic"
    IMAGE_BROKEN = "image_broken"
    IMAGE_TOO_COMPLEX = "image_too_complex"
    IMAGE_TOO_MANY_PIXELS = "image_too_many_pixels"
    PDF_ATTACHMENT = "pdf_attachment"
    PDF_BROKEN = "pdf_broken"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_EXECUTABLE = "pdf_executable"
    PDF_FORM = "pdf_form"
    PDF_LAUNCH = "pdf_launch"
    PDF_OUTSIDE = "pdf_outside"
    PDF_PREFIX = "pdf_prefix"
    PDF_SCRIPT = "pdf_script"
    PDF_SUFFIX = "pdf_suffix"
    PDF_TOO_COMPLEX = "pdf_too_complex"


class FileRefused(Exception):
    """The file is not accepted; `code` says why."""

    def __init__(self, code: FileRefusal) -> None:
        self.code = code
        super().__init__(code)


class ImageDamaged(FileRefused):
    """The bytes are not what the image format says they must be; `detail` says which, for tests."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(FileRefusal.IMAGE_BROKEN)


class ImageTooComplex(FileRefused):
    """Sound perhaps, but made so that looking through it would take too long."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(FileRefusal.IMAGE_TOO_COMPLEX)


def sniff(data: bytes) -> Format | None:
    """Name the format by its signature, None for anything else.

    Pictures begin with the very first byte. Readers find the header of a PDF within the first kilobyte
    (ISO 32000-1, implementation note 13), and programs that sent or saved it leave something there: a byte
    order mark, empty lines, the head of a form's part or of a letter.

    Raises:
        FileRefused: `pdf_prefix`, when what stands before the header could be something else to other readers.
    """
    if data.startswith(PNG_SIGNATURE):
        return Format.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    start = data.find(_PDF_SIGNATURE, 0, _PDF_HEADER_WITHIN)
    if start < 0:
        return None
    if not _is_harmless(data[:start]):
        raise FileRefused(FileRefusal.PDF_PREFIX)
    return Format.PDF


def too_complex(data: bytes) -> FileRefusal:
    """Name what a file was that took more memory or time than examining may."""
    is_picture = data.startswith((PNG_SIGNATURE, b"\xff\xd8"))
    return FileRefusal.IMAGE_TOO_COMPLEX if is_picture else FileRefusal.PDF_TOO_COMPLEX


def _is_harmless(prefix: bytes) -> bool:
    """Return whether this makes no other format of the file: empty lines and heads of parts only."""
    lines = prefix.removeprefix(b"\xef\xbb\xbf").splitlines()
    return all(_EMPTY_OR_HEAD.fullmatch(line) for line in lines)


def is_heif(data: bytes) -> bool:
    """Return whether the file is a picture as iPhones keep them (HEIC)."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS
