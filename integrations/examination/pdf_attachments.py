"""Files inside of a PDF: a few kinds that are read, not run."""

import re

from integrations.examination.formats import Refused

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
_ALLOWED_EXTENSION = re.compile(
    r"asice?|asics?|bmp|cer|crt|csv|docx|gif|jpe?g|json|od[pst]|p7[bcms]|pdf|png|pptx|sig|tiff?|txt|xlsx|xml",
    re.IGNORECASE,
)
# Pages with scripts, whatever their name; office documents of the kind that may hold macros; macros in the new.
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|script|svg)[\s/>]", re.IGNORECASE
)
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE_START, _MACROS = b"PK\x03\x04", b"vbaProject.bin"
_DISC_IMAGE = (32_769, b"CD001")


def require_harmless_name(name: str) -> None:
    """Looks at the extension as Windows does, which forgives dots and spaces at the end of a name.

    Raises:
        Refused: `pdf_executable` for a program, `pdf_attachment` for any kind that is not on the short list.
    """
    visible = "".join(character for character in name if character.isprintable()).rstrip(" .")
    extension = visible.rpartition(".")[2].strip()
    if _PROGRAM_EXTENSION.fullmatch(extension):
        raise Refused("pdf_executable")
    if "." in visible and not _ALLOWED_EXTENSION.fullmatch(extension):
        raise Refused("pdf_attachment")


def require_harmless_content(content: bytes) -> None:
    """Looks at what the file is, whatever its name.

    Raises:
        Refused: `pdf_executable` for a program, `pdf_attachment` for a page, a disc image or macros.
    """
    if content.startswith(_PROGRAM_STARTS):
        raise Refused("pdf_executable")
    place, sign = _DISC_IMAGE
    if (
        content.startswith(_OLE_START)
        or _PAGE.match(content)
        or content[place : place + len(sign)] == sign
        or (content.startswith(_ARCHIVE_START) and _MACROS in content)
    ):
        raise Refused("pdf_attachment")
