"""How many documents an application may carry and how large they may be (A-47)."""

from dataclasses import dataclass
from enum import StrEnum

PIXELS_IN_MEGAPIXEL = 1_000_000


class UploadProblem(StrEnum):
    """Why a document is not accepted, as a code."""

    TOO_MANY_FILES = "too_many_files"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PIXELS = "too_many_pixels"


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


def can_add(limits: UploadLimits, *, count_so_far: int, adding: int = 1) -> bool:
    """Tells whether `adding` more documents fit beside the `count_so_far` there are (A-47)."""
    return count_so_far + adding <= limits.files


def check_upload(limits: UploadLimits, *, count_so_far: int, size: int) -> UploadProblem | None:
    """Names what keeps a document of `size` bytes from being added, None when nothing does (A-47).

    The caller counts under the application's lock: the number of files is also a race.
    """
    if not can_add(limits, count_so_far=count_so_far):
        return UploadProblem.TOO_MANY_FILES
    return check_size(limits, size)


def check_size(limits: UploadLimits, size: int) -> UploadProblem | None:
    """Names what is wrong with a document of `size` bytes, None when nothing is (A-47)."""
    if size <= 0:
        return UploadProblem.FILE_EMPTY
    if size > limits.bytes:
        return UploadProblem.FILE_TOO_LARGE
    return None


def check_pixels(limits: UploadLimits, *, width: int, height: int) -> UploadProblem | None:
    """Names an image too large to decode, judged by the pixel size its header claims (A-47)."""
    if width * height > limits.megapixels * PIXELS_IN_MEGAPIXEL:
        return UploadProblem.TOO_MANY_PIXELS
    return None
