"""Looks into a PDF for what must not be there: whatever acts, reaches out, or hides a file that may act.

Run in a process of its own, see `examiner.py`.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

from integrations.examination import pdf_attachments
from integrations.examination.formats import FileRefusal, FileRefused

MEGABYTE = 1024 * 1024
MAX_OBJECTS = 300_000
HEAVY_OBJECTS = 20_000
MAX_VALUES = 3_000_000
HEAVY_VALUES = 300_000
MAX_STREAM_BYTES = 64 * MEGABYTE
MAX_INFLATED_BYTES = 256 * MEGABYTE
HEAVY_INFLATED_BYTES = 32 * MEGABYTE
MAX_NESTING = 100
MAX_ITEMS = 1_000_000
MAX_FILTERS = 4

_END_OF_REVISION = b"startxref"
_OBJECT = re.compile(rb"\sobj\b")
_SCRIPT_URI = re.compile(r"\s*(javascript|vbscript):", re.IGNORECASE)
# A link of the catalogue to which those of the pages are relative.
_BASE_URL = re.compile(r"https?://[^\\\s]*", re.IGNORECASE)
_DUPLICATE, _REPAIR = "duplicated key", "reconstruct"
_HEADER = b"%PDF-"
_END_OF_FILE = b"%%EOF"
_MAX_TAIL_BYTES = 1024
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES, _MAX_ZIP_COMMENT_BYTES = 22, 65_535
_PAGE = re.compile(rb"<\s*[a-z!?]", re.IGNORECASE)

_MEDIA_WITH_PROGRAMS = frozenset({"/RichMedia", "/RichMediaContent", "/RichMediaExecute", "/Flash"})
_KIND_KEYS = frozenset({"/S", "/Type", "/Subtype"})
_SCRIPT_KEYS = frozenset({"/JS", "/JavaScript", "/OnInstantiate"})

# Actions (ISO 32000-1, 12.6.4): names of places to go to, and of what a reader shows.
_NAMED = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/Print"})
# These are refused wherever they stand, even where nothing refers to them.
_OUTSIDE = frozenset(
    {"/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Thread", "/RichMediaExecute"}
)
# Keys under which a reader acts by itself, and those under which it acts on a click.
_BY_ITSELF, _ON_CLICK = ("/OpenAction", "/Next"), ("/A", "/PA")
_LINK = re.compile(r"(?:https?|mailto|tel):|(?![\\\\/]{2})[^:\\\\]*(?:[/?#]|$)", re.IGNORECASE)
_FILE_NAME_KEYS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")


@dataclass(slots=True)
class Findings:
    pages: int = 0
    signed: bool = False
    has_attachments: bool = False


def prepare() -> None:
    """Set the bounds that qpdf knows itself, and has it load what it loads late."""
    set_qpdf_limits(
        parser_max_nesting=MAX_NESTING,
        parser_max_container_size=MAX_ITEMS,
        max_stream_filters=MAX_FILTERS,
        flate_max_memory=MAX_STREAM_BYTES,
        png_max_memory=MAX_STREAM_BYTES,
        run_length_max_memory=MAX_STREAM_BYTES,
        tiff_max_memory=MAX_STREAM_BYTES,
    )
    _use_ciphers()
    pdf_attachments.prepare()


def _use_ciphers() -> None:
    """Have the library of ciphers read its configuration and seed its random numbers."""
    for revision in (3, 4, 6):
        is_new = revision > 3
        lock = pikepdf.Encryption(owner="o", user="", R=revision, aes=is_new, metadata=is_new)
        buffer = BytesIO()
        with pikepdf.new() as pdf:
            pdf.save(buffer, encryption=lock)
        pikepdf.open(buffer).close()


def examine_file(
    data: bytes, *, megapixels: int, become_heavy: Callable[[], None]
) -> tuple[dict[str, object], bytes]:
    """Return findings of a PDF, which is kept byte for byte; the size of pictures in it is the viewer's business.

    Raises:
        FileRefused: As `examine` says.
    """
    return asdict(examine(data, become_heavy)), data


def examine(
    data: bytes, become_heavy: Callable[[], None] = lambda: None, *, is_inside: bool = False
) -> Findings:
    """Open a PDF without a password and walk all its objects.

    Args:
        data: The file.
        become_heavy: Takes the one place for heavy files.
        is_inside: It lies in another PDF, so that it may hold no files of its own.

    Raises:
        FileRefused: With `pdf_encrypted`, `pdf_broken`, `pdf_too_complex`, `pdf_script`, `pdf_launch`,
            `pdf_outside`, `pdf_form`, `pdf_suffix`, `pdf_executable` or `pdf_attachment`.
    """
    if _is_cut_off(data):
        raise FileRefused(FileRefusal.PDF_BROKEN)
    if _is_something_else_too(data):
        raise FileRefused(FileRefusal.PDF_SUFFIX)
    limits_hit_before = qpdf_limit_errors()
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            findings = _Walk(pdf, data, become_heavy, is_inside=is_inside).findings()
    except pikepdf.PasswordError as error:
        raise FileRefused(FileRefusal.PDF_ENCRYPTED) from error
    except MemoryError as error:
        raise FileRefused(FileRefusal.PDF_TOO_COMPLEX) from error
    except (pikepdf.PikepdfError, RuntimeError, ValueError) as error:
        raise FileRefused(_code_of(str(error).lower(), limits_hit_before)) from error
    if qpdf_limit_errors() > limits_hit_before:
        raise FileRefused(FileRefusal.PDF_TOO_COMPLEX)
    return findings


def _code_of(complaint: str, limits_hit_before: int) -> FileRefusal:
    # qpdf counts the limits of its parser; those of decompression it only puts into words.
    if qpdf_limit_errors() > limits_hit_before or "memory limit exceeded" in complaint:
        return FileRefusal.PDF_TOO_COMPLEX
    # Encryption by certificate, or by a method of somebody's own.
    return FileRefusal.PDF_ENCRYPTED if "encrypt" in complaint else FileRefusal.PDF_BROKEN


def _is_cut_off(data: bytes) -> bool:
    """Return whether the last revision has no end; a half that was repaired may have all its pages, but blank."""
    end = data.rfind(_END_OF_REVISION)
    return end < 0 or _OBJECT.search(data, end) is not None


def _is_something_else_too(data: bytes) -> bool:
    """Return whether the file goes on after its end, or is an archive to readers that begin at the end."""
    end = data.rfind(_END_OF_FILE)
    tail = data[end + len(_END_OF_FILE) :].strip(b"\0\t\n\f\r ") if end >= 0 else b""
    if len(tail) > _MAX_TAIL_BYTES or _ZIP_END in tail or _PAGE.search(tail):
        return True
    start = data.find(_ZIP_END, -(_ZIP_END_BYTES + _MAX_ZIP_COMMENT_BYTES))
    while start >= 0:
        comment = int.from_bytes(data[start + 20 : start + 22], "little")
        # Some readers forgive a few bytes more or less.
        if comment and start + _ZIP_END_BYTES + comment >= len(data) - _MAX_TAIL_BYTES:
            return True
        start = data.find(_ZIP_END, start + 1)
    return False


def _has_two_readings(data: bytes, warnings: list[str]) -> bool:
    """Return whether a key stands twice, or two documents stand in a file whose table of objects is wrong."""
    if any(_DUPLICATE in warning for warning in warnings):
        return True
    is_repaired = any(_REPAIR in warning for warning in warnings)
    return is_repaired and data.count(_HEADER) > 1


class _Walk:
    """One look at every object of a document, within bounds."""

    def __init__(
        self, pdf: Pdf, data: bytes, become_heavy: Callable[[], None], *, is_inside: bool
    ) -> None:
        self._data = data
        self._pdf = pdf
        self._is_inside = is_inside
        self._become_heavy = become_heavy
        self._is_heavy = False
        self._values = 0
        self._inflated = 0
        self._reaches_out = False
        self._found = Findings()

    def findings(self) -> Findings:
        if len(self._pdf.objects) > MAX_OBJECTS:
            raise FileRefused(FileRefusal.PDF_TOO_COMPLEX)
        if len(self._pdf.objects) > HEAVY_OBJECTS:
            self._is_heavy = True
            self._become_heavy()
        self._found.pages = len(self._pdf.pages)
        if not self._found.pages:
            raise FileRefused(FileRefusal.PDF_BROKEN)
        self._look_into(self._pdf.trailer)
        for whole in self._pdf.objects:
            self._look_into(whole)
        if _has_two_readings(self._data, [str(one) for one in self._pdf.get_warnings()]):
            # Another reader takes the other value or document, which has not been seen here.
            raise FileRefused(FileRefusal.PDF_BROKEN)
        if self._reaches_out:
            # Told last: a script or a program is named first, whatever also stands there.
            raise FileRefused(FileRefusal.PDF_OUTSIDE)
        return self._found

    def _look_into(self, whole: Object) -> None:
        """Look at an object and what lies directly in it; what it refers to has its own turn."""
        waiting = [whole]
        while waiting:
            value = waiting.pop()
            children: Collection[object] = ()
            if isinstance(value, Dictionary | Stream):
                entries = dict(value.items())
                self._look_at(value, entries)
                children = entries.values()
            elif isinstance(value, Array):
                children = value.as_list()
            self._values += len(children)
            self._require_bounds()
            waiting += [
                child
                for child in children
                if isinstance(child, Object)
                and isinstance(child, Dictionary | Array)
                and not child.is_indirect
            ]

    def _look_at(self, value: Object, entries: dict[str, Object]) -> None:
        kinds = {str(entries[key]) for key in _KIND_KEYS & entries.keys()}
        if not _SCRIPT_KEYS.isdisjoint(entries) or "/JavaScript" in kinds:
            raise FileRefused(FileRefusal.PDF_SCRIPT)
        if "/Launch" in kinds:
            raise FileRefused(FileRefusal.PDF_LAUNCH)
        if not _MEDIA_WITH_PROGRAMS.isdisjoint(kinds):
            raise FileRefused(FileRefusal.PDF_EXECUTABLE)
        if "/URI" in entries and _SCRIPT_URI.match(str(entries["/URI"])):
            raise FileRefused(FileRefusal.PDF_SCRIPT)
        self._reaches_out |= (
            not _OUTSIDE.isdisjoint(kinds)
            or _is_external_file(value, entries)
            or ("/Action" in kinds and _leaves_the_document(value, on_click=True))
            or _has_action_outside(entries)
            or _has_base_outside(entries)
        )
        self._look_at_files(value, entries, kinds)

    def _look_at_files(self, value: Object, entries: dict[str, Object], kinds: set[str]) -> None:
        if "/XFA" in entries:
            # A language of its own with scripts, addresses and pictures from elsewhere.
            raise FileRefused(FileRefusal.PDF_FORM)
        if "/EF" in entries:
            self._look_at_attachment(entries)
        if "/EmbeddedFile" in kinds and isinstance(value, Stream):
            self._look_at_file(value, [])
        if "/ObjStm" in kinds and isinstance(value, Stream):
            # Objects in a damaged object stream would be passed over here and found by another reader.
            self._inflate(value)
        if "/ByteRange" in entries and isinstance(entries.get("/Contents"), String):
            self._found.signed = True

    def _look_at_attachment(self, specification: dict[str, Object]) -> None:
        names = [
            str(name)
            for key in _FILE_NAME_KEYS
            if isinstance(name := specification.get(key), String)
        ]
        files = specification["/EF"]
        if isinstance(files, Dictionary):
            for file in files.as_dict().values():
                if isinstance(file, Stream):
                    self._look_at_file(file, names)

    def _look_at_file(self, file: Stream, names: list[str]) -> None:
        if self._is_inside:
            raise FileRefused(FileRefusal.PDF_ATTACHMENT)
        self._found.has_attachments = True
        pdf_attachments.require_harmless(self._inflate(file), names, self._look_at_pdf)

    def _look_at_pdf(self, content: bytes) -> None:
        examine(content, self._become_heavy, is_inside=True)

    def _inflate(self, stream: Stream) -> bytes:
        content = stream.read_bytes()
        self._inflated += len(content)
        self._require_bounds()
        return content

    def _require_bounds(self) -> None:
        """Count what is told by no header; the heavy place is taken once."""
        if self._values > MAX_VALUES or self._inflated > MAX_INFLATED_BYTES:
            raise FileRefused(FileRefusal.PDF_TOO_COMPLEX)
        heavy = self._values > HEAVY_VALUES or self._inflated > HEAVY_INFLATED_BYTES
        if heavy and not self._is_heavy:
            self._is_heavy = True
            self._become_heavy()


def _each(value: Object | None) -> list[Dictionary]:
    """Return the dictionaries under a key that may hold one or several."""
    values = value.as_list() if isinstance(value, Array) else [value]
    return [one for one in values if isinstance(one, Dictionary)]


def _has_action_outside(entries: dict[str, Object]) -> bool:
    """Look at all actions that a dictionary may carry: of the document, a page, a note, a field, an outline."""
    by_itself: list[object] = [one for key in _BY_ITSELF for one in _each(entries.get(key))]
    by_itself += [
        one for events in _each(entries.get("/AA")) for one in dict(events.items()).values()
    ]
    on_click = [one for key in _ON_CLICK for one in _each(entries.get(key))]
    return any(_leaves_the_document(one, on_click=False) for one in by_itself) or any(
        _leaves_the_document(one, on_click=True) for one in on_click
    )


def _has_base_outside(entries: dict[str, Object]) -> bool:
    base = entries["/URI"].get("/Base") if isinstance(entries.get("/URI"), Dictionary) else None
    return base is not None and _BASE_URL.fullmatch(str(base)) is None


def _leaves_the_document(action: object, *, on_click: bool) -> bool:
    """Return whether an action is none of the few that stay within; a click may open a link, and the reader asks."""
    if not isinstance(action, Dictionary) or not isinstance(action.get("/S"), Name):
        # A place in the document, an item of the outline, attributes of a structure.
        return False
    match str(action["/S"]):
        case "/GoTo":
            return False
        case "/Named":
            return str(action.get("/N")) not in _NAMED
        case "/URI" if on_click:
            return _LINK.match(str(action.get("/URI", "")).strip()) is None
    return True


def _is_external_file(value: Object, entries: dict[str, Object]) -> bool:
    """Return whether the value names a file that is not in the document (ISO 32000-1, 7.11)."""
    if isinstance(value, Stream):
        return "/F" in entries
    return "/EF" not in entries and any(
        isinstance(entries.get(key), String) for key in _FILE_NAME_KEYS
    )
