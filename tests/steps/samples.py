"""Small documents of every kind, made in code."""

import random
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageCms, ImageDraw

ORIENTATION = 0x0112
GPS = 0x8825
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

IN_OBJECT_STREAMS = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
"""How a PDF hides its objects from who only looks at its text."""


# --- Pictures ----------------------------------------------------------------------------------


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Smooth colours with a different plain block in each corner, so that a wrong turn shows."""
    width, height = size
    image = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize(size),
            Image.radial_gradient("L").resize(size),
            Image.linear_gradient("L").rotate(90).resize(size),
        ],
    )
    draw = ImageDraw.Draw(image)
    block = (width // 4, height // 4)
    for left, top, colour in (
        (0, 0, "red"),
        (width - block[0], 0, "lime"),
        (0, height - block[1], "blue"),
    ):
        draw.rectangle((left, top, left + block[0] - 1, top + block[1] - 1), fill=colour)
    return image.convert(mode)


def icc_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(*, orientation: int = 1, gps: bool = True) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[0x010F] = "SECRETMAKER"
    if gps:
        tags.get_ifd(GPS).update({1: "N", 2: (50.0, 27.0, 0.0), 3: "E", 4: (30.0, 31.0, 0.0)})
        tags.get_ifd(GPS)[29] = "2026:09:14SECRETDAY"
    return tags


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    buffer = BytesIO()
    (image or picture()).save(buffer, "JPEG", **{"quality": 90, **options})
    return buffer.getvalue()


def png(image: Image.Image | None = None, **options: Any) -> bytes:
    buffer = BytesIO()
    (image or picture()).save(buffer, "PNG", **options)
    return buffer.getvalue()


def segment(code: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """Puts segments right after the start of a JPEG."""
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(PNG_SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += length + 12


def with_chunks(data: bytes, *added: tuple[bytes, bytes]) -> bytes:
    """Puts chunks right after the header of a PNG."""
    header, *rest = chunks(data)
    return PNG_SIGNATURE + b"".join(chunk(*one) for one in (header, *added, *rest))


def flat_png(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG of one colour, written row by row: large pictures without large memory."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\0" + b"\x55" * ((width * samples * depth + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- PDFs --------------------------------------------------------------------------------------


def new_pdf(pages: int = 1) -> Pdf:
    pdf = pikepdf.new()
    for number in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
        pdf.pages[number].Contents = pdf.make_stream(b"0 0 100 %d re f" % number)
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    buffer = BytesIO()
    pdf.save(buffer, **options)
    return buffer.getvalue()


def script_action(pdf: Pdf, code: str = "app.alert(1)") -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String(code)))


def attach(pdf: Pdf, name: str, content: bytes) -> pikepdf.Object:
    """Embeds a file as the names tree has it, returns its specification."""
    stream = pdf.make_stream(content, Type=Name.EmbeddedFile)
    specification = pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F=name, UF=name, EF=Dictionary(F=stream, UF=stream))
    )
    names = Array([String(name), specification])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    return specification


def signed_pdf() -> bytes:
    pdf = new_pdf()
    signature = Dictionary(
        Type=Name.Sig,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Name("/ETSI.CAdES.detached"),
        ByteRange=Array([0, 100, 200, 100]),
        Contents=String(b"\x30\x80" + b"\0" * 64),
    )
    field = Dictionary(FT=Name.Sig, T=String("Signature1"), V=pdf.make_indirect(signature))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]), SigFlags=3)
    return saved(pdf)


def raw_pdf(objects: Iterable[bytes], *, root: int = 1) -> bytes:
    """A PDF written by hand: bodies of objects 1, 2, … and a cross-reference table."""
    out = BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(offsets) + 1, root))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


PAGE_TREE = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
)


def stream(dictionary: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


@cache
def zeros_deflated(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    block = b"0 " * (512 * 1024)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    match chance.randrange(5):
        case 0:
            del changed[chance.randrange(len(changed)) :]
        case 1:
            for _ in range(chance.randint(1, 30)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
        case 2:
            start = chance.randrange(len(changed))
            del changed[start : start + chance.randint(1, 200)]
        case 3:
            start, end = sorted(chance.randrange(len(changed)) for _ in range(2))
            changed[start:start] = changed[start:end]
        case _:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def archive(comment: bytes = b"", **members: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as whole:
        for name, content in members.items():
            whole.writestr(name, content)
        whole.comment = comment
    return buffer.getvalue()
