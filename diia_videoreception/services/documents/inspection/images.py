"""Pictures: counted, decoded in full, turned upright, stripped of metadata (A-46).

The pixels of an upright picture are never touched: only metadata around them is left out.
"""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL.Image import Image
from PIL.JpegImagePlugin import JpegImageFile, get_sampling
from PIL.PngImagePlugin import PngImageFile

from diia_videoreception.rules.uploads import PIXELS_IN_MEGAPIXEL, UploadLimits, check_pixels
from diia_videoreception.services.documents.inspection.errors import ImageTooManyPixels
from diia_videoreception.services.documents.inspection.formats import ImageDamaged
from diia_videoreception.services.documents.inspection.jpeg import Jpeg, read_jpeg
from diia_videoreception.services.documents.inspection.orientation import (
    QUARTER_TURNS,
    TURN_UPRIGHT,
    UPRIGHT,
)
from diia_videoreception.services.documents.inspection.png import Png, read_png

JPEG_QUALITY = 92

# Pixels times passes of one JPEG: twenty passes over the largest picture (four colours, progressive,
# take eighteen), many over a small one.
_MOST_DECODING_WORK = 2_400 * PIXELS_IN_MEGAPIXEL
_LARGE = 30 * PIXELS_IN_MEGAPIXEL

# A picture of 120 megapixels takes about a gigabyte while it is turned: one at a time.
_one_large_picture = threading.Lock()

# What Pillow's readers raise on damaged data.
_DECODER_ERRORS = (
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_FULL_COLOUR_SAMPLING, _HALF_WIDTH_SAMPLING = 0, 1


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture as it is stored: upright, without metadata; size in pixels."""

    content: bytes
    width: int
    height: int


def clean_png(data: bytes, *, name: str, limits: UploadLimits) -> CleanImage:
    """Decodes a PNG in full and takes away its metadata; the pixels stay exactly as they are.

    Pillow keeps eight bits per sample only, so a picture of another depth is not redrawn but keeps a note
    of its orientation, and of nothing else.

    Raises:
        ImageDamaged: The picture is corrupt or incomplete.
        ImageTooManyPixels: By the header, before anything is decoded.
    """
    png = read_png(data)
    _refuse_too_many_pixels(png, name=name, limits=limits)
    with _room_for(png), _decoding():
        picture: Image = PngImageFile(BytesIO(png.for_decoding))
        picture.load()
        if png.orientation == UPRIGHT:
            return CleanImage(png.content, png.width, png.height)
        if png.depth != 8:
            return CleanImage(png.tagged(), png.width, png.height)
        picture = picture.transpose(TURN_UPRIGHT[png.orientation])
        buffer = BytesIO()
        picture.save(buffer, "PNG")
        return CleanImage(png.redrawn(buffer.getvalue()), picture.width, picture.height)


def clean_jpeg(data: bytes, *, name: str, limits: UploadLimits) -> CleanImage:
    """Decodes a JPEG in full and takes away its metadata; only a turned picture is encoded anew.

    Raises:
        ImageDamaged: The picture is corrupt or incomplete, or made of absurdly many passes.
        ImageTooManyPixels: By the header, before anything is decoded.
    """
    jpeg = read_jpeg(data)
    _refuse_too_many_pixels(jpeg, name=name, limits=limits)
    if jpeg.scans * jpeg.width * jpeg.height > _MOST_DECODING_WORK:
        raise ImageDamaged("too many passes")
    with _room_for(jpeg), _decoding():
        picture = JpegImageFile(BytesIO(jpeg.content))
        if jpeg.orientation == UPRIGHT:
            # All data is read and checked, but only an eighth of the width is kept in memory.
            picture.draft(None, (1, 1))
            picture.load()
            return CleanImage(jpeg.content, jpeg.width, jpeg.height)
        return _turned_jpeg(picture, jpeg.orientation)


def _turned_jpeg(picture: JpegImageFile, orientation: int) -> CleanImage:
    sampling = get_sampling(picture)
    # Sampling halved across would be halved down after a quarter turn, which encoders do not offer.
    if sampling < 0 or (sampling == _HALF_WIDTH_SAMPLING and orientation in QUARTER_TURNS):
        sampling = _FULL_COLOUR_SAMPLING
    profile = picture.info.get("icc_profile")
    turned = picture.transpose(TURN_UPRIGHT[orientation])
    picture.close()
    buffer = BytesIO()
    turned.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=sampling, icc_profile=profile)
    return CleanImage(read_jpeg(buffer.getvalue()).content, turned.width, turned.height)


def _refuse_too_many_pixels(image: Png | Jpeg, *, name: str, limits: UploadLimits) -> None:
    if check_pixels(limits, width=image.width, height=image.height):
        raise ImageTooManyPixels(name=name, limit=limits.megapixels)


@contextmanager
def _room_for(image: Png | Jpeg) -> Iterator[None]:
    if image.width * image.height < _LARGE:
        yield
    else:
        with _one_large_picture:
            yield


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except _DECODER_ERRORS as error:
        raise ImageDamaged(str(error)) from error
