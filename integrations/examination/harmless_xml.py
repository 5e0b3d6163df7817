"""XML that holds data: nothing in it that a browser or an office program would run or fetch."""

from typing import Final
from xml.parsers import expat

from integrations.examination.formats import FileRefusal, FileRefused

_ACTIVE_NAMESPACES: Final = (
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/1999/XSL/",
    "http://www.w3.org/2001/XInclude",
    "http://www.w3.org/TR/",
    "http://www.mozilla.org/",
    "http://schemas.microsoft.com/",
    "http://schemas.openxmlformats.org/",
    "http://ns.adobe.com/xdp/",
    "http://www.xfa.org/",
    "urn:schemas-microsoft-com:",
    "urn:oasis:names:tc:opendocument:",
)
_ACTIVE_ROOTS: Final = frozenset({"html", "svg", "script", "stylesheet", "package", "component"})
_SEPARATOR: Final = "\n"


def require_harmless_xml(content: bytes) -> None:
    """Read a document to its end; it names no other files, has no instructions and no language of pages.

    Raises:
        FileRefused: `pdf_attachment`, also when it is not XML.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    parser.StartElementHandler = _require_data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FileRefused(FileRefusal.PDF_ATTACHMENT) from error


def _refuse(*_: object) -> None:
    raise FileRefused(FileRefusal.PDF_ATTACHMENT)


def _require_data(name: str, attributes: dict[str, str]) -> None:
    namespace, _, local = name.rpartition(_SEPARATOR)
    if namespace.strip().startswith(_ACTIVE_NAMESPACES) or (
        not namespace and local.lower() in _ACTIVE_ROOTS
    ):
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
    if any(key.rpartition(_SEPARATOR)[0].startswith(_ACTIVE_NAMESPACES) for key in attributes):
        raise FileRefused(FileRefusal.PDF_ATTACHMENT)
