"""The structure of a PNG (W3C PNG, third edition): walked chunk by chunk, metadata left out."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from integrations.examination.formats import PNG_SIGNATURE, ImageDamaged, ImageTooComplex
from integrations.examination.orientation import (
    QUARTER_TURNS,
    UPRIGHT,
    orientation_only,
    read_orientation,
)
from integrations.examination.profiles import is_packed_profile

_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
# Colour: the longest body of each, and of each one; what is longer is no colour.
_COLOUR = {
    b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"iCCP": 1 << 20, b"cICP": 4, b"sBIT": 4, b"pHYs": 9, b"tRNS": 256,
    b"bKGD": 6,
}  # fmt: skip
_DECODING = _CRITICAL | {b"tRNS"}
_HEADER_BYTES = 13
_BLOCK = 1 << 18
_MAX_CHUNKS = 50_000
"""Each costs the walker some microseconds; encoders make one for each few kilobytes."""


@dataclass(frozen=True, slots=True)
class Chunk:
    kind: bytes
    body: bytes

    def packed(self) -> bytes:
        """Return the chunk as it stands in a file: length, kind, body, checksum."""
        checksum = zlib.crc32(self.body, zlib.crc32(self.kind))
        return (
            struct.pack(">I", len(self.body)) + self.kind + self.body + struct.pack(">I", checksum)
        )


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG without metadata.

    Attributes:
        chunks: What picture and colour need, in the order of the file; an animation keeps its first picture.
        width, height: Pixels by the header.
        depth: Bits per sample.
        orientation: 1 to 8 as eXIf had it.
    """

    chunks: tuple[Chunk, ...]
    width: int
    height: int
    depth: int
    orientation: int

    @property
    def content(self) -> bytes:
        return _joined(self.chunks)

    @property
    def for_decoding(self) -> bytes:
        """The bare picture: colour profiles are not the decoder's business."""
        return _joined([chunk for chunk in self.chunks if chunk.kind in _DECODING])

    def ending_with_its_pixels(self) -> "Png":
        """Return the same without what stands in its data after the compressed pixels, which no decoder reads.

        Raises:
            ImageDamaged: There are far more pixels than the header says, or the compressed data is broken.
        """
        unpacker = zlib.decompressobj()
        left = _most_inflated(self)
        kept: list[Chunk] = []
        for chunk in self.chunks:
            if chunk.kind != b"IDAT":
                kept.append(chunk)
            elif not unpacker.eof:
                left = _inflate(unpacker, chunk.body, left)
                body = chunk.body[: len(chunk.body) - len(unpacker.unused_data)]
                kept.append(Chunk(b"IDAT", body) if body != chunk.body else chunk)
        return replace(self, chunks=tuple(kept))

    def tagged(self) -> bytes:
        """Return the content with a note of nothing but the orientation."""
        header, *rest = self.chunks
        return _joined([header, Chunk(b"eXIf", orientation_only(self.orientation)), *rest])

    def redrawn(self, encoded: bytes) -> bytes:
        """Return the turned picture `encoded` with the colour chunks of this one."""
        fresh = list(_chunks(encoded))
        colour = [
            _turned_density(chunk) if self.orientation in QUARTER_TURNS else chunk
            for chunk in self.chunks
            if chunk.kind in {*_COLOUR, b"PLTE"}
        ]
        pixels = [chunk for chunk in fresh if chunk.kind in {b"IDAT", b"IEND"}]
        return _joined([fresh[0], *colour, *pixels])


def read_png(data: bytes) -> Png:
    """Walk the chunks and keeps those that picture and colour need (A-46).

    Raises:
        ImageDamaged: A chunk is cut off, out of place or fails its checksum, or one that matters is unknown.
    """
    kept: list[Chunk] = []
    colours: set[bytes] = set()
    orientation = UPRIGHT
    previous = b""
    for chunk in _chunks(data):
        if not kept and (chunk.kind != b"IHDR" or len(chunk.body) != _HEADER_BYTES):
            raise ImageDamaged("the header is expected first")
        if kept and chunk.kind == b"IHDR":
            raise ImageDamaged("two headers")
        if chunk.kind == b"IDAT" and previous != b"IDAT" and _has(kept, b"IDAT"):
            raise ImageDamaged("the picture is in pieces")
        if chunk.kind == b"eXIf" and orientation == UPRIGHT:
            orientation = read_orientation(chunk.body.removeprefix(b"Exif\0\0"))
        if chunk.kind in _CRITICAL or (chunk.kind not in colours and _is_colour(chunk)):
            colours.add(chunk.kind)
            kept.append(chunk)
        previous = chunk.kind
    if not _has(kept, b"IDAT"):
        raise ImageDamaged("no picture")
    width, height, depth = struct.unpack_from(">IIB", kept[0].body)
    if not width or not height:
        raise ImageDamaged("no pixels")
    return Png(tuple(kept), width, height, depth, orientation)


def _chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the sound chunks up to the end of the picture; a damaged one that does not matter is left out."""
    position = len(PNG_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if position + 12 > len(data):
            raise ImageDamaged("the end is missing")
        length, kind = struct.unpack_from(">I4s", data, position)
        chunk = data[position : position + length + 12]
        if len(chunk) < length + 12:
            raise ImageDamaged("a chunk is cut off")
        position += length + 12
        sound = zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")
        # A capital first letter says that the picture cannot be shown without this chunk.
        matters = not kind[0] & 0x20
        if matters and (not sound or kind not in _CRITICAL):
            raise ImageDamaged("a chunk that matters is damaged or unknown")
        if sound:
            yield Chunk(kind, chunk[8:-4])
        if kind == b"IEND":
            return
    raise ImageTooComplex("too many chunks")


def _has(chunks: list[Chunk], kind: bytes) -> bool:
    return any(chunk.kind == kind for chunk in reversed(chunks))


def _is_colour(chunk: Chunk) -> bool:
    if len(chunk.body) > _COLOUR.get(chunk.kind, -1):
        return False
    return chunk.kind != b"iCCP" or is_packed_profile(chunk.body)


def _most_inflated(png: Png) -> int:
    """Return bytes of all rows, doubled for the rows of an interlaced picture and their filters."""
    # Four samples of a pixel are the most.
    row = 1 + (png.width * png.depth * 4 + 7) // 8
    return 2 * row * png.height + _BLOCK


def _inflate(unpacker: "zlib._Decompress", body: bytes, left: int) -> int:
    """Read on block by block, forget what was read, and give how much may still come."""
    try:
        while body and not unpacker.eof:
            left -= len(unpacker.decompress(body, _BLOCK))
            if left < 0:
                raise ImageDamaged("more than the picture")
            body = unpacker.unconsumed_tail
    except zlib.error as error:
        raise ImageDamaged(str(error)) from error
    return left


def _joined(chunks: "list[Chunk] | tuple[Chunk, ...]") -> bytes:
    return PNG_SIGNATURE + b"".join(chunk.packed() for chunk in chunks)


def _turned_density(chunk: Chunk) -> Chunk:
    """Swap the pixels per metre across and down when the picture makes a quarter turn."""
    if chunk.kind != b"pHYs" or len(chunk.body) != 9:
        return chunk
    return Chunk(chunk.kind, chunk.body[4:8] + chunk.body[:4] + chunk.body[8:])
