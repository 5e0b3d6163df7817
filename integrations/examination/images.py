"""Pictures: counted, decoded in full, turned upright, stripped of metadata (A-46).

The pixels of a sound and upright picture are never touched: only what stands around them is left out.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from PIL.Image import Image, preinit
from PIL.JpegImagePlugin import JpegImageFile, get_sampling
from PIL.PngImagePlugin import PngImageFile

from integrations.examination.formats import (
    FileRefusal,
    FileRefused,
    Format,
    ImageDamaged,
    ImageTooComplex,
    sniff,
)
from integrations.examination.jpeg import Jpeg, read_jpeg
from integrations.examination.orientation import (
    QUARTER_TURNS,
    TURN_UPRIGHT,
    UPRIGHT,
)
from integrations.examination.png import Png, read_png

JPEG_QUALITY = 92

PIXELS_IN_MEGAPIXEL = 1_000_000

# Pixels times passes of one JPEG: twenty passes over the largest picture (four colours, progressive,
# take eighteen), many over a small one.
_MAX_DECODING_WORK = 2_400 * PIXELS_IN_MEGAPIXEL
_HEAVY_PIXELS = 30 * PIXELS_IN_MEGAPIXEL
_HEAVY_WORK = 150 * PIXELS_IN_MEGAPIXEL

BecomeHeavy = Callable[[], None]
"""Takes the one place for heavy files, or refuses at once."""

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


def prepare() -> None:
    """Load what Pillow otherwise loads when it first saves a picture."""
    preinit()


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture as it is stored: upright, without metadata; size in pixels."""

    content: bytes
    width: int
    height: int


def examine_file(
    data: bytes, *, megapixels: int, become_heavy: BecomeHeavy
) -> tuple[dict[str, int], bytes]:
    """Return width and height of a picture that stands upright, and what is kept of it.

    Raises:
        FileRefused: As `clean_png` and `clean_jpeg` say.
    """
    clean = clean_png if sniff(data) is Format.PNG else clean_jpeg
    image = clean(data, megapixels=megapixels, become_heavy=become_heavy)
    return {"width": image.width, "height": image.height}, image.content


def clean_png(data: bytes, *, megapixels: int, become_heavy: BecomeHeavy) -> CleanImage:
    """Decode a PNG in full and take away its metadata; the pixels stay exactly as they are.

    Pillow keeps eight bits per sample only, so a picture of another depth is not redrawn but keeps a note
    of its orientation, and of nothing else.

    Raises:
        ImageDamaged: The picture is corrupt or incomplete.
        FileRefused: `image_too_many_pixels` by the header, before anything is decoded.
    """
    png = read_png(data)
    _refuse_too_many_pixels(png, megapixels)
    if png.width * png.height > _HEAVY_PIXELS:
        become_heavy()
    with _decoding():
        png = png.ending_with_its_pixels()
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


def clean_jpeg(data: bytes, *, megapixels: int, become_heavy: BecomeHeavy) -> CleanImage:
    """Decode a JPEG in full and take away its metadata.

    A turned picture is encoded anew, and so is one with something in it that its decoder does not need.

    Raises:
        ImageDamaged: The picture is corrupt or incomplete.
        ImageTooComplex: It is made of absurdly many passes.
        FileRefused: `image_too_many_pixels` by the header, before anything is decoded.
    """
    jpeg = read_jpeg(data)
    _refuse_too_many_pixels(jpeg, megapixels)
    pixels = jpeg.width * jpeg.height
    if pixels * jpeg.scans > _MAX_DECODING_WORK:
        raise ImageTooComplex("too many passes")
    if pixels > _HEAVY_PIXELS or pixels * jpeg.scans > _HEAVY_WORK:
        become_heavy()
    with _decoding():
        picture = JpegImageFile(BytesIO(jpeg.content))
        if jpeg.orientation == UPRIGHT and not jpeg.is_overdrawn and _is_all_decoded(jpeg.content):
            # What another decoder has read must be a picture to Pillow too.
            picture.draft(None, (1, 1))
            picture.load()
            return CleanImage(jpeg.content, jpeg.width, jpeg.height)
        return _drawn_anew(picture, jpeg.orientation)


def _is_all_decoded(content: bytes) -> bool:
    """Return whether a decoder that lets nothing pass finds nothing wrong with a JPEG.

    Pillow skips silently what stands between the last block of a scan and the next marker; qpdf, which has
    the same decoder for pictures in PDFs, refuses that as corrupt. Up to seven octets go unnoticed: as many
    as the decoder reads ahead.

    What takes more memory than the examiner has counts as unsure too (above 64 megapixels in four colours).
    """
    # A stream lives as long as its document.
    document = pikepdf.new()
    stream = pikepdf.Stream(document, content, Filter=pikepdf.Name.DCTDecode)
    try:
        stream.get_stream_buffer(pikepdf.StreamDecodeLevel.all)
    except (pikepdf.PikepdfError, MemoryError, RuntimeError):
        return False
    return True


def _drawn_anew(picture: JpegImageFile, orientation: int) -> CleanImage:
    sampling = get_sampling(picture)
    # Sampling halved across would be halved down after a quarter turn, which encoders do not offer.
    if sampling < 0 or (sampling == _HALF_WIDTH_SAMPLING and orientation in QUARTER_TURNS):
        sampling = _FULL_COLOUR_SAMPLING
    profile = picture.info.get("icc_profile")
    # A copy of an upright one too: a picture that knows its file asks for the folder when it is saved.
    upright = orientation == UPRIGHT
    turned = picture.copy() if upright else picture.transpose(TURN_UPRIGHT[orientation])
    picture.close()
    buffer = BytesIO()
    turned.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=sampling, icc_profile=profile)
    return CleanImage(read_jpeg(buffer.getvalue()).content, turned.width, turned.height)


def _refuse_too_many_pixels(image: Png | Jpeg, megapixels: int) -> None:
    if image.width * image.height > megapixels * PIXELS_IN_MEGAPIXEL:
        raise FileRefused(FileRefusal.IMAGE_TOO_MANY_PIXELS)


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except _DECODER_ERRORS as error:
        raise ImageDamaged(str(error)) from error
