"""What a file is, by its first bytes alone: names and declared types are never asked (A-46)."""

from enum import Enum

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# ISO base media files: four bytes of size, `ftyp`, the brand. These brands are HEIF pictures.
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


class Format(Enum):
    """An accepted format: its media type and the extension of stored and handed back files."""

    PNG = ("image/png", "png")
    JPEG = ("image/jpeg", "jpg")
    PDF = ("application/pdf", "pdf")

    def __init__(self, media_type: str, extension: str) -> None:
        self.media_type = media_type
        self.extension = extension


class ImageDamaged(ValueError):
    """The bytes are not what the image format says they must be."""


def sniff(data: bytes) -> Format | None:
    """Names the format whose signature stands at the very first byte, None for anything else."""
    if data.startswith(PNG_SIGNATURE):
        return Format.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"%PDF-"):
        return Format.PDF
    return None


def is_heif(data: bytes) -> bool:
    """Tells whether the file is a picture as iPhones keep them (HEIC)."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS
