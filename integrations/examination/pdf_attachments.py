"""Files inside of a PDF: a short list of kinds, each of which must be what its name says."""

import codecs
import re
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from integrations.examination.formats import PNG_SIGNATURE, FileRefusal, FileRefused
from integrations.examination.harmless_xml import require_harmless_xml
from integrations.examination.jpeg import read_jpeg
from integrations.examination.png import read_png

_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"\xef\xbb\xbf#!",
    b"L\0\0\0\x01\x14\x02\0",
    b"dex\n",
    b"FWS",
    b"CWS",
    b"ZWS",
)
_PROGRAM_EXTENSION = re.compile(
    r"apk|app|appimage|appref-ms|appx|bash|bat|chm|class|cmd|com|command|cpl|deb|desktop|dll|dmg|drv|exe"
    r"|gadget|hta|inf|jar|jse?|lnk|ms[cip]|msix|mst|ocx|php|pif|pkg|pl|ps1|psm1|pyw?|rb|reg|rpm|scf|scr"
    r"|sct|settingcontent-ms|sh|shb|swf|sys|url|vb[es]?|ws[cfh]?|xll|zsh",
    re.IGNORECASE,
)
_NOT_IN_NAMES = re.compile(r"[/\\:]")
# In a text: a page or a script that a browser would run, and the first line of a shortcut.
_ACTIVE_TEXT = re.compile(
    rb"<\s{0,20}(?:!|\?|[\w-]{1,20}:)?\s{0,20}(?:doctype|xml|html|head|body|script|svg|hta|iframe|object|embed|meta|link)\b"
    rb"|^\s*\[(?:InternetShortcut|Desktop Entry|Shell|autorun)\]",
    re.IGNORECASE,
)
# A cell that spreadsheets compute; signs before numbers and telephones are ordinary.
_FORMULA = re.compile(rb"(?:^|[;,\t\r\n\"])[ ]{0,9}(?:[=@]|[+-](?=[^\d\s;,.(\"]))")

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_SEQUENCE, _INTEGER, _SET, _EXPLICIT = 0x30, 0x02, 0x31, 0xA0
_ZIP_START: Final = b"PK\x03\x04"
_CONTAINERS: Final = frozenset(
    {b"application/vnd.etsi.asic-e+zip", b"application/vnd.etsi.asic-s+zip"}
)
_MAX_MEMBERS: Final = 50
_MAX_MEMBER_BYTES: Final = 16 * 1024 * 1024

ExaminePdf = Callable[[bytes], None]
"""Examines a PDF inside, by the rules of the one around it; it may have no files of its own."""


def prepare() -> None:
    """Load the codecs of names in archives and of documents: nothing can be opened afterwards."""
    for codec in ("cp437", "windows-1251", "iso8859-1", "iso8859-5", "koi8-u", "koi8-r"):
        codecs.lookup(codec)


def require_harmless(content: bytes, names: list[str], examine_pdf: ExaminePdf) -> None:
    """Look at the names of a file and at what it is; without an extension the content alone says that.

    Raises:
        FileRefused: `pdf_executable` for a program, `pdf_attachment` for a kind that is not on the list or not
            what its name says, and what `examine_pdf` raises.
    """
    if content.startswith(_PROGRAM_STARTS):
        raise FileRefused(FileRefusal.PDF_EXECUTABLE)
    for kind in {_kind_of(name) for name in names} or {""}:
        _require_kind(content, kind or _sniffed(content), examine_pdf)


def _kind_of(name: str) -> str:
    """Return the extension as Windows sees it, which forgives dots and spaces at the end of a name."""
    visible = "".join(character for character in name if character.isprintable()).rstrip(" .")
    extension = visible.rpartition(".")[2].strip().lower() if "." in visible else ""
    if _PROGRAM_EXTENSION.fullmatch(extension):
        raise FileRefused(FileRefusal.PDF_EXECUTABLE)
    if _NOT_IN_NAMES.search(name) or not name.isprintable():
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
    return extension


def _sniffed(content: bytes) -> str:
    starts = (
        (PNG_SIGNATURE, "png"),
        (b"\xff\xd8\xff", "jpg"),
        (b"%PDF-", "pdf"),
        (_ZIP_START, "asice"),
        (b"\x30", "p7s"),
        (b"<", "xml"),
    )
    text = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, kind in starts:
        if text.startswith(start) and not (kind == "p7s" and not _is_signature(content)):
            return kind
    return "txt"


def _require_kind(content: bytes, kind: str, examine_pdf: ExaminePdf) -> None:
    match kind:
        case "png" | "jpg" | "jpeg":
            sound = _is_picture(content)
        case "pdf":
            sound = content.startswith(b"%PDF-")
            if sound:
                examine_pdf(content)
        case "xml":
            require_harmless_xml(content)
            sound = True
        case "txt" | "csv":
            sound = _is_plain_text(content)
            sound = sound and not (kind == "csv" and _FORMULA.search(content))
        case "p7s":
            sound = _is_signature(content)
        case "asice" | "asics":
            _require_container(content, examine_pdf)
            sound = True
        case _:
            sound = False
    if not sound:
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)


def _is_picture(content: bytes) -> bool:
    """Return a PNG or a JPEG and nothing after its end; a viewer decodes it, as all pictures in a PDF."""
    try:
        if content.startswith(PNG_SIGNATURE):
            read_png(content)
            return content.endswith(b"IEND\xaeB`\x82")
        if content.startswith(b"\xff\xd8\xff"):
            read_jpeg(content)
            return content.endswith(b"\xff\xd9")
    except FileRefused:
        return False
    return False


def _is_plain_text(content: bytes) -> bool:
    return b"\0" not in content and _ACTIVE_TEXT.search(content) is None


def _is_signature(content: bytes) -> bool:
    """Return whether it is a detached signature (CMS SignedData, RFC 5652) and nothing else: no content within."""
    try:
        whole = _inside(content, 0, _SEQUENCE)
        if whole[1] != len(content) or not content.startswith(_SIGNED_DATA, whole[0]):
            return False
        outer = _inside(content, whole[0] + len(_SIGNED_DATA), _EXPLICIT)
        signed = _inside(content, outer[0], _SEQUENCE)
        version = _inside(content, signed[0], _INTEGER)
        digests = _inside(content, version[1], _SET)
        encapsulated = _inside(content, digests[1], _SEQUENCE)
    except ValueError:
        return False
    return outer[1] == whole[1] and content[slice(*encapsulated)] == _DATA


def _inside(content: bytes, start: int, tag: int) -> tuple[int, int]:
    """Return where the value of a DER element begins and ends; ValueError for another one."""
    head = content[start : start + 2]
    if len(head) < 2 or head[0] != tag:
        raise ValueError("another element")
    length, begins = head[1], start + 2
    if length >= 0x80:
        data = length - 0x80
        if not 1 <= data <= 4:
            raise ValueError("no length")
        length = int.from_bytes(content[begins : begins + data], "big")
        begins += data
    if begins + length > len(content):
        raise ValueError("cut off")
    return begins, begins + length


def _require_container(content: bytes, examine_pdf: ExaminePdf) -> None:
    """Require an ASiC container: its type first, and only files of the kinds that may lie beside it."""
    if not content.startswith(_ZIP_START):
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if not members or len(members) > _MAX_MEMBERS or members[0].filename != "mimetype":
                raise FileRefused(FileRefusal.PDF_ATTACHMENT)
            if _member(archive, members[0]).strip() not in _CONTAINERS:
                raise FileRefused(FileRefusal.PDF_ATTACHMENT)
            for member in members[1:]:
                _require_member(member.filename, _member(archive, member), examine_pdf)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FileRefused(FileRefusal.PDF_ATTACHMENT) from error


def _member(archive: ZipFile, member: ZipInfo) -> bytes:
    if (
        member.is_dir()
        or member.flag_bits & 1
        or member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}
        or member.file_size > _MAX_MEMBER_BYTES
    ):
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
    return archive.read(member)


def _require_member(name: str, content: bytes, examine_pdf: ExaminePdf) -> None:
    name = name.removeprefix("META-INF/")
    if _kind_of(name) in {"asice", "asics", ""} or content.startswith(_ZIP_START):
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
    require_harmless(content, [name], examine_pdf)
