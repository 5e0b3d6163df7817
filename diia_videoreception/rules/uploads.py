"""How many documents an application may carry, how large they may be (A-47), and how many a person may pile up."""

from dataclasses import dataclass
from enum import StrEnum


class UploadProblem(StrEnum):
    """Why a document is not accepted, as a code."""

    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """The limits of one application's documents (A-47).

    Attributes:
        files: Documents per application.
        bytes: Size of one document as uploaded, in bytes.
        megapixels: Width times height of an image by its header, in millions of pixels.
    """

    files: int = 10
    bytes: int = 5 * 1024 * 1024
    megapixels: int = 120

    def __post_init__(self) -> None:
        if min(self.files, self.bytes, self.megapixels) < 1:
            raise ValueError("upload limits are positive numbers")

    @property
    def megabytes(self) -> str:
        """The size of one document in digits."""
        return _megabytes(self.bytes)


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """What one person's documents may come to, those of all applications together.

    Attributes:
        files: Documents.
        bytes: Their sizes as kept, in bytes.
    """

    files: int = 40
    bytes: int = 100 * 1024 * 1024

    def __post_init__(self) -> None:
        if min(self.files, self.bytes) < 1:
            raise ValueError("limits of what is kept are positive numbers")

    @property
    def megabytes(self) -> str:
        """The sizes in all in digits."""
        return _megabytes(self.bytes)

    def allow(self, files: int, size: int) -> bool:
        """Tell whether so many documents of so many bytes in all may be kept."""
        return files <= self.files and size <= self.bytes


def _megabytes(size: int) -> str:
    """«5», «0.5»: in digits, without zeros at the end."""
    return f"{size / 1024 / 1024:g}"


def check_size(limits: UploadLimits, size: int) -> UploadProblem | None:
    """Name what is wrong with a document of `size` bytes, None when nothing is (A-47)."""
    if size <= 0:
        return UploadProblem.FILE_EMPTY
    if size > limits.bytes:
        return UploadProblem.FILE_TOO_LARGE
    return None
