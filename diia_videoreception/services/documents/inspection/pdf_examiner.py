"""Looks into a PDF for what must not be there. Run as a program, in a process of its own.

It reads the file on standard input and answers with one line of JSON. A hostile file can make any PDF
library eat memory or time, or crash it: here it only loses this process. So this module imports nothing
of ours, and `pdf.py` starts it.
"""

import json
import re
import sys
from collections.abc import Collection
from dataclasses import asdict, dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream, String
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

if sys.platform != "win32":
    import resource

MEGABYTE = 1024 * 1024
MOST_MEMORY = 1024 * MEGABYTE
MOST_SECONDS = 10
MOST_OBJECTS = 300_000
MOST_VALUES = 3_000_000
MOST_STREAM_BYTES = 64 * MEGABYTE
MOST_INFLATED_BYTES = 256 * MEGABYTE
MOST_NESTING = 100
MOST_ITEMS = 1_000_000
MOST_FILTERS = 4

_END_OF_REVISION = b"startxref"
_OBJECT = re.compile(rb"\sobj\b")
_SCRIPT_URI = re.compile(r"\s*(javascript|vbscript):", re.IGNORECASE)
_XFA_SCRIPT = re.compile(rb"<\s*(?:[\w.-]+:)?script[\s/>]", re.IGNORECASE)

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
_MEDIA_WITH_PROGRAMS = frozenset({"/RichMedia", "/RichMediaContent", "/RichMediaExecute", "/Flash"})
_KIND_KEYS = frozenset({"/S", "/Type", "/Subtype"})
_SCRIPT_KEYS = frozenset({"/JS", "/JavaScript", "/OnInstantiate"})
_FILE_NAME_KEYS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")


class Refused(Exception):
    """The PDF is not accepted; `code` is that of the refusal."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class Findings:
    pages: int = 0
    signed: bool = False
    has_attachments: bool = False


def examine(data: bytes) -> Findings:
    """Opens a PDF without a password and walks all its objects.

    Raises:
        Refused: With `pdf_encrypted`, `pdf_broken`, `pdf_too_complex`, `pdf_script`, `pdf_launch` or
            `pdf_executable`.
    """
    if _is_cut_off(data):
        raise Refused("pdf_broken")
    limits_hit_before = qpdf_limit_errors()
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            findings = _Walk(pdf).findings()
    except pikepdf.PasswordError as error:
        raise Refused("pdf_encrypted") from error
    except MemoryError as error:
        raise Refused("pdf_too_complex") from error
    except (pikepdf.PikepdfError, RuntimeError, ValueError) as error:
        raise Refused(_code_of(str(error).lower(), limits_hit_before)) from error
    if qpdf_limit_errors() > limits_hit_before:
        raise Refused("pdf_too_complex")
    return findings


def _code_of(complaint: str, limits_hit_before: int) -> str:
    # qpdf counts the limits of its parser; those of decompression it only puts into words.
    if qpdf_limit_errors() > limits_hit_before or "memory limit exceeded" in complaint:
        return "pdf_too_complex"
    # Encryption by certificate, or by a method of somebody's own.
    return "pdf_encrypted" if "encrypt" in complaint else "pdf_broken"


def _is_cut_off(data: bytes) -> bool:
    """A repaired half of a file may have all its pages, but blank: each revision must have its end."""
    end = data.rfind(_END_OF_REVISION)
    return end < 0 or _OBJECT.search(data, end) is not None


class _Walk:
    """One look at every object of a document, within bounds."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._values = 0
        self._inflated = 0
        self._found = Findings()

    def findings(self) -> Findings:
        if len(self._pdf.objects) > MOST_OBJECTS:
            raise Refused("pdf_too_complex")
        self._found.pages = len(self._pdf.pages)
        if not self._found.pages:
            raise Refused("pdf_broken")
        self._look_into(self._pdf.trailer)
        for whole in self._pdf.objects:
            self._look_into(whole)
        return self._found

    def _look_into(self, whole: Object) -> None:
        """Looks at an object and what lies directly in it; what it refers to has its own turn."""
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
            if self._values > MOST_VALUES:
                raise Refused("pdf_too_complex")
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
            raise Refused("pdf_script")
        if "/Launch" in kinds:
            raise Refused("pdf_launch")
        if not _MEDIA_WITH_PROGRAMS.isdisjoint(kinds):
            raise Refused("pdf_executable")
        if "/URI" in entries and _SCRIPT_URI.match(str(entries["/URI"])):
            raise Refused("pdf_script")
        if "/XFA" in entries:
            self._look_at_form(entries["/XFA"])
        if "/EF" in entries:
            self._look_at_attachment(entries)
        if "/EmbeddedFile" in kinds and isinstance(value, Stream):
            self._look_at_program(value)
        if "/ObjStm" in kinds and isinstance(value, Stream):
            # Objects in a damaged object stream would be passed over here and found by another reader.
            self._inflate(value)
        if "/ByteRange" in entries and isinstance(entries.get("/Contents"), String):
            self._found.signed = True

    def _look_at_form(self, form: Object) -> None:
        """XFA is a stream or an array of names and streams that make one XML document."""
        parts = form.as_list() if isinstance(form, Array) else [form]
        xml = b"".join(self._inflate(part) for part in parts if isinstance(part, Stream))
        if _XFA_SCRIPT.search(xml.replace(b"\0", b"")):
            raise Refused("pdf_script")

    def _look_at_attachment(self, specification: dict[str, Object]) -> None:
        self._found.has_attachments = True
        for key in _FILE_NAME_KEYS:
            name = specification.get(key)
            if isinstance(name, String) and _is_program_name(str(name)):
                raise Refused("pdf_executable")
        files = specification["/EF"]
        if isinstance(files, Dictionary):
            for file in files.as_dict().values():
                if isinstance(file, Stream):
                    self._look_at_program(file)

    def _look_at_program(self, file: Stream) -> None:
        self._found.has_attachments = True
        if self._inflate(file).startswith(_PROGRAM_STARTS):
            raise Refused("pdf_executable")

    def _inflate(self, stream: Stream) -> bytes:
        content = stream.read_bytes()
        self._inflated += len(content)
        if self._inflated > MOST_INFLATED_BYTES:
            raise Refused("pdf_too_complex")
        return content


def _is_program_name(name: str) -> bool:
    # Windows forgives dots and spaces at the end of a name.
    visible = "".join(character for character in name if character.isprintable()).rstrip(" .")
    return _PROGRAM_EXTENSION.fullmatch(visible.rpartition(".")[2].strip()) is not None


def limit_this_process() -> None:
    """Sets bounds for the whole process: memory, processor time, and those qpdf knows itself."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    set_qpdf_limits(
        parser_max_nesting=MOST_NESTING,
        parser_max_container_size=MOST_ITEMS,
        max_stream_filters=MOST_FILTERS,
        flate_max_memory=MOST_STREAM_BYTES,
        png_max_memory=MOST_STREAM_BYTES,
        run_length_max_memory=MOST_STREAM_BYTES,
        tiff_max_memory=MOST_STREAM_BYTES,
    )


def main() -> None:
    limit_this_process()
    try:
        answer = asdict(examine(sys.stdin.buffer.read()))
    except Refused as refusal:
        answer = {"refused": refusal.code}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
