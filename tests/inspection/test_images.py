"""Images: what is stored shows the same picture and tells nothing else (A-46)."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageOps

from diia_videoreception.rules.uploads import UploadLimits
from diia_videoreception.services.documents.inspection import InspectedDocument
from diia_videoreception.services.documents.inspection.errors import (
    ImageBroken,
    ImageTooComplex,
    ImageTooManyPixels,
)
from integrations.examination.formats import ImageDamaged
from integrations.examination.jpeg import read_jpeg
from integrations.examination.orientation import orientation_only
from integrations.examination.png import read_png
from tests.steps import samples
from tests.steps.inspection import inspect_document

ROOMY = UploadLimits(bytes=50 * 1024 * 1024)


def inspected(data: bytes) -> InspectedDocument:
    """Inspects twice: what is stored must come through unchanged (idempotence)."""
    document = inspect_document(data, filename="photo", limits=ROOMY)
    again = inspect_document(document.content, filename="photo", limits=ROOMY)
    assert again.content == document.content
    assert not again.changed
    assert document.changed == (document.content != data)
    return document


def assert_alike(shown: Image.Image, expected: Image.Image) -> None:
    """Compare what may have been encoded anew."""
    difference = ImageChops.difference(shown.convert("RGB"), expected.convert("RGB"))
    average = sum(value * count for value, count in enumerate(difference.convert("L").histogram()))
    assert average / (shown.width * shown.height) < 3


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def same_pixels(one: Image.Image, other: Image.Image) -> bool:
    return one.mode == other.mode and one.size == other.size and one.tobytes() == other.tobytes()


# --- A picture to one reader, something else to another ----------------------------------------


def _split_pixels(more: bytes, *, parts: int) -> bytes:
    header, pixels, end = (one for one in samples.chunks(samples.png()) if one[0] in KEPT)
    body = pixels[1] + more
    step = -(-len(body) // parts)
    pieces = [(b"IDAT", body[place : place + step]) for place in range(0, len(body), step)]
    return samples.PNG_SIGNATURE + b"".join(samples.chunk(*one) for one in (header, *pieces, end))


KEPT = {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("parts", [1, 2, 50])
def test_png__what_follows_the_compressed_pixels_is_gone(parts: int) -> None:
    upload = _split_pixels(b"SECRET%PDF-1.4 PK\x05\x06" + bytes(300), parts=parts)
    document = inspected(upload)
    assert document.changed
    assert b"SECRET" not in document.content
    assert b"PK\x05\x06" not in document.content
    assert same_pixels(opened(upload), opened(document.content))


def test_png__far_more_than_the_picture_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(50_000_000))
    upload = samples.PNG_SIGNATURE + b"".join(
        samples.chunk(*one) for one in ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    )
    with pytest.raises(ImageBroken):
        inspect_document(upload, filename="a.png")


@pytest.mark.parametrize(
    "chunk",
    [
        (b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000), 9)),
        (b"iCCP", b"x\0\0" + zlib.compress(samples.icc_profile()) + b"SECRET"),
        (b"iCCP", b"x\0\0SECRET"),
        (b"gAMA", b"SECRET"),
        (b"tRNS", bytes(257)),
    ],
)
def test_png__what_is_no_colour_is_gone(chunk: tuple[bytes, bytes]) -> None:
    assert inspected(samples.with_chunks(samples.png(), chunk)).content == samples.png()


def test_png__a_colour_that_is_said_again_is_gone() -> None:
    once = samples.with_chunks(samples.png(), (b"gAMA", b"\0\0\xb1\x8f"))
    twice = samples.with_chunks(samples.png(), (b"gAMA", b"\0\0\xb1\x8f"), (b"gAMA", b"EVIL"))
    assert inspected(twice).content == once


@pytest.mark.parametrize(
    "payload", [b"\1\1SECRET", b"\1\2" + samples.icc_profile(), b"\1\1" + bytes(200)]
)
def test_jpeg__what_is_no_colour_profile_is_gone(payload: bytes) -> None:
    part = samples.segment(0xE2, b"ICC_PROFILE\0" + payload)
    assert inspected(samples.with_segments(samples.jpeg(), part)).content == samples.jpeg()


# --- JPEG --------------------------------------------------------------------------------------


def test_jpeg__place_maker_and_thumbnail_are_gone_pixels_stay() -> None:
    thumbnail = samples.jpeg(samples.picture(size=(16, 12)))
    upload = samples.with_segments(
        samples.jpeg(exif=samples.exif(), comment=b"SECRETCOMMENT"),
        samples.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>SECRETXMP</x>"),
        samples.segment(0xED, b"Photoshop 3.0\0SECRETIPTC"),
        samples.segment(0xE0, b"JFXX\0\x10" + thumbnail),
        samples.segment(0xE2, b"FPXR\0SECRETMAKERNOTE"),
    )
    assert b"SECRETDAY" in upload
    assert opened(upload).getexif().get_ifd(samples.GPS)

    document = inspected(upload)

    assert b"SECRET" not in document.content
    assert not opened(document.content).getexif()
    assert document.content.count(b"\xff\xd8\xff") == 1
    assert same_pixels(opened(upload), opened(document.content))
    assert (document.width, document.height) == (64, 48)


def test_jpeg__clean_one_stays_byte_for_byte() -> None:
    upload = samples.jpeg()
    assert inspected(upload).content == upload


def test_jpeg__colour_profile_is_kept() -> None:
    profile = samples.icc_profile()
    document = inspected(samples.jpeg(icc_profile=profile, exif=samples.exif()))
    assert opened(document.content).info["icc_profile"] == profile


def test_jpeg__density_is_kept_and_the_thumbnail_of_the_file_header_is_not() -> None:
    plain = samples.jpeg()
    header = b"JFIF\0\x01\x02\x01" + struct.pack(">HH", 300, 300)
    upload = plain[:2] + samples.segment(0xE0, header + b"\x02\x01" + b"SECRET") + plain[2 + 18 :]
    document = inspected(upload)
    assert opened(document.content).info["dpi"] == (300, 300)
    assert b"SECRET" not in document.content


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"subsampling": "4:4:4"}, {"restart_marker_rows": 1}, {"optimize": 1}],
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpeg__every_kind_keeps_its_pixels(mode: str, options: dict[str, object]) -> None:
    upload = samples.jpeg(samples.picture(mode), exif=samples.exif(), **options)
    assert same_pixels(opened(upload), opened(inspected(upload).content))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpeg__stands_upright(mode: str, orientation: int) -> None:
    profile = samples.icc_profile() if mode == "RGB" else None
    upload = samples.jpeg(
        samples.picture(mode, size=(96, 64)),
        exif=samples.exif(orientation=orientation),
        icc_profile=profile,
    )
    expected = ImageOps.exif_transpose(opened(upload))

    document = inspected(upload)

    shown = opened(document.content)
    assert shown.mode == mode
    assert shown.size == expected.size == (document.width, document.height)
    assert b"SECRET" not in document.content
    assert not shown.getexif()
    assert shown.info.get("icc_profile") == profile
    assert_alike(shown, expected)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_jpeg__senseless_orientation_counts_as_upright(orientation: int) -> None:
    upload = samples.jpeg(exif=samples.exif(orientation=orientation))
    assert same_pixels(opened(upload), opened(inspected(upload).content))


@pytest.mark.parametrize(
    ("sampling", "orientation", "expected"),
    [("4:4:4", 6, 0), ("4:2:0", 6, 2), ("4:2:2", 3, 1), ("4:2:2", 6, 0)],
)
def test_jpeg__turning_keeps_the_colour_resolution(
    sampling: str, orientation: int, expected: int
) -> None:
    from PIL.JpegImagePlugin import get_sampling

    upload = samples.jpeg(subsampling=sampling, exif=samples.exif(orientation=orientation))
    assert get_sampling(opened(inspected(upload).content)) == expected


def test_jpeg__turning_uses_a_high_quality() -> None:
    upload = samples.jpeg(quality=40, exif=samples.exif(orientation=3))
    tables = opened(inspected(upload).content).quantization
    assert tables == opened(samples.jpeg(quality=92)).quantization


@pytest.mark.parametrize(
    "payload",
    [b"PK\x03\x04SECRET", b"%PDF-1.7\nSECRET", b"<html><script>SECRET</script>", b"MZSECRET"],
)
def test_jpeg__what_follows_its_end_is_cut_off(payload: bytes) -> None:
    plain = samples.jpeg()
    assert inspected(plain + payload).content == plain


PAYLOAD = b"SECRET" * 200


def _before_marker(data: bytes, marker: bytes, payload: bytes) -> bytes:
    """Put something at the end of the last scan, or of the part of a scan, that the marker follows."""
    at = data.rindex(marker)
    return data[:at] + payload + data[at:]


def _before_second_scan(data: bytes, payload: bytes) -> bytes:
    first = data.index(b"\xff\xda")
    at = data.index(b"\xff\xc4", first)
    return data[:at] + payload + data[at:]


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize(
    ("options", "hide"),
    [
        ({}, lambda data: _before_marker(data, b"\xff\xd9", PAYLOAD)),
        ({"progressive": True}, lambda data: _before_marker(data, b"\xff\xd9", PAYLOAD)),
        ({"progressive": True}, lambda data: _before_second_scan(data, PAYLOAD)),
        ({"restart_marker_rows": 1}, lambda data: _before_marker(data, b"\xff\xd1", PAYLOAD)),
        ({"restart_marker_rows": 1}, lambda data: _before_marker(data, b"\xff\xd9", PAYLOAD)),
        ({}, lambda data: _before_marker(data, b"\xff\xd9", b"\xff\xd0" + PAYLOAD)),
    ],
    ids=["end", "end of the last pass", "between passes", "restart", "after restarts", "a restart"],
)
def test_jpeg__what_stands_between_its_blocks_is_gone(
    mode: str, options: dict[str, object], hide: Callable[[bytes], bytes]
) -> None:
    plain = samples.jpeg(samples.picture(mode), **options)
    upload = hide(plain)
    assert same_pixels(opened(upload), opened(plain))

    document = inspected(upload)

    assert b"SECRET" not in document.content
    assert_alike(opened(document.content), opened(plain))


@pytest.mark.parametrize(
    "part",
    [
        samples.segment(0xDB, b"\x03" + b"SECRET" * 10 + b"ABCD"),
        samples.segment(0xDB, (b"\x00" + b"SECRET" * 10 + b"ABCD") * 100),
        samples.segment(0xC4, b"\x03\0\0\0\0\0\0\x06" + bytes(9) + b"SECRET"),
        samples.segment(0xC4, b"\x10\0\0\0\0\0\0\x06" + bytes(9) + b"SECRET"),
        samples.segment(0xCC, b"\x10S\x10E\x10C\x10R\x10E\x10T"),
        samples.segment(0xDD, b"ET") * 100 + samples.segment(0xDD, b"\0\0"),
    ],
    ids=["unused", "replaced", "unused codes", "replaced codes", "arithmetic", "intervals"],
)
def test_jpeg__tables_that_nothing_is_drawn_with_are_gone(part: bytes) -> None:
    plain = samples.jpeg()
    upload = samples.with_segments(plain, part)
    assert same_pixels(opened(upload), opened(plain))

    document = inspected(upload)

    assert part[4:] not in document.content
    assert same_pixels(opened(document.content), opened(plain))


def _colour_by_colour(*passes: tuple[int, bytes]) -> bytes:
    """Make one sequential JPEG of grey ones: which of the three colours each is."""
    first = passes[0][1]
    frame, tables = first.index(b"\xff\xc0"), first.index(b"\xff\xc4")
    colours = b"".join(bytes((colour, 0x11, 0)) for colour in (1, 2, 3))
    drawn = b"".join(
        samples.segment(0xDA, bytes((1, colour, 0, 0, 63, 0)))
        + one[one.index(b"\xff\xda") + 10 : -2]
        for colour, one in passes
    )
    return b"".join(
        [
            first[:frame],
            samples.segment(0xC0, first[frame + 4 : frame + 9] + b"\x03" + colours),
            first[tables : first.index(b"\xff\xda")],
            drawn,
            b"\xff\xd9",
        ]
    )


def test_jpeg__a_picture_under_the_picture_is_gone() -> None:
    """A later pass of a sequential JPEG draws over what an earlier one has drawn."""
    shown, hidden = samples.jpeg(samples.picture("L")), samples.jpeg(Image.new("L", (64, 48), 90))
    passes = [(1, shown), (2, shown), (3, hidden)]
    plain = _colour_by_colour(*passes)
    assert inspected(plain).content == plain
    upload = _colour_by_colour((1, hidden), *passes)
    assert same_pixels(opened(upload), opened(plain))

    document = inspected(upload)

    assert document.content.count(b"\xff\xda") == 1
    assert_alike(opened(document.content), opened(plain))


def test_jpeg__fill_octets_before_a_marker_are_no_reason_to_draw_it_anew() -> None:
    plain = samples.jpeg()
    upload = _before_marker(plain, b"\xff\xd9", b"\xff" * 20)
    assert inspected(upload).content == plain


@pytest.mark.parametrize("keep", [3, 20, 200, 0.5, 0.9, -2, -1])
def test_jpeg__cut_off_one_is_refused(keep: float) -> None:
    data = samples.jpeg(samples.picture(size=(300, 200)), exif=samples.exif())
    length = int(len(data) * keep) if isinstance(keep, float) else int(keep)
    with pytest.raises(ImageBroken):
        inspect_document(data[:length], filename="a.jpg")


def test_jpeg__cut_off_one_with_a_whole_thumbnail_is_refused() -> None:
    tags = samples.jpeg(samples.picture(size=(16, 12)))
    data = samples.with_segments(samples.jpeg(), samples.segment(0xE1, b"Exif\0\0" + tags))
    with pytest.raises(ImageBroken):
        inspect_document(data[:-2], filename="a.jpg")


def test_jpeg__note_on_its_colours_is_kept() -> None:
    """Without JFIF, Adobe's note alone says that the three colours are red, green and blue."""
    adobe = samples.segment(0xEE, b"Adobe\0\x64\0\0\0\0\0" + b"SECRET")
    plain = samples.jpeg()
    upload = plain[:2] + adobe + plain[2 + 18 :]
    document = inspected(upload)
    assert same_pixels(opened(upload), opened(document.content))
    assert not same_pixels(opened(plain), opened(document.content))
    assert b"SECRET" not in document.content


def test_jpeg__whole_but_undecodable_one_is_refused() -> None:
    data = samples.jpeg()
    table = data.index(b"\xff\xdb")
    length = int.from_bytes(data[table + 2 : table + 4], "big")
    with pytest.raises(ImageBroken):
        inspect_document(data[:table] + data[table + 2 + length :], filename="a.jpg")


def test_jpeg__second_frame_cannot_hide_behind_the_first() -> None:
    data = samples.jpeg()
    frame = samples.segment(0xC0, struct.pack(">BHHB", 8, 48, 64, 1) + bytes(3))
    with pytest.raises(ImageDamaged):
        read_jpeg(samples.with_segments(data, frame))


def test_jpeg__without_a_picture_is_refused() -> None:
    data = b"\xff\xd8" + samples.segment(0xFE, b"hello") + b"\xff\xd9"
    with pytest.raises(ImageBroken):
        inspect_document(data, filename="a.jpg")


def test_jpeg__absurdly_many_passes_are_refused() -> None:
    data = samples.jpeg(samples.picture(size=(2000, 1500)), progressive=True)
    last = data.rindex(b"\xff\xda")
    with pytest.raises(ImageTooComplex):
        inspect_document(
            data[:-2] + data[last:-2] * 900 + data[-2:], filename="a.jpg", limits=ROOMY
        )


# --- PNG ---------------------------------------------------------------------------------------


def test_png__texts_times_and_place_are_gone_pixels_and_colours_stay() -> None:
    colour = [
        (b"gAMA", struct.pack(">I", 45455)),
        (b"cHRM", bytes(32)),
        (b"sRGB", b"\0"),
        (b"cICP", bytes((1, 13, 0, 1))),
        (b"sBIT", b"\x08\x08\x08"),
        (b"pHYs", struct.pack(">IIB", 3000, 4000, 1)),
        (b"bKGD", bytes(6)),
    ]
    secret = [
        (b"tEXt", b"Author\0SECRET"),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"SECRET")),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0SECRET"),
        (b"tIME", bytes(7)),
        (b"eXIf", samples.exif().tobytes()[6:]),
        (b"prVt", b"SECRET"),
    ]
    upload = samples.with_chunks(samples.png(), *colour, *secret)

    document = inspected(upload)

    assert document.content == samples.with_chunks(samples.png(), *colour)
    assert same_pixels(opened(upload), opened(document.content))
    assert b"SECRET" not in document.content


def test_png__colour_profile_is_kept() -> None:
    profile = samples.icc_profile()
    document = inspected(samples.png(icc_profile=profile))
    assert opened(document.content).info["icc_profile"] == profile


def test_png__transparency_is_kept() -> None:
    image = samples.picture().quantize(16)
    upload = samples.png(image, transparency=bytes(range(0, 160, 10)))
    document = inspected(upload)
    assert same_pixels(opened(upload).convert("RGBA"), opened(document.content).convert("RGBA"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_png__stands_upright_with_exactly_its_pixels(mode: str, orientation: int) -> None:
    image = samples.picture("RGB") if mode == "P" else samples.picture(mode)
    image = image.quantize(200) if mode == "P" else image
    upload = samples.png(image, exif=samples.exif(orientation=orientation), dpi=(100, 200))
    expected = ImageOps.exif_transpose(opened(upload))

    document = inspected(upload)

    shown = ImageOps.exif_transpose(opened(document.content))
    assert same_pixels(shown, expected)
    assert b"SECRET" not in document.content
    if mode != "1":
        assert b"eXIf" not in document.content
        assert (document.width, document.height) == expected.size
        across, down = (round(value) for value in opened(document.content).info["dpi"])
        assert (across, down) == ((200, 100) if orientation > 4 else (100, 200))


def test_png__deep_colours_are_not_lost_by_turning() -> None:
    upload = samples.with_chunks(
        samples.flat_png(20, 10, depth=16),
        (b"tEXt", b"Author\0SECRET"),
        (b"eXIf", samples.exif(orientation=6).tobytes()[6:]),
    )
    document = inspected(upload)
    assert document.content == samples.with_chunks(
        samples.flat_png(20, 10, depth=16), (b"eXIf", orientation_only(6))
    )
    assert opened(document.content).getexif()[samples.ORIENTATION] == 6


def test_png__of_an_animation_the_first_picture_stays() -> None:
    frames = [samples.picture(), samples.picture().rotate(180), samples.picture().rotate(90)]
    upload = samples.png(frames[0], save_all=True, append_images=frames[1:], duration=100)
    assert b"acTL" in upload

    document = inspected(upload)

    assert {kind for kind, _ in samples.chunks(document.content)} == {b"IHDR", b"IDAT", b"IEND"}
    assert same_pixels(opened(document.content), frames[0])


def test_png__what_follows_its_end_is_cut_off() -> None:
    plain = samples.png()
    assert inspected(plain + b"PK\x03\x04<script>").content == plain


@pytest.mark.parametrize("keep", [8, 20, 60, 0.5, 0.9, -1, -12])
def test_png__cut_off_one_is_refused(keep: float) -> None:
    data = samples.png()
    length = int(len(data) * keep) if isinstance(keep, float) else int(keep)
    with pytest.raises(ImageBroken):
        inspect_document(data[:length], filename="a.png")


def _changed_chunk(data: bytes, wanted: bytes, body: bytes) -> bytes:
    return samples.PNG_SIGNATURE + b"".join(
        samples.chunk(kind, body if kind == wanted else old) for kind, old in samples.chunks(data)
    )


@pytest.mark.parametrize(
    "body",
    [
        zlib.compress(b"\0" * 100),
        zlib.compress(b"\x09" * ((64 * 3 + 1) * 48)),
        b"not deflated",
        b"",
    ],
    ids=["too few pixels", "unknown filter", "not deflated", "nothing"],
)
def test_png__with_sound_checksums_but_a_corrupt_picture_is_refused(body: bytes) -> None:
    with pytest.raises(ImageBroken):
        inspect_document(_changed_chunk(samples.png(), b"IDAT", body), filename="a.png")


def test_png__flipped_bit_in_the_picture_is_refused() -> None:
    data = bytearray(samples.png())
    data[data.index(b"IDAT") + 200] ^= 1
    with pytest.raises(ImageBroken):
        inspect_document(bytes(data), filename="a.png")


@pytest.mark.parametrize(
    "added",
    [(b"ABCD", b""), (b"IHDR", bytes(13)), (b"IDAT", b"")],
    ids=["unknown", "header", "pieces"],
)
def test_png__with_chunks_out_of_place_is_refused(added: tuple[bytes, bytes]) -> None:
    extra = [(b"tEXt", b"a\0b")] if added[0] == b"IDAT" else []
    with pytest.raises(ImageBroken):
        inspect_document(samples.with_chunks(samples.png(), added, *extra), filename="a.png")


def test_png__second_header_cannot_hide_behind_the_first() -> None:
    data = samples.png()
    header = next(samples.chunks(data))
    with pytest.raises(ImageDamaged):
        read_png(samples.with_chunks(data, header))


# --- Pixels ------------------------------------------------------------------------------------


def test_pixels__judged_by_the_header_before_decoding() -> None:
    claims = struct.pack(">IIBBBBB", 12_001, 10_000, 8, 2, 0, 0, 0)
    data = _changed_chunk(samples.png(), b"IHDR", claims)
    with pytest.raises(ImageTooManyPixels, match="120"):
        inspect_document(data, filename="a.png")


def test_pixels__of_a_jpeg_are_judged_by_its_header() -> None:
    data = bytearray(samples.jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 10_000, 12_001)
    with pytest.raises(ImageTooManyPixels):
        inspect_document(bytes(data), filename="a.jpg")


def test_pixels__picture_that_pillow_alone_would_warn_about_passes(
    recwarn: pytest.WarningsRecorder,
) -> None:
    document = inspect_document(samples.flat_png(10_000, 10_000, depth=1, colour=0), filename="a")
    assert (document.width, document.height) == (10_000, 10_000)
    assert not recwarn.list


@pytest.mark.parametrize("size", [(0, 48), (64, 0)])
def test_pixels__none_at_all_is_refused(size: tuple[int, int]) -> None:
    claims = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    with pytest.raises(ImageDamaged):
        read_png(_changed_chunk(samples.png(), b"IHDR", claims))
